"""Last values of the telephony side, outside the journal: is a carrier reachable, what does a phone do, who waits.

Shapes, by kind; every value is plain JSON, and `since` is milliseconds since 1970. All but "node" are what one node
sees, and say which in "node" and behind the "@" of their key:
- ("trunk", carrier@node): {"reachable": bool, "since": int}, and what `telephony.trunk_health` adds
- ("phone", position@node): {"state": str, "reachable": bool, "since": int}; state in Asterisk's words, such as
  NOT_INUSE, RINGING, INUSE, BUSY, ONHOLD, UNAVAILABLE
- ("queue", queue@node): {"waiting": int, "members": {position: paused}}
  While the node is away "reachable" is None, "state" is UNKNOWN, nobody waits and nobody is a member.
- ("node", node): {"up": bool, "why": str}, why as in `telephony.link.states`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from telephony.dialplan_contexts import NO_PHONES
from telephony.link.messages import AmiEvent
from telephony.translate.naming import PJSIP, Naming

Value = tuple[str, str, dict[str, Any]]

UNREACHABLE = ("Unreachable", "Removed")
GONE: Mapping[str, Any] = {"gone": True}
"""The last value of what is there no more."""

NO_PHONE = ("UNAVAILABLE", "INVALID", "UNKNOWN")


class LastValues:
    """Folds events and looks into values; gives those that changed."""

    def __init__(self, naming: Naming, node: str = "") -> None:
        self.naming = naming
        self._node = node
        self._trunks: dict[str, dict[str, Any]] = {}
        self._phones: dict[str, dict[str, Any]] = {}
        self._queues: dict[str, dict[str, Any]] = {}
        self._contacts: dict[str, dict[str, bool]] = {}  # endpoint to contact to whether it answers
        self.ahead = 0  # milliseconds from the switch's clock to ours

    def event(self, event: AmiEvent) -> list[Value]:
        read = _READS.get(event.name)
        return read(self, event) if read is not None else []

    def reached(self) -> frozenset[str]:
        """Carriers and positions that answer."""
        return frozenset(it for it, value in (*self._trunks.items(), *self._phones.items()) if value.get("reachable"))

    def away(self) -> list[Value]:
        """What is known of a node that cannot be asked: nothing."""
        values: list[Value] = []
        for carrier in self._trunks:
            values += self._set("trunk", self._trunks, carrier, {**self._trunks[carrier], "reachable": None})
        for position in self._phones:
            unknown = {**self._phones[position], "reachable": None, "state": "UNKNOWN"}
            values += self._set("phone", self._phones, position, unknown)
        for name in self._queues:
            values += self.queue(name, 0, {})
        self._contacts.clear()
        return values

    def rename(self, naming: Naming) -> list[Value]:
        """Another site is in force: what a new carrier told before that was taken for a phone's."""
        self.naming = naming
        values: list[Value] = []
        for carrier in sorted(self._phones.keys() & set(naming.carriers)):
            known = self._phones.pop(carrier)
            values.append(("phone", f"{carrier}@{self._node}", dict(GONE)))
            if known["reachable"] is not None:
                values += self.reachable(carrier, known["reachable"], known["since"])
        return values

    def forget(self, carrier: str) -> None:
        """The site has it no more."""
        self._trunks.pop(carrier, None)
        self._contacts.pop(carrier, None)

    # --- reachable ----------------------------------------------------------------------------------------------------

    def reachable(self, endpoint: str, yes: bool, at: int) -> list[Value]:
        """The carrier or phone of this name answers, or does not."""
        if endpoint in self.naming.carriers:
            return self._change("trunk", self._trunks, endpoint, at, reachable=yes)
        known = self._phones.get(endpoint, {"state": "NOT_INUSE"})
        if known["state"] in NO_PHONE and yes:
            return self._change("phone", self._phones, endpoint, at, reachable=True, state="NOT_INUSE")
        state = known["state"] if yes else "UNAVAILABLE"
        return self._change("phone", self._phones, endpoint, at, reachable=yes, state=state)

    def endpoint(self, name: str, state: str, at: int) -> list[Value]:
        """What a look found: the device state of a carrier or of a position's phone."""
        if name in NO_PHONES:
            return []
        if name in self.naming.carriers:
            return self.reachable(name, state not in NO_PHONE, at)
        return self.phone(name, state, at)

    def phone(self, position: str, state: str, at: int) -> list[Value]:
        return self._change(
            "phone", self._phones, position, at, state=state, reachable=state not in NO_PHONE
        )

    def _contact(self, event: AmiEvent) -> list[Value]:
        status = event.get("ContactStatus")
        if status not in ("Reachable", *UNREACHABLE):
            return []
        endpoint, contact = event.get("EndpointName"), event.get("URI")
        contacts = self._contacts.setdefault(endpoint, {})
        contacts[contact] = status == "Reachable"
        if status == "Removed":
            del contacts[contact]
        if not contacts:
            del self._contacts[endpoint]
        return self.reachable(endpoint, any(contacts.values()), event.at + self.ahead)

    def _device(self, event: AmiEvent) -> list[Value]:
        device = event.get("Device")
        position = self.naming.position(device) if device.startswith(PJSIP) else ""
        return self.phone(position, event.get("State"), event.at + self.ahead) if position else []

    # --- queues -------------------------------------------------------------------------------------------------------

    def queue(self, name: str, waiting: int, members: dict[str, bool]) -> list[Value]:
        """What a look found: who waits, and position to whether it is paused."""
        return self._set("queue", self._queues, name, {"waiting": waiting, "members": members})

    def _waiting(self, event: AmiEvent) -> list[Value]:
        count = event.get("Count")
        known = self._queues.get(event.get("Queue"), {"members": {}})
        waiting = int(count) if count.isdecimal() else 0
        return self.queue(event.get("Queue"), waiting, known["members"])

    def _member(self, event: AmiEvent) -> list[Value]:
        position = self.naming.position(event.get("Interface"))
        if not position:
            return []
        known = self._queues.get(event.get("Queue"), {"waiting": 0, "members": {}})
        members = {**known["members"], position: event.get("Paused") == "1"}
        return self.queue(event.get("Queue"), known["waiting"], members)

    # --- what changed -------------------------------------------------------------------------------------------------

    def _change(self, kind: str, of: dict[str, dict[str, Any]], key: str, at: int, **what: Any) -> list[Value]:
        known = of.get(key)
        if known is not None and all(known.get(name) == value for name, value in what.items()):
            return []
        return self._set(kind, of, key, {**(known or {}), **what, "since": at})

    def _set(self, kind: str, of: dict[str, dict[str, Any]], key: str, value: dict[str, Any]) -> list[Value]:
        value = {**value, "node": self._node}
        if of.get(key) == value:
            return []
        of[key] = value
        return [(kind, f"{key}@{self._node}", value)]


_READS: dict[str, Callable[[LastValues, AmiEvent], list[Value]]] = {
    "ContactStatus": LastValues._contact,
    "DeviceStateChange": LastValues._device,
    "QueueCallerJoin": LastValues._waiting,
    "QueueCallerLeave": LastValues._waiting,
    "QueueMemberStatus": LastValues._member,
    "QueueMemberPause": LastValues._member,
    "QueueMemberAdded": LastValues._member,
}
