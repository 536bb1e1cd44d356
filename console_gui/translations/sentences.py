"""How things of the state read: statuses, the narrative, alarms, people, services. No Qt."""

from __future__ import annotations

import re

from console_gui.short_words import DISPOSITIONS
from console_gui.translations import dispatching, offer_sentences, triage
from console_gui.translations.formats import one_line, phone, short, wall_clock
from console_gui.translations.tables import WORDS, say
from dispatch_core.domain.evolve.folding import FOLDED
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import Alarm, Incident, Note, State
from dispatch_core.domain.vocabulary import MemoTo, UnitStatus

_INCIDENT = re.compile(r"\d{8}-\d+")
_COORDINATES = re.compile(r"-?\d{1,2}\.\d{3,},? -?\d{1,3}\.\d{3,}")


def service(state: State, code: str, language: str) -> str:
    known = state.site.services.get(code)
    if known is None:
        return code
    return known.vi if language == "vi" else known.en


def number_of(state: State, code: str) -> str:
    """The number that the public dials for a service, "" where it has none of its own."""
    for number, codes in state.site.numbers.items():
        if codes == (code,):
            return number
    return ""


def person(state: State, user: str, language: str) -> str:
    known = state.people.get(user)
    if known is not None:
        return known.name
    return user or say(language, "who.nobody")


def who(state: State, by: str, language: str) -> str:
    """``person:lan`` as her name, the switch and the core by what they are."""
    kind, _, name = by.partition(":")
    if kind == "person":
        return person(state, name, language)
    if kind == "intake" and name != kind:
        return say(language, "who.sender", name=one_line(name, 40))
    return say(language, f"who.{kind}") if f"who.{kind}" in WORDS else by


def disposition(code: str, language: str) -> str:
    if code == FOLDED:
        return say(language, "disposition.folded")
    known = DISPOSITIONS.get(code)
    return one_line(code) if known is None else known[0 if language == "vi" else 1]


def incident_type(state: State, incident: Incident, language: str) -> str:
    known = state.types.get(incident.type)
    if known is None:
        return incident.type or say(language, "incident.no_type")
    return known.vi if language == "vi" else known.en


def place(incident: Incident, language: str) -> str:
    """In words, also where somebody gave coordinates alone: nobody can say those."""
    if incident.location is None:
        return say(language, "incident.no_place")
    label = one_line(incident.location.label)
    if not is_coordinates(label):
        return label
    ward = one_line(ward_of(incident), 80)
    return say(language, "place.no_words_in", ward=ward) if ward else say(language, "place.no_words")


def is_coordinates(label: str) -> bool:
    return _COORDINATES.fullmatch(label) is not None


def ward_of(incident: Incident) -> str:
    """The zone in which its legs lie: the ward, where the site's zones are the wards. "" where there is none."""
    zones = (leg.zone for leg in incident.legs.values() if leg.zone is not None and not leg.zone.outside)
    return next((zone.zone_name for zone in zones if zone.zone_name), "")


def named(state: State, it: Alarm, language: str) -> str:
    """A service as people call it, with its number."""
    number, name = number_of(state, it.subject), service(state, it.subject, language)
    return f"{name} {number}".strip()


def alarm(it: Alarm, language: str, state: State | None = None) -> str:
    """``state`` gives what the subject is called, where it is a service."""
    key = f"alarm.{it.kind}"
    if state is not None and it.subject in state.site.services:
        text = say(language, key if key in WORDS else "alarm.other", kind=it.kind, subject=named(state, it, language))
    elif key in WORDS:
        what, _, node = it.subject.partition("@")
        subject = _subject(it, state)
        if it.kind in offer_sentences.OF_A_LEG and state is not None:
            of = service(state, it.subject.partition(".")[2], language)
            subject = offer_sentences.leg_named(state, it.subject, of)
        text = say(language, key, subject=subject, what=one_line(what, 40), node=one_line(node, 40))
    else:
        text = say(language, "alarm.other", kind=it.kind, subject=one_line(it.subject, 80))
    return say(language, "alarm.times", text=text, count=it.count) if it.count > 1 else text


def _subject(it: Alarm, state: State | None) -> str:
    """A call by its incident, where this console may see it."""
    call = state.calls.get(it.subject) if state is not None else None
    if it.kind == "shift_waits" and state is not None:
        return person(state, it.subject, "vi")
    number = call.incident.rpartition("-")[2] if call is not None else ""
    return f"#{int(number)}" if number.isdecimal() else one_line(it.subject, 80)


