"""What the events between desks mean."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import (
    DraftLeft,
    MemoFiled,
    MemoRead,
    MemoSent,
    Recorded,
    ShiftEnded,
    ShiftHanded,
    ShiftLate,
    ShiftTaken,
    SoundTold,
)
from dispatch_core.domain.evolve.rules import change_incident, rule, tell
from dispatch_core.domain.memos import is_for
from dispatch_core.domain.state import Incident, Memo, MemoReader, Person, ShiftHandOver, State, drop, put
from dispatch_core.domain.vocabulary import MemoTo


@rule(MemoSent)
def memo_sent(state: State, event: MemoSent, recorded: Recorded) -> State:
    """One about an incident stands in its story too: who looks back wants to know what was passed on, and to whom."""
    if event.kind is MemoTo.POSITION:
        readers: tuple[MemoReader, ...] = (MemoReader(position=event.name),)
    else:
        readers = tuple(MemoReader(user=it) for it in event.readers)
    memo = Memo(
        id=event.memo, at=recorded.at, user=event.user, kind=event.kind, name=event.name, text=event.text,
        incident=event.incident, unit=event.unit, answers=event.answers, readers=readers,
    )  # fmt: skip
    state = replace(state, memos=put(state.memos, memo.id, memo))
    about = (event.kind.value, event.name)
    return change_incident(state, event.incident, lambda it: tell(it, recorded, "memo", *about, text=event.text))


@rule(MemoRead)
def memo_read(state: State, event: MemoRead, recorded: Recorded) -> State:
    known, who = state.memos.get(event.memo), state.people.get(event.user)
    if known is None or who is None:
        return state
    person = replace(who, position=event.position)

    def read(it: MemoReader) -> MemoReader:
        mine = not it.read_at and is_for(it, person)
        return replace(it, read_at=recorded.at, by=event.user) if mine else it

    memo = replace(known, readers=tuple(map(read, known.readers)))
    return replace(state, memos=put(state.memos, memo.id, memo))


@rule(MemoFiled)
def memo_filed(state: State, event: MemoFiled, _: Recorded) -> State:
    return replace(state, memos=drop(state.memos, event.memo))


def _tell_all(state: State, incidents: tuple[str, ...], recorded: Recorded, kind: str, *about: str) -> State:
    for ident in incidents:
        state = change_incident(state, ident, lambda it: tell(it, recorded, kind, *about))
    return state


def _with_legs(incidents: tuple[str, ...], legs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*incidents, *(it.partition("/")[0] for it in legs))))


@rule(ShiftHanded)
def shift_handed(state: State, event: ShiftHanded, recorded: Recorded) -> State:
    over = ShiftHandOver(
        user=event.user, to=event.to, at=recorded.at, text=event.text, incidents=event.incidents, legs=event.legs,
        conversations=event.conversations, missed=event.missed,
    )  # fmt: skip
    state = replace(state, hand_overs=put(state.hand_overs, over.user, over))
    every = _with_legs(event.incidents, event.legs)
    return _tell_all(state, every, recorded, "shift_handed", event.user, event.to)


@rule(DraftLeft)
def draft_left(state: State, event: DraftLeft, recorded: Recorded) -> State:
    """It stays in the story: the words were meant for the incident, and whoever typed them has gone home."""
    over = state.hand_overs.get(event.user)
    if over is not None:
        over = replace(over, drafts=put(over.drafts, event.incident, event.text))
        state = replace(state, hand_overs=put(state.hand_overs, over.user, over))
    return change_incident(
        state, event.incident, lambda it: tell(it, recorded, "draft_left", event.user, text=event.text)
    )


@rule(ShiftTaken)
def shift_taken(state: State, event: ShiftTaken, recorded: Recorded) -> State:
    for ident in event.incidents:
        state = change_incident(state, ident, lambda it: replace(it, owner=event.to))
    for name in event.legs:
        ident, _, service = name.partition("/")
        state = change_incident(state, ident, lambda it, of=service: _to(it, of, event.to))  # type: ignore[misc]
    talks = dict(state.conversations)
    for ident in event.conversations:
        if ident in talks:
            talks[ident] = replace(talks[ident], owner=event.to)
    state = replace(state, conversations=talks)
    every = _with_legs(event.incidents, event.legs)
    return _tell_all(state, every, recorded, "shift_taken", event.user, event.to)


def _to(incident: Incident, service: str, user: str) -> Incident:
    leg = incident.legs.get(service)
    if leg is None:
        return incident
    return replace(incident, legs=put(incident.legs, service, replace(leg, dispatcher=user)))


@rule(ShiftEnded)
def shift_ended(state: State, event: ShiftEnded, recorded: Recorded) -> State:
    state = replace(state, hand_overs=drop(state.hand_overs, event.user))
    return _tell_all(state, event.left, recorded, "shift_ended", event.user, event.to)


@rule(ShiftLate)
def shift_late(state: State, event: ShiftLate, recorded: Recorded) -> State:
    over = state.hand_overs.get(event.user)
    if over is None:
        return state
    return replace(state, hand_overs=put(state.hand_overs, over.user, replace(over, late_at=recorded.at)))


@rule(SoundTold)
def sound_told(state: State, event: SoundTold, recorded: Recorded) -> State:
    person: Person | None = state.people.get(event.user)
    if person is None:
        return state
    deaf = replace(person, deaf_since=0 if event.works else recorded.at)
    return replace(state, people=put(state.people, person.user, deaf))


def without_archived(state: State, incident: str) -> State:
    """Notes about an incident leave the live state with it, so that its words can be erased."""
    memos = {ident: it for ident, it in state.memos.items() if it.incident != incident}
    if len(memos) != len(state.memos):
        state = replace(state, memos=memos)
    for user, over in state.hand_overs.items():
        if incident in over.drafts:
            over = replace(over, drafts=drop(over.drafts, incident))
            state = replace(state, hand_overs=put(state.hand_overs, user, over))
    return state
