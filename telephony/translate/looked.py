"""What a look at the switch found, laid over what its events told: the one place where a missed event is made good.

Guarded here: a channel of which an event told something since the look began is left as the event says, because the
look may be older; a channel that is not listed is gone, and an order lower than any later event's is kept, so that
what comes next still counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatch_core.domain.commands import CallBackStarted, CallCame, CallOver, Command, LiveCall, SwitchLooked
from dispatch_core.domain.vocabulary import EndedBy
from telephony.dialplan_contexts import (
    CALL_CARRIER,
    CALL_MUTED,
    CALL_NUMBER,
    CALL_SERVICE,
    CALL_UUID,
    CONSULT_NUMBER,
    CONSULT_POSITION,
    HELD,
    HOLDING,
    OVERFLOW_QUEUE,
    ROOM,
    TRANSFER_NUMBER,
    TRANSFER_POSITION,
    WATCH,
    WATCH_PREFIX,
)
from telephony.translate.dialplan import digits
from telephony.translate.followed_call import FollowedCall
from telephony.translate.look import Ending, Look, LookedChannel
from telephony.translate.tracker import Tracker
from telephony.translate.wiring import Channel

AWAY = frozenset({HOLDING, CONSULT_POSITION, CONSULT_NUMBER})
"""Where a position is while it has the caller on hold."""

AFTER_THE_TALK_MS = 2
"""A hold that is found with its call comes after the talk that is found with it."""

PLACES = frozenset({HELD, ROOM, TRANSFER_POSITION, TRANSFER_NUMBER, WATCH, *AWAY})


@dataclass(slots=True)
class Merged:
    """`facts` in the order in which they must go out; `repairs`: differences that no event had told."""

    facts: list[Command]
    repairs: int


def unknown_calls(tracker: Tracker, channels: tuple[LookedChannel, ...]) -> bool:
    """Whether a call is listed of which the arrival or the recording was not told, so that more must be asked."""
    idents = {it.variables.get(CALL_UUID, "") for it in channels} - {""}
    return any(not tracker.was_told(ident) or _lacks_recording(tracker.calls.get(ident)) for ident in idents)


def _lacks_recording(call: FollowedCall | None) -> bool:
    return call is not None and not call.seen.recording


def lost_callers(tracker: Tracker, channels: tuple[LookedChannel, ...], tick: int) -> list[str]:
    """Callers whose end was not told, and who are not listed any more: unique ids."""
    listed = {it.uid for it in channels}
    found = []
    for call in tracker.calls.values():
        caller = tracker.wiring.channels.get(call.caller)
        lost = caller is not None and caller.uid not in listed and caller.touched <= tick
        if lost and call.told.arrival is not None and not call.outgoing and call.seen.over is None:
            found.append(call.caller)
    return found


def merge(tracker: Tracker, look: Look) -> Merged:
    """Lay the look over the tracker and say what follows."""
    tracker.tick += 1
    repairs = _channels(tracker, look) + _gone(tracker, look)
    listed = {it.uid: it for it in look.channels}
    strangers = [call for call in tracker.calls.values() if call.seen.arrival is None]
    known = [call.id for call in tracker.calls.values() if call.seen.arrival is not None]
    repairs += sum(_queued(tracker, tracker.calls[ident], look) for ident in known)
    for call in tracker.calls.values():
        found = look.recordings.get(call.caller) or look.recordings.get(call.origin, "")
        call.seen.recording = call.seen.recording or found
    for ident in known:
        repairs += _held(tracker, tracker.calls[ident], look)
        _consulting(tracker, tracker.calls[ident])
    facts = tracker.settle(known)
    for call in strangers:
        _introduce(tracker, call, look, listed)
    calls = [_live(tracker, call) for call in tracker.calls.values() if _lives(tracker, call)]
    watches = tuple(sorted(uid for uid in tracker.wiring.channels if uid.startswith(WATCH_PREFIX)))
    facts.append(SwitchLooked(node=tracker.node, asked_at=look.asked_at, calls=tuple(calls), watches=watches))
    facts += tracker.settle([call.id for call in strangers])
    for call in strangers:
        facts += tracker.places.arrived(look.sip_calls.get(call.caller, ""), call.id)
    for call in list(tracker.calls.values()):
        if call.legs or call.touched > look.tick:
            continue
        if call.awaited > 0 and not call.told.over:
            call.awaited -= 1
            continue
        if call.told.arrival is not None:
            tracker.put_away(call)  # nothing of it is left, and the look has told so
        else:
            del tracker.calls[call.id]
    return Merged(facts, repairs)


# --- the channels -----------------------------------------------------------------------------------------------------


def _channels(tracker: Tracker, look: Look) -> int:
    repairs = 0
    for found in look.channels:
        known = tracker.wiring.channels.get(found.uid)
        if known is not None and known.touched > look.tick:
            continue
        touched = known.touched if known is not None else 0
        channel = tracker.wiring.see(found.uid, found.name, touched)
        if channel is None:
            continue
        channel.name = found.name
        channel.place = found.context if found.context in PLACES else ""
        channel.muted = found.variables.get(CALL_MUTED) == "1"
        repairs += known is None and bool(channel.position or channel.carrier)
        tracker.tie(channel, found.variables.get(CALL_UUID, ""))
        if channel.bridge != found.bridge:
            repairs += 1
            if found.bridge:
                at = _found_at(tracker, channel.call, look)
                tracker.wiring.enter(channel, found.bridge, channel.bridge_order, at)
            else:
                tracker.wiring.leave(channel, channel.bridge, channel.bridge_order)
        if found.state == "Ringing" and channel.ring in ("", "over"):
            channel.ring = "ringing"
    return repairs


def _found_at(tracker: Tracker, ident: str, look: Look) -> int:
    """When something is taken to have happened that only the look tells of: now, and after all that was told of the
    call, whatever the clocks say. On the clock of the wiring."""
    call = tracker.calls.get(ident)
    return look.asked_at if call is None else max(look.asked_at, call.newest + 1) + call.shift


def _gone(tracker: Tracker, look: Look) -> int:
    """Channels that are not listed and of which nothing was told meanwhile have ended; their calls with them."""
    listed = {it.uid for it in look.channels}
    gone = [it for it in tracker.wiring.channels.values() if it.uid not in listed and it.touched <= look.tick]
    for channel in gone:
        call = tracker.calls.get(channel.call)
        ending = look.endings.get(channel.uid)
        if ending is not None and call is not None and channel.uid == call.caller:
            _ended(tracker, call, ending)
        elif call is not None and channel.uid in (call.caller, call.origin):
            call.told.over = True  # the look says it, with the reason that it was lost
        tracker.wiring.end(channel)
        if call is not None:
            call.legs.discard(channel.uid)
    return len(gone)


def _ended(tracker: Tracker, call: FollowedCall, ending: Ending) -> None:
    """The end was missed, but the switch remembers it."""
    at = tracker.clock.order(ending.at * 1000) // 1000 - call.shift
    call.asked_to_end.setdefault("", tracker.clock.order(ending.at * 1000))  # so that nobody is said to have let go
    if call.seen.over is None:
        by = _who_ended(tracker, call, ending)
        call.seen.over = CallOver(call=call.id, at=max(at, call.newest), by=by, cause=ending.cause)


def _who_ended(tracker: Tracker, call: FollowedCall, ending: Ending) -> EndedBy:
    if call.dropped:
        return EndedBy.US
    if tracker.naming.carrier(ending.by) or (not call.talked and not ending.by):
        return EndedBy.CALLER
    return EndedBy.POSITION if tracker.naming.position(ending.by) else EndedBy.US


def _queued(tracker: Tracker, call: FollowedCall, look: Look) -> bool:
    """Where the caller waits, if no event told of it. True when that was news."""
    caller = tracker.wiring.channels.get(call.caller)
    queue = look.waiting.get(call.caller, "")
    if not queue or queue == call.seen.queue or caller is None or caller.touched > look.tick or call.seen.talker:
        return False
    call.seen.queue, call.seen.queue_at = queue, _found_at(tracker, call.id, look) - call.shift
    call.seen.overflow = queue == OVERFLOW_QUEUE or queue in call.overflows
    return True


def _held(tracker: Tracker, call: FollowedCall, look: Look) -> bool:
    """Whether our dialplan has the caller on hold, if no event told of it. True when that was news."""
    caller = tracker.wiring.channels.get(call.caller)
    if caller is None or caller.touched > look.tick:
        return False
    on = caller.place == HELD
    if on is call.parked:
        return False
    call.seen.held, call.seen.held_at = on, _found_at(tracker, call.id, look) - call.shift
    call.parked = on
    return True


# --- the calls --------------------------------------------------------------------------------------------------------


def _lives(tracker: Tracker, call: FollowedCall) -> bool:
    if call.told.arrival is None or call.told.over:
        return False
    ends = (call.caller, call.origin) if call.outgoing else (call.caller,)
    return any(uid in tracker.wiring.channels for uid in ends)


def _introduce(tracker: Tracker, call: FollowedCall, look: Look, listed: dict[str, LookedChannel]) -> None:
    """Take a call whose arrival was missed, or that is older than we are, from what the switch lists."""
    legs = [tracker.wiring.channels[uid] for uid in sorted(call.legs) if uid in tracker.wiring.channels]
    caller = next((leg for leg in legs if leg.uid == call.caller), None)
    if caller is None:
        caller = _other_end(call, legs)
    if caller is None and call.outgoing and call.origin in listed:
        began = listed[call.origin].seconds * 1000
        call.seen.arrival = call.told.arrival = CallBackStarted(
            call=call.id, node=tracker.node, at=look.asked_at - began, position=_position(tracker, call.origin)
        )
        return
    if caller is None or caller.uid not in listed:
        return
    found = listed[caller.uid]
    call.caller = caller.uid
    dialled = found.variables.get(CALL_NUMBER) or found.exten
    service = found.variables.get(CALL_SERVICE, "")
    test = caller.uid in look.tests
    call.seen.arrival = call.told.arrival = CallCame(
        call=call.id,
        node=tracker.node,
        at=look.asked_at - found.seconds * 1000,
        dialled="" if call.outgoing else dialled,
        services=tracker.naming.numbers.get(dialled, (service,) if service else ()),
        number="" if test else digits(found.number),
        carrier=found.variables.get(CALL_CARRIER) or caller.carrier,
        test=test,
    )
    call.told.held = None
    if call.outgoing:
        call.seen.dialling = CallBackStarted(
            call=call.id, node=tracker.node, at=call.seen.arrival.at, position=_position(tracker, call.origin)
        )
    call.seen.recording = call.told.recording = look.recordings.get(caller.uid, "")
    if not call.seen.queue:
        call.seen.queue = look.waiting.get(caller.uid, "")
        call.seen.queue_at = call.seen.arrival.at
        call.told.queue = (call.seen.queue, call.seen.queue_at, False)
    if _held(tracker, call, look):
        call.seen.held_at += AFTER_THE_TALK_MS
    _consulting(tracker, call)
    tracker.look_at(call)
    call.told.talker = (call.seen.talker, call.seen.talker_at)


def _position(tracker: Tracker, uid: str) -> str:
    channel = tracker.wiring.channels.get(uid)
    return channel.position if channel is not None else ""


def _consulting(tracker: Tracker, call: FollowedCall) -> None:
    """Nobody hears a caller who is in a bridge or on hold, but a phone of the call is in another bridge, or waits: it
    talks with the caller and asks somebody else meanwhile, or nobody. Of several, the one that came first."""
    channels = tracker.wiring.channels
    caller = channels.get(call.caller)
    if call.seen.talker or caller is None or tracker.wiring.heard_by(caller.uid):
        return
    if not caller.bridge and caller.place != HELD:
        return
    legs = [channels[uid] for uid in call.legs if uid in channels]
    away = [leg for leg in legs if leg.position and (leg.bridge or leg.place in AWAY)]
    away.sort(key=lambda leg: (len(leg.uid), leg.uid))
    if away:
        call.seen.talker, call.seen.talker_at = away[0].position, away[0].bridged_at - call.shift
        call.last_talker, call.talking = away[0].position, {away[0].uid}


def _other_end(call: FollowedCall, legs: list[Channel]) -> Channel | None:
    """Of a call-back that is older than we are: the leg that a carrier has."""
    far = next((leg for leg in legs if leg.carrier), None)
    near = next((leg for leg in legs if leg.position), None)
    if far is None or near is None:
        return None
    call.outgoing, call.origin = True, near.uid
    return far


def _live(tracker: Tracker, call: FollowedCall) -> LiveCall:
    arrival = call.seen.arrival
    came = arrival if isinstance(arrival, CallCame) else None
    talker = call.seen.talker or (call.told.talker[0] if call.ending else "")
    legs = [tracker.wiring.channels[uid] for uid in call.legs if uid in tracker.wiring.channels]
    caller = tracker.wiring.channels.get(call.caller)
    steered = caller is not None and caller.place  # in a context of steering: in no queue, whatever was told before
    return LiveCall(
        call=call.id,
        dialled=came.dialled if came is not None else "",
        services=came.services if came is not None else (),
        number=arrival.number if arrival is not None else "",
        name=came.name if came is not None else "",
        carrier=came.carrier if came is not None else "",
        queue="" if talker or steered else call.seen.queue,
        position=talker,
        recording=call.seen.recording,
        arrived_at=arrival.at if arrival is not None else 0,
        outgoing=call.outgoing,
        parties=tuple(sorted(call.seen.parties)),
        muted=tuple(sorted({leg.position for leg in legs if leg.muted and leg.position})),
        held=call.seen.held,
        test=came is not None and came.test,
    )
