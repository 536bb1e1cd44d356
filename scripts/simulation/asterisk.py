"""An Asterisk that speaks AMI over simulated wires: logs in, answers, and tells what happens at the exchange."""

from __future__ import annotations

from collections.abc import Callable

from dispatch_core.domain.vocabulary import TargetKind
from scripts.simulation.asterisk_channels import CARRIER, SYSTEM, Channel, Channels
from scripts.simulation.chance import Chance
from scripts.simulation.clock import BEGINS_AT
from scripts.simulation.exchange import NoSuchCall, Told
from scripts.simulation.fact_board import LinkTroubles
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.steered import SteeredExchange
from scripts.simulation.wire import Wire
from telephony.dialplan_contexts import (
    ANSWER_AT,
    OVERFLOW_QUEUE,
    TRANSFER_POSITION,
    TRANSFER_SERVICE,
    position_interface,
)
from telephony.reconcile import RECORDING_FILE
from telephony.simulator.framing import GREETING, ActionReader, answered, event

USER, SECRET = "dispatch", "only-for-this"
HOST, PORT = "switch", 5038

HANDS_OVER = {TRANSFER_POSITION: TargetKind.POSITION, TRANSFER_SERVICE: TargetKind.SERVICE}
UNSPOKEN = frozenset({"joined", "parted", "not reached"})
"""What comes of orders that this Asterisk does not take: it knows no rooms and calls nobody back."""

COMPLETE = {"CoreShowChannel": "CoreShowChannelsComplete", "Status": "StatusComplete"}

Answer = list[str]
"""The messages of an answer, without their ActionID."""


GARBAGE = (
    b"Event: Hangup\r\nPrivilege: call,all\r\nTimestamp: soon\r\nSystemName: sim\r\nUniqueid: sim-1.1\r\n\r\n",
    b"Event: UserEvent\r\nPrivilege: user,all\r\nTimestamp: 1.5\r\nSystemName: sim\r\nUserEvent: DispatchArrived\r\n"
    b"Services: \xff\xfe\r\nFrom: %%%\r\n\r\n",
    b"\x00\x01\xff no message at all\r\n\r\n",
)


