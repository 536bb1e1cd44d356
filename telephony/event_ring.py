"""What the switches told last, for the event view: so many of each node as EVENTS_KEPT, without anything of a caller.

Guarded here: a header is kept only where `_DETAILS` names it for its event, and its value only where it is made of the
characters that our own names, Asterisk's words and its ids have; a Local channel is told by its context alone, because
a dialled number stands before it. So no number, name, URI or header of a caller can be in it, nor line breaks.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from telephony.dialplan_contexts import CALL_UUID
from telephony.dialplan_events import EVENTS, Written
from telephony.link.messages import AmiEvent
from telephony.translate.naming import LOCAL, PJSIP, endpoint_of

EVENTS_KEPT = 5_000
PAGE = 500
VALUE_LENGTH = 80

_PLAIN = re.compile(rf"[A-Za-z0-9 _.,/@;:()-]{{1,{VALUE_LENGTH}}}")
_CHANNEL = re.compile(r"PJSIP/[A-Za-z][A-Za-z0-9_-]{0,40}-[0-9a-f]{8}")
_UNIQUE = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}\.[0-9]{1,9}|(?:[a-z]+-)?[0-9a-f]{32}|[0-9a-f-]{36}")
_CHANNELS = frozenset({"Channel", "DestChannel", "TransfererChannel", "OrigTransfererChannel"})
_IDS = frozenset({"Uniqueid", "DestUniqueid", "BridgeUniqueid"})

_ENDS = ("Channel", "Cause", "Cause-txt", "TechCause", "ChannelStateDesc")
_BRIDGE = ("Channel", "BridgeUniqueid", "BridgeType")
_QUEUED = ("Channel", "Queue", "Position", "Count")
_DIALLED = ("Channel", "DestChannel", "DialStatus")
_MEMBER = ("Queue", "Interface", "Paused", "Status", "PausedReason")
_DETAILS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "QueueCallerJoin": _QUEUED,
        "QueueCallerLeave": _QUEUED,
        "AgentCalled": ("Channel", "DestChannel", "Queue"),
        "DialBegin": _DIALLED,
        "DialState": _DIALLED,
        "DialEnd": _DIALLED,
        "BridgeEnter": _BRIDGE,
        "BridgeLeave": _BRIDGE,
        "BridgeDestroy": ("BridgeUniqueid", "BridgeType"),
        "ConfbridgeJoin": ("Channel", "BridgeUniqueid"),
        "Rename": ("Channel",),
        "Hold": ("Channel",),
        "Unhold": ("Channel",),
        "BlindTransfer": ("TransfererChannel", "Result"),
        "AttendedTransfer": ("OrigTransfererChannel", "Result"),
        "OriginateResponse": ("Response", "Reason"),
        "HangupRequest": _ENDS,
        "Hangup": _ENDS,
        "ChannelTalkingStart": ("Channel",),
        "ChannelTalkingStop": ("Channel", "Duration"),
        "DTMFEnd": ("Channel", "Direction", "DurationMs"),
        "ContactStatus": ("EndpointName", "ContactStatus", "RoundtripUsec"),
        "Registry": ("Status", "Cause"),
        "DeviceStateChange": ("Device", "State"),
        "QueueMemberStatus": _MEMBER,
        "QueueMemberPause": _MEMBER,
        "QueueMemberAdded": _MEMBER,
        "FullyBooted": ("Status",),
    }
)
_OF_A_CALLER = frozenset({"Number", "Caller", "File", "Token", "About"})
_OWN = {
    event.name: (
        "UserEvent",
        "Channel",
        *(name for name, how in event.headers.items() if how is Written.PLAIN and name not in _OF_A_CALLER),
    )
    for event in EVENTS.values()
}
"""Of our own events: what the dialplan itself wrote there, and never a number."""
# Headers of `_DETAILS` that hold a name of ours or one of Asterisk's words: no digits but those of such a name
_NAMES = frozenset(
    {
        "From", "To", "By", "Position", "AnsweredBy", "Carrier", "Queue", "Services", "Device", "Interface",
        "EndpointName",
    }
)  # fmt: skip
_NAME = re.compile(r"(?:PJSIP/)?[A-Za-z][A-Za-z0-9_+-]{0,40}")


_DEST_CALL = f"Dest{CALL_UUID}"
_Kept = tuple[int, int, str, str, str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class RungEvent:
    """One event. ``at``: milliseconds since 1970, by the switch's clock. ``about``: which call, phone, queue."""

    number: int
    at: int
    node: str
    name: str
    about: str
    details: Mapping[str, str] = field(default_factory=dict)


class EventRing:
    """Every node's, numbered in one row from 1. What is kept of an event is picked as it comes; whether a value may be
    seen is looked at when somebody asks, which is seldom."""

    def __init__(self) -> None:
        self._nodes: dict[str, deque[_Kept]] = {}
        self.newest = 0

    def heard(self, node: str, event: AmiEvent) -> None:
        ring = self._nodes.get(node)
        if ring is None:
            ring = self._nodes[node] = deque(maxlen=EVENTS_KEPT)
        self.newest += 1
        name, headers = event.name, event.headers
        names = _OWN.get(headers.get("UserEvent", ""), ()) if name == "UserEvent" else _DETAILS.get(name, ())
        call = event.variables.get(CALL_UUID) or event.variables.get(_DEST_CALL, "")
        ring.append((self.newest, event.stamp, node, name, call, [(it, headers[it]) for it in names if it in headers]))

    def after(self, number: int, most: int = PAGE) -> tuple[list[RungEvent], int]:
        """The oldest that came after this one, and how many up to the newest of them are no longer kept."""
        after = number if 0 <= number <= self.newest else 0  # a number of an earlier core's
        page = sorted(self._later(after))[:most]
        missed = page[-1][0] - after - len(page) if page else self.newest - after
        return [_rung(it) for it in page], missed

    def _later(self, number: int) -> Iterable[_Kept]:
        for ring in self._nodes.values():
            for kept in reversed(ring):
                if kept[0] <= number:
                    break
                yield kept


def _rung(kept: _Kept) -> RungEvent:
    number, stamp, node, name, call, picked = kept
    details = {header: shown for header, value in picked if (shown := _shown(header, value))}
    return RungEvent(number, stamp // 1000, node, name, _about(call, details), details)


def _shown(header: str, value: str) -> str:
    """The value as it may be seen, "" where it may not."""
    if header in _CHANNELS:
        return _channel(value)
    if header in _IDS:
        return value if _UNIQUE.fullmatch(value) else ""
    if header in _NAMES:
        return value if _NAME.fullmatch(value) else ""
    return value if _PLAIN.fullmatch(value) else ""


def _channel(value: str) -> str:
    if value.startswith(LOCAL):
        context = value.partition("@")[2].rpartition("-")[0]
        return f"{LOCAL}{context}" if _NAME.fullmatch(context) else ""
    return value if _CHANNEL.fullmatch(value) else ""


def _about(call: str, details: Mapping[str, str]) -> str:
    """Our call id where the event tells one, else the phone or carrier, else the queue."""
    if call and _UNIQUE.fullmatch(call):
        return call
    for header in ("Channel", "DestChannel", "Device", "EndpointName", "Interface", "Queue"):
        if header in details:
            return endpoint_of(details[header]) or details[header].removeprefix(PJSIP)
    return ""
