"""Steering a call: one or two channels are redirected into our own dialplan, once; the dialplan tells what came of it.

Never the bridge and transfer actions of AMI: they exchange channels, and drop a caller where one is named wrongly.
Refused unsent where the channels are not as the order takes them to be.
"""

from __future__ import annotations

import asyncio
import logging

from dispatch_core.domain import effects as x
from dispatch_core.domain.vocabulary import TargetKind, WatchHow
from dispatch_core.ports import ActionFailed
from telephony.actions import Actions
from telephony.dialplan_contexts import (
    AUTO_ANSWER,
    CALL_CALLER,
    CALL_HELD_BY,
    CALL_MUTED,
    CALL_UUID,
    CONSULT_NUMBER,
    CONSULT_POSITION,
    HELD,
    HOLDING,
    LEAVE,
    ROOM,
    ROOM_CALLER,
    ROOM_GUEST,
    ROOM_HEIR,
    ROOM_OURS,
    START,
    STEER_NUMBER,
    TRANSFER_NUMBER,
    TRANSFER_POSITION,
    TRANSFER_SERVICE,
    WATCH,
    WATCH_LISTEN,
    WATCH_ON,
    WATCH_WHISPER,
    position_interface,
)
from telephony.orders.table import carries
from telephony.translate.wiring import Channel

log = logging.getLogger(__name__)

RING_MS = 25_000
"""How long a phone of ours is rung."""

REACH_MS = 60_000
"""How long an outside number is."""

BACK_EVERY_S = 0.01
BACK_LOOKS = 200
"""How often it is looked whether somebody is back in a room; milliseconds at a switch that is not busy."""

Step = tuple[str, str, str]  # unique id, context, extension


async def _move(actions: Actions, first: Step, second: Step | None = None) -> None:
    """One Redirect, of one channel or of two at once."""
    channel, context, extension = first
    extra = {}
    if second is not None:
        extra = dict(
            zip(("ExtraChannel", "ExtraContext", "ExtraExten"), second, strict=True), ExtraPriority="1"
        )
    await actions.ask("Redirect", Channel=channel, Context=context, Exten=extension, Priority=1, **extra)


async def _set(actions: Actions, channel: str, name: str, value: str) -> None:
    await actions.ask("Setvar", Channel=channel, Variable=name, Value=value)


def _caller(actions: Actions, order: x.SteerOrder | x.WatchAt) -> Channel:
    return actions.tracker.wiring.channels[actions.caller("steer", order.call)]


def _phone(actions: Actions, call: str, position: str) -> str:
    """The channel of the position in the call."""
    uid = actions.tracker.phone_in(call, position)
    if not uid:
        raise ActionFailed("steer", f"position {position} has no channel in {call}")
    return uid


async def _tie(actions: Actions, caller: str, phone: str) -> None:
    """Each of the two knows the other: whoever is left behind notices it."""
    await _set(actions, caller, CALL_HELD_BY, phone)
    await _set(actions, phone, f"__{CALL_CALLER}", caller)  # whoever is consulted has it too


async def _to_room(actions: Actions, caller: Channel, phone: str) -> None:
    """Caller and position into the room, unless they are there."""
    if caller.place == HELD:
        raise ActionFailed("room", "the caller is on hold")
    if caller.place != ROOM:
        await _tie(actions, caller.uid, phone)
        await _move(actions, (caller.uid, ROOM, ROOM_CALLER), (phone, ROOM, ROOM_OURS))


# --- hold and voice ---------------------------------------------------------------------------------------------------


@carries(x.HoldCaller)
async def hold(actions: Actions, order: x.HoldCaller) -> None:
    caller, phone = _caller(actions, order), _phone(actions, order.call, order.position)
    await _tie(actions, caller.uid, phone)
    await _move(actions, (caller.uid, HELD, START), (phone, HOLDING, START))