def entered_afterwards(state: State, incident: Incident) -> str:
    """When it happened, where it was typed in later; "" where it was not."""
    for note in incident.notes[:6]:
        if note.kind == "afterwards" and note.about and note.about[0].isdecimal():
            return wall_clock(int(note.about[0]), state.site.utc_offset_min, "%H:%M")
    return ""


def _named(state: State, what: str, ident: str, language: str) -> str:
    """What a reassignment speaks of: a person, a station or a unit."""
    if what == "dispatcher":
        return person(state, ident, language)
    if what == "station":
        station = state.stations.get(ident)
        return station.name if station is not None else ident or say(language, "who.nobody")
    return ident or say(language, "who.nobody")


def reassigned(state: State, about: tuple[str, ...], language: str) -> dict[str, str]:
    """The parts of a note "leg_reassigned": (service, what, was, to), each as it reads."""
    code, what, was, to = (*about, "", "", "", "")[:4]
    known = f"what.{what}" in WORDS
    return {
        "service": service(state, code, language),
        "what": say(language, f"what.{what}") if known else what,
        "was": _named(state, what, was, language),
        "to": _named(state, what, to, language),
    }


def redirected(state: State, line: Note, language: str) -> dict[str, str]:
    """The parts of a note "redirected": (unit, from, to, service, how many the old leg lacks)."""
    unit, was, to, code, missing = (*line.about, "", "", "", "", "")[:5]
    lacks = missing not in ("", "0")
    told = {"was": short(was), "count": missing, "service": service(state, code, language)}
    return {
        "unit": unit,
        "was": short(was),
        "to": short(to),
        "reason": one_line(line.text) or "—",
        "missing": say(language, "note.missing", **told) if lacks else "",
    }


def undone(state: State, about: tuple[str, ...], language: str) -> dict[str, str]:
    """The parts of a note "reassign_undone": (what, service, was, to)."""
    what, code, was, _ = (*about, "", "", "", "")[:4]
    kind = "dispatcher" if what == "incident" else what
    leg = say(language, "reassign.leg", service=service(state, code, language)) if code else ""
    return {"what": leg or say(language, "what.incident"), "was": _named(state, kind, was, language)}


def _status_name(value: str, language: str) -> str:
    return say(language, f"status.{value}") if value in list(UnitStatus) else value


def hospital(state: State, ident: str) -> str:
    known = state.hospitals.get(ident)
    return one_line(known.name, 80) if known is not None else ident


def _number(state: State, call: str) -> str:
    known = state.calls.get(call)
    return phone(one_line(known.number if known is not None and known.number else call, 40))


def memo_to(state: State, kind: str, name: str, language: str) -> str:
    """For whom a note between desks is."""
    if kind == MemoTo.POSITION:
        return say(language, "memo.to_position", position=name)
    if kind == MemoTo.SERVICE:
        return service(state, name, language)
    return say(language, "memo.to_lead") if kind == MemoTo.LEAD else person(state, name, language)


