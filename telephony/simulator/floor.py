"""The floor of a simulated switch: its channels, phones' states, bridges and queues, and time.

What happens to a call is another module's matter; here are the pieces with which it is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from telephony.dialplan_contexts import OVERFLOW_QUEUE, position_interface, service_queue
from telephony.simulator.chance import Chance
from telephony.simulator.shift import PlannedCall
from telephony.simulator.telling import Bridge, Channel, Headers, Teller
from telephony.simulator.timeline import SECOND, Timeline
from telephony.translate.naming import endpoint_of
from telephony.trunk.site import Site

REPLY_S = 0.02  # what a phone or a carrier takes to say something
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


class Floor:
    """`calls` by the unique id of the caller's channel; `members`: queue to position to whether it is paused."""

    def __init__(self, site: Site, timeline: Timeline, teller: Teller, chance: Chance, recordings: str) -> None:
        self.site = site
        self.timeline = timeline
        self.teller = teller
        self.chance = chance
        self.recordings = recordings
        self.carrier = next(carrier.name for carrier in site.carriers if carrier.enabled)
        self._channels = 0
        self._bridges = 0
        self._devices: dict[str, str] = {}
        self._legs: dict[str, list[Channel]] = {}  # endpoint to its channels
        self.calls: dict[str, Caller] = {}
        self.members: dict[str, dict[str, bool]] = {
            **{
                service_queue(it.code): {seat.id: False for seat in site.positions_of(it.code)} for it in site.services
            },
            OVERFLOW_QUEUE: {seat.id: False for seat in site.positions},
        }

    # --- queues -------------------------------------------------------------------------------------------------------

    def waiting_in(self, queue: str) -> list[Caller]:
        return [call for call in self.calls.values() if call.place == "waiting" and call.queue == queue]

    def queue_told(self, name: str, call: Caller, more: Headers, *parts: Headers) -> None:
        queue: Headers = [("Queue", call.queue)]
        self.teller.tell(name, call.channel.headers(), *parts, queue, more, privilege="agent,all")

    def pause(self, queue: str, position: str, paused: bool) -> bool:
        """Whether the position is a member of the queue; "" as the queue means all of them."""
        queues = [queue] if queue else list(self.members)
        found = [name for name in queues if position in self.members.get(name, {})]
        for name in found:
            if self.members[name][position] is not paused:
                self.members[name][position] = paused
                self.teller.tell("QueueMemberPause", self._member(name, position), privilege="agent,all")
        return bool(found)

    def _member(self, queue: str, position: str) -> Headers:
        interface = position_interface(position)
        return [
            ("Queue", queue), ("MemberName", position), ("Interface", interface), ("StateInterface", interface),
            ("Membership", "static"), ("Penalty", 0), ("CallsTaken", 0), ("LastCall", 0), ("LastPause", 0),
            ("LoginTime", 0), ("InCall", 0), ("Status", 1), ("Paused", int(self.members[queue][position])),
            ("PausedReason", ""), ("Ringinuse", 0), ("Wrapuptime", 0),
        ]  # fmt: skip

    # --- phones and channels ------------------------------------------------------------------------------------------

    def phone(self, call: Caller, position: str, exten: str) -> Channel:
        """A new channel of the position's phone, about to ring."""
        phone = self.channel(position, "Down", position, position, "from-position", "s", linked=call.channel.uid)
        call.phones[position] = phone
        phone.variables = dict(call.channel.variables)
        self.teller.tell("Newchannel", phone.headers())
        phone.connected = (call.channel.number or "<unknown>", call.channel.shown)
        phone.exten = exten
        return phone

    def rings(self, phone: Channel, position: str) -> None:
        phone.state = "Ringing"
        self.teller.tell("Newstate", phone.headers())
        self.device(position)

    def phone_gone(self, call: Caller, position: str, cause: int) -> None:
        self.gone(call.phones.pop(position), cause)
        self.device(position)

    def gone(self, channel: Channel, cause: int) -> None:
        self._legs[endpoint_of(channel.name)].remove(channel)
        self.teller.tell("Hangup", channel.headers(), [("Cause", cause), ("Cause-txt", CAUSES[cause])])

    def channel(
        self, endpoint: str, state: str, number: str, shown: str, context: str, exten: str, linked: str = ""
    ) -> Channel:
        count = self._channels
        self._channels += 1
        uid = f"{self.teller.system}-{self.teller.now // SECOND}.{count}"
        channel = Channel(f"PJSIP/{endpoint}-{count:08x}", uid, linked or uid, state, number, shown, context, exten)
        self._legs.setdefault(endpoint, []).append(channel)
        return channel

    def state(self, endpoint: str) -> str:
        return self._devices.get(endpoint, "NOT_INUSE")

    def device(self, endpoint: str, state: str = "") -> None:
        """Tell the endpoint's state where it is another than before."""
        if not state:
            channels = self._legs.get(endpoint, [])
            up = any(one.state == "Up" for one in channels)
            state = "INUSE" if up else "RINGING" if any(one.state == "Ringing" for one in channels) else "NOT_INUSE"
        if self.state(endpoint) != state:
            self._devices[endpoint] = state
            self.teller.tell("DeviceStateChange", [("Device", position_interface(endpoint)), ("State", state)])

    # --- bridges ------------------------------------------------------------------------------------------------------

    def bridge(self, *channels: Channel) -> Bridge:
        """A new one, with these channels in it."""
        self._bridges += 1
        made = Bridge(f"00000000-0000-4000-8000-{self._bridges:012d}")
        self.teller.tell("BridgeCreate", made.headers())
        for channel in channels:
            made.members.append(channel)
            self.teller.tell("BridgeEnter", made.headers(), channel.headers())
        return made

    def unbridge(self, bridge: Bridge, leaving: list[Channel]) -> None:
        """Out of the bridge, one after the other, and the bridge is gone."""
        for channel in leaving:
            if channel in bridge.members:
                bridge.members.remove(channel)
                self.teller.tell("BridgeLeave", bridge.headers(), channel.headers())
        self.teller.tell("BridgeDestroy", bridge.headers())

    # --- time ---------------------------------------------------------------------------------------------------------

    def turn(self, call: Caller) -> None:
        call.turn += 1

    def later(self, call: Caller, seconds: float, what: Callable[..., object], *arguments: object) -> None:
        """Do it then, if nothing else has happened to the call meanwhile."""
        turn = call.turn

        def due() -> None:
            if call.turn == turn and call.place != "over":
                what(call, *arguments)

        self.timeline.after(seconds, due)
