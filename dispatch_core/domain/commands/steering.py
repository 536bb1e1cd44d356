"""How a call that talks is steered: what people ask, and what the switch says of it."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import Instant, SteerAct, TargetKind, WatchHow


class HoldCall(Body, frozen=True, tag=True):
    call: str


class ResumeCall(Body, frozen=True, tag=True):
    call: str


class MuteCall(Body, frozen=True, tag=True):
    """Keep the voice of the asker's position from everybody else in the call, or let it through again."""

    call: str
    on: bool


class TransferCall(Body, frozen=True, tag=True):
    """Give the call away at once. ``target``: a position's id, a service's code, or an outside number."""

    call: str
    kind: TargetKind
    target: str


class ConsultCall(Body, frozen=True, tag=True):
    """Talk with somebody else (a position, a number) while the caller is on hold."""

    call: str
    kind: TargetKind
    target: str


class CompleteConsult(Body, frozen=True, tag=True):
    """The one who was asked gets the caller; the asker is free."""

    call: str


class JoinConsult(Body, frozen=True, tag=True):
    """The caller, the asker and the one who was asked talk together."""

    call: str


class BackToCaller(Body, frozen=True, tag=True):
    """End the consultation, answered or not."""

    call: str


class InviteToCall(Body, frozen=True, tag=True):
    """Ring somebody (a position, a number) who comes into the talk when picking up."""

    call: str
    kind: TargetKind
    target: str


class LeaveConference(Body, frozen=True, tag=True):
    """The asker goes, the others talk on."""

    call: str


class WatchPosition(Body, frozen=True, tag=True):
    """A supervisor's phone hears a position, speaks to it alone, or comes into its call."""

    position: str
    how: WatchHow


class StopWatching(Body, frozen=True, tag=True):
    pass


# --- what the switch says ---------------------------------------------------------------------------------------------


class TargetNotReached(Body, frozen=True, tag=True):
    """Nobody came where the call was to be handed over, or whom it was to be asked. ``why``: the switch's own word."""

    call: str
    act: SteerAct
    why: str


class VoiceKept(Body, frozen=True, tag=True):
    """The voice of the position is kept from the others from ``at`` on (0 = the moment of the decision), or not any
    more."""

    call: str
    position: str
    on: bool
    at: Instant = 0


class WatchRuns(Body, frozen=True, tag=True):
    channel: str


class WatchOver(Body, frozen=True, tag=True):
    channel: str


class SteerFailed(Body, frozen=True, tag=True):
    """The switch refused or did not confirm what was asked."""

    call: str
    act: SteerAct
    why: str


class WatchFailed(Body, frozen=True, tag=True):
    channel: str
    why: str
