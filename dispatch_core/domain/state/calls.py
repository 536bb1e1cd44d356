"""A call, and what was asked of it."""

from __future__ import annotations

from itertools import groupby

from msgspec import Struct

from dispatch_core.domain.silence import Silence
from dispatch_core.domain.surge import SurgeWord
from dispatch_core.domain.vocabulary import (
    CallBackOutcome,
    CallState,
    Direction,
    EndedBy,
    Instant,
    Location,
    SteerAct,
    TargetKind,
    WatchHow,
)


class AnswerIntent(Struct, frozen=True, kw_only=True):
    """Somebody asked to answer; the switch has not reported the outcome yet."""

    position: str
    user: str
    at: Instant


class Steering(Struct, frozen=True, kw_only=True):
    """Somebody asked to steer the call; the switch has not reported the outcome yet."""

    act: SteerAct
    position: str
    user: str
    kind: TargetKind = TargetKind.NONE
    target: str = ""
    number: str = ""  # personal
    channel: str = ""
    at: Instant = 0


class Watch(Struct, frozen=True, kw_only=True):
    """A supervisor's phone at ``position`` hears ``watched`` on ``call`` (or is about to: not ``running`` yet)."""

    position: str
    user: str
    node: str
    call: str
    watched: str
    how: WatchHow
    channel: str
    running: bool = False
    stop_asked: bool = False
    at: Instant = 0


class Talk(Struct, frozen=True):
    """A position began (or began again) to talk with the caller."""

    position: str
    since: Instant


class CallBackRun(Struct, frozen=True, kw_only=True):
    """A call that we make: who asked, why, and how far it came. The call's id was chosen before it was asked for."""

    position: str
    user: str
    at: Instant
    of: str = ""  # the call that it answers
    line: str = ""  # the missed line that it answers
    dialled_at: Instant = 0  # the position picked up and the number was dialled
    unsure_at: Instant = 0  # the order went out and its answer was lost: the next look at the switch tells
    outcome: CallBackOutcome | None = None


class Call(Struct, frozen=True, kw_only=True):
    """One caller's contact. ``id`` is the call id that every channel of it carries."""

    id: str
    node: str
    direction: Direction = Direction.INCOMING
    state: CallState = CallState.ARRIVING
    number: str = ""  # personal
    name: str = ""  # personal; as the caller's side sent it: shown as text, never trusted
    dialled: str = ""
    services: tuple[str, ...] = ()
    carrier: str = ""
    queue: str = ""
    overflowed: bool = False
    ringing: tuple[str, ...] = ()
    position: str = ""  # who talks now
    positions: tuple[str, ...] = ()  # everyone who talked, in order
    talks: tuple[Talk, ...] = ()  # the same told apart: when each began, and began again
    parties: tuple[str, ...] = ()  # further parties of a conference or consultation
    intent: AnswerIntent | None = None
    steer: Steering | None = None
    guest: str = ""  # personal: the outside number that was asked or invited last
    muted: tuple[str, ...] = ()  # positions whose voice is kept from the others
    mute_told_at: Instant = 0  # of the newest word on that
    hang_up_asked: bool = False
    hang_up_at: Instant = 0  # when it was asked
    arrived_at: Instant = 0
    queued_at: Instant = 0  # first
    requeued_at: Instant = 0  # last
    answered_at: Instant = 0  # first
    held_at: Instant = 0  # 0 = not on hold
    hold_told_at: Instant = 0  # of the newest word on hold or off
    ended_at: Instant = 0
    ended_by: EndedBy | None = None
    cause: int = -1
    recording: str = ""  # the file that was begun last
    recording_state: str = ""  # "" until it was looked at after the call, then kept, faulty or removed
    heard_ms: int = -1  # sound that the recorded channel received, and was sent; -1 = not counted
    played_ms: int = -1
    location: Location | None = None  # personal; the best one
    location_note: str = ""  # why no location could be read
    other_locations: tuple[Location, ...] = ()  # personal; the others that came, best first
    location_link: str = ""  # personal; a location by reference: shown, never fetched
    incident: str = ""
    back: CallBackRun | None = None  # of a call that we make
    silence: Silence = Silence()  # personal: the keys
    surge: SurgeWord = SurgeWord()

    @property
    def talked_from(self) -> tuple[Instant, ...]:
        """When each of ``positions`` began to talk."""
        return tuple(next(run).since for _, run in groupby(self.talks, key=lambda talk: talk.position))
