"""What must be done in the world because an event was committed: pure, so that it can be tested and simulated.

An effect goes out only after the commit of the event that asks for it, at most once; its outcome comes back as a
command. After a crash nothing here is repeated by itself: ``unfinished`` gives only questions, never actions; the
switch is looked at instead.
"""

from __future__ import annotations

from dispatch_core.domain.effects.call_back import RingBack
from dispatch_core.domain.effects.calls import AnswerAt, EndCall
from dispatch_core.domain.effects.effect import RULES, Effect, SwitchOrder
from dispatch_core.domain.effects.geography import FindRoute, UseMap, UseZoneSet, open_services, unfinished
from dispatch_core.domain.effects.nodes import talks_elsewhere
from dispatch_core.domain.effects.nuisance import MarkNumbers, RateNumbers
from dispatch_core.domain.effects.offers import measured_anew
from dispatch_core.domain.effects.premises import FindPremises, ReadPremises, about, about_all
from dispatch_core.domain.effects.seats import EndSession, InstallPosition, ServeQueues, serve
from dispatch_core.domain.effects.silence import PromptCaller
from dispatch_core.domain.effects.steering import (
    CompleteConsultation,
    Consult,
    EndConsultation,
    HandOver,
    HoldCaller,
    Invite,
    JoinConsultation,
    LeaveRoom,
    MuteVoice,
    ResumeCaller,
    SteerOrder,
    StopWatch,
    TargetOrder,
    UnmuteVoice,
    WatchAt,
)
from dispatch_core.domain.effects.surge import TellSurge, ThankCaller, telling
from dispatch_core.domain.effects.texts import SendTextTo
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.state import State

__all__ = [
    "AnswerAt",
    "CompleteConsultation",
    "Consult",
    "Effect",
    "EndCall",
    "EndConsultation",
    "EndSession",
    "FindPremises",
    "FindRoute",
    "HandOver",
    "HoldCaller",
    "InstallPosition",
    "Invite",
    "JoinConsultation",
    "LeaveRoom",
    "MarkNumbers",
    "MuteVoice",
    "PromptCaller",
    "RateNumbers",
    "ReadPremises",
    "ResumeCaller",
    "RingBack",
    "SendTextTo",
    "ServeQueues",
    "SteerOrder",
    "StopWatch",
    "SwitchOrder",
    "TargetOrder",
    "TellSurge",
    "ThankCaller",
    "UnmuteVoice",
    "UseMap",
    "UseZoneSet",
    "WatchAt",
    "about",
    "about_all",
    "effects_of",
    "measured_anew",
    "open_services",
    "serve",
    "talks_elsewhere",
    "telling",
    "unfinished",
]


def effects_of(recorded: Recorded, state: State) -> tuple[Effect, ...]:
    """The effects of one committed event; ``state`` is the state after its batch."""
    rules = RULES.get(type(recorded.event), ())
    return tuple(effect for rule in rules for effect in rule(recorded.event, recorded, state))
