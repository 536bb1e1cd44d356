"""What stands on the paper: the state in words, in the order in which a person without a screen needs it. Pure.

A sheet is lines; how they look is said by what they are, so that text, HTML and PDF are the same words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from console_gui.paper.job import Job
from console_gui.translations import sentences
from console_gui.translations.formats import one_line, phone, seconds, short, since, wall_clock
from console_gui.translations.tables import say
from dispatch_core.domain.state import Call, Incident, Note, Unit
from dispatch_core.domain.vocabulary import CallState, Direction, IncidentState, LegState, UnitStatus

NOTES, OTHERS = 4, 2
"""Newest lines of the narrative on the board: of what people wrote, and at the least of what else happened; a card has
them all."""

REPEATED = "overdue"
"""Written by the clock every minute while nobody says anything: it stands at the unit, with its time."""

TITLE, HEADING, THING, LINE = "title", "heading", "thing", "line"

IDLE = frozenset({UnitStatus.AVAILABLE, UnitStatus.OUT_OF_SERVICE})


@dataclass(frozen=True, slots=True)
class Line:
    """``kind``: title, heading (of a section), thing (a row that begins with its name), line (more of the thing)."""

    kind: str
    text: str


def head(job: Job) -> str:
    """At the top of every page: which house, when, up to which event, how old."""
    at = _when(job)
    age = say(job.language, "paper.no_data") if job.age_s < 0 else seconds(job.age_s, job.language)
    key = "paper.head_stale" if job.stale else "paper.head"
    return say(job.language, key, site=job.state.site.name or "—", at=at, seq=job.state.seq, age=age)


def foot(job: Job) -> str:
    return say(job.language, "paper.foot", user=job.user)


def sheet(job: Job) -> list[Line]:
    if job.incident:
        incident = job.state.incidents.get(job.incident)
        made = [Line(TITLE, say(job.language, "paper.card", incident=short(job.incident)))]
        return made + (list(_incident(job, incident, len(incident.notes))) if incident is not None else [])
    made = [Line(TITLE, say(job.language, "paper.title"))]
    if job.stale:
        made.append(Line(THING, say(job.language, "paper.stale")))
    for part in (_waiting_commands, _waiting_calls, _incidents, _units, _people):
        made += part(job)
    return made


def as_text(job: Job, lines: list[Line]) -> str:
    marks = {TITLE: "= ", HEADING: "\n== ", THING: "* ", LINE: "    "}
    return "\n".join([head(job), *(marks[it.kind] + it.text for it in lines), "", foot(job), ""])


def _waiting_commands(job: Job) -> Iterator[Line]:
    if job.waits:
        yield _heading(job, "paper.not_sent", len(job.waits))
        for it in job.waits:
            yield Line(THING, f"{_clock(job, it.given_at)}  {one_line(it.typed)}")


def _waiting_calls(job: Job) -> Iterator[Line]:
    live = sorted((it for it in job.state.calls.values() if it.state.live), key=lambda call: call.arrived_at)
    missed = [it for it in job.state.missed.values()]
    yield _heading(job, "paper.calls", len(live))
    for call in live:
        incident = short(call.incident) if call.incident else ""
        state = say(job.language, f"call.{call.state.value}")
        clock = since(call.arrived_at, job.now)
        who = say(job.language, "call.test") if call.direction is Direction.TEST else _caller(call)
        yield Line(THING, "  ".join(filter(None, (who, call.dialled, state, call.position, incident, clock))))
    if missed:
        yield _heading(job, "paper.missed", len(missed))
        for line in missed:
            yield Line(THING, f"{phone(one_line(line.number, 40)) or '—'}  {_clock(job, _missed_at(line))}")


def _missed_at(line: object) -> int:
    return int(getattr(line, "last_at", 0) or getattr(line, "at", 0) or getattr(line, "first_at", 0))


def _incidents(job: Job) -> Iterator[Line]:
    there = [it for it in job.state.incidents.values() if it.state is not IncidentState.CLOSED]
    there.sort(key=lambda it: (it.priority, it.received_at))
    yield _heading(job, "paper.incidents", len(there))
    for incident in there:
        yield from _incident(job, incident, NOTES)


def _incident(job: Job, it: Incident, notes: int) -> Iterator[Line]:
    state, language = job.state, job.language
    kind, where = sentences.incident_type(state, it, language), sentences.place(it, language)
    level = say(language, "paper.level", level=it.level) if it.level > 1 else ""
    late = sentences.entered_afterwards(state, it)
    marked = say(language, "incident.afterwards", at=late) if late else ""
    parts = (f"P{it.priority} {short(it.id)}", marked, kind, where, level,
             say(language, f"incident.{it.state.value}"), since(it.received_at, it.closed_at or job.now))  # fmt: skip
    yield Line(THING, " · ".join(filter(None, parts)))
    callers = [_caller(call) for ident in it.calls if (call := state.calls.get(ident)) is not None]
    owner = sentences.person(state, it.owner, language)
    received = say(language, "paper.received", at=_clock(job, it.received_at), owner=owner)
    yield Line(LINE, received + (f"   ☎ {', '.join(callers)}" if callers else ""))
    if it.location is not None and it.location.lat is not None and it.location.lon is not None:
        around = f" ±{it.location.uncertainty_m:.0f} m" if it.location.uncertainty_m else ""
        yield Line(LINE, f"{it.location.lat:.5f}, {it.location.lon:.5f}{around}")
    for code, leg in it.legs.items():
        if leg.state is not LegState.OPEN:
            continue
        station = state.stations.get(leg.station)
        crews = [_at_work(job, state.units[sign]) for sign in leg.units if sign in state.units]
        offers = [offer.unit or offer.station for offer in leg.offers if getattr(offer, "answer", None) is None]
        named = [sentences.service(state, code, language), station.name if station is not None else leg.station]
        asked = say(language, "paper.asked", whom=", ".join(offers)) if offers else ""
        told = "; ".join(crews) or asked or say(language, "paper.nobody")
        yield Line(LINE, f"{', '.join(filter(None, named))}: {told}")
    for note in _told(it.notes, notes):
        who = sentences.who(state, note.by, language)
        yield Line(LINE, f"{_clock(job, note.at)} {who}: {one_line(sentences.note(state, note, language), 400)}")


def _told(notes: Sequence[Note], most: int) -> list[Note]:
    """What people wrote is crowded out by nothing: who sits with the paper has no other place to read it."""
    if most >= len(notes):
        return list(notes)
    wrote = [at for at, it in enumerate(notes) if it.kind == "note"][-most:]
    happened = [at for at, it in enumerate(notes) if it.kind not in ("note", REPEATED)]
    return [notes[at] for at in sorted((*wrote, *happened[-max(OTHERS, most - len(wrote)) :]))]


def _units(job: Job) -> Iterator[Line]:
    state, language = job.state, job.language
    busy = [it for it in state.units.values() if it.status not in IDLE]
    yield _heading(job, "paper.units_at_work", len(busy))
    for unit in sorted(busy, key=lambda it: (it.service, it.call_sign)):
        on = short(unit.assignment.incident) if unit.assignment is not None else ""
        yield Line(THING, f"{_at_work(job, unit)}  {on}".rstrip())
    for status in (UnitStatus.AVAILABLE, UnitStatus.OUT_OF_SERVICE):
        homes: dict[tuple[str, str], list[str]] = defaultdict(list)
        for unit in state.units.values():
            if unit.status is status:
                homes[unit.service, unit.station].append(unit.call_sign)
        yield _heading(job, f"paper.units_{status.value}", sum(map(len, homes.values())))
        for (service, home), signs in sorted(homes.items()):
            station = state.stations.get(home)
            name = station.name if station is not None else home
            yield Line(THING, f"{sentences.service(state, service, language)}, {name}: {' '.join(sorted(signs))}")


def _people(job: Job) -> Iterator[Line]:
    state, language = job.state, job.language
    yield _heading(job, "paper.people", len(state.people))
    for person in sorted(state.people.values(), key=lambda it: (it.position or "~", it.name)):
        role = say(language, f"role.{person.role.value}")
        yield Line(THING, f"{person.position or '—'}  {one_line(person.name, 80)}, {role}")


def _at_work(job: Job, unit: Unit) -> str:
    status = say(job.language, f"status.{unit.status.value}")
    return f"{unit.call_sign} {status} {since(unit.status_at, job.now)}"


def _caller(call: Call) -> str:
    name = one_line(call.name, 60)
    answered = "" if call.state in (CallState.ENDED, CallState.ABANDONED) else " ▶"
    return f"{phone(one_line(call.number, 40)) or '—'}{f' {name}' if name else ''}{answered}"


def _heading(job: Job, key: str, count: int) -> Line:
    return Line(HEADING, f"{say(job.language, key)} ({count})")


def _clock(job: Job, at: int) -> str:
    return wall_clock(at, job.state.site.utc_offset_min, "%H:%M:%S")


def _when(job: Job) -> str:
    return wall_clock(job.now, job.state.site.utc_offset_min, "%d/%m/%Y %H:%M:%S")


