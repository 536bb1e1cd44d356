"""The address search over an imported map: readings of the text, names that are alike, and where they lie.

A score is out of 100: how alike the name is, less what the reading costs, what speaks against the ward or district
that was said, and how far the answer is from the house that was asked for. The same question gives the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from gis.addresses.corners import approach
from gis.addresses.houses import Spot, place_house
from gis.addresses.likeness import like_place, like_street, marks_apart
from gis.addresses.names import place_form, street_form
from gis.addresses.numbers import number_key
from gis.addresses.osm import metres
from gis.addresses.reading import Reading
from gis.addresses.shortened import full_names
from gis.addresses.spelling import Spelling
from gis.addresses.street_index import Name, StreetIndex, Thing
from gis.addresses.tokens import Word
from gis.addresses.units import Units, WardMeant, units
from gis.addresses.wards import present_wards
from gis.addresses.ways import ways
from gis.geodesy import metres_per_degree

WardAt = Callable[[float, float], str]
"""The code of the present ward at (lat, lon), "" outside."""

MIN_ALIKE = 66.0
BEST_NAMES = 12
BEST_CROSSED = 8
WRONG_WARD, WRONG_DISTRICT = 9.0, 18.0
GUESSED = 0.2  # of that, where the outlines of the wards are a guess
REACH, REACH_M = 2.5, 500.0  # how far from its centre a ward may reach, in its radii and beyond
NO_HOUSE_HERE = 9.0  # a place has no house numbers: whoever says one means a street
ELSEWHERE = 10.0  # the house that was said, in another ward than was said
NO_SUCH_UNIT = 3.0
CORNER_M = 40.0  # a corner of a crossing is so far from its middle
NEAR_M = 50.0  # «gần», «đối diện»: about so far from what is named
FAR_AWAY, FAR_M = 8.0, 40_000.0
STREET_MOST_M = 20_000.0
SURE, MARGIN = 90.0, 2.0  # from such a score on, readings that cannot come near it are left out


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer before it is put into words. ``thing``: of the index, 0 for a crossing; ``code``: of the ward."""

    thing: int
    score: float
    spot: Spot
    code: str
    reading: Reading
    meant: WardMeant | None
    once: str = ""  # the former name by which a street was found


@dataclass(slots=True)
class _Asked:
    """One question while it is answered: what was looked up stays looked up."""

    near: tuple[float, float] | None
    alike: dict[tuple[str, bool], list[tuple[float, Name]]] = field(default_factory=dict)


