"""A small switch with our dialplan: callers, queues, positions' phones; what it does is told event by event.

The order and the headers are those of the real switch with the configuration that `telephony.trunk` renders. It owns
the truth about its calls; the lists that AMI asks for are read back out of what it told (`alive`).
"""

from __future__ import annotations

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
from telephony.simulator.floor import ELSEWHERE, NO_USER, NORMAL, REPLY_S, Caller, NoSuchChannel
from telephony.simulator.shift import PlannedCall
from telephony.simulator.telling import Channel, Headers, Teller
from telephony.simulator.timeline import SECOND, Timeline
from telephony.simulator.waiting import Waiting
from telephony.trunk.site import Site

LIVE_CALLS = 2_000
"""A call beyond this is not taken; bounds what a run can hold."""

PICK_UP_S = 15.0  # how long a phone that was asked to pick up is called
NO_LINE = " ".join("0" for _ in told.LINE_PARTS)  # nothing was heard: there is no sound
PICKS_UP_S = (0.15, 0.6)
NOT_PICKED_UP = 0.02  # of the phones that were asked


class Centre(Waiting):
    """`taken` calls came, `answered` times somebody took one."""

    def __init__(
        self, site: Site, timeline: Timeline, teller: Teller, chance: Chance, *, recordings: str, lifts: float = 0.0
    ) -> None:
        super().__init__(site, timeline, teller, chance, recordings)
        self.lifts = lifts
        self._services = {number.dial: number.services for number in site.numbers}
        self.taken = 0
        self.answered = 0

    # --- arriving -----------------------------------------------------------------------------------------------------

    def arrive(self, plan: PlannedCall) -> None:
        """The carrier brings a call."""
        if len(self.calls) >= LIVE_CALLS or plan.dial not in self._services:
            return
        self.taken += 1
        channel = self.channel(self.carrier, "Ring", "0", self.carrier, "from-carrier", plan.dial)
        services = self._services[plan.dial]
        call = Caller(plan, channel, services[0])
        self.calls[channel.uid] = call
        self.teller.tell("Newchannel", channel.headers())
        channel.number, channel.shown = plan.number, plan.dial
        channel.variables = {
            CALL_UUID: channel.uid, CALL_SERVICE: services[0], CALL_NUMBER: plan.dial, CALL_CARRIER: self.carrier
        }  # fmt: skip
        sender = f'"{plan.name}" ' if plan.name else ""
        self.teller.dialplan(
            told.ARRIVED, channel, ("arrival", "s", 9), Number=plan.dial, Services="+".join(services),
            Caller=plan.number, Carrier=self.carrier, SipCallId=f"{channel.uid}@simulated.invalid",
            From=f"{sender}<sip:{plan.number}@simulated.invalid>;tag={channel.name[-8:]}", Test="",
        )  # fmt: skip
        if plan.location is not None:
            self._locate(channel, plan.location)
        self.later(call, REPLY_S, self._take)

    def _locate(self, channel: Channel, location: tuple[float, float, float]) -> None:
        lat, lon, radius = location
        shape = f'shape="Circle",crs="2d",pos="{lat:.6f} {lon:.6f}",radius="{radius:.6f}"'
        self.teller.dialplan(
            told.LOCATED, channel, ("location", "s", 3), Format="GML", Method="Cell", Info=shape, Effective=shape,
            Element="device", ElementId="cell", Header="<cid:caller@simulated.invalid>",
        )  # fmt: skip

    def _take(self, call: Caller) -> None:
        """Answered by the dialplan, recorded, and put into its queue."""
        channel = call.channel
        channel.state = "Up"
        channel.at("arrival", "s", 11)
        self.teller.tell("Newstate", channel.headers())
        self.device(self.carrier)
        if self.site.recording.on:
            channel.at("record", "s", 2)
            self.teller.tell("MixMonitorStart", channel.headers())
            file = f"{self.recordings}/{channel.uid}.{self.site.recording.format}"
            self.teller.dialplan(told.RECORDING, channel, ("record", "s", 3), File=file)
        call.overflow_at = self.timeline.now + self.site.queue_of(call.service).overflow_after * SECOND
        self.timeline.after(call.plan.patience, self._lose_patience, call)
        self._wait(call)

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
        self.turn(call)
        phone.state = "Up"
        self.teller.tell("Newstate", phone.headers())
        others = [it for it in call.phones if it != position]
        self._dial_over(call, [position], "ANSWER")
        self._dial_over(call, others, "CANCEL")
        self._dial_over(call, others, "CANCEL")
        self.device(position)
        self._leave(call, abandons=False)
        for other in others:
            self.phone_gone(call, other, ELSEWHERE)
        call.by_queue = True
        self._picked_up(call, position, "queue")
        held = (self.timeline.now - call.joined_at) // SECOND
        more: Headers = [
            ("Interface", position_interface(position)), ("MemberName", position), ("HoldTime", held), ("RingTime", 0)
        ]  # fmt: skip
        self.queue_told("AgentConnect", call, more, phone.headers("Dest"))
        self._connect(call, position)

    def _picked_up(self, call: Caller, position: str, by: str) -> None:
        call.answered_by = position
        self.teller.dialplan(told.ANSWERED, call.phones[position], ("picked-up", "s", 2), Position=position, By=by)

    def _connect(self, call: Caller, position: str) -> None:
        self.answered += 1
        call.bridge = self.bridge(call.phones[position], call.channel)
        call.place, call.position, call.talks_since = "talking", position, self.timeline.now
        plan = call.plan
        if plan.held and plan.talk > 2 * plan.held:
            self.later(call, plan.held, self._hold, True)
            self.later(call, 2 * plan.held, self._hold, False)
        self.later(call, plan.talk, self._talked)

    def _hold(self, call: Caller, on: bool) -> None:
        more: Headers = [("MusicClass", "default")] if on else []
        self.teller.tell("Hold" if on else "Unhold", call.phones[call.position].headers(), more)
        self.device(call.position, "ONHOLD" if on else "")

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
            self.later(call, REPLY_S, self.position_hangs_up)
            return
        found.at(context, exten, 1)
        self.turn(call)
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
            self.teller.dialplan(
                told.ANSWERED_ELSEWHERE, call.channel, ("pick-up", "s", 2), Position=position,
                AnsweredBy=call.answered_by,
            )  # fmt: skip
            position = call.answered_by
        call.place = "offered"
        self.teller.dialplan(told.ANSWERING, call.channel, ("pick-up", "s", 4), Position=position)
        call.channel.at("pick-up", "s", 14)
        for other in list(self.calls.values()):  # a phone that rings for somebody else stops
            if other.place == "waiting" and position in other.phones:
                self._dial_over(other, [position], "NOANSWER")
                self.phone_gone(other, position, NO_USER)
        self.later(call, REPLY_S, self._dial, position)

    def _dial(self, call: Caller, position: str) -> None:
        if self.state(position) != "NOT_INUSE":
            return self._not_answered(call, position, "BUSY")
        phone = self.phone(call, position, "s")
        self.teller.tell("DialBegin", call.channel.headers(), phone.headers("Dest"), [("DialString", position)])
        self.rings(phone, position)
        if self.chance.happens(NOT_PICKED_UP):
            self.later(call, PICK_UP_S, self._not_answered, position, "NOANSWER")
        else:
            self.later(call, self.chance.between(*PICKS_UP_S), self._picks_up, position)
        return None

    def _picks_up(self, call: Caller, position: str) -> None:
        phone = call.phones[position]
        phone.state = "Up"
        self.teller.tell("Newstate", phone.headers())
        self.device(position)
        self._picked_up(call, position, "console")
        phone.exten = ""
        self._dial_over(call, [position], "ANSWER")
        self._connect(call, position)

    def _not_answered(self, call: Caller, position: str, reason: str) -> None:
        if position in call.phones:
            self._dial_over(call, [position], reason)
        self.teller.dialplan(
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
            self.timeline.after(REPLY_S, self._probed, dial, variables.get(PROBE_TOKEN, ""))

    def _probed(self, dial: str, token: str) -> None:
        service = self._services[dial][0]
        members = self.members[service_queue(service)]
        ready = sum(not paused and self.state(it) == "NOT_INUSE" for it, paused in members.items())
        channel = self.channel(PROBE_IN, "Ring", "", PROBE_IN, "from-carrier", dial)
        self.teller.dialplan(told.PROBE, channel, (PROBED, START, 4), Number=dial, Token=token, Ready=str(ready))
        self._legs[PROBE_IN].remove(channel)

    # --- the end ------------------------------------------------------------------------------------------------------

    def caller_hangs_up(self, call: Caller) -> None:
        self.turn(call)
        cause: Headers = [] if call.by_queue or call.place == "waiting" else [("Cause", NORMAL)]
        self.teller.tell("HangupRequest", call.channel.headers(), cause)
        self._let_go(call, "caller")

    def _let_go(self, call: Caller, by: str = "") -> None:
        """The caller's channel goes, and with it all of the call."""
        self.turn(call)
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
        self.turn(call)
        phone = call.phones[call.position]
        self.teller.tell("HangupRequest", phone.headers(), [] if call.by_queue else [("Cause", NORMAL)])
        self._complete(call, "agent")
        self._part(call, [phone, call.channel])
        self._over(call, NORMAL)

    def _complete(self, call: Caller, by: str) -> None:
        if call.by_queue and by:
            phone = call.phones[call.position]
            talked = (self.timeline.now - call.talks_since) // SECOND
            more: Headers = [
                ("Interface", position_interface(call.position)), ("MemberName", call.position), ("HoldTime", 0),
                ("TalkTime", talked), ("Reason", by),
            ]  # fmt: skip
            self.queue_told("AgentComplete", call, more, phone.headers("Dest"))

    def _part(self, call: Caller, leaving: list[Channel]) -> None:
        """They no longer hear each other."""
        if call.bridge is None:
            return
        self.unbridge(call.bridge, leaving)
        call.bridge, call.position = None, ""

    def _over(self, call: Caller, cause: int) -> None:
        self.turn(call)
        call.place = "over"
        for position in list(call.phones):
            self.phone_gone(call, position, cause)
        ending = (call.channel.context, call.channel.exten, call.channel.priority)
        self._sounded(call)
        self.teller.dialplan(told.ENDED, call.channel, ("ended", "s", 1), Cause=str(cause), Line=NO_LINE)
        call.channel.at(*ending)
        del self.calls[call.channel.uid]
        self.gone(call.channel, cause)
        self.device(self.carrier)

    def _sounded(self, call: Caller) -> None:
        if self.site.recording.on:
            self.teller.dialplan(told.SOUNDED, call.channel, ("sounded", "s", 1))
