"""Two lists inside the incident form: the legs with their units and candidates, and the narrative."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject

from console_gui.clocks import Stage, of_unit
from console_gui.desk import Desk
from console_gui.models.leg_ranking import ranking_cell
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.models.units import offer_clock
from console_gui.promises import offer_of
from console_gui.signs import STATUS_SIGNS
from console_gui.translations import sentences
from console_gui.translations.formats import metres, one_line, since, wall_clock
from console_gui.translations.language import Words
from dispatch_core.domain.offering import Ahead, pending, places_left, stations_ahead, unit_offer
from dispatch_core.domain.recommending import Ranking, ranked
from dispatch_core.domain.state import Incident, Leg, Note, Offer, State, Unit
from dispatch_core.domain.vocabulary import (
    Candidate,
    Instant,
    LegState,
    Need,
    OfferTo,
    Override,
    Passed,
    UnitStatus,
    ZoneAnswer,
)

CANDIDATES = 5
"""So many suggested units stand under a leg; the digit before each one sends it."""


STATIONS_AHEAD = 3


class Part(StrEnum):
    LEG = "leg"
    ZONE = "zone"
    NEXT = "next"
    UNIT = "unit"
    OVERRIDE = "override"
    SET = "set"
    OFFER = "offer"
    CANDIDATES = "candidates"
    LACKING = "lacking"
    ABOUT = "about"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class LegLine:
    """One line under a leg. ``order`` is its place; equal lines need no repainting. ``candidates`` are those that a
    digit sends, counted from 1; the first ``chosen`` of them are the recommended set."""

    part: Part
    order: tuple[int, int, int]
    leg: Leg
    unit: Unit | None = None
    candidates: tuple[Candidate, ...] = ()
    chosen: int = 0
    lacking: tuple[Need, ...] = ()
    passed: tuple[Passed, ...] = ()
    override: Override | None = None
    offer: Offer | None = None  # that waits for an answer
    ahead: tuple[Ahead, ...] = ()  # stations that would be asked next


def leg_lines(
    incident: Incident | None, state: State, now: Instant = 0, opened: Collection[str] = (), only: str | None = None
) -> dict[str, LegLine]:
    """Ident -> line; idents are ``fire``, ``fire/zone``, ``fire/next`` (stations that come next), ``fire/FE3``,
    ``fire/@FS01`` (a station that is asked), ``fire!`` (the recommended set), ``fire?`` (who else could go), ``fire<``
    (what is lacking), ``fire>`` (of those who are passed over), ``fire>FE9``. ``opened``: services of which those are
    shown one by one; ``only``: the one leg that is wanted."""
    lines: dict[str, LegLine] = {}
    for number, (service, leg) in enumerate(incident.legs.items() if incident is not None else ()):
        if only is not None and service != only:
            continue
        lines[service] = LegLine(Part.LEG, (number, 0, 0), leg)
        for place, override in enumerate(leg.overrides):
            line = LegLine(Part.OVERRIDE, (number, 3, place), leg, override=override)
            lines[f"{service}~{override.unit}"] = line
        if leg.state is not LegState.OPEN:
            continue
        # Who is asked and who could go decides; why it is this zone is read after that.
        lines[f"{service}/zone"] = LegLine(Part.ZONE, (number, 9, 0), leg)
        if incident is not None and leg.zone is not None and places_left(state, incident, leg) > 0:
            ahead = stations_ahead(state, incident, leg, now, STATIONS_AHEAD)
            lines[f"{service}/next"] = LegLine(Part.NEXT, (number, 3, -1), leg, ahead=ahead)
        for place, sign in enumerate(leg.units):
            lines[f"{service}/{sign}"] = LegLine(
                Part.UNIT, (number, 2, place), leg, unit=state.units.get(sign), offer=unit_offer(leg, sign)
            )
        stations = [it for it in pending(leg) if it.to is OfferTo.STATION]
        for place, offer in enumerate(stations, len(leg.units)):
            lines[f"{service}/@{offer.station}"] = LegLine(Part.OFFER, (number, 2, place), leg, offer=offer)
        if incident is not None and leg.ranked_at:
            lines |= _ranking_lines(number, leg, ranked(state, incident, service, now), service in opened)
    return lines


def _ranking_lines(number: int, leg: Leg, ranking: Ranking, opened: bool) -> dict[str, LegLine]:
    service, lines = leg.service, {}
    chosen = len(ranking.chosen)
    shown = ranking.candidates[: max(CANDIDATES, chosen + 2)]
    if chosen:
        lines[f"{service}!"] = LegLine(Part.SET, (number, 4, 0), leg, candidates=shown, chosen=chosen)
    if len(shown) > chosen or not (chosen or leg.units):
        lines[f"{service}?"] = LegLine(Part.CANDIDATES, (number, 5, 0), leg, candidates=shown, chosen=chosen)
    if ranking.lacking:
        lines[f"{service}<"] = LegLine(Part.LACKING, (number, 6, 0), leg, lacking=ranking.lacking)
    if ranking.passed:
        lines[f"{service}>"] = LegLine(Part.ABOUT, (number, 7, 0), leg, passed=ranking.passed)
    for place, it in enumerate(ranking.passed if opened else ()):
        lines[f"{service}>{it.unit}"] = LegLine(Part.PASSED, (number, 8, place), leg, passed=(it,))
    return lines


class LegsTable(OrderedTable[LegLine]):
    """Columns: who, what is said of it, and the clock or distance."""

    columns = ("", "", "")
    clock_columns = (2,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        self._opened: set[str] = set()
        self._shown: Incident | None = None
        self.only: str | None = None
        """The service whose leg is unfolded; None = every one."""

    def show(self, incident: Incident | None) -> None:
        self._shown = incident
        self.replace_all(leg_lines(incident, self._desk.state, self._desk.now(), self._opened, self.only))

    def unfold(self, service: str) -> None:
        """Show the lines of this leg and of no other."""
        if service != self.only:
            self.only = service
            self.show(self._shown)

    def open_passed(self, service: str) -> None:
        """Show one by one who is passed over in this leg, or no longer."""
        self._opened ^= {service}
        self.show(self._shown)

    def sort_key(self, ident: str, value: LegLine) -> SortKey | None:
        return value.order

    def cell(self, ident: str, value: LegLine, column: int) -> Cell:
        match value.part:
            case Part.LEG:
                return self._leg(value.leg, column)
            case Part.ZONE:
                return Cell(self.zone_words(value.leg), dim=True) if column == 1 else Cell()
            case Part.UNIT:
                return self._unit(ident, value, column)
            case Part.OFFER:
                return self._offer(value, column)
            case _:
                return ranking_cell(self._desk.state, self.words.language, self._desk.now(), value, column)

    def _leg(self, leg: Leg, column: int) -> Cell:
        state, language = self._desk.state, self.words.language
        known = state.site.services.get(leg.service)
        closed = leg.state is LegState.CLOSED
        if column == 0:
            number = sentences.number_of(state, leg.service)
            glyphs = ((known.glyph, known.hue),) if known is not None else ()
            return Cell(number or leg.service, glyphs=glyphs, strong=not closed, dim=closed)
        if column == 1:
            if closed:
                return Cell(self.words("leg.closed"), dim=True)
            station = state.stations.get(leg.station)
            parts = [one_line(station.name, 120) if station is not None else leg.station]
            if leg.level > 1:
                parts.append(self.words("leg.level", level=leg.level))
            if leg.station_fixed:
                parts.append(self.words("leg.station_fixed"))
            if leg.dispatcher:
                parts.append(self.words("leg.dispatcher", user=sentences.person(state, leg.dispatcher, language)))
            if leg.spent_at:
                return Cell(self.words("offer.spent"), attention=True, strong=True)
            return Cell(" · ".join(filter(None, parts)) or sentences.service(state, leg.service, language), strong=True)
        return Cell(f"P{leg.priority}", right=True, dim=True)

    def zone_words(self, leg: Leg) -> str:
        """Zone, how far its border is and who would be next; outside and approximate are said."""
        zone, words, language = leg.zone, self.words, self.words.language
        if zone is None:
            return words("leg.no_zone")
        parts = [words("leg.zone", zone=one_line(zone.zone_name or zone.zone, 60))]
        if zone.hand_over is not None:
            parts.append(hand_over_words(zone, words))
        if leg.also:
            names = [one_line(self._station(it), 60) for it in leg.also]
            share = max((it.share for it in zone.shares if it.station in leg.also), default=0.0)
            parts.append(words("leg.also", stations=", ".join(names), share=f"{share:.0%}"))
        if zone.outside:
            parts.append(words("leg.outside", metres=metres(zone.outside_m, language)))
        elif zone.runner_up:
            border = metres(zone.border_m, language)
            parts.append(words("leg.border", metres=border, zone=one_line(zone.runner_up_name or zone.runner_up, 60)))
        else:
            parts.append(words("leg.border_only", metres=metres(zone.border_m, language)))
        if zone.approximate:
            parts.append(words("leg.approximate"))
        return " · ".join(parts)

    def _station(self, ident: str) -> str:
        known = self._desk.state.stations.get(ident)
        return known.name if known is not None else ident

    def _unit(self, ident: str, line: LegLine, column: int) -> Cell:
        unit = line.unit
        if unit is None:
            return Cell(ident.partition("/")[2]) if column == 0 else Cell()
        if column == 0:
            return Cell(unit.call_sign, strong=True)
        if column == 1:
            text = self.words(f"status.{unit.status.value}")
            if line.offer is not None and line.offer.until:
                text = f"{text} · {self.words('offer.by_itself')}"
            return Cell(text, glyphs=((STATUS_SIGNS[unit.status], ""),))
        state, now = self._desk.state, self._desk.now()
        offer = offer_of(state, unit)
        if offer is not None:
            return offer_clock(offer, now, state.site.offers.late_s)
        stage = of_unit(state, unit, now)
        nearly = stage is Stage.ATTENTION
        return Cell(since(unit.status_at, now), late=stage is Stage.LATE, attention=nearly, strong=nearly, right=True)

    def _offer(self, line: LegLine, column: int) -> Cell:
        """A station that has not answered: which, for which crew, and how long it still has."""
        offer, state = line.offer, self._desk.state
        if offer is None:
            return Cell()
        if column == 0:
            return Cell(offer.station, strong=True)
        if column == 1:
            known = state.stations.get(offer.station)
            name = one_line(known.name, 120) if known is not None else offer.station
            key = "offer.station_asked" if offer.unit else "offer.station_asked_alone"
            text = f"{name} · {self.words(key, unit=offer.unit)}"
            return Cell(text, glyphs=((STATUS_SIGNS[UnitStatus.OFFERED], ""),))
        return offer_clock(offer, self._desk.now(), state.site.offers.late_s)


def hand_over_words(zone: ZoneAnswer, words: Words) -> str:
    """Whom a place beyond the border belongs to, and their number."""
    beyond = zone.hand_over
    if beyond is None or beyond.kind == "far":
        return words("leg.hand_over_far")
    name = beyond.vi if words.language == "vi" else beyond.en
    contact = one_line(beyond.contact, 60) or words("leg.no_contact")
    if beyond.sample and beyond.contact:
        contact = words("leg.sample_contact", contact=contact)
    key = "leg.hand_over_sea" if beyond.kind == "sea" else "leg.hand_over" if zone.outside else "leg.perhaps_beyond"
    return words(key, name=one_line(name, 80), contact=contact)


class StoryTable(OrderedTable[Note]):
    """The narrative, oldest first; idents are places in the story."""

    columns = ("", "")

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk

    def show(self, incident: Incident | None) -> None:
        notes = incident.notes if incident is not None else ()
        self.replace_all({f"{place:06d}": note for place, note in enumerate(notes)})

    def sort_key(self, ident: str, value: Note) -> SortKey | None:
        return (ident,)

    def cell(self, ident: str, value: Note, column: int) -> Cell:
        state, language = self._desk.state, self.words.language
        if column == 0:
            return Cell(wall_clock(value.at, state.site.utc_offset_min, "%H:%M:%S"), dim=True)
        text = sentences.note(state, value, language)
        by = sentences.who(state, value.by, language)
        return Cell(f"{by}: {text}" if value.kind == "note" else f"{text}  ({by})", dim=value.kind != "note")
