"""What Asterisk's own events tell of a call's legs: queueing, ringing, bridges, hold, transfer, the end."""

from __future__ import annotations

from dispatch_core.domain.commands import CallBackStarted, CallOver, Command
from dispatch_core.domain.vocabulary import CallBackOutcome, EndedBy
from telephony.dialplan_contexts import CALLBACK, OVERFLOW_QUEUE
from telephony.link.messages import AmiEvent
from telephony.translate.followed_call import FollowedCall
from telephony.translate.steering import gone as made_by_us_over
from telephony.translate.tracker import Tracker, reads
from telephony.translate.wiring import Channel

# OriginateResponse's Reason (the frame that ended the attempt) as a Q.850 cause.
CAUSE_OF_REASON = {"1": 16, "3": 19, "5": 17, "8": 34}
NO_ANSWER = 19


@reads("QueueCallerJoin")
def queue_joined(tracker: Tracker, event: AmiEvent) -> list[Command]:
    call = tracker.of(tracker.leg(event))
    if call is None:
        return []
    if tracker.order > call.seen.queue_order:
        call.seen.queue, call.seen.queue_at, call.seen.queue_order = event.get("Queue"), tracker.at(call), tracker.order
        call.seen.overflow = call.seen.queue == OVERFLOW_QUEUE or call.seen.queue in call.overflows
        caller = tracker.wiring.channels.get(call.caller)
        if caller is not None and tracker.order > caller.place_order:
            caller.place, caller.place_order = "", tracker.order
    return tracker.settle([call.id])


@reads("AgentCalled", "DialBegin")
def called(tracker: Tracker, event: AmiEvent) -> list[Command]:
    """A phone is being called: for a caller, or (without a first channel) for an action of ours."""
    calling = tracker.leg(event) if event.get("Uniqueid") else None
    leg = tracker.leg(event, "Dest")
    if leg is None:
        return []
    if calling is not None:
        tracker.tie(leg, calling.call)
    elif not event.get("Uniqueid") and not leg.originated_at:
        leg.originated_at = tracker.order // 1000
    if not leg.ring:
        leg.ring = "ringing"
    return tracker.settle([leg.call])


@reads("DialEnd")
def call_attempt_over(tracker: Tracker, event: AmiEvent) -> list[Command]:
    leg = tracker.leg(event, "Dest")
    if leg is None or leg.ring == "up":
        return []
    if event.get("DialStatus") == "ANSWER":
        return []  # it rings until it hears the caller
    leg.ring = "over"
    return tracker.settle([leg.call])