def note(state: State, line: Note, language: str) -> str:
    """One line of an incident's story, without its time and author."""
    if line.kind == "note":
        return line.text
    first, second, *_ = (*line.about, "", "")
    reason = one_line(line.text)
    told = offer_sentences.note(state, line, service(state, first, language), language)
    told = told if told is not None else triage.note(line, language)
    if told is not None:
        return told
    match line.kind:
        case "afterwards":
            at = int(first) if first.isdecimal() else 0
            return say(language, "note.afterwards", at=wall_clock(at, state.site.utc_offset_min, "%H:%M %d/%m"))
        case "texted":
            return say(language, "note.texted")
        case "received" if not first:
            return say(language, "note.begun")
        case "received":
            return say(language, "note.received", call=_number(state, first))
        case "type":
            known = state.types.get(first)
            name = (known.vi if language == "vi" else known.en) if known is not None else first
            return triage.by_card(line, say(language, "note.type", type=name, priority=second), language)
        case "priority":
            return triage.by_card(line, say(language, "note.priority", priority=first), language)
        case "located":
            return say(language, "note.located", version=first)
        case "caller_located":
            return say(language, "note.caller_located")
        case "taken":
            return say(language, "note.taken", user=person(state, first, language))
        case "leg_opened" | "leg_closed":
            return say(language, f"note.{line.kind}", service=service(state, first, language))
        case "assigned":
            return say(language, "note.assigned", unit=first, service=service(state, second, language))
        case "released":
            return say(language, "note.released", unit=first)
        case "status":
            return say(language, "note.status", unit=first, status=_status_name(second, language))
        case "hospital" | "delivered":
            return say(language, f"note.{line.kind}", unit=first, hospital=hospital(state, second))
        case "reassigned":
            was, to = person(state, first, language), person(state, second, language)
            return say(language, "note.reassigned", was=was, to=to, reason=reason)
        case "leg_reassigned":
            return say(language, "note.leg_reassigned", **reassigned(state, line.about, language), reason=reason)
        case "redirected" | "redirect_undone":
            return say(language, f"note.{line.kind}", **redirected(state, line, language))
        case "reassign_undone":
            return say(language, "note.reassign_undone", **undone(state, line.about, language))
        case "also_alerted":
            names = [_named(state, "station", it, language) for it in line.about[1:]]
            others = ", ".join(names[1:])
            return say(
                language, "note.also_alerted", service=service(state, first, language), first=names[0], others=others
            )
        case "beyond_border":
            _, _, vi, en, contact = (*line.about, "", "", "", "", "")[:5]
            name = vi if language == "vi" else en
            number = contact or say(language, "leg.no_contact")
            return say(
                language, "note.beyond_border", service=service(state, first, language), name=name, contact=number
            )
        case "recording_faulty":
            faults = [say(language, f"fault.{it}") for it in line.about[1:] if f"fault.{it}" in WORDS]
            return say(language, "note.recording_faulty", faults=", ".join(faults))
        case "hold_placed" | "hold_released":
            return say(language, f"note.{line.kind}", reason=reason)
        case "call_back":
            return say(language, "note.call_back", position=second)
        case "call_back_reached":
            return say(language, "note.call_back_reached", position=second)
        case "call_back_ended":
            return say(language, "note.call_back_ended", outcome=say(language, f"call_back.{second}"))
        case "rang_again":
            return say(language, "note.rang_again", call=_number(state, first))
        case "split" | "split_from":
            return say(language, f"note.{line.kind}", call=_number(state, first), incident=short(second))
        case "folded" | "folded_into" | "unfolded" | "unfolded_from":
            return say(language, f"note.{line.kind}", incident=short(first))
        case "alarm_level":
            return dispatching.level_note(line, language)
        case "overridden":
            return dispatching.override_note(state, line, language)
        case "override_explained":
            return dispatching.explained_note(line, language)
        case "differs":
            return say(language, "note.differs", incident=short(first))
        case "surge_on" | "surge_longer":
            return say(language, f"note.{line.kind}", reason=reason)
        case "surge_off":
            why = say(language, f"surge_off.{first}", reason=reason)
            return say(language, "note.surge_off", why=why, count=second)
        case "caller_noted":
            return say(language, "note.caller_noted", call=_number(state, first), how=say(language, f"noted.{second}"))
        case "closure_drawn" | "closure_ended":
            known_kind = f"note.closure.{second}" in WORDS
            kind = say(language, f"note.closure.{second}") if known_kind else second
            return say(language, f"note.{line.kind}", closure=first, kind=kind)
        case "memo":
            to = memo_to(state, first, second, language)
            return say(language, "note.memo", to=to, text=line.text)
        case "shift_handed" | "shift_taken" | "shift_ended":
            was, to = person(state, first, language), person(state, second, language)
            return say(language, f"note.{line.kind}", was=was, to=to)
        case "draft_left":
            return say(language, "note.draft_left", was=person(state, first, language), text=line.text)
        case "closed":
            return say(language, "note.closed", disposition=disposition(first, language))
        case _:
            return say(language, "note.other", kind=line.kind, about=" ".join(line.about))


def refusal(state: State, no: Refusal, language: str) -> str:
    """The core's reason, with people and services by their names."""
    details = dict(no.details)
    for name in ("has", "wants", "service"):
        if name in details and f"{name}.vi" not in details:
            details[name] = service(state, details[name], language)
    for name in ("incident", "call"):
        if _INCIDENT.fullmatch(details.get(name, "")):
            details[name] = short(details[name])
    if "user" in details:
        details["user"] = person(state, details["user"], language)
    return Refusal(no.code, details).sentence(language)
