"""What may be true of calls, seats and whoever watches them."""

from __future__ import annotations

from enum import StrEnum


class CallState(StrEnum):
    ARRIVING = "arriving"
    QUEUED = "queued"
    RINGING = "ringing"
    ANSWERED = "answered"
    HELD = "held"
    ENDED = "ended"
    ABANDONED = "abandoned"

    @property
    def live(self) -> bool:
        return self is not CallState.ENDED and self is not CallState.ABANDONED

    @property
    def waiting(self) -> bool:
        return self in (CallState.ARRIVING, CallState.QUEUED, CallState.RINGING)


class Direction(StrEnum):
    INCOMING = "incoming"
    OUTGOING = "outgoing"
    TEST = "test"  # came in, made by us to try a carrier out: nobody's emergency


class EndedBy(StrEnum):
    """Who or what ended a call."""

    CALLER = "caller"
    POSITION = "position"
    US = "us"  # an action of ours dropped the caller
    SWITCH_LOST = "switch_lost"  # the switch restarted or no longer knows the call
    UNREACHED = "unreached"  # an outgoing call that nobody took


class CallBackOutcome(StrEnum):
    """What became of a call-back; ``UNKNOWN`` is put to a person and never tried again by itself."""

    REACHED = "reached"
    NO_PICK_UP = "no_pick_up"  # the position's own phone was not lifted
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    INVALID = "invalid"  # no such number
    UNREACHABLE = "unreachable"  # no carrier could take the call
    GIVEN_UP = "given_up"  # the position put its phone down while the number rang
    REFUSED = "refused"  # the switch did not take the order
    UNKNOWN = "unknown"


class MissedEnd(StrEnum):
    """Why a line left the list of missed calls."""

    CALLED_BACK = "called_back"
    RANG_AGAIN = "rang_again"
    BY_HAND = "by_hand"
    NOT_MISSED = "not_missed"  # it turned out to have been answered, or to be alive
    TOO_MANY = "too_many"


class DutyState(StrEnum):
    READY = "ready"
    NOT_READY = "not_ready"
    WRAP_UP = "wrap_up"


class SteerAct(StrEnum):
    """What may be asked of a call that talks."""

    HOLD = "hold"
    RESUME = "resume"
    MUTE = "mute"
    UNMUTE = "unmute"
    TRANSFER = "transfer"
    CONSULT = "consult"
    COMPLETE = "complete"
    JOIN = "join"
    BACK = "back"
    INVITE = "invite"
    LEAVE = "leave"

    @property
    def rings(self) -> bool:
        """Whether somebody must pick up before it has come about."""
        return self in (SteerAct.TRANSFER, SteerAct.CONSULT, SteerAct.INVITE)


class TargetKind(StrEnum):
    NONE = ""
    POSITION = "position"
    SERVICE = "service"
    NUMBER = "number"


class WatchHow(StrEnum):
    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