@reads("BridgeEnter", "ConfbridgeJoin")
def bridge_entered(tracker: Tracker, event: AmiEvent) -> list[Command]:
    """A channel that takes another's place in a room is told by the second of these alone."""
    leg = tracker.leg(event) or tracker.wiring.gone(event.get("Uniqueid"))
    if leg is None:
        return []
    bridge = event.get("BridgeUniqueid")
    before = tracker.around(leg)
    tracker.wiring.enter(leg, bridge, tracker.order, tracker.order // 1000)
    return _told_late(tracker, leg, bridge) + tracker.settle(before | tracker.around(leg))


def _told_late(tracker: Tracker, leg: Channel, bridge: str) -> list[Command]:
    """Talks of the past that become known only now, because a leaving was told before its entering."""
    facts: list[Command] = []
    for other, at in tracker.wiring.met_late(leg, bridge):
        for caller, position in ((leg, other), (other, leg)):
            talked = tracker.is_caller(caller) and position.position and position.call in (caller.call, "")
            if talked and tracker.was_told(caller.call) and not tracker.talked_before(caller.call, position):
                facts.append(tracker.talked_late(caller.call, position, at))
    return facts


@reads("BridgeLeave")
def bridge_left(tracker: Tracker, event: AmiEvent) -> list[Command]:
    leg = tracker.leg(event)
    if leg is None:
        return []
    before = tracker.around(leg)
    call = tracker.of(leg)
    if call is not None:
        call.left[leg.uid] = max(tracker.order, call.left.get(leg.uid, -1))
    tracker.wiring.leave(leg, event.get("BridgeUniqueid"), tracker.order)
    return tracker.settle(before)


@reads("BridgeDestroy")
def bridge_destroyed(tracker: Tracker, event: AmiEvent) -> list[Command]:
    calls = tracker.wiring.calls_in(event.get("BridgeUniqueid"))
    tracker.wiring.destroy(event.get("BridgeUniqueid"), tracker.order)
    return tracker.settle(calls)


@reads("Rename")
def renamed(tracker: Tracker, event: AmiEvent) -> list[Command]:
    leg = tracker.leg(event)
    if leg is not None:
        leg.name = event.get("Newname")
    return []


@reads("Hold", "Unhold")
def held(tracker: Tracker, event: AmiEvent) -> list[Command]:
    """A position put the caller on hold or took him off; a caller who holds us is still with us."""
    leg = tracker.leg(event)
    call = tracker.of(leg)
    if leg is None or call is None or not leg.position:
        return []
    on = event.name == "Hold"
    if tracker.order > call.seen.held_order and (on or call.seen.held or call.told.held is None):
        call.seen.held, call.seen.held_at, call.seen.held_order = on, tracker.at(call), tracker.order
        call.parked = False
    return tracker.settle([call.id])


@reads("BlindTransfer")
def transferred(tracker: Tracker, event: AmiEvent) -> list[Command]:
    """With the caller's own channel as the one that transfers, the caller is let go: an action of ours was wrong."""
    leg = tracker.leg(event, "Transferer")
    call = tracker.of(leg)
    if leg is not None and call is not None and event.get("Result") == "Success" and leg.uid == call.caller:
        call.dropped = True
    return []


@reads("AttendedTransfer")
def transferred_after_asking(tracker: Tracker, event: AmiEvent) -> list[Command]:
    """As above: whoever transfers is let go, and it should have been a position."""
    for who in ("OrigTransferer", "SecondTransferer"):
        leg = tracker.leg(event, who)
        call = tracker.of(leg)
        if leg is not None and call is not None and event.get("Result") == "Success" and leg.uid == call.caller:
            call.dropped = True
    return []


@reads("HangupRequest")
def far_end_hung_up(tracker: Tracker, event: AmiEvent) -> list[Command]:
    leg = tracker.leg(event)
    call = tracker.of(leg)
    if leg is None or leg.asked_to_end:
        return []
    leg.asked_to_end = tracker.order
    if call is not None and (leg.position or leg.uid == call.caller):
        call.asked_to_end[leg.position] = leg.asked_to_end
    return []


@reads("Hangup")
def leg_over(tracker: Tracker, event: AmiEvent) -> list[Command]:
    leg = tracker.leg(event)
    if leg is None:
        return []
    call = tracker.of(leg)
    around = tracker.around(leg)
    if call is not None and call.seen.over is None and _ends_with(tracker, call, leg):
        cause = event.get("Cause")
        call.seen.over = CallOver(
            call=call.id, at=tracker.at(call), by=_who_ended(call), cause=int(cause) if cause.isdecimal() else 0
        )
    tracker.wiring.end(leg)
    if call is not None:
        call.legs.discard(leg.uid)
    return tracker.settle(around) + made_by_us_over(tracker, leg, event.get("Cause"))


def _ends_with(tracker: Tracker, call: FollowedCall, leg: Channel) -> bool:
    """A call ends with the caller. A call-back ends with our own leg; but where the one who was called back is steered
    then, with theirs: they may wait for somebody else."""
    if not call.outgoing:
        return leg.uid == call.caller
    channels = tracker.wiring.channels
    if leg.uid == call.origin:
        theirs = channels.get(call.caller)
        return theirs is None or theirs is leg or not (call.talked and (theirs.place or call.seen.queue))
    return leg.uid == call.caller and call.talked and call.origin not in channels


def _who_ended(call: FollowedCall) -> EndedBy:
    """Who asked to end it first; else who left the bridge first; else the dialplan did, that is, we."""
    if call.outgoing and not call.talked:
        return EndedBy.UNREACHED
    if call.dropped:
        return EndedBy.US
    since = call.seen.talker_order
    caller, position = call.asked_to_end.get("", 0), call.asked_to_end.get(call.last_talker, 0)
    if position >= since and call.last_talker and position and not 0 < caller < position:
        return EndedBy.POSITION
    if caller or not call.talked:
        return EndedBy.CALLER
    caller_left = call.left.get(call.caller, -1)
    talker_left = max((call.left.get(uid, -1) for uid in call.talking), default=-1)
    if since <= talker_left < caller_left:
        return EndedBy.POSITION
    return EndedBy.CALLER if caller_left >= since else EndedBy.US


@reads("OriginateResponse")
def originated(tracker: Tracker, event: AmiEvent) -> list[Command]:
    """A call-back whose position did not pick up is over before the dialplan could tell of it."""
    if event.get("Response") == "Success" or event.get("Context") != CALLBACK:
        return []
    position = tracker.naming.position(event.get("Channel"))
    own = tracker.calls.get(event.get("Uniqueid"))
    ident = own.id if own is not None and own.outgoing else _originated_for(tracker, position)
    ident = ident or f"{tracker.node}-originate-{event.stamp}"
    call = tracker.call(ident)
    if call is None or call.seen.over is not None:
        return []
    call.outgoing = True
    number = event.get("Exten") if event.get("Exten").lstrip("+").isdecimal() else ""
    if call.seen.arrival is None:
        call.seen.arrival = CallBackStarted(
            call=ident, node=tracker.node, at=tracker.at(call), number=number, position=position
        )
    cause = CAUSE_OF_REASON.get(event.get("Reason"), 0)
    call.seen.outcome = CallBackOutcome.NO_PICK_UP
    call.seen.over = CallOver(call=ident, at=tracker.at(call), by=EndedBy.UNREACHED, cause=cause)
    return tracker.settle([ident])


def _originated_for(tracker: Tracker, position: str) -> str:
    """The call for which the position's phone was being called by an action of ours, "" where that is not known."""
    legs = [it for it in tracker.wiring.channels.values() if it.position == position and it.originated_at and it.call]
    return max(legs, key=lambda it: it.originated_at).call if legs else ""
