"""The events that are read, each with a header without which it is not whole (the last that is needed of it).

Everything else that Asterisk sends is passed over undecoded. manager.conf must not filter these.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CALLS = (
    b"UserEvent",
    b"QueueCallerJoin",
    b"QueueCallerLeave",
    b"AgentCalled",
    b"DialBegin",
    b"DialEnd",
    b"BridgeEnter",
    b"ConfbridgeJoin",
    b"BridgeLeave",
    b"BridgeDestroy",
    b"Rename",
    b"Hold",
    b"Unhold",
    b"BlindTransfer",
    b"AttendedTransfer",
    b"OriginateResponse",
    b"HangupRequest",
    b"Hangup",
    b"ChannelTalkingStart",
    b"ChannelTalkingStop",
    b"DTMFEnd",
)
TRUNKS = (b"Registry", b"DialState")  # not read into facts
VALUES = (b"ContactStatus", b"DeviceStateChange", b"QueueMemberStatus", b"QueueMemberPause", b"QueueMemberAdded")
NODE = (b"FullyBooted",)

_LAST = {
    b"UserEvent": b"UserEvent",
    b"QueueCallerJoin": b"Queue",
    b"QueueCallerLeave": b"Queue",
    b"AgentCalled": b"DestUniqueid",
    b"DialBegin": b"DestUniqueid",
    b"DialEnd": b"DestUniqueid",
    b"BridgeDestroy": b"BridgeUniqueid",
    b"BlindTransfer": b"TransfereeUniqueid",
    b"AttendedTransfer": b"SecondTransfererUniqueid",
    b"DTMFEnd": b"Direction",
    b"ContactStatus": b"EndpointName",
    b"DeviceStateChange": b"State",
    b"QueueMemberStatus": b"Paused",
    b"QueueMemberPause": b"Paused",
    b"QueueMemberAdded": b"Paused",
    b"FullyBooted": b"",
    b"Registry": b"Status",
    b"DialState": b"DestUniqueid",
}

WANTED: Mapping[bytes, bytes] = MappingProxyType(
    {name: _LAST.get(name, b"Uniqueid") for name in (*CALLS, *VALUES, *NODE, *TRUNKS)}
)
