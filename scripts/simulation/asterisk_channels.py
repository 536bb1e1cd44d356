"""The exchange as Asterisk has it: channels, bridges, and the events that it writes about them."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field

from scripts.simulation.exchange import Call, Told
from telephony import dialplan_events as dialplan
from telephony.dialplan_contexts import CALL_CARRIER, CALL_NUMBER, CALL_SERVICE, CALL_UUID, OVERFLOW_QUEUE

CARRIER = "vnpt"
SYSTEM = "sim"
Headers = Iterable[tuple[str, object]]


@dataclass
class Channel:
    uid: str
    name: str
    call: Call
    state: str = "Up"
    bridge: str = ""

    def headers(self, prefix: str = "") -> list[tuple[str, object]]:
        """As they stand in an event; ``prefix`` for the second channel of one."""
        call = self.call
        return [
            (f"{prefix}Channel", self.name),
            (f"{prefix}ChannelStateDesc", self.state),
            (f"{prefix}CallerIDNum", call.number),
            (f"{prefix}CallerIDName", call.name or "<unknown>"),
            (f"{prefix}Context", "service"),
            (f"{prefix}Exten", call.dialled),
            (f"{prefix}Priority", 1),
            (f"{prefix}Uniqueid", self.uid),
            (f"{prefix}Linkedid", call.id),
            *((f"{prefix}ChanVariable", f"{name}={value}") for name, value in self.variables().items()),
        ]

    def variables(self) -> dict[str, str]:
        call = self.call
        return {
            CALL_UUID: call.id, CALL_SERVICE: call.services[0], CALL_NUMBER: call.dialled, CALL_CARRIER: CARRIER
        }  # fmt: skip


@dataclass
class Legs:
    """The channels of one call."""

    caller: Channel
    phones: dict[str, Channel] = field(default_factory=dict)

    def all(self) -> list[Channel]:
        return [self.caller, *self.phones.values()]


class Channels:
    """Turns what the exchange tells into events, as (name, privilege, headers)."""

    def __init__(self) -> None:
        self.legs: dict[str, Legs] = {}
        self._count = 0

    def forget(self) -> None:
        """Asterisk was killed."""
        self.legs.clear()

    def events(self, told: Told) -> list[tuple[str, str, list[tuple[str, object]]]]:
        call = told.call
        if told.what == "arrived":
            caller = Channel(call.id, self._name(CARRIER), call)
            self.legs[call.id] = Legs(caller)
        legs = self.legs[call.id]
        tell = getattr(self, "_" + told.what.replace(" ", "_"))
        events: list[tuple[str, str, list[tuple[str, object]]]] = tell(legs, told)
        return events

    def _name(self, endpoint: str) -> str:
        self._count += 1
        return f"PJSIP/{endpoint}-{self._count:08x}"

    # --- pieces -------------------------------------------------------------------------------------------------------

    @staticmethod
    def _event(name: str, *parts: Headers, privilege: str = "call,all") -> tuple[str, str, list[tuple[str, object]]]:
        return name, privilege, [header for part in parts for header in part]

    def _user(self, event: dialplan.DialplanEvent, channel: Channel, **values: str) -> tuple[str, str, list]:  # type: ignore[type-arg]
        written = [(name, _written(event.headers[name], value)) for name, value in values.items()]
        return self._event("UserEvent", channel.headers(), [("UserEvent", event.name), *written], privilege="user,all")

    def _phone(self, legs: Legs, position: str) -> Channel:
        phone = legs.phones.get(position)
        if phone is None:
            name = self._name(position)
            phone = Channel(f"{SYSTEM}-{legs.caller.uid}-{name[-8:]}", name, legs.caller.call, "Ringing")
            legs.phones[position] = phone
        return phone

    def _begin(self, legs: Legs, position: str) -> list[tuple[str, str, list[tuple[str, object]]]]:
        phone = self._phone(legs, position)
        both = (legs.caller.headers(), phone.headers("Dest"))
        return [self._event("Newchannel", phone.headers()), self._event("DialBegin", *both, [("DialString", position)])]

    def _gone(self, legs: Legs, position: str, status: str) -> list[tuple[str, str, list[tuple[str, object]]]]:
        phone = legs.phones.pop(position, None)
        if phone is None:
            return []
        both = (legs.caller.headers(), phone.headers("Dest"))
        events = [self._event("DialEnd", *both, [("DialStatus", status)])] if status else []
        return [*events, *self._leave(phone), self._hangup(phone, 16)]

    def _hangup(self, channel: Channel, cause: int) -> tuple[str, str, list[tuple[str, object]]]:
        return self._event("Hangup", channel.headers(), [("Cause", cause), ("Cause-txt", "Normal Clearing")])

    def _enter(self, channel: Channel, bridge: str) -> tuple[str, str, list[tuple[str, object]]]:
        channel.bridge, channel.state = bridge, "Up"
        return self._event("BridgeEnter", [("BridgeUniqueid", bridge), ("BridgeType", "basic")], channel.headers())

    def _leave(self, channel: Channel) -> list[tuple[str, str, list[tuple[str, object]]]]:
        bridge, channel.bridge = channel.bridge, ""
        if not bridge:
            return []
        return [self._event("BridgeLeave", [("BridgeUniqueid", bridge), ("BridgeType", "basic")], channel.headers())]

    # --- what the exchange tells --------------------------------------------------------------------------------------

    def _arrived(self, legs: Legs, told: Told) -> list[tuple[str, str, list[tuple[str, object]]]]:
        call, caller = told.call, legs.caller
        arrived = self._user(
            dialplan.ARRIVED, caller, Number=call.dialled, Services="+".join(call.services), Caller=call.number,
            Carrier=CARRIER, SipCallId=f"{call.id}@sim", From=f'"{call.name}" <sip:{call.number}@carrier>',
        )  # fmt: skip
        recording = self._user(dialplan.RECORDING, caller, File=f"/rec/{call.id}.wav")
        return [self._event("Newchannel", caller.headers()), arrived, recording]

    def _queued(self, legs: Legs, told: Told) -> list[tuple[str, str, list[tuple[str, object]]]]:
        call, caller = told.call, legs.caller
        events = []
        if told.overflow:
            was = f"q-{call.services[0]}"
            events = [
                self._event("QueueCallerLeave", caller.headers(), [("Queue", was), ("Position", 1), ("Count", 0)]),
                self._user(dialplan.OVERFLOWED, caller, From=was, To=OVERFLOW_QUEUE, Reason="TIMEOUT"),
            ]
        joined = [("Queue", call.queue), ("Position", 1), ("Count", 1)]
        return [*events, self._event("QueueCallerJoin", caller.headers(), joined)]

    def _rings(self, legs: Legs, told: Told) -> list[tuple[str, str, list[tuple[str, object]]]]:
        return self._begin(legs, told.position)

    def _rings_no_more(self, legs: Legs, told: Told) -> list[tuple[str, str, list[tuple[str, object]]]]:
        return self._gone(legs, told.position, "CANCEL")

    def _offered(self, legs: Legs, told: Told) -> list[tuple[str, str, list[tuple[str, object]]]]:
        left = [("Queue", told.call.queue), ("Position", 1), ("Count", 0)]
        return [
            self._event("QueueCallerLeave", legs.caller.headers(), left),
            self._user(dialplan.ANSWERING, legs.caller, Position=told.position),
            *self._begin(legs, told.position),
        ]

    def _not_taken(self, legs: Legs, told: Told) -> list[tuple[str, str, list[tuple[str, object]]]]:
        gone = self._gone(legs, told.position, "NOANSWER")
        return [*gone, self._user(dialplan.NOT_ANSWERED, legs.caller, Position=told.position, Reason="NOANSWER")]

    def _answered(self, legs: Legs, told: Told) -> list[tuple[str, str, list[tuple[str, object]]]]:
        began = [] if told.position in legs.phones else self._begin(legs, told.position)
        phone, caller = self._phone(legs, told.position), legs.caller
        bridge = f"bridge-{phone.uid}"
        both = (caller.headers(), phone.headers("Dest"))
        return [
            *began,
            self._event("DialEnd", *both, [("DialStatus", "ANSWER")]),
            self._user(dialplan.ANSWERED, phone, Position=told.position, By="queue"),
            self._event("BridgeCreate", [("BridgeUniqueid", bridge), ("BridgeNumChannels", 0)]),
            self._enter(phone, bridge),
            self._enter(caller, bridge),
        ]

    def _held(self, legs: Legs, told: Told) -> list[tuple[str, str, list[tuple[str, object]]]]:
        return [self._event("Hold", self._phone(legs, told.position).headers())]

    def _resumed(self, legs: Legs, told: Told) -> list[tuple[str, str, list[tuple[str, object]]]]:
        return [self._event("Unhold", self._phone(legs, told.position).headers())]

    def _let_go(self, legs: Legs, told: Told) -> list[tuple[str, str, list[tuple[str, object]]]]:
        return [*self._leave(legs.caller), *self._gone(legs, told.position, "")]

    def _over(self, legs: Legs, told: Told) -> list[tuple[str, str, list[tuple[str, object]]]]:
        caller = legs.caller
        phones = list(legs.phones)
        events = []
        if told.by == "caller":
            events.append(self._event("HangupRequest", caller.headers(), [("Cause", 16)]))
        elif told.by == "position" and phones:
            events.append(self._event("HangupRequest", legs.phones[phones[0]].headers(), [("Cause", 16)]))
            events += self._leave(legs.phones[phones[0]])
        talked = bool(caller.bridge)
        events += self._leave(caller)
        for position in phones:
            events += self._gone(legs, position, "")
        self.legs.pop(told.call.id, None)
        ended = self._user(dialplan.ENDED, caller, Cause="16" if talked else "0")
        return [*events, ended, self._hangup(caller, 16 if talked else 0)]


def _written(how: dialplan.Written, value: str) -> str:
    if how is dialplan.BASE64:
        return base64.b64encode((dialplan.SHIELD + value).encode()).decode()
    return value
