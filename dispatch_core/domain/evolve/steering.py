"""What the events of steering mean. An intent is over when the switch tells what was wanted: see ``came_of``."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import (
    Recorded,
    SteerAsked,
    SteerDropped,
    VoiceMuted,
    WatchAsked,
    WatchBegan,
    WatchEnded,
    WatchStopAsked,
)
from dispatch_core.domain.evolve.outcomes import came_of, present
from dispatch_core.domain.evolve.rules import change_call, rule
from dispatch_core.domain.state import Call, State, Steering, Watch, drop, put
from dispatch_core.domain.vocabulary import SteerAct


@rule(SteerAsked)
def steer_asked(state: State, event: SteerAsked, recorded: Recorded) -> State:
    wish = Steering(
        act=event.act,
        position=event.position,
        user=event.user,
        kind=event.kind,
        target=event.target,
        number=event.number,
        channel=event.channel,
        at=recorded.at,
    )
    return change_call(
        state, event.call, lambda call: replace(call, steer=wish, guest=event.number or call.guest)
    )


@rule(SteerDropped)
def steer_dropped(state: State, event: SteerDropped, _: Recorded) -> State:
    return change_call(state, event.call, lambda call: came_of(call, event.act))


@rule(VoiceMuted)
def voice_muted(state: State, event: VoiceMuted, _: Recorded) -> State:
    def mute(call: Call) -> Call:
        if event.at <= call.mute_told_at or event.position not in present(call):
            return call
        others = tuple(position for position in call.muted if position != event.position)
        muted = (*others, event.position) if event.on else others
        return came_of(replace(call, muted=muted, mute_told_at=event.at), SteerAct.MUTE, SteerAct.UNMUTE)

    return change_call(state, event.call, mute)


@rule(WatchAsked)
def watch_asked(state: State, event: WatchAsked, recorded: Recorded) -> State:
    watch = Watch(
        position=event.position,
        user=event.user,
        node=event.node,
        call=event.call,
        watched=event.watched,
        how=event.how,
        channel=event.channel,
        at=recorded.at,
    )
    return replace(state, watches=put(state.watches, event.position, watch))


def _watch(state: State, position: str, channel: str) -> Watch | None:
    known = state.watches.get(position)
    return known if known is not None and known.channel == channel else None


@rule(WatchBegan)
def watch_began(state: State, event: WatchBegan, _: Recorded) -> State:
    known = _watch(state, event.position, event.channel)
    if known is None:
        return state
    return replace(state, watches=put(state.watches, event.position, replace(known, running=True)))


@rule(WatchStopAsked)
def watch_stop_asked(state: State, event: WatchStopAsked, _: Recorded) -> State:
    known = _watch(state, event.position, event.channel)
    if known is None:
        return state
    return replace(state, watches=put(state.watches, event.position, replace(known, stop_asked=True)))


@rule(WatchEnded)
def watch_ended(state: State, event: WatchEnded, _: Recorded) -> State:
    known = _watch(state, event.position, event.channel)
    return state if known is None else replace(state, watches=drop(state.watches, event.position))