class Asterisk:
    """``accept`` is what its port calls for each connection."""

    def __init__(self, exchange: SteeredExchange, loop: SimulatedLoop, chance: Chance, troubles: LinkTroubles) -> None:
        self.exchange = exchange
        self.channels = Channels()
        self._loop = loop
        self._chance = chance
        self._troubles = troubles
        self._stamp = 0
        self._connections: list[Connection] = []
        exchange.listeners.append(self._heard)

    def accept(self, wire: Wire) -> Connection:
        connection = Connection(self, wire)
        self._connections.append(connection)
        wire.deliver(GREETING)
        return connection

    def leave(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)

    def killed(self) -> None:
        self.channels.forget()
        self._connections.clear()

    # --- events -------------------------------------------------------------------------------------------------------

    def _heard(self, told: Told) -> None:
        if told.call.outgoing or told.what in UNSPOKEN:
            return
        for name, privilege, headers in self.channels.events(told):
            self._send(self._event(name, privilege, headers))

    def _event(self, name: str, privilege: str, headers: list[tuple[str, object]]) -> bytes:
        self._stamp = max(self._stamp + 1, BEGINS_AT * 1000 + int(self._loop.time() * 1_000_000))
        return event(name, privilege, self._stamp, SYSTEM, headers)

    def _send(self, message: bytes) -> None:
        """To everybody who is logged in; a rude switch says a thing twice, or late."""
        for connection in self._connections:
            if not connection.logged_in:
                continue
            late = self._chance.between(0.0, 0.3) if self._chance.happens(self._troubles.rude) else 0.0
            self._loop.later(late, connection.say, message)
            if self._chance.happens(self._troubles.rude):
                self._loop.later(late + self._chance.between(0.0, 0.5), connection.say, message)
            if self._chance.happens(self._troubles.rude / 10):
                connection.say(self._chance.one(GARBAGE))

    # --- actions ------------------------------------------------------------------------------------------------------

    def do(self, action: dict[str, str]) -> Answer:
        """The messages of an answer, without the ActionID."""
        answer: Callable[[dict[str, str]], Answer] | None = getattr(self, f"_do_{action.get('Action', '')}", None)
        if answer is None:
            return [_error("Invalid/unknown command")]
        try:
            return answer(action)
        except NoSuchCall as problem:
            return [_error(f"No such channel {problem}")]

    def _do_Ping(self, action: dict[str, str]) -> Answer:
        return ["Response: Success\r\nPing: Pong"]

    def _do_CoreSettings(self, action: dict[str, str]) -> Answer:
        return [f"Response: Success\r\nSystemName: {SYSTEM}"]

    def _do_CoreStatus(self, action: dict[str, str]) -> Answer:
        boots = self.exchange.boots
        return [f"Response: Success\r\nCoreStartupDate: 2026-11-23\r\nCoreStartupTime: 10:00:{boots:02d}"]

    def _do_CoreShowChannels(self, action: dict[str, str]) -> Answer:
        channels = [channel for legs in self.channels.legs.values() for channel in legs.all()]
        return _list("CoreShowChannel", [self._shown(channel) for channel in channels])

    def _shown(self, channel: Channel) -> list[tuple[str, object]]:
        seconds = int(self._loop.time() - channel.call.arrived_at)
        duration = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        bridge = [("BridgeId", channel.bridge)] if channel.bridge else []
        return [*channel.headers(), ("Duration", duration), *bridge]

    def _do_QueueStatus(self, action: dict[str, str]) -> Answer:
        items: list[str] = []
        for queue, members in self.exchange.queues().items():
            callers = [call for call in self.exchange.live if call.place == "queued" and call.queue == queue]
            items.append(_entry("QueueParams", [("Queue", queue), ("Calls", len(callers))]))
            for position in members:
                paused = queue != OVERFLOW_QUEUE and (queue, position) not in self.exchange.unpaused
                member = [("Queue", queue), ("Location", position_interface(position)), ("Paused", int(paused))]
                items.append(_entry("QueueMember", member))
            items += [_entry("QueueEntry", [("Queue", queue), ("Uniqueid", call.id)]) for call in callers]
        return _listed("QueueStatusComplete", items)

    def _do_Status(self, action: dict[str, str]) -> Answer:
        recordings: list[list[tuple[str, object]]] = [
            [("Uniqueid", ident), ("Variable", f"{RECORDING_FILE}=/rec/{ident}.wav")] for ident in self.channels.legs
        ]
        return _list("Status", recordings)

    def _do_PJSIPShowEndpoints(self, action: dict[str, str]) -> Answer:
        busy = {call.position for call in self.exchange.live}
        names = [(CARRIER, "Not in use")]
        names += [(name, "In use" if name in busy else "Not in use") for name in self.exchange.positions]
        items = [_entry("EndpointList", [("ObjectName", name), ("DeviceState", state)]) for name, state in names]
        return _listed("EndpointListComplete", items)

    def _do_PJSIPShowEndpoint(self, action: dict[str, str]) -> Answer:
        if action["Endpoint"] not in self.exchange.positions:
            return [_error("Unable to retrieve endpoint")]
        return _listed("EndpointDetailComplete", [])

    def _do_Redirect(self, action: dict[str, str]) -> Answer:
        caller, context, to = action["Channel"], action["Context"], action["Exten"]
        if context == ANSWER_AT:
            self.exchange.answer(action["by"], caller, to)
        elif context in HANDS_OVER:
            call = self.exchange.calls.get(caller)
            self.exchange.hand_over(action["by"], caller, call.position if call else "", HANDS_OVER[context], to)
        else:
            return [_error("No such context")]
        return ["Response: Success\r\nMessage: Redirect successful"]

    def _do_Hangup(self, action: dict[str, str]) -> Answer:
        self.exchange.hang_up(action["by"], action["Channel"])
        return ["Response: Success\r\nMessage: Channel Hungup"]

    def _do_QueuePause(self, action: dict[str, str]) -> Answer:
        position = action["Interface"].removeprefix(position_interface(""))
        self.exchange.pause(action["Queue"], position, action["Paused"] == "true")
        return ["Response: Success\r\nMessage: Interface paused state changed"]


class Connection:
    """One AMI session at the server."""

    def __init__(self, asterisk: Asterisk, wire: Wire) -> None:
        self._asterisk = asterisk
        self._wire = wire
        self._reader = ActionReader()
        self.logged_in = False

    def say(self, data: bytes) -> None:
        self._wire.deliver(data)

    def received(self, data: bytes) -> None:
        for asked in self._reader.feed(data):
            action = dict(line.partition(": ")[::2] for line in asked.raw.decode().strip().split("\r\n"))
            action["by"] = self._wire.whose
            self._answer(action, self._login(action) if action.get("Action") == "Login" else self._asterisk.do(action))

    def closed(self) -> None:
        self._asterisk.leave(self)

    def _login(self, action: dict[str, str]) -> Answer:
        if (action.get("Username"), action.get("Secret")) != (USER, SECRET):
            return [_error("Authentication failed")]
        self.logged_in = True
        return ["Response: Success\r\nMessage: Authentication accepted"]

    def _answer(self, action: dict[str, str], answer: Answer) -> None:
        for message in answer:
            self.say(answered(message, action.get("ActionID", "")))
        if action.get("Action") == "Login" and self.logged_in:
            self.say(b"Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n")


def _error(message: str) -> str:
    return f"Response: Error\r\nMessage: {message}"


def _entry(name: str, headers: list[tuple[str, object]]) -> str:
    return "\r\n".join([f"Event: {name}", *(f"{key}: {value}" for key, value in headers)])


def _list(name: str, items: list[list[tuple[str, object]]]) -> Answer:
    return _listed(COMPLETE[name], [_entry(name, item) for item in items])


def _listed(complete: str, items: list[str]) -> Answer:
    end = f"Event: {complete}\r\nEventList: Complete\r\nListItems: {len(items)}"
    return ["Response: Success\r\nEventList: start\r\nMessage: will follow", *items, end]
