"""What our dialplan tells of a call that is steered: on hold, in the room, asking somebody, handed over, listened to.

Who talks with whom is read from the bridges, as for every call; these events tell what bridges do not: why the caller
is alone, and that nobody came.
"""

from __future__ import annotations

from dispatch_core.domain.commands import Command, TargetNotReached, WatchOver, WatchRuns
from dispatch_core.domain.vocabulary import SteerAct
from telephony import dialplan_events as dialplan
from telephony.dialplan_contexts import CONSULT_POSITION, HELD, INVITE_PREFIX, ROOM, TRANSFER_POSITION, WATCH_PREFIX
from telephony.link.messages import AmiEvent
from telephony.translate.dialplan import TELLS, Values
from telephony.translate.followed_call import FollowedCall
from telephony.translate.tracker import Tracker
from telephony.translate.wiring import Channel

REACHED = "ANSWER"


def _own(tracker: Tracker, event: AmiEvent) -> tuple[Channel, FollowedCall] | None:
    leg = tracker.leg(event)
    call = tracker.of(leg)
    return (leg, call) if leg is not None and call is not None else None


def _placed(tracker: Tracker, leg: Channel, place: str) -> None:
    """Where the dialplan has the channel; of two words the newer counts."""
    if tracker.order >= leg.place_order:
        leg.place, leg.place_order = place, tracker.order


def _hold(tracker: Tracker, call: FollowedCall, on: bool) -> None:
    if tracker.order > call.seen.held_order:
        call.seen.held, call.seen.held_at, call.seen.held_order = on, tracker.at(call), tracker.order
        call.parked = on


def _on_hold(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    found = _own(tracker, event)
    if found is None:
        return []
    leg, call = found
    _placed(tracker, leg, HELD)
    if leg.uid == call.caller:
        _hold(tracker, call, True)
    return tracker.settle([call.id])


def _to_room(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    found = _own(tracker, event)
    if found is None:
        return []
    leg, call = found
    _placed(tracker, leg, ROOM)
    if leg.uid == call.caller:
        _hold(tracker, call, False)
    return tracker.settle([call.id]) + _watching(tracker, event, values)


def _consulting(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    found = _own(tracker, event)
    if found is not None:
        _placed(tracker, found[0], CONSULT_POSITION)
    return []


def _moving_on(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    """The caller is no longer with, nor held by, whoever talked: another phone or queue is called."""
    found = _own(tracker, event)
    if found is None:
        return []
    leg, call = found
    _placed(tracker, leg, TRANSFER_POSITION)
    if leg.uid == call.caller:
        _hold(tracker, call, False)
    return tracker.settle([call.id])


def _not_reached(tracker: Tracker, event: AmiEvent, act: SteerAct, why: str) -> list[Command]:
    found = _own(tracker, event)
    if found is None or tracker.order in found[1].said or found[1].told.arrival is None:
        return []
    found[1].said.add(tracker.order)
    return [TargetNotReached(call=found[1].id, act=act, why=why)]


def _consult_over(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    why = values.get("Reason", "")
    return [] if why == REACHED else _not_reached(tracker, event, SteerAct.CONSULT, why)


def _not_transferred(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    return _not_reached(tracker, event, SteerAct.TRANSFER, values.get("Reason", ""))


def _watching(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    leg = tracker.leg(event)
    return [WatchRuns(channel=leg.uid)] if leg is not None and leg.uid.startswith(WATCH_PREFIX) else []


def gone(tracker: Tracker, leg: Channel, cause: str) -> list[Command]:
    """A channel that we made has ended: a supervisor's ear, or somebody invited who never came in."""
    if leg.uid.startswith(WATCH_PREFIX):
        return [WatchOver(channel=leg.uid)]
    if leg.uid.startswith(INVITE_PREFIX) and leg.call and not leg.bridged_at and tracker.was_told(leg.call):
        return [TargetNotReached(call=leg.call, act=SteerAct.INVITE, why=f"cause {cause}")]
    return []


TELLS |= {
    dialplan.ON_HOLD.name: _on_hold,
    dialplan.HOLDER_LOST.name: _moving_on,
    dialplan.TO_ROOM.name: _to_room,
    dialplan.CONSULTING.name: _consulting,
    dialplan.CONSULT_OVER.name: _consult_over,
    dialplan.TRANSFERRING.name: _moving_on,
    dialplan.NOT_TRANSFERRED.name: _not_transferred,
    dialplan.WATCHING.name: _watching,
}
