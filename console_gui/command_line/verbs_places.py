"""Hospitals, notes about places, and units that cover another station."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target_last_of
from console_gui.folding import fold
from console_gui.translations.formats import short
from dispatch_core.domain import commands as c
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Hospital, PremiseFound, PremiseKind, Term

SURE = ("chac", "sure")
USUAL_RADIUS_M = 30.0
_RADIUS = re.compile(r"(\d{1,5})m?")
_UNTIL = re.compile(r"(?:den|until|đến):(\S+)", re.IGNORECASE)
_BY_HAND = re.compile(r"[Pp]\d{1,10}")


def hospital(state: State, word: str) -> Hospital | Wrong:
    """By id, or by a part of its name that only one has."""
    asked = fold(word)
    for ident, it in state.hospitals.items():
        if fold(ident) == asked:
            return it
    fits = [it for it in state.hospitals.values() if asked and asked.replace(" ", "") in fold(it.name).replace(" ", "")]
    if len(fits) == 1:
        return fits[0]
    near = resolve.listed(f"{it.id} {it.name}" for it in fits or state.hospitals.values())
    return wrong("hospital", text=word, near=near)


def code_of(table: Mapping[str, Term] | Mapping[str, PremiseKind], word: str) -> str:
    """The code whose name begins so, "" where none or several do."""
    asked = fold(word).replace(" ", "")
    if asked in table:
        return asked
    fits = [
        code for code, it in table.items()
        if asked and any(fold(name).replace(" ", "").startswith(asked) for name in (code, it.vi, it.en))
    ]  # fmt: skip
    return fits[0] if len(fits) == 1 else ""


def take_to(line: Line, context: Context) -> Outcome:
    """``bv`` shows them all, ``bv A12`` the choice, ``bv A12 stroke`` by what is needed; ``bv A12 H01`` takes one."""
    word, _, rest = line.rest.partition(" ")
    if not word:
        return Screen(Act.HOSPITALS)
    unit = resolve.unit(context.state, word)
    if isinstance(unit, Wrong):
        return unit
    skill = code_of(context.state.place_rules.skills, rest) if rest else ""
    if not rest or (skill and fold(rest) not in {fold(it) for it in context.state.hospitals}):
        return Screen(Act.HOSPITALS, f"{unit.call_sign} {skill}".strip())
    before, _, last = rest.rpartition(" ")
    confirmed = bool(before) and fold(last) in SURE
    found = hospital(context.state, before if confirmed else rest)
    if isinstance(found, Wrong):
        return found
    return Send(c.TakeTo(unit=unit.call_sign, hospital=found.id, confirmed=confirmed))


def beds(line: Line, context: Context) -> Outcome:
    """``giuong H01 3``, ``giuong H01 icu 0``."""
    parts = line.rest.split()
    if len(parts) < 2 or not parts[-1].isdecimal():
        return wrong("usage", syntax=("giuong H01 [icu] 3", "beds H01 [icu] 3"))
    found = hospital(context.state, parts[0])
    if isinstance(found, Wrong):
        return found
    rules = context.state.place_rules
    said = " ".join(parts[1:-1])
    kind = code_of(rules.beds, said) if said else rules.delivered
    if not kind:
        near = tuple(resolve.listed(getattr(it, name) for it in rules.beds.values()) for name in ("vi", "en"))
        return wrong("bed_kind", text=said, near=near)
    return Send(c.SetBeds(hospital=found.id, kind=kind, free=int(parts[-1][:9])))


def divert(line: Line, context: Context) -> Outcome:
    """``nn H01 60 hết máy thở``: for so many minutes, or without a number until it is taken back."""
    word, _, rest = line.rest.partition(" ")
    if not word:
        return wrong("usage", syntax=("nn H01 [PHÚT] LÝ DO", "divert H01 [MINUTES] REASON"))
    found = hospital(context.state, word)
    if isinstance(found, Wrong):
        return found
    first, _, after = rest.partition(" ")
    minutes, reason = (int(first[:6]), after) if first.isdecimal() else (0, rest)
    if not reason.strip():
        return wrong("reason")
    return Send(c.SetDivert(hospital=found.id, on=True, reason=reason.strip(), minutes=minutes))


def divert_over(line: Line, context: Context) -> Outcome:
    if not line.rest:
        return wrong("usage", syntax=("nn- H01", "divert- H01"))
    found = hospital(context.state, line.rest)
    return found if isinstance(found, Wrong) else Send(c.SetDivert(hospital=found.id, on=False))


# --- notes about places -----------------------------------------------------------------------------------------------


def write(line: Line, context: Context) -> Outcome:
    """``dd gas 50 kho hoá chất, vào hẻm 5`` at the open incident's place; ``dd P7 …`` writes that note's words anew."""
    text, named = target_last_of(line.rest)
    first, _, rest = text.partition(" ")
    if not first:
        return wrong("usage", syntax=("dd LOẠI [MÉT] LỜI", "premise KIND [METRES] WORDS"))
    if _BY_HAND.fullmatch(first):
        return _anew(context.state, first.upper(), rest)
    kinds = context.state.place_rules.kinds
    kind = code_of(kinds, first)
    if not kind:
        near = tuple(resolve.listed((getattr(it, name) for it in kinds.values()), 9) for name in ("vi", "en"))
        return wrong("premise_kind", text=first, near=near)
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    place = incident.location
    if place is None or place.lat is None or place.lon is None:
        return wrong("premise_place", number=short(incident.id))
    until = _until(context.state, rest)
    if isinstance(until, Wrong):
        return until
    rest = _UNTIL.sub("", rest).strip()
    radius, _, words = rest.partition(" ")
    metres = _RADIUS.fullmatch(radius)
    words = words.strip() if metres is not None else rest
    if not words:
        return wrong("usage", syntax=("dd LOẠI [MÉT] LỜI", "premise KIND [METRES] WORDS"))
    return Send(
        c.WritePremise(
            premise="", kind=kind, lat=place.lat, lon=place.lon, label=place.label, text=words, until=until,
            radius_m=float(metres.group(1)) if metres is not None else USUAL_RADIUS_M,
        )
    )  # fmt: skip


def _anew(state: State, premise: str, words: str) -> Outcome:
    known = _known(state, premise)
    if known is None:
        return wrong("premise", text=premise, near=resolve.listed(_all(state)))
    if not words.strip():
        return wrong("usage", syntax=(f"dd {premise} LỜI", f"premise {premise} WORDS"))
    return Send(
        c.WritePremise(
            premise=premise, kind=known.kind, lat=known.lat, lon=known.lon, radius_m=known.radius_m,
            label=known.label, text=words.strip(), until=known.until,
        )
    )  # fmt: skip


def _until(state: State, text: str) -> int | Wrong:
    """The end of that day at the site; 0 where none is said."""
    said = _UNTIL.search(text)
    if said is None:
        return 0
    try:
        day = date.fromisoformat(said.group(1))
        zone = timezone(timedelta(minutes=state.site.utc_offset_min))
        return int(datetime.combine(day + timedelta(days=1), time(), zone).timestamp() * 1000)
    except (ValueError, OverflowError):
        return wrong("until_date", text=said.group(1))


def _all(state: State) -> dict[str, PremiseFound]:
    """The notes written by hand that stand at any incident."""
    return {
        note.id: note
        for incident in state.incidents.values()
        if incident.premises is not None
        for note in (*incident.premises.notes, *incident.premises.hydrants)
        if _BY_HAND.fullmatch(note.id)
    }


def _known(state: State, premise: str) -> PremiseFound | None:
    return _all(state).get(premise)


def remove(line: Line, context: Context) -> Outcome:
    if not line.rest:
        return wrong("usage", syntax=("dd- P7", "premise- P7"))
    return Send(c.RemovePremise(premise=line.rest.upper()))


def undo(line: Line, context: Context) -> Outcome:
    if not line.rest:
        return wrong("usage", syntax=("dd= P7", "premise= P7"))
    return Send(c.UndoPremise(premise=line.rest.upper()))


# --- covering ---------------------------------------------------------------------------------------------------------


def move_up(line: Line, context: Context) -> Outcome:
    parts = line.rest.split()
    if len(parts) != 2:
        return wrong("usage", syntax=("dct A12 AS03", "moveup A12 AS03"))
    unit = resolve.unit(context.state, parts[0])
    if isinstance(unit, Wrong):
        return unit
    station = resolve.station(context.state, parts[1], unit.service)
    return station if isinstance(station, Wrong) else Send(c.MoveUp(unit=unit.call_sign, station=station))


def send_home(line: Line, context: Context) -> Outcome:
    if not line.rest:
        return wrong("usage", syntax=("dct- A12", "moveup- A12"))
    unit = resolve.unit(context.state, line.rest)
    return unit if isinstance(unit, Wrong) else Send(c.SendHome(unit=unit.call_sign))
