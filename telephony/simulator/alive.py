"""What is alive at a simulated switch, read out of the events that it told: what AMI's lists are answered from.

One reading for calls that are made up and for recordings that are played, so that a list never says anything else than
the stream did.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from telephony.dialplan_contexts import CALL_UUID, ENDINGS, ending_variable
from telephony.dialplan_events import RECORDED, RECORDING
from telephony.simulator.telling import Headers

CHANNELS = 20_000
VARIABLES = 2_000
_VARIABLE = "ChanVariable"
OF_A_CHANNEL = frozenset(
    (
        "Channel", "ChannelState", "ChannelStateDesc", "CallerIDNum", "CallerIDName", "ConnectedLineNum",
        "ConnectedLineName", "Language", "AccountCode", "Context", "Exten", "Priority", "Uniqueid", "Linkedid",
        _VARIABLE,
    )
)  # fmt: skip


@dataclass(slots=True)
class Alive:
    """One channel: its headers as they stood last, when it came (us), its bridge and its recording, "" = none."""

    headers: Headers
    since: int
    bridge: str = ""
    recording: str = ""

    def get(self, header: str) -> str:
        return next((str(value) for name, value in self.headers if name == header), "")

    @property
    def call(self) -> str:
        prefix = f"{CALL_UUID}="
        values = (str(value) for name, value in self.headers if name == _VARIABLE)
        return next((value.removeprefix(prefix) for value in values if value.startswith(prefix)), "")


@dataclass(slots=True)
class Switch:
    """`channels` by unique id; `waiting`: unique id to queue and when; `members`: queue to position's interface to
    whether it is paused; `variables`: the dialplan's global ones."""

    channels: OrderedDict[str, Alive] = field(default_factory=OrderedDict)
    waiting: dict[str, tuple[str, int]] = field(default_factory=dict)
    members: dict[str, dict[str, bool]] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)
    variables: OrderedDict[str, str] = field(default_factory=OrderedDict)
    processed: int = 0
    _hung_up: dict[str, str] = field(default_factory=dict)  # call id to the channel that asked to end it

    def hear(self, name: str, headers: Headers, stamp: int, data: bytes) -> None:
        """Takes one event."""
        for prefix in ("", "Dest"):
            self._snapshot(headers, prefix, stamp, name)
        plain = {key: str(value) for key, value in headers}
        uid = plain.get("Uniqueid", "")
        known = self.channels.get(uid)
        if name == "BridgeEnter" and known is not None:
            known.bridge = plain["BridgeUniqueid"]
        elif name == "BridgeLeave" and known is not None:
            known.bridge = ""
        elif name == "QueueCallerJoin":
            self.waiting[uid] = (plain["Queue"], stamp)
        elif name == "QueueCallerLeave":
            self.waiting.pop(uid, None)
        elif name == "DeviceStateChange":
            self.devices[plain.get("Device", "")] = plain.get("State", "")
        elif name in ("QueueMemberPause", "QueueMemberStatus", "QueueMemberAdded"):
            self.members.setdefault(plain["Queue"], {})[plain["Interface"]] = plain.get("Paused") == "1"
        elif name == "HangupRequest" and known is not None:
            self._hung_up.setdefault(known.call, plain.get("Channel", ""))
        elif name == "UserEvent":
            self._dialplan(plain, known)
        elif name == "Hangup":
            self._gone(uid, plain, stamp)

    def _snapshot(self, headers: Headers, prefix: str, stamp: int, name: str) -> None:
        """Keep how the event's channel stands."""
        bare = [(key[len(prefix) :], value) for key, value in headers if key.startswith(prefix)]
        found = [(key, value) for key, value in bare if key in OF_A_CHANNEL]
        uid = next((str(value) for key, value in found if key == "Uniqueid"), "")
        known = self.channels.get(uid)
        if known is not None:
            known.headers = found
        elif uid and name not in ("Hangup", "UserEvent") and len(self.channels) < CHANNELS:
            self.channels[uid] = Alive(found, stamp)
            self.processed += 1

    def _dialplan(self, plain: dict[str, str], known: Alive | None) -> None:
        kind = plain.get("UserEvent", "")
        recorded = RECORDED.get(kind)
        event = recorded.event.name if recorded is not None else kind
        if event == RECORDING.name and known is not None:
            known.recording = plain.get("File", "")

    def _gone(self, uid: str, plain: dict[str, str], stamp: int) -> None:
        """A channel is gone; of a call's own one it is remembered who ended it, as the dialplan does."""
        known = self.channels.pop(uid, None)
        self.waiting.pop(uid, None)
        if known is None or known.call != uid:
            return
        number = uid.rpartition(".")[2]
        if number.isdecimal():
            name = ending_variable(str(int(number) % ENDINGS))
            by = self._hung_up.pop(uid, "")
            self.variables[name] = f"{uid} {stamp // 1000} {plain.get('Cause', '0')} {by}"
            while len(self.variables) > VARIABLES:
                self.variables.popitem(last=False)