@carries(x.ResumeCaller)
@carries(x.EndConsultation)
async def back_to_the_caller(actions: Actions, order: x.ResumeCaller | x.EndConsultation) -> None:
    """The position goes into the room, and the caller follows by itself. Whoever was consulted is let go."""
    caller, phone = _caller(actions, order), _phone(actions, order.call, order.position)
    if caller.place != HELD:
        raise ActionFailed("resume", "the caller is not on hold here")
    await _move(actions, (phone, ROOM, ROOM_OURS))


@carries(x.MuteVoice)
@carries(x.UnmuteVoice)
async def mute(actions: Actions, order: x.MuteVoice | x.UnmuteVoice) -> None:
    on = isinstance(order, x.MuteVoice)
    phone = _phone(actions, order.call, order.position)
    await actions.ask("MuteAudio", Channel=phone, Direction="in", State="on" if on else "off")
    try:
        await _set(actions, phone, CALL_MUTED, "1" if on else "")
    except ActionFailed as problem:  # it is done; only the look will not know
        log.warning("%s", problem)


# --- handing over, asking ---------------------------------------------------------------------------------------------


async def _aim(actions: Actions, order: x.TargetOrder, dialling: str) -> str:
    """The extension of the target; what the dialplan must know of it is set on the channel that will dial."""
    if order.kind is TargetKind.NUMBER:
        await _set(actions, dialling, STEER_NUMBER, order.to)
        return START
    if order.kind is TargetKind.POSITION:
        await actions.must_know("steer", order.to)
    return order.to


@carries(x.HandOver)
async def hand_over(actions: Actions, order: x.HandOver) -> None:
    """The caller goes, and the position is free at once."""
    caller, phone = _caller(actions, order), _phone(actions, order.call, order.position)
    extension = await _aim(actions, order, caller.uid)
    context = {
        TargetKind.POSITION: TRANSFER_POSITION,
        TargetKind.SERVICE: TRANSFER_SERVICE,
        TargetKind.NUMBER: TRANSFER_NUMBER,
    }[order.kind]
    await _move(actions, (caller.uid, context, extension), (phone, LEAVE, START))


@carries(x.Consult)
async def consult(actions: Actions, order: x.Consult) -> None:
    caller, phone = _caller(actions, order), _phone(actions, order.call, order.position)
    extension = await _aim(actions, order, phone)
    context = CONSULT_NUMBER if order.kind is TargetKind.NUMBER else CONSULT_POSITION
    asking = (phone, context, extension)
    if caller.place == HELD:
        await _move(actions, asking)
    else:
        await _tie(actions, caller.uid, phone)
        await _move(actions, (caller.uid, HELD, START), asking)


def _consulted(actions: Actions, order: x.SteerOrder, phone: str) -> Channel:
    heard = actions.tracker.wiring.heard_by(phone)
    found = [actions.tracker.wiring.channels[uid] for uid in sorted(heard)]
    if _caller(actions, order).place != HELD or not found:
        raise ActionFailed("consultation", "nobody is being consulted")
    return found[0]


@carries(x.CompleteConsultation)
async def complete(actions: Actions, order: x.CompleteConsultation) -> None:
    """From now on the caller belongs to the one who was asked, who comes into the room; the caller follows."""
    caller, phone = _caller(actions, order), _phone(actions, order.call, order.position)
    asked = _consulted(actions, order, phone)
    await _set(actions, caller.uid, CALL_HELD_BY, asked.uid)
    await _move(actions, (asked.uid, ROOM, ROOM_OURS if asked.position else ROOM_HEIR), (phone, LEAVE, START))


@carries(x.JoinConsultation)
async def join(actions: Actions, order: x.JoinConsultation) -> None:
    phone = _phone(actions, order.call, order.position)
    asked = _consulted(actions, order, phone)
    await _move(actions, (asked.uid, ROOM, ROOM_OURS if asked.position else ROOM_GUEST), (phone, ROOM, ROOM_OURS))


# --- more than two ----------------------------------------------------------------------------------------------------


