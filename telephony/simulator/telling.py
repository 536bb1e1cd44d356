"""What a simulated switch tells: channels as they stand in events, and every event once as bytes for everybody.

Header names, and their order, are those of Asterisk 22; a suite compares them with the real one.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

from telephony.dialplan_contexts import CALL_UUID, CHANNEL_VARIABLES
from telephony.dialplan_events import SHIELD, DialplanEvent, Written
from telephony.simulator.framing import event
from telephony.simulator.timeline import Timeline

Headers = list[tuple[str, object]]
Hear = Callable[[str, Headers, int, bytes], None]
"""Takes an event: its name, its headers behind the name of the node, its stamp in microseconds, and its bytes."""

STATES = {"Down": 0, "Ring": 4, "Ringing": 5, "Up": 6}
UNKNOWN = "<unknown>"


@dataclass(slots=True)
class Channel:
    """One leg. `call`: our call id, which it carries once the dialplan has set it."""

    name: str
    uid: str
    linked: str
    state: str
    number: str
    shown: str
    context: str
    exten: str
    priority: int = 1
    connected: tuple[str, str] = (UNKNOWN, UNKNOWN)
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def call(self) -> str:
        return self.variables.get(CALL_UUID, "")

    def headers(self, prefix: str = "") -> Headers:
        """As they stand in an event; `prefix` for the second channel of one."""
        plain: Headers = [
            ("Channel", self.name),
            ("ChannelState", STATES[self.state]),
            ("ChannelStateDesc", self.state),
            ("CallerIDNum", self.number or UNKNOWN),
            ("CallerIDName", self.shown),
            ("ConnectedLineNum", self.connected[0]),
            ("ConnectedLineName", self.connected[1]),
            ("Language", "en"),
            ("AccountCode", ""),
            ("Context", self.context),
            ("Exten", self.exten),
            ("Priority", self.priority),
            ("Uniqueid", self.uid),
            ("Linkedid", self.linked),
            *(("ChanVariable", f"{name}={self.variables.get(name, '')}") for name in CHANNEL_VARIABLES),
        ]
        return [(prefix + name, value) for name, value in plain] if prefix else plain

    def at(self, context: str, exten: str, priority: int) -> None:
        """Where in the dialplan it is."""
        self.context, self.exten, self.priority = context, exten, priority


@dataclass(slots=True)
class Bridge:
    uid: str
    members: list[Channel] = field(default_factory=list)

    def headers(self) -> Headers:
        return [
            ("BridgeUniqueid", self.uid),
            ("BridgeType", "basic"),
            ("BridgeTechnology", "simple_bridge"),
            ("BridgeCreator", UNKNOWN),
            ("BridgeName", UNKNOWN),
            ("BridgeNumChannels", len(self.members)),
            ("BridgeVideoSourceMode", "none"),
        ]


class Teller:
    """Stamps events on the clock that the world goes by: simulated time divided by `speed`, from `began` (us) on."""

    def __init__(self, timeline: Timeline, system: str, began: int, speed: float) -> None:
        self.system = system
        self.listeners: list[Hear] = []
        self._timeline = timeline
        self._began = began
        self._speed = speed
        self._stamp = 0

    @property
    def now(self) -> int:
        """Microseconds since 1970, as the world sees them."""
        return self._began + round(self._timeline.now / self._speed)

    def begin(self, began: int) -> None:
        """Simulated time begins to pass at this moment (us), not before."""
        self._began = began

    def tell(self, name: str, *parts: Headers, privilege: str = "call,all") -> None:
        self._stamp = max(self._stamp + 1, self.now)
        headers = [header for part in parts for header in part]
        data = event(name, privilege, self._stamp, self.system, headers)
        for hear in self.listeners:
            hear(name, headers, self._stamp, data)

    def dialplan(self, kind: DialplanEvent, channel: Channel, at: tuple[str, str, int], **values: str) -> None:
        """A UserEvent of our own dialplan on this channel; `at`: context, extension and priority that tell it."""
        was = (channel.context, channel.exten, channel.priority)
        channel.at(*at)
        told: Headers = [(name, _written(how, values.get(name, ""))) for name, how in kind.headers.items()]
        self.tell("UserEvent", channel.headers(), [("UserEvent", kind.name)], told, privilege="user,all")
        channel.at(*was)


def _written(how: Written, value: str) -> str:
    if how is Written.BASE64:
        return base64.b64encode((SHIELD + value).encode("utf-8")).decode("ascii")
    return value
