"""One address search out of two: the embedded names (wards, districts, well-known places) and the imported map.

Without a map the embedded ones answer alone. Where the map knows the street or place that was said, a ward or district
stands below it, for it is less than what was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dispatch_core.domain.vocabulary import Suggestion, Understood
from gis.addresses.entries import Entry
from gis.addresses.gazetteer import MAX_SUGGESTIONS, Gazetteer
from gis.addresses.names import place_form
from gis.addresses.osm import metres
from gis.addresses.reading import Reading
from gis.addresses.search import Hit, MapSearch
from gis.addresses.spelling import fold
from gis.addresses.told import suggestion, understood
from gis.addresses.units import units
from gis.addresses.ways import ways
from gis.errors import PlaceError
from gis.geodesy import check_place

FOUND = 78.0  # from here on the map knows what was said
BELOW = 12.0
SAME_PLACE_M = 600.0
NAME_UNKNOWN = 76.0  # a ward answers for a street in it that nobody knows
UNITS = ("ward", "former_ward", "former_district")


class AddressSearch:
    """Immutable; a new map or zone set makes another."""

    def __init__(self, gazetteer: Gazetteer, over_map: MapSearch | None = None) -> None:
        self._gazetteer = gazetteer
        self._map = over_map
        self._of_unit: dict[tuple[str, str], Entry] = {}
        for entry in gazetteer.entries:
            if entry.kind in UNITS:
                self._of_unit.setdefault((entry.label.split(" (cũ)")[0], entry.ward), entry)

    def suggest(self, text: str, near: tuple[float, float] | None = None, limit: int = 8) -> list[Suggestion]:
        """The best answers first, at most ``limit``. Raises ``PlaceError`` where ``near`` is no place, and where
        nothing is found and the text names a ward that does not exist."""
        if near is not None:
            check_place(*near)
        limit = max(0, min(limit, MAX_SUGGESTIONS))
        meant = self._map.ways(text) if self._map is not None else ways(text)
        hits = self._map.hits_of(meant, near)[: 3 * limit] if self._map is not None else []
        found = [self._told(it, text) for it in hits]
        best = found[0].score if found else 0.0
        units_said = self._units_said(meant, text, best)
        embedded = _joined(units_said, self._gazetteer.suggest(text, near, limit))
        more_said = hits and (hits[0].reading.ward or hits[0].reading.district)
        if best >= FOUND and more_said and not (units_said and units_said[0].score >= best):
            embedded = [_below(it, best) if it.kind in UNITS else it for it in embedded]
        known = {place_form(fold(it.label)): it for it in reversed(found) if it.kind == "place"}
        for it in embedded:
            twin = known.get(place_form(fold(it.label)))
            if twin is None or metres((twin.lat, twin.lon), (it.lat, it.lon)) > SAME_PLACE_M:
                found.append(it)
        answers = _once(sorted(found, key=lambda it: -it.score))[:limit]
        if not answers and limit:
            _refuse_unknown(meant)
        return answers

    def _told(self, hit: Hit, text: str) -> Suggestion:
        return suggestion(hit, text, units(), self._map is not None and self._map.approximate)

    def _units_said(self, meant: Sequence[Reading], text: str, best: float) -> list[Suggestion]:
        """The ward or district itself: where a text says no more, and where nobody knows the rest of it."""
        alone = next((it for it in meant if not it.names and not it.house and (it.ward or it.district)), None)
        if alone is not None:
            return self._of_reading(alone, text, 100.0 - alone.cost)
        unknown = next((it for it in meant if it.names and (it.ward or it.district)), None)
        if unknown is None or best >= FOUND:
            return []
        return self._of_reading(unknown, text, NAME_UNKNOWN - unknown.cost)

    def _of_reading(self, reading: Reading, text: str, score: float) -> list[Suggestion]:
        table = units()
        meant = table.ward(reading.ward, "" if reading.present else reading.district) if reading.ward else None
        out = []
        if meant is not None and not meant.by_marks:  # else the embedded search knows better: it reads the marks
            for part, code in enumerate(meant.codes[:4]):
                ward = table.names[code]
                entry = self._of_unit.get((meant.old or ward, ward)) or self._of_unit.get((ward, ward))
                if entry is not None:
                    told = understood(reading, text, entry.label, code, meant, table)
                    out.append(_of_entry(entry, score - 1.5 * part, meant.old, told))
        elif reading.district and not reading.ward:
            label = table.districts[reading.district].label
            entry = next((it for (name, _), it in self._of_unit.items() if name == label), None)
            if entry is not None:
                out.append(_of_entry(entry, score, "", understood(reading, text, entry.label, "", None, table)))
        return out


def _joined(said: list[Suggestion], found: list[Suggestion]) -> list[Suggestion]:
    """What was read and what is alike: one answer where they are the same, with what was understood."""
    scores = {(it.label, it.ward): it.score for it in found}
    best = [msgspec.structs.replace(it, score=max(it.score, scores.pop((it.label, it.ward), 0.0))) for it in said]
    return [*best, *(it for it in found if (it.label, it.ward) in scores)]


def _of_entry(entry: Entry, score: float, old: str, told: tuple[Understood, ...]) -> Suggestion:
    return Suggestion(
        label=entry.label, lat=entry.lat, lon=entry.lon, kind=entry.kind, ward=entry.ward, old=old, understood=told,
        uncertainty_m=float(round(entry.uncertainty_m)), score=round(max(0.1, min(100.0, score)), 1),
    )  # fmt: skip


def _below(it: Suggestion, best: float) -> Suggestion:
    return msgspec.structs.replace(it, score=round(max(0.1, min(it.score, best - BELOW)), 1))


def _refuse_unknown(meant: Sequence[Reading]) -> None:
    unknown = next((it.unknown_ward for it in meant if it.unknown_ward), "")
    if unknown:
        raise PlaceError(
            "place.unknown_ward",
            f"Không có phường/xã “{unknown}” ở thành phố; hãy kiểm tra tên phường, hoặc gõ tên đường.",
            f"There is no ward “{unknown}” in the city; check its name, or type the street.",
        )


def _once(found: list[Suggestion]) -> list[Suggestion]:
    """Each label and place once, the best."""
    seen: set[tuple[str, str, float, float]] = set()
    out = []
    for it in found:
        key = (it.label, it.ward, round(it.lat, 3), round(it.lon, 3))
        if key not in seen:
            seen.add(key)
            out.append(it)
    return out