@carries(x.Invite)
async def invite(actions: Actions, order: x.Invite) -> None:
    caller, phone = _caller(actions, order), _phone(actions, order.call, order.position)
    if order.kind is TargetKind.POSITION:
        await actions.must_know("invite", order.to)
    await _to_room(actions, caller, phone)
    outside = order.kind is TargetKind.NUMBER
    carrier = actions.tracker.naming.ways.get(order.to, caller.carrier)
    await actions.ask(
        "Originate",
        Channel=f"PJSIP/{order.to}@{carrier}" if outside else position_interface(order.to),
        ChannelId=order.channel,
        Context=ROOM,
        Exten=ROOM_GUEST if outside else ROOM_OURS,
        Priority=1,
        Async="true",
        Timeout=REACH_MS if outside else RING_MS,
        CallerID=f'"{order.shown}" <{order.shown}>',
        Variable=(f"__{CALL_UUID}={order.call}", f"__{CALL_CALLER}={caller.uid}"),
    )


@carries(x.LeaveRoom)
async def leave(actions: Actions, order: x.LeaveRoom) -> None:
    """Where nobody of ours stays, one of the others keeps the room open from now on: who leaves goes only once they do.
    Sent away together, a room that is ending takes the other one in, and the caller, who finds it closed, is let go."""
    caller, phone = _caller(actions, order), _phone(actions, order.call, order.position)
    wiring = actions.tracker.wiring
    others = [wiring.channels[uid] for uid in sorted(wiring.heard_by(caller.uid)) if uid != phone]
    if caller.place != ROOM or not others:
        raise ActionFailed("leave", "nobody else would be left with the caller")
    if not any(other.position for other in others):
        heir, before = others[0].uid, others[0].bridge_order
        await _move(actions, (heir, ROOM, ROOM_HEIR))
        await _back_in(actions, heir, before)
    await _move(actions, (phone, LEAVE, START))


async def _back_in(actions: Actions, uid: str, before: int) -> None:
    """Until a channel that went out of the room is in it again. `before`: the order of what was told of it before."""
    for _ in range(BACK_LOOKS):
        channel = actions.tracker.wiring.channels.get(uid)
        if channel is None:
            break
        if channel.bridge and channel.bridge_order > before:
            return
        await asyncio.sleep(BACK_EVERY_S)
    raise ActionFailed("leave", "nobody else has come to keep the room open")


# --- a supervisor's ear -----------------------------------------------------------------------------------------------

_HOW = {
    WatchHow.LISTEN: (WATCH, WATCH_LISTEN),
    WatchHow.WHISPER: (WATCH, WATCH_WHISPER),
    WatchHow.BARGE: (ROOM, ROOM_OURS),
}


@carries(x.WatchAt)
async def watch(actions: Actions, order: x.WatchAt) -> None:
    phone = _phone(actions, order.call, order.watched)
    if order.how is WatchHow.BARGE:
        await _to_room(actions, _caller(actions, order), phone)
    context, extension = _HOW[order.how]
    if order.channel in actions.tracker.wiring.channels:
        await _set(actions, order.channel, WATCH_ON, phone)
        await _move(actions, (order.channel, context, extension))
        return
    await actions.must_know("watch", order.position)
    await actions.ask(
        "Originate",
        Channel=position_interface(order.position),
        ChannelId=order.channel,
        Context=context,
        Exten=extension,
        Priority=1,
        Async="true",
        Timeout=RING_MS,
        CallerID=f'"{order.watched}" <{order.watched}>',
        Variable=(
            f"__{CALL_UUID}={order.call}",
            f"__{CALL_CALLER}={actions.caller('watch', order.call)}",
            f"{WATCH_ON}={phone}",
            *AUTO_ANSWER,
        ),
    )


@carries(x.StopWatch)
async def stop_watching(actions: Actions, order: x.StopWatch) -> None:
    await actions.ask("Hangup", Channel=order.channel, Cause=16)
