"""Which changes are told to the person at this console: what was reassigned to or from them, alarms, failures. No Qt.

Reassignments are read from the narrative of the incidents that changed, not from single events, so that a gap in the
stream loses none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from console_gui.changes import Changes
from console_gui.notice import Kind, Notice
from console_gui.translations import sentences
from console_gui.translations.formats import one_line, phone, short, wall_clock
from console_gui.translations.tables import say
from console_gui.trunk_tidings import trunk_tidings
from dispatch_core.domain.conversations import Conversation, TextState
from dispatch_core.domain.events import (
    AnswerDropped,
    CallBackEnded,
    CallBackUnsure,
    CallRangAgain,
    HangUpDropped,
    PositionRefused,
    Recorded,
    SteerDropped,
    WatchEnded,
)
from dispatch_core.domain.state import Incident, Memo, Note, State
from dispatch_core.domain.vocabulary import AlarmLevel, Role, SteerAct
from dispatch_core.domain.words import STEER_ACTS, Word

SOUNDED = (AlarmLevel.CRITICAL, AlarmLevel.HIGH)


def new_notes(old: Incident | None, new: Incident) -> tuple[Note, ...]:
    """The lines that ``new`` has after the last line of ``old``. The story is cut at its beginning, never inside."""
    if old is None:
        return new.notes
    if not old.notes or old.notes[-1] not in new.notes:
        return new.notes
    last = len(new.notes) - 1 - new.notes[::-1].index(old.notes[-1])
    return new.notes[last + 1 :]


def tidings(old: State, new: State, changes: Changes, told: tuple[Recorded, ...], me: str) -> Iterator[Notice]:
    if old.seq == 0:
        return  # this console has only just come in: what it finds is not news
    for ident in changes.of("incidents").changed:
        for line in new_notes(old.incidents.get(ident), new.incidents[ident]):
            yield from _reassignment(new, new.incidents[ident], line, me)
    for key in changes.of("alarms").changed:
        alarm = new.alarms[key]
        if key not in old.alarms and alarm.level in SOUNDED:

            def sentence(language: str, key: str = key) -> str:
                raised = new.alarms[key]
                level = say(language, f"level.{raised.level.value}")
                return say(language, "told.alarm", level=level, alarm=sentences.alarm(raised, language, new))

            yield Notice(Kind.TOLD, "alarm", sentence, at=alarm.raised_at, alarm=key)
    for ident in changes.of("conversations").changed:
        yield from _texts(old.conversations.get(ident), new.conversations[ident], me)
    for ident in changes.of("memos").changed:
        yield from _memo_read(new, old.memos.get(ident), new.memos[ident], me)
    for recorded in told:
        yield from _failure(new, recorded, me)
        yield from _not_steered(new, recorded, me)
        yield from trunk_tidings(new, recorded, me)


def _memo_read(state: State, old: Memo | None, new: Memo, me: str) -> Iterator[Notice]:
    """To who wrote it: who has read it, and when."""
    if new.user != me or old is None:
        return
    for was, now in zip(old.readers, new.readers, strict=False):
        if now.read_at and not was.read_at:
            at = wall_clock(now.read_at, state.site.utc_offset_min, "%H:%M:%S")
            values = {"who": sentences.person(state, now.by, "vi"), "at": at, "text": one_line(new.text, 60)}
            yield Notice(Kind.TOLD, "memo_read", partial(_say, "told.memo_read", values), at=now.read_at, quiet=True)


def _texts(old: Conversation | None, new: Conversation, me: str) -> Iterator[Notice]:
    """Every message that came in; and of my own answers those of which something is not right."""
    before = {line.id: line for line in old.lines} if old is not None else {}
    for line in new.lines:
        known = before.get(line.id)
        values = {"number": phone(one_line(new.number, 40)), "dialled": one_line(new.dialled, 20)}
        hidden = "" if new.number else "_hidden"
        if line.state is TextState.CAME and known is None:
            values["text"] = one_line(line.text)
            yield Notice(Kind.TOLD, "text", partial(_say, f"told.text{hidden}", values), at=line.at)
        changed = known is None or known.state is not line.state
        if line.by == me and changed and line.state in (TextState.REFUSED, TextState.UNKNOWN):
            yield Notice(Kind.TOLD, "text_failed", partial(_say, f"told.text_{line.state.value}", values), at=line.at)


def _reassignment(state: State, incident: Incident, line: Note, me: str) -> Iterator[Notice]:
    by_me = line.by == f"person:{me}"
    if line.kind == "reassigned":
        was, to = (*line.about, "", "")[:2]
        key = "incident_to_me" if to == me else "incident_from_me" if was == me else ""
    elif line.kind == "leg_reassigned":
        _, what, was, to = (*line.about, "", "", "", "")[:4]
        key = ""
        if what == "dispatcher":
            key = "leg_to_me" if to == me else "leg_from_me" if was == me else ""
        elif me in _working_on(incident, line.about[0]):
            key = "leg_changed"
    elif line.kind == "redirected":
        _, was, to = (*line.about, "", "", "")[:3]
        left = state.incidents.get(was)
        if incident.id == was:
            key = "unit_from_me" if me in _everybody_on(incident) else ""
        else:  # who works on both is told once
            both = left is not None and me in _everybody_on(left)
            key = "unit_to_me" if me in _everybody_on(incident) and not both and incident.id == to else ""
    elif line.kind == "reassign_undone":
        key = "undone" if me in {*line.about[2:4], *_everybody_on(incident)} else ""
    else:
        return
    if key and not by_me:
        yield Notice(Kind.TOLD, "reassigned", partial(_tell_reassignment, state, incident, line, key), at=line.at)


def _working_on(incident: Incident, service: str) -> set[str]:
    leg = incident.legs.get(service)
    return {incident.owner, leg.dispatcher if leg is not None else ""}


def _everybody_on(incident: Incident) -> set[str]:
    return {incident.owner, *(leg.dispatcher for leg in incident.legs.values())}


def _tell_reassignment(state: State, incident: Incident, line: Note, key: str, language: str) -> str:
    parts = {
        "who": sentences.who(state, line.by, language),
        "incident": short(incident.id),
        "reason": one_line(line.text),
    }
    if line.kind == "redirected":
        parts |= sentences.redirected(state, line, language)
    elif line.kind == "reassign_undone":
        parts |= sentences.undone(state, line.about, language)
    elif line.kind == "reassigned":
        parts["to"] = sentences.person(state, line.about[1], language)
    else:
        parts |= sentences.reassigned(state, line.about, language)
    return say(language, f"told.{key}", **parts)


def _failure(state: State, recorded: Recorded, me: str) -> Iterator[Notice]:
    event = recorded.event
    someone = state.people.get(me)
    if isinstance(event, PositionRefused) and someone is not None and someone.role is Role.TELEPHONY_ADMIN:

        def refused(language: str) -> str:
            why = event.vi if language == "vi" else event.en
            return say(language, "told.position_refused", position=event.position, why=why)

        yield Notice(Kind.TOLD, "position_refused", refused, at=recorded.at)
    mine = someone.position if someone is not None else ""
    yield from _call_back(state, recorded, me)
    call = state.calls.get(event.call) if isinstance(event, AnswerDropped | HangUpDropped) else None
    number = phone(one_line(call.number, 40)) if call is not None else ""
    if isinstance(event, AnswerDropped) and mine == event.position:
        answer = partial(_say, "told.answer_dropped", {"position": mine, "call": number or event.call})
        yield Notice(Kind.TOLD, "answer_dropped", answer, at=recorded.at)
    if isinstance(event, HangUpDropped) and call is not None and mine and call.position == mine:
        hang_up = partial(_say, "told.hang_up_dropped", {"call": number or event.call})
        yield Notice(Kind.TOLD, "hang_up_dropped", hang_up, at=recorded.at)


WHY = {
    "BUSY": "busy", "NOANSWER": "nobody", "not_picked_up": "nobody", "CHANUNAVAIL": "unreachable",
    "CONGESTION": "unreachable", "refused": "refused", "unknown": "unknown", "no_outcome": "unknown",
}  # fmt: skip


def _not_steered(state: State, recorded: Recorded, me: str) -> Iterator[Notice]:
    """Told to whoever asked for it."""
    event = recorded.event
    someone = state.people.get(me)
    if isinstance(event, WatchEnded) and event.why and someone is not None and someone.position == event.position:
        sentence = partial(_tell_dropped, "told.watch_ended", event.why, {})
        yield Notice(Kind.TOLD, "watch_ended", sentence, at=recorded.at)
    if not isinstance(event, SteerDropped) or event.user != me:
        return
    call = state.calls.get(event.call)
    number = phone(one_line(call.number, 40)) if call is not None else ""
    values: dict[str, str | Word] = {"call": number or event.call, "act": STEER_ACTS[event.act], "to": event.to}
    key = "told.transfer_dropped" if event.act is SteerAct.TRANSFER and event.to else "told.steer_dropped"
    yield Notice(Kind.TOLD, "steer_dropped", partial(_tell_dropped, key, event.why, values), at=recorded.at)


def _tell_dropped(key: str, why: str, values: dict[str, str | Word], language: str) -> str:
    shown = {name: it if isinstance(it, str) else (it.vi if language == "vi" else it.en) for name, it in values.items()}
    return say(language, key, why=say(language, f"why.{WHY.get(why, 'unreachable')}"), **shown)


def _call_back(state: State, recorded: Recorded, me: str) -> Iterator[Notice]:
    """To who called back what became of it; to who has the incident that a number rang again."""
    event = recorded.event
    if isinstance(event, CallBackEnded | CallBackUnsure):
        call = state.calls.get(event.call)
        if call is None or call.back is None or call.back.user != me:
            return
        number = phone(one_line(call.number, 40))
        if isinstance(event, CallBackUnsure):
            unsure = partial(_say, "told.call_back_unsure", {"number": number})
            yield Notice(Kind.TOLD, "call_back_unsure", unsure, at=recorded.at)
            return
        told = partial(_tell_outcome, number, event.outcome.value)
        yield Notice(Kind.TOLD, "call_back_ended", told, at=recorded.at)
    if isinstance(event, CallRangAgain):
        incident, call = state.incidents.get(event.incident), state.calls.get(event.call)
        if incident is not None and call is not None and incident.owner == me:
            values = {"number": phone(one_line(call.number, 40)), "incident": short(incident.id)}
            yield Notice(Kind.TOLD, "rang_again", partial(_say, "told.rang_again", values), at=recorded.at)


def _tell_outcome(number: str, outcome: str, language: str) -> str:
    return say(language, "told.call_back_ended", number=number, outcome=say(language, f"call_back.{outcome}"))


def _say(key: str, values: dict[str, str], language: str) -> str:
    return say(language, key, **values)
