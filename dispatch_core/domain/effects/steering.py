"""What the switch is asked to do with a call that talks, and with a supervisor's phone."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.commands import Command, SteerFailed, VoiceKept, WatchFailed
from dispatch_core.domain.effects.effect import Effect, SwitchOrder, on
from dispatch_core.domain.events import Recorded, SteerAsked, WatchAsked, WatchStopAsked
from dispatch_core.domain.state import Call, State
from dispatch_core.domain.vocabulary import SteerAct, TargetKind, WatchHow


class SteerOrder(SwitchOrder, frozen=True):
    """Base of the orders that steer a call. ``position``: whose channel is moved."""

    ACT: ClassVar[SteerAct]

    call: str
    position: str

    def failed(self, why: str) -> Command:
        return SteerFailed(call=self.call, act=self.ACT, why=why)


class HoldCaller(SteerOrder, frozen=True):
    ACT: ClassVar[SteerAct] = SteerAct.HOLD


class ResumeCaller(SteerOrder, frozen=True):
    ACT: ClassVar[SteerAct] = SteerAct.RESUME


class MuteVoice(SteerOrder, frozen=True):
    """No event of the switch tells of it: that the order was taken says it."""

    ACT: ClassVar[SteerAct] = SteerAct.MUTE

    def taken(self) -> Command | None:
        return VoiceKept(call=self.call, position=self.position, on=True)


class UnmuteVoice(SteerOrder, frozen=True):
    ACT: ClassVar[SteerAct] = SteerAct.UNMUTE

    def taken(self) -> Command | None:
        return VoiceKept(call=self.call, position=self.position, on=False)


class TargetOrder(SteerOrder, frozen=True):
    """Base of the orders that concern somebody else. ``to``: a position or a service, or an outside number."""

    kind: TargetKind
    to: str


class HandOver(TargetOrder, frozen=True):
    ACT: ClassVar[SteerAct] = SteerAct.TRANSFER


class Consult(TargetOrder, frozen=True):
    ACT: ClassVar[SteerAct] = SteerAct.CONSULT


class Invite(TargetOrder, frozen=True):
    """``channel``: the unique id that the new channel gets; ``shown``: the service number that the invited sees."""

    ACT: ClassVar[SteerAct] = SteerAct.INVITE

    channel: str
    shown: str


class CompleteConsultation(SteerOrder, frozen=True):
    ACT: ClassVar[SteerAct] = SteerAct.COMPLETE


class JoinConsultation(SteerOrder, frozen=True):
    ACT: ClassVar[SteerAct] = SteerAct.JOIN


class EndConsultation(SteerOrder, frozen=True):
    ACT: ClassVar[SteerAct] = SteerAct.BACK


class LeaveRoom(SteerOrder, frozen=True):
    ACT: ClassVar[SteerAct] = SteerAct.LEAVE


class WatchAt(SwitchOrder, frozen=True):
    """The phone of ``position`` hears ``watched``, on the channel of this id: a new one, or the one that it has."""

    position: str
    call: str
    watched: str
    how: WatchHow
    channel: str

    def failed(self, why: str) -> Command:
        return WatchFailed(channel=self.channel, why=why)


class StopWatch(SwitchOrder, frozen=True):
    channel: str

    def failed(self, why: str) -> Command:
        return WatchFailed(channel=self.channel, why=why)


_PLAIN: dict[SteerAct, type[SteerOrder]] = {
    SteerAct.HOLD: HoldCaller,
    SteerAct.RESUME: ResumeCaller,
    SteerAct.MUTE: MuteVoice,
    SteerAct.UNMUTE: UnmuteVoice,
    SteerAct.COMPLETE: CompleteConsultation,
    SteerAct.JOIN: JoinConsultation,
    SteerAct.BACK: EndConsultation,
    SteerAct.LEAVE: LeaveRoom,
}


def _order(event: SteerAsked, call: Call) -> SteerOrder:
    to = event.number or event.target
    match event.act:
        case SteerAct.TRANSFER:
            return HandOver(call.node, call.id, event.position, event.kind, to)
        case SteerAct.CONSULT:
            return Consult(call.node, call.id, event.position, event.kind, to)
        case SteerAct.INVITE:
            return Invite(call.node, call.id, event.position, event.kind, to, event.channel, call.dialled)
    return _PLAIN[event.act](call.node, call.id, event.position)


@on(SteerAsked)
def steer_asked(event: SteerAsked, recorded: Recorded, state: State) -> tuple[Effect, ...]:
    call = state.calls.get(event.call)
    wish = call.steer if call is not None else None
    if call is None or wish is None or (wish.act, wish.at, wish.position) != (event.act, recorded.at, event.position):
        return ()  # overtaken within its own batch
    return (_order(event, call),)


@on(WatchAsked)
def watch_asked(event: WatchAsked, recorded: Recorded, state: State) -> tuple[Effect, ...]:
    watch = state.watches.get(event.position)
    if watch is None or (watch.channel, watch.how, watch.at) != (event.channel, event.how, recorded.at):
        return ()
    return (WatchAt(event.node, event.position, event.call, event.watched, event.how, event.channel),)


@on(WatchStopAsked)
def stop_asked(event: WatchStopAsked, _: Recorded, state: State) -> tuple[Effect, ...]:
    watch = state.watches.get(event.position)
    if watch is None or watch.channel != event.channel:
        return ()
    return (StopWatch(watch.node, watch.channel),)