class MapSearch:
    """Over one index; ``ward_at`` says in which ward a place lies, ``approximate`` whether that is a guess."""

    def __init__(self, index: StreetIndex, ward_at: WardAt, approximate: bool = False) -> None:
        self._index = index
        self._ward_at = ward_at
        self.approximate = approximate
        self._units: Units = units()
        self._wards = {it.code: it for it in present_wards()}
        self._codes: dict[int, tuple[str, ...]] = {}

    def hits(self, text: str, near: tuple[float, float] | None = None) -> list[Hit]:
        """Everything that may be meant, the best first."""
        return self.hits_of(self.ways(text), near)

    def ways(self, text: str) -> list[Reading]:
        """What a text may mean, with the words in mind that the map's names have."""
        return ways(text, self._index.words)

    def hits_of(self, readings: Sequence[Reading], near: tuple[float, float] | None = None) -> list[Hit]:
        asked = _Asked(near)
        best: dict[tuple[str, str, int, float], Hit] = {}
        found = 0.0
        for reading in readings:
            if found >= SURE and found > 100.0 - reading.cost + MARGIN:
                break  # however alike its names were: it could not come first
            for hit in self._answers(reading, asked):
                key = (hit.spot.kind, hit.spot.label, hit.thing, 0.0 if hit.thing else round(hit.spot.lat, 3))
                found = max(found, hit.score)
                if key not in best or best[key].score < hit.score:
                    best[key] = hit
        return sorted(best.values(), key=lambda it: (-it.score, it.spot.label, it.spot.lat))

    # --- one reading --------------------------------------------------------------------------------------------------

    def _answers(self, reading: Reading, asked: _Asked) -> list[Hit]:
        if not reading.names:
            return []
        meant = self._meant(reading)
        if reading.crossing:
            return self._crossed(reading, meant, asked)
        hits = []
        for alike, name in self._names(reading.names[0], asked, places=True)[:BEST_NAMES]:
            score = alike - reading.cost
            for thing in self._index.bearers(name.id):
                hits += self._at(thing, name, score, reading, meant, asked)
        return hits

    def _meant(self, reading: Reading) -> WardMeant | None:
        if not reading.ward:
            return None
        return self._units.ward(reading.ward, "" if reading.present else reading.district)

    def _at(
        self, thing: Thing, name: Name, score: float, reading: Reading, meant: WardMeant | None, asked: _Asked
    ) -> list[Hit]:
        spots = self._index.spots(thing.id) or ((thing.lat, thing.lon),)
        codes = self._codes_of(thing.id, spots)
        inside, penalty = self._inside(codes, reading, meant)
        points = [spots[i] for i in inside]
        also: list[Hit] = []
        old = name.written if name.tag == "old_name" else ""
        if thing.kind == "place":
            cost = penalty + (NO_HOUSE_HERE if reading.house else 0.0)
            spot = Spot("place", thing.label, thing.lat, thing.lon, max(20.0, thing.radius_m), 0.0)
        elif reading.house:
            said = self._said(reading, meant) if len(points) < len(spots) else None
            spot = replace(place_house(self._index, thing, reading, points, said), name=thing.label)
            cost = penalty + spot.cost
            if said is not None and spot.kind not in ("house", "alley"):
                other = replace(place_house(self._index, thing, reading, spots, None), name=thing.label)
                if other.kind == "house" and other.cost == 0.0:  # the very house, but not in the ward that was said
                    there = self._ward_at(other.lat, other.lon)
                    also = [self._hit(other, thing.id, score - ELSEWHERE, there, reading, meant, asked, old)]
        else:
            spot, cost = _street(thing, points), penalty
        code = self._ward_at(spot.lat, spot.lon)
        return [self._hit(spot, thing.id, score - cost, code, reading, meant, asked, old), *also]

    def _hit(
        self, spot: Spot, thing: int, score: float, code: str, reading: Reading, meant: WardMeant | None, asked: _Asked,
        once: str = "",
    ) -> Hit:  # fmt: skip
        wanted = meant.codes if meant is not None else ()
        if self.approximate and wanted and code not in wanted:  # the outlines are a guess, what was said is not
            code = next((it for it in wanted if self._may_lie(it, spot)), code)
        if reading.near:
            spot = replace(spot, uncertainty_m=spot.uncertainty_m + NEAR_M)
        if asked.near is not None:
            score -= FAR_AWAY * min(1.0, metres(asked.near, (spot.lat, spot.lon)) / FAR_M) ** 0.5
        return Hit(thing, score, spot, code, reading, meant, once)

    def _may_lie(self, code: str, spot: Spot) -> bool:
        ward = self._wards[code]
        return metres((ward.lat, ward.lon), (spot.lat, spot.lon)) <= REACH * ward.radius_m + REACH_M

    # --- wards and districts ------------------------------------------------------------------------------------------

    def _codes_of(self, thing: int, spots: Sequence[tuple[float, float]]) -> tuple[str, ...]:
        codes = self._codes.get(thing)
        if codes is None:
            codes = tuple(self._ward_at(*at) for at in spots)
            if len(self._codes) > 20_000:
                self._codes = {}
            self._codes[thing] = codes
        return codes

    def _inside(self, codes: Sequence[str], reading: Reading, meant: WardMeant | None) -> tuple[Sequence[int], float]:
        """Which spots lie where it was said, and what it costs that none does."""
        everywhere = range(len(codes))
        penalty = NO_SUCH_UNIT if reading.ward and meant is None else 0.0
        if meant is not None:
            for code in meant.codes:
                if inside := [i for i, it in enumerate(codes) if it == code]:
                    return inside, penalty
            penalty += WRONG_WARD * (GUESSED if self.approximate else 1.0)
        if reading.district:
            there = self._units.districts[reading.district].codes
            if inside := [i for i, it in enumerate(codes) if it in there]:
                return inside, penalty
            penalty += WRONG_DISTRICT * (GUESSED if self.approximate else 1.0)
        return everywhere, penalty

    def _said(self, reading: Reading, meant: WardMeant | None) -> Callable[[tuple[float, float]], bool]:
        """Whether a place lies in the ward or, without one, in the district that was said."""
        district = self._units.districts[reading.district].codes if reading.district else ()
        codes = frozenset(meant.codes if meant is not None else district)
        return lambda at: self._ward_at(*at) in codes

    # --- crossings ----------------------------------------------------------------------------------------------------

    def _crossed(self, reading: Reading, meant: WardMeant | None, asked: _Asked) -> list[Hit]:
        ones, others = (self._streets(name, asked) for name in reading.names)
        hits = []
        for alike, one in ones:
            for also, other in others:
                if one.id == other.id:
                    continue
                score = (
                    0.5 * (min(alike, also) + (alike + also) / 2)
                    - reading.cost
                    - (NO_HOUSE_HERE if reading.house else 0.0)
                )
                places = [(at, 25.0, 0.0) for at in self._index.crossings(one.id, other.id)] or approach(
                    self._index, one, other
                )
                for at, uncertainty, cost in places:
                    code = self._ward_at(*at)
                    _, penalty = self._inside((code, *self._around(at)), reading, meant)
                    spot = Spot("crossing", f"{one.label} – {other.label}", at[0], at[1], uncertainty, 0.0)
                    hits.append(self._hit(spot, 0, score - cost - penalty, code, reading, meant, asked))
        return hits

    def _around(self, at: tuple[float, float]) -> tuple[str, ...]:
        """The wards about a crossing: borders run along streets."""
        north, east = (CORNER_M / it for it in metres_per_degree(round(at[0], 1)))
        return tuple(self._ward_at(at[0] + a * north, at[1] + b * east) for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)))

    def _streets(self, name: tuple[Word, ...], asked: _Asked) -> list[tuple[float, Thing]]:
        out: dict[int, tuple[float, Thing]] = {}
        path = number_key(name[1].plain) if len(name) > 2 and name[0].plain in ("hem", "ngo", "ngach", "kiet") else ""
        if path:
            for alike, street in self._streets(name[2:], asked):
                for number in self._index.alleys(street.id, [path]).values():
                    out[number] = (alike, self._index.thing(number))
            return list(out.values())
        for alike, found in self._names(name, asked, places=False)[:BEST_CROSSED]:
            for thing in self._index.bearers(found.id):
                if thing.id not in out:
                    out[thing.id] = (alike, thing)
        return list(out.values())[: 2 * BEST_CROSSED]

    # --- names --------------------------------------------------------------------------------------------------------

    def _names(self, words: tuple[Word, ...], asked: _Asked, places: bool) -> list[tuple[float, Name]]:
        """Names that are alike with their likeness less their cost, the best first."""
        spellings = tuple(it.spelling for it in words)
        street, kept = street_form(spellings)
        place = place_form(" ".join(it.plain for it in spellings))
        key = (" ".join(f"{it.plain}{sorted(it.marks)}" for it in spellings), places)
        if key in asked.alike:
            return asked.alike[key]
        found = {
            it.id: it
            for text in dict.fromkeys((street, place) if places else (street,))
            for it in self._index.names(text)
        }
        marked = any(it.marks for it in spellings)
        out = [(alike - it.cost, it) for alike, it in self._shortened(spellings, spellings[1:], kept)]
        for name in found.values():
            if name.kind == "place":
                if not places:
                    continue
                alike = like_place(place, name.text) - marks_apart(spellings if marked else (), name.written)
            elif name.kind in ("initials", "letters"):
                alike = 100.0 if street == name.text and name.kind == "initials" and len(kept) == 1 else 0.0
            else:
                alike = like_street(street, name.text) - marks_apart(kept if marked else (), name.written)
            alike -= name.cost
            if alike >= MIN_ALIKE:
                out.append((alike, name))
        out.sort(key=lambda it: (-it[0], it[1].id))
        asked.alike[key] = out
        return out

    def _shortened(self, *ways: tuple[Spelling, ...]) -> list[tuple[float, Name]]:
        """Streets of which some words were told by their first letters, with and without a word for street before."""
        return [it for words in dict.fromkeys(ways) for it in full_names([word.plain for word in words], self._index)]


def _street(thing: Thing, points: Sequence[tuple[float, float]]) -> Spot:
    """A street, or the part of it that was said: the point in its middle, and how far its ends are."""
    lat = sum(p[0] for p in points) / len(points)
    lon = sum(p[1] for p in points) / len(points)
    middle = min(points, key=lambda it: metres(it, (lat, lon)))
    reach = max(metres(middle, it) for it in points)
    return Spot(thing.kind, thing.label, *middle, min(STREET_MOST_M, max(30.0, reach)), 0.0)
