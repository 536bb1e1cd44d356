"""A typed word becomes a place: a unit, an incident, a station or a hospital of the state, else an address from the
core. The only one is gone to at once; several stand in a list over the map.

Guards: only the newest question is answered; without the core what this console knows is still found.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from console_gui.command_line.resolve import natural_key
from console_gui.desk import Desk
from console_gui.folding import fold
from console_gui.map.city_map import CityMap
from console_gui.map.laid import Found
from console_gui.map.listing import Row
from console_gui.map.mercator import finite_place
from console_gui.map.unit_places import UnitPlaces
from console_gui.map.words import said
from console_gui.mapping.telling import tell_problem, tell_wrong
from console_gui.translations.formats import metres, one_line, short
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Suggestion

OF_A_KIND_MOST = 8


class Finding(QObject):
    def __init__(self, desk: Desk, city: CityMap, places: UnitPlaces, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._map, self._places = desk, city, places
        self._asked = ""
        self._addresses: tuple[Suggestion, ...] = ()

    def find(self, text: str) -> None:
        self._asked, self._addresses = text, ()
        if not text:
            self._map.show_found(None)
            return
        rows = self._known(text)
        exact = [row for row in rows if fold(row.ident) == fold(text) or fold(row.words) == fold(text)]
        if text.startswith("#") and len(rows) == 1:
            exact = rows
        if len(exact) == 1:
            self.take(exact[0].kind, exact[0].ident)
            return
        if len(rows) > 1:
            self._show(rows)
        near = self._map.aimed()
        self._desk.questions.ask(lambda client: client.suggest(text, near), partial(self._answered, text, rows))

    def take(self, kind: str, ident: str) -> None:
        state = self._places.placed(self._desk.state)
        if kind == "unit":
            unit = state.units.get(ident)
            if unit is not None and finite_place(unit.lat, unit.lon):
                self._map.show_found(None)
                self._map.select_unit(ident)
                self._map.look_at(unit.lat, unit.lon)
            return
        found: Found | None = None
        if kind == "incident" and ident in state.incidents:
            place = state.incidents[ident].location
            if place is None or place.lat is None or place.lon is None:
                tell_wrong(self._desk, "map.no_place_yet", f"tim {short(ident)}", number=short(ident))
                return
            found = Found(place.lat, place.lon, f"{short(ident)} {one_line(place.label, 60)}")
        elif kind == "station" and ident in state.stations:
            station = state.stations[ident]
            found = Found(station.lat, station.lon, one_line(station.name, 60))
        elif kind == "hospital" and ident in state.hospitals:
            hospital = state.hospitals[ident]
            found = Found(hospital.lat, hospital.lon, one_line(hospital.name, 60))
        elif kind == "address" and ident.isdecimal() and int(ident) < len(self._addresses):
            address = self._addresses[int(ident)]
            found = Found(address.lat, address.lon, one_line(address.label, 60))
        if found is not None and finite_place(found.lat, found.lon):
            self._map.show_found(found)

    def _known(self, text: str) -> list[Row]:
        """Of the state: every word of the text in it; call signs and numbers from their beginning."""
        state, words = self._desk.state, fold(text).split()
        begin = fold(text).removeprefix("#").replace(" ", "")
        say = self._desk.words
        rows = [
            Row("unit", sign, f"{sign} · {say(f'status.{state.units[sign].status}')}")
            for sign in sorted(state.units, key=natural_key) if fold(sign).startswith(begin)
        ][:OF_A_KIND_MOST]  # fmt: skip
        exact = [row for row in rows if fold(row.ident) == begin]
        if exact:
            return exact
        if text.startswith("#") or begin.isdecimal():
            rows += [
                Row("incident", ident, " · ".join(filter(None, (short(ident), _label(it.location)))))
                for ident, it in sorted(state.incidents.items(), reverse=True) if short(ident) == f"#{begin}"
            ][:OF_A_KIND_MOST]  # fmt: skip
            if text.startswith("#"):
                return rows
        for kind, places in (("station", state.stations), ("hospital", state.hospitals)):
            rows += [
                Row(kind, ident, f"{say(f'map.kind.{kind}')} · {one_line(it.name, 80)}")
                for ident, it in places.items()
                if all(word in fold(f"{ident} {it.name}") for word in words)
            ][:OF_A_KIND_MOST]  # fmt: skip
        return rows

    def _answered(
        self, text: str, rows: list[Row], found: tuple[Suggestion, ...] | None, problem: DispatchError | None
    ) -> None:
        if text != self._asked:
            return
        self._addresses = tuple(found or ())
        language = self._desk.words.language
        addresses = [
            Row("address", str(at), " · ".join(filter(None, (
                one_line(it.label, 80), one_line(it.ward, 40),
                metres(it.away_m, language) if it.away_m is not None else "",
            ))))
            for at, it in enumerate(self._addresses)
        ]  # fmt: skip
        every = [*rows, *addresses]
        if len(every) == 1:
            self.take(every[0].kind, every[0].ident)
        elif every:
            self._show(every)
        elif problem is not None:
            tell_problem(self._desk, problem, f"tim {text}")
        else:
            tell_wrong(self._desk, "map.found_nothing", f"tim {text}", text=text)

    def _show(self, rows: list[Row]) -> None:
        words = self._desk.words
        title = words("map.found", text=one_line(self._asked, 40), count=len(rows))
        self._map.listing.show_rows(title, said("found.keys", words.language), rows, self._map.width() / 2 - 220, 60)


def _label(place: object) -> str:
    return one_line(str(getattr(place, "label", "") or ""), 60)
