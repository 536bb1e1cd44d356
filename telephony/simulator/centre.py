"""A small switch with our dialplan: callers, queues, positions' phones; what it does is told event by event.

The order and the headers are those of the real switch with the configuration that `telephony.trunk` renders. It owns
the truth about its calls; the lists that AMI asks for are read back out of what it told (`alive`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from telephony import dialplan_events as told
from telephony.dialplan_contexts import (
    ANSWER_AT,
    CALL_CARRIER,
    CALL_NUMBER,
    CALL_SERVICE,
    CALL_UUID,
    OVERFLOW_QUEUE,
    PROBE_IN,
    PROBE_OUT,
    PROBE_TOKEN,
    PROBED,
    START,
    WAIT_AGAIN,
    position_interface,
    service_queue,
)
from telephony.simulator.chance import Chance
from telephony.simulator.shift import PlannedCall
from telephony.simulator.telling import Bridge, Channel, Headers, Teller
from telephony.simulator.timeline import SECOND, Timeline
from telephony.translate.naming import endpoint_of
from telephony.trunk.site import Site

LIVE_CALLS = 2_000
"""A call beyond this is not taken; bounds what a run can hold."""

REPLY_S = 0.02  # what a phone or a carrier takes to say something
PICK_UP_S = 15.0  # how long a phone that was asked to pick up is called
PICKS_UP_S = (0.15, 0.6)
NOT_PICKED_UP = 0.02  # of the phones that were asked
RETRY_S = 1.0
SETTLE_S = 0.3
OVERFLOW_RING_S = 10.0
NORMAL, BUSY, NO_USER, ELSEWHERE = 16, 17, 0, 26
CAUSES = {NORMAL: "Normal Clearing", BUSY: "User busy", NO_USER: "Unknown", ELSEWHERE: "Answered elsewhere"}


@dataclass(slots=True)
class Caller:
    """One call at the switch. `turn` goes up with every change: what was planned before it is not done any more."""

    plan: PlannedCall
    channel: Channel
    service: str
    place: str = "arriving"  # waiting, offered, talking, over
    queue: str = ""
    front: bool = False
    overflowed: bool = False
    overflow_at: int = 0
    phones: dict[str, Channel] = field(default_factory=dict)
    bridge: Bridge | None = None
    position: str = ""
    answered_by: str = ""
    by_queue: bool = False
    joined_at: int = 0
    talks_since: int = 0
    turn: int = 0


class NoSuchChannel(LookupError):
    """No channel of that name or id."""


class Centre:
    """`lifts`: seconds (on average) until somebody lifts a ringing phone by hand, 0 = nobody does."""

    def __init__(
        self, site: Site, timeline: Timeline, teller: Teller, chance: Chance, *, recordings: str, lifts: float = 0.0
    ) -> None:
        self._site = site
        self._timeline = timeline
        self._teller = teller
        self._chance = chance
        self._recordings = recordings
        self._lifts = lifts
        self._carrier = next(carrier.name for carrier in site.carriers if carrier.enabled)
        self._services = {number.dial: number.services for number in site.numbers}
        self._channels = 0
        self._bridges = 0
        self._devices: dict[str, str] = {}
        self._legs: dict[str, list[Channel]] = {}  # endpoint to its channels
        self.calls: dict[str, Caller] = {}
        self.taken = 0
        self.answered = 0
        self.members: dict[str, dict[str, bool]] = {
            **{
                service_queue(it.code): {seat.id: False for seat in site.positions_of(it.code)} for it in site.services
            },
            OVERFLOW_QUEUE: {seat.id: False for seat in site.positions},
        }

    # --- arriving -----------------------------------------------------------------------------------------------------

    def arrive(self, plan: PlannedCall) -> None:
        """The carrier brings a call."""
        if len(self.calls) >= LIVE_CALLS or plan.dial not in self._services:
            return
        self.taken += 1
        channel = self._channel(self._carrier, "Ring", "0", self._carrier, "from-carrier", plan.dial)
        services = self._services[plan.dial]
        call = Caller(plan, channel, services[0])
        self.calls[channel.uid] = call
        self._teller.tell("Newchannel", channel.headers())
        channel.number, channel.shown = plan.number, plan.dial
        channel.variables = {
            CALL_UUID: channel.uid, CALL_SERVICE: services[0], CALL_NUMBER: plan.dial, CALL_CARRIER: self._carrier
        }  # fmt: skip
        sender = f'"{plan.name}" ' if plan.name else ""
        self._teller.dialplan(
            told.ARRIVED, channel, ("arrival", "s", 9), Number=plan.dial, Services="+".join(services),
            Caller=plan.number, Carrier=self._carrier, SipCallId=f"{channel.uid}@simulated.invalid",
            From=f"{sender}<sip:{plan.number}@simulated.invalid>;tag={channel.name[-8:]}",
        )  # fmt: skip
        if plan.location is not None:
            self._locate(channel, plan.location)
        self._later(call, REPLY_S, self._take)

    def _locate(self, channel: Channel, location: tuple[float, float, float]) -> None:
        lat, lon, radius = location
        shape = f'shape="Circle",crs="2d",pos="{lat:.6f} {lon:.6f}",radius="{radius:.6f}"'
        self._teller.dialplan(
            told.LOCATED, channel, ("location", "s", 3), Format="GML", Method="Cell", Info=shape, Effective=shape,
            Element="device", ElementId="cell", Header="<cid:caller@simulated.invalid>",
        )  # fmt: skip

    def _take(self, call: Caller) -> None:
        """Answered by the dialplan, recorded, and put into its queue."""
        channel = call.channel
        channel.state = "Up"
        channel.at("arrival", "s", 11)
        self._teller.tell("Newstate", channel.headers())
        self._device(self._carrier)
        if self._site.recording.on:
            channel.at("record", "s", 2)
            self._teller.tell("MixMonitorStart", channel.headers())
            file = f"{self._recordings}/{channel.uid}.{self._site.recording.format}"
            self._teller.dialplan(told.RECORDING, channel, ("record", "s", 3), File=file)
        call.overflow_at = self._timeline.now + self._site.queue_of(call.service).overflow_after * SECOND
        self._timeline.after(call.plan.patience, self._lose_patience, call)
        self._wait(call)

    # --- waiting ------------------------------------------------------------------------------------------------------

    def _wait(self, call: Caller) -> None:
        """Into the service's queue, or the one of everybody."""
        call.queue = OVERFLOW_QUEUE if call.overflowed else service_queue(call.service)
        at = ("wait-all", "s") if call.overflowed else ("wait", call.service)
        call.place, call.by_queue, call.joined_at = "waiting", False, self._timeline.now
        self._turn(call)
        front = "1" if call.front else "0"
        place = (*at, 1 if call.overflowed else 8)
        self._teller.dialplan(told.WAITING, call.channel, place, Queue=call.queue, Front=front)
        call.channel.at(*at, 2 if call.overflowed else 9)
        waiting = self._waiting(call.queue)
        position = 1 if call.front else len(waiting)
        self._queue_told("QueueCallerJoin", call, [("Position", position), ("Count", len(waiting))])
        if not call.overflowed:
            self._later(call, max(0.0, (call.overflow_at - self._timeline.now) / SECOND), self._overflow)
        self._ring(call)

    def _waiting(self, queue: str) -> list[Caller]:
        return [call for call in self.calls.values() if call.place == "waiting" and call.queue == queue]

    def _queue_told(self, name: str, call: Caller, more: Headers, *parts: Headers) -> None:
        queue: Headers = [("Queue", call.queue)]
        self._teller.tell(name, call.channel.headers(), *parts, queue, more, privilege="agent,all")

    def _ring(self, call: Caller) -> None:
        """Every free phone of the queue; where there is none, again in a second."""
        free = [
            position
            for position, paused in self.members[call.queue].items()
            if not paused and self._state(position) == "NOT_INUSE"
        ]
        for position in free:
            self._call_phone(call, position)
        if not free:
            self._later(call, RETRY_S, self._ring)
            return
        ring = OVERFLOW_RING_S if call.overflowed else float(self._site.queue_of(call.service).ring)
        self._later(call, ring, self._nobody)
        if self._lifts:
            lifted = self._chance.one(free)
            self._later(call, 1.0 + self._chance.around(self._lifts), self._lifted, lifted)

    def _call_phone(self, call: Caller, position: str) -> None:
        phone = self._phone(call, position, call.channel.exten)
        interface = position_interface(position)
        self._queue_told(
            "AgentCalled", call, [("Interface", interface), ("MemberName", position)], phone.headers("Dest")
        )
        self._teller.tell("DialBegin", call.channel.headers(), phone.headers("Dest"), [("DialString", position)])
        self._rings(phone, position)

    def _phone(self, call: Caller, position: str, exten: str) -> Channel:
        """A new channel of the position's phone, about to ring."""
        phone = self._channel(position, "Down", position, position, "from-position", "s", linked=call.channel.uid)
        call.phones[position] = phone
        phone.variables = dict(call.channel.variables)
        self._teller.tell("Newchannel", phone.headers())
        phone.connected = (call.channel.number or "<unknown>", call.channel.shown)
        phone.exten = exten
        return phone

    def _rings(self, phone: Channel, position: str) -> None:
        phone.state = "Ringing"
        self._teller.tell("Newstate", phone.headers())
        self._device(position)

    def _nobody(self, call: Caller) -> None:
        """Nobody lifted a phone in time: they stop, and ring anew in a second."""
        for position, phone in call.phones.items():
            more: Headers = [("Interface", position_interface(position)), ("MemberName", position), ("RingTime", 0)]
            self._queue_told("AgentRingNoAnswer", call, more, phone.headers("Dest"))
        self._dial_over(call, list(call.phones), "NOANSWER")
        self._stop_ringing(call)
        self._later(call, RETRY_S, self._ring)

    def _dial_over(self, call: Caller, positions: list[str], status: str) -> None:
        for position in positions:
            phone = call.phones[position]
            self._teller.tell("DialEnd", call.channel.headers(), phone.headers("Dest"), [("DialStatus", status)])

    def _stop_ringing(self, call: Caller, cause: int = NO_USER) -> None:
        """Every phone that rings for this caller stops."""
        for position in list(call.phones):
            self._gone(call, position, cause)

    def _gone(self, call: Caller, position: str, cause: int) -> None:
        self._hang_up(call.phones.pop(position), cause)
        self._device(position)

    def _leave(self, call: Caller, *, abandons: bool) -> None:
        """Out of the queue, with phones that ring no more."""
        if not abandons:
            return self._queue_left(call)
        rounds = list(call.phones)
        self._dial_over(call, rounds, "CANCEL")
        self._dial_over(call, rounds, "CANCEL")
        held = (self._timeline.now - call.joined_at) // SECOND
        waiting = len(self._waiting(call.queue))
        self._queue_told(
            "QueueCallerAbandon", call, [("Position", 1), ("OriginalPosition", waiting), ("HoldTime", held)]
        )
        self._queue_left(call)
        self._stop_ringing(call)
        return None

    def _queue_left(self, call: Caller) -> None:
        call.place = "between"
        self._queue_told("QueueCallerLeave", call, [("Position", 1), ("Count", len(self._waiting(call.queue)))])

    def _overflow(self, call: Caller) -> None:
        """The service's own people did not answer in time: everybody's phones ring."""
        self._turn(call)
        for position, phone in call.phones.items():
            more: Headers = [("Interface", position_interface(position)), ("MemberName", position), ("RingTime", 0)]
            self._queue_told("AgentRingNoAnswer", call, more, phone.headers("Dest"))
        self._dial_over(call, list(call.phones), "NOANSWER")
        self._leave(call, abandons=True)
        self._teller.dialplan(
            told.OVERFLOWED, call.channel, ("wait", call.service, 10), From=call.queue, To=OVERFLOW_QUEUE,
            Reason="TIMEOUT",
        )  # fmt: skip
        call.overflowed = True
        self._later(call, SETTLE_S, self._wait)

    def _lose_patience(self, call: Caller) -> None:
        if call.place in ("waiting", "offered", "between"):
            self.caller_hangs_up(call)

    # --- answered -----------------------------------------------------------------------------------------------------

    def lift(self, position: str) -> bool:
        """Somebody lifts this position's ringing phone. False where it does not ring in a queue."""
        call = next((it for it in self.calls.values() if it.place == "waiting" and position in it.phones), None)
        if call is None:
            return False
        self._lifted(call, position)
        return True

    def _lifted(self, call: Caller, position: str) -> None:
        phone = call.phones.get(position)
        if phone is None or call.place != "waiting":
            return
        self._turn(call)
        phone.state = "Up"
        self._teller.tell("Newstate", phone.headers())
        others = [it for it in call.phones if it != position]
        self._dial_over(call, [position], "ANSWER")
        self._dial_over(call, others, "CANCEL")
        self._dial_over(call, others, "CANCEL")
        self._device(position)
        self._leave(call, abandons=False)
        for other in others:
            self._gone(call, other, ELSEWHERE)
        call.by_queue = True
        self._picked_up(call, position, "queue")
        held = (self._timeline.now - call.joined_at) // SECOND
        more: Headers = [
            ("Interface", position_interface(position)), ("MemberName", position), ("HoldTime", held), ("RingTime", 0)
        ]  # fmt: skip
        self._queue_told("AgentConnect", call, more, phone.headers("Dest"))
        self._connect(call, position)

    def _picked_up(self, call: Caller, position: str, by: str) -> None:
        call.answered_by = position
        self._teller.dialplan(told.ANSWERED, call.phones[position], ("picked-up", "s", 2), Position=position, By=by)

    def _connect(self, call: Caller, position: str) -> None:
        self._bridges += 1
        self.answered += 1
        call.bridge = Bridge(f"00000000-0000-4000-8000-{self._bridges:012d}")
        self._teller.tell("BridgeCreate", call.bridge.headers())
        for channel in (call.phones[position], call.channel):
            call.bridge.members.append(channel)
            self._teller.tell("BridgeEnter", call.bridge.headers(), channel.headers())
        call.place, call.position, call.talks_since = "talking", position, self._timeline.now
        plan = call.plan
        if plan.held and plan.talk > 2 * plan.held:
            self._later(call, plan.held, self._hold, True)
            self._later(call, 2 * plan.held, self._hold, False)
        self._later(call, plan.talk, self._talked)

    def _hold(self, call: Caller, on: bool) -> None:
        more: Headers = [("MusicClass", "default")] if on else []
        self._teller.tell("Hold" if on else "Unhold", call.phones[call.position].headers(), more)
        self._device(call.position, "ONHOLD" if on else "")

    def _talked(self, call: Caller) -> None:
        if call.plan.ends == "position":
            self.position_hangs_up(call)
        else:
            self.caller_hangs_up(call)

    # --- orders -------------------------------------------------------------------------------------------------------

    def find(self, channel: str) -> tuple[Caller, Channel]:
        """The call and channel of this name or unique id. Raises NoSuchChannel."""
        for call in self.calls.values():
            for one in (call.channel, *call.phones.values()):
                if channel in (one.uid, one.name):
                    return call, one
        raise NoSuchChannel(channel)

    def redirect(self, channel: str, context: str, exten: str) -> None:
        """Send a channel to another place of the dialplan. Raises NoSuchChannel."""
        call, found = self.find(channel)
        if found is not call.channel:
            self._later(call, REPLY_S, self.position_hangs_up)
            return
        found.at(context, exten, 1)
        self._turn(call)
        if call.place == "waiting":
            self._leave(call, abandons=True)
        elif call.place == "talking":
            self._part(call, [call.channel, *call.phones.values()])
            self._stop_ringing(call, NORMAL)
        else:
            self._stop_ringing(call)
        call.place = "between"
        if context == ANSWER_AT and exten in self.members[OVERFLOW_QUEUE]:
            self._pick_up(call, exten)
        elif context == WAIT_AGAIN:
            call.front = True
            self._wait(call)
        else:
            self._over(call, NORMAL)

    def _pick_up(self, call: Caller, position: str) -> None:
        """That position's phone is made to pick up."""
        if call.answered_by and call.answered_by != position:
            self._teller.dialplan(
                told.ANSWERED_ELSEWHERE, call.channel, ("pick-up", "s", 2), Position=position,
                AnsweredBy=call.answered_by,
            )  # fmt: skip
            position = call.answered_by
        call.place = "offered"
        self._teller.dialplan(told.ANSWERING, call.channel, ("pick-up", "s", 4), Position=position)
        call.channel.at("pick-up", "s", 14)
        for other in list(self.calls.values()):  # a phone that rings for somebody else stops
            if other.place == "waiting" and position in other.phones:
                self._dial_over(other, [position], "NOANSWER")
                self._gone(other, position, NO_USER)
        self._later(call, REPLY_S, self._dial, position)

    def _dial(self, call: Caller, position: str) -> None:
        if self._state(position) != "NOT_INUSE":
            return self._not_answered(call, position, "BUSY")
        phone = self._phone(call, position, "s")
        self._teller.tell("DialBegin", call.channel.headers(), phone.headers("Dest"), [("DialString", position)])
        self._rings(phone, position)
        if self._chance.happens(NOT_PICKED_UP):
            self._later(call, PICK_UP_S, self._not_answered, position, "NOANSWER")
        else:
            self._later(call, self._chance.between(*PICKS_UP_S), self._picks_up, position)
        return None

    def _picks_up(self, call: Caller, position: str) -> None:
        phone = call.phones[position]
        phone.state = "Up"
        self._teller.tell("Newstate", phone.headers())
        self._device(position)
        self._picked_up(call, position, "console")
        phone.exten = ""
        self._dial_over(call, [position], "ANSWER")
        self._connect(call, position)

    def _not_answered(self, call: Caller, position: str, reason: str) -> None:
        if position in call.phones:
            self._dial_over(call, [position], reason)
        self._teller.dialplan(
            told.NOT_ANSWERED, call.channel, ("pick-up", "s", 16), Position=position, Reason=reason
        )
        self._stop_ringing(call)
        call.answered_by, call.front = "", True
        self._wait(call)

    def hang_up(self, channel: str) -> None:
        """AMI's Hangup. Raises NoSuchChannel."""
        call, found = self.find(channel)
        if found is call.channel:
            self._let_go(call)
        else:
            self.position_hangs_up(call)

    def originate(self, channel: str, variables: dict[str, str]) -> None:
        """A synthetic call to a service number comes through; nobody else is reached from here."""
        dial, _, endpoint = channel.removeprefix("PJSIP/").partition("@")
        if endpoint == PROBE_OUT and dial in self._services:
            self._timeline.after(REPLY_S, self._probed, dial, variables.get(PROBE_TOKEN, ""))

    def _probed(self, dial: str, token: str) -> None:
        service = self._services[dial][0]
        members = self.members[service_queue(service)]
        ready = sum(not paused and self._state(it) == "NOT_INUSE" for it, paused in members.items())
        channel = self._channel(PROBE_IN, "Ring", "", PROBE_IN, "from-carrier", dial)
        self._teller.dialplan(told.PROBE, channel, (PROBED, START, 4), Number=dial, Token=token, Ready=str(ready))
        self._legs[PROBE_IN].remove(channel)

    def pause(self, queue: str, position: str, paused: bool) -> bool:
        """Whether the position is a member of the queue; "" as the queue means all of them."""
        queues = [queue] if queue else list(self.members)
        found = [name for name in queues if position in self.members.get(name, {})]
        for name in found:
            if self.members[name][position] is not paused:
                self.members[name][position] = paused
                self._teller.tell("QueueMemberPause", self._member(name, position), privilege="agent,all")
        return bool(found)

    def _member(self, queue: str, position: str) -> Headers:
        interface = position_interface(position)
        return [
            ("Queue", queue), ("MemberName", position), ("Interface", interface), ("StateInterface", interface),
            ("Membership", "static"), ("Penalty", 0), ("CallsTaken", 0), ("LastCall", 0), ("LastPause", 0),
            ("LoginTime", 0), ("InCall", 0), ("Status", 1), ("Paused", int(self.members[queue][position])),
            ("PausedReason", ""), ("Ringinuse", 0), ("Wrapuptime", 0),
        ]  # fmt: skip

    # --- the end ------------------------------------------------------------------------------------------------------

    def caller_hangs_up(self, call: Caller) -> None:
        self._turn(call)
        cause: Headers = [] if call.by_queue or call.place == "waiting" else [("Cause", NORMAL)]
        self._teller.tell("HangupRequest", call.channel.headers(), cause)
        self._let_go(call, "caller")

    def _let_go(self, call: Caller, by: str = "") -> None:
        """The caller's channel goes, and with it all of the call."""
        self._turn(call)
        talked = call.place == "talking"
        if call.place == "waiting":
            self._leave(call, abandons=True)
        elif talked:
            self._complete(call, by)
            self._part(call, [call.channel, *call.phones.values()])
        else:
            self._dial_over(call, list(call.phones), "CANCEL")
        self._over(call, NORMAL if talked else NO_USER)

    def position_hangs_up(self, call: Caller) -> None:
        """Only while it talks."""
        if call.place != "talking":
            return
        self._turn(call)
        phone = call.phones[call.position]
        self._teller.tell("HangupRequest", phone.headers(), [] if call.by_queue else [("Cause", NORMAL)])
        self._complete(call, "agent")
        self._part(call, [phone, call.channel])
        self._over(call, NORMAL)

    def _complete(self, call: Caller, by: str) -> None:
        if call.by_queue and by:
            phone = call.phones[call.position]
            talked = (self._timeline.now - call.talks_since) // SECOND
            more: Headers = [
                ("Interface", position_interface(call.position)), ("MemberName", call.position), ("HoldTime", 0),
                ("TalkTime", talked), ("Reason", by),
            ]  # fmt: skip
            self._queue_told("AgentComplete", call, more, phone.headers("Dest"))

    def _part(self, call: Caller, leaving: list[Channel]) -> None:
        """Out of the bridge, one after the other, and the bridge is gone."""
        bridge = call.bridge
        if bridge is None:
            return
        for channel in leaving:
            if channel in bridge.members:
                bridge.members.remove(channel)
                self._teller.tell("BridgeLeave", bridge.headers(), channel.headers())
        self._teller.tell("BridgeDestroy", bridge.headers())
        call.bridge, call.position = None, ""

    def _over(self, call: Caller, cause: int) -> None:
        self._turn(call)
        call.place = "over"
        for position in list(call.phones):
            self._gone(call, position, cause)
        ending = (call.channel.context, call.channel.exten, call.channel.priority)
        self._sounded(call)
        self._teller.dialplan(told.ENDED, call.channel, ("ended", "s", 1), Cause=str(cause))
        call.channel.at(*ending)
        del self.calls[call.channel.uid]
        self._hang_up(call.channel, cause)
        self._device(self._carrier)

    def _sounded(self, call: Caller) -> None:
        if self._site.recording.on:
            self._teller.dialplan(told.SOUNDED, call.channel, ("sounded", "s", 1))

    def _hang_up(self, channel: Channel, cause: int) -> None:
        self._legs[endpoint_of(channel.name)].remove(channel)
        self._teller.tell("Hangup", channel.headers(), [("Cause", cause), ("Cause-txt", CAUSES[cause])])

    # --- pieces -------------------------------------------------------------------------------------------------------

    def _channel(
        self, endpoint: str, state: str, number: str, shown: str, context: str, exten: str, linked: str = ""
    ) -> Channel:
        count = self._channels
        self._channels += 1
        uid = f"{self._teller.system}-{self._teller.now // SECOND}.{count}"
        channel = Channel(f"PJSIP/{endpoint}-{count:08x}", uid, linked or uid, state, number, shown, context, exten)
        self._legs.setdefault(endpoint, []).append(channel)
        return channel

    def _state(self, endpoint: str) -> str:
        return self._devices.get(endpoint, "NOT_INUSE")

    def _device(self, endpoint: str, state: str = "") -> None:
        """Tell the endpoint's state where it is another than before."""
        if not state:
            channels = self._legs.get(endpoint, [])
            up = any(one.state == "Up" for one in channels)
            state = "INUSE" if up else "RINGING" if any(one.state == "Ringing" for one in channels) else "NOT_INUSE"
        if self._state(endpoint) != state:
            self._devices[endpoint] = state
            self._teller.tell("DeviceStateChange", [("Device", position_interface(endpoint)), ("State", state)])

    def _turn(self, call: Caller) -> None:
        call.turn += 1

    def _later(self, call: Caller, seconds: float, what: Callable[..., object], *arguments: object) -> None:
        """Do it then, if nothing else has happened to the call meanwhile."""
        turn = call.turn

        def due() -> None:
            if call.turn == turn and call.place != "over":
                what(call, *arguments)

        self._timeline.after(seconds, due)

