"""Bytes from the socket to messages: whole ones, wanted ones, and those that Asterisk cannot have sent.

An event begins with `Event`, `Privilege`, `Timestamp` and, once the node's name is known, `SystemName`, in this
order; one in another order is forged. Most of the stream is of no use here: an event that is not wanted costs two
comparisons and is never decoded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dispatch_core.settings import AMI_MESSAGE_BYTES
from telephony.link.mending import Mender
from telephony.link.messages import CRLF, END, EVENT, Parked, Read, Reply, Unreadable, read_part

RESPONSE = b"Response: "
PRIVILEGE = b"Privilege: "
TIMESTAMP = b"Timestamp: "
ACTION_ID = b"\r\nActionID: "
GREETING = b"Asterisk Call Manager/"
# Told to one reader after its login: it carries no time.
TIMELESS = frozenset({b"FullyBooted"})
# Entries of lists begin otherwise; Asterisk sends them only to whoever asked.
LIST_ENTRIES = frozenset({b"QueueParams", b"QueueMember", b"QueueEntry", b"EndpointList", b"EndpointDetail"})


class Reader:
    """One connection's bytes. `wanted`: event name to a header without which the event is not whole.

    `pending`: the ids of actions that wait for an answer; an entry of a list for another id is dropped.
    """

    def __init__(self, wanted: Mapping[bytes, bytes], pending: Collection[str]) -> None:
        self._pending = pending
        self._mender = Mender(wanted)
        self._rest = b""
        self._skipping = False
        self._fresh = True
        self._system = b""

    def name_system(self, name: str) -> None:
        """From now on an event must carry this SystemName."""
        self._system = b"SystemName: " + name.encode("utf-8") + CRLF if name else b""

    def feed(self, data: bytes) -> list[Read]:
        """The messages that these bytes complete, in order."""
        out: list[Read] = []
        parts = (self._rest + data if self._rest else data).split(END)
        self._rest = parts.pop()
        mender, pending = self._mender, self._pending
        wanted = mender.wanted
        for part in parts:
            if self._skipping:
                self._skipping = False
                continue
            if part.startswith(EVENT):
                end = part.find(CRLF, 7)
                if end > 0 and part[7:end] not in wanted and part.startswith(PRIVILEGE, end + 2):
                    if mender.busy:
                        mender.next(out)
                    mender.before, mender.newest = mender.newest, part
                    if pending and ACTION_ID in part:
                        self._entry(part, out)
                    continue
            self._take(part, out)
        mender.pause(out)
        if len(self._rest) > AMI_MESSAGE_BYTES:
            self._overlong(out)
        return out

    def _overlong(self, out: list[Read]) -> None:
        if not self._skipping:
            out.append(Parked(self._rest[:AMI_MESSAGE_BYTES], f"more than {AMI_MESSAGE_BYTES} bytes"))
        self._skipping = True
        self._rest = self._rest[-3:]  # it may hold the beginning of the message's end

    def _take(self, part: bytes, out: list[Read]) -> None:
        if self._fresh:
            self._fresh = False
            if part.startswith(GREETING):
                part = part.partition(CRLF)[2]
        part = part.strip(CRLF)
        if len(part) > AMI_MESSAGE_BYTES:
            out.append(Parked(part[:AMI_MESSAGE_BYTES], f"more than {AMI_MESSAGE_BYTES} bytes"))
        elif part.startswith(EVENT):
            self._event(part, out)
        elif part.startswith(RESPONSE):
            self._mender.next(out)
            self._entry(part, out)
        elif part:
            self._mender.rest_alone(part, out)

    def _event(self, part: bytes, out: list[Read]) -> None:
        end = part.find(CRLF, 7)
        name = part[7:end] if end > 0 else part[7:]
        if name in self._mender.wanted:
            if self._in_order(part, name, end):
                self._mender.event(part, out)
            else:
                self._mender.forged(part, out)
        elif name in LIST_ENTRIES or part.startswith(ACTION_ID, end) or part.startswith(PRIVILEGE, end + 2):
            self._entry(part, out)
        else:
            self._mender.forged(part, out)

    def _in_order(self, part: bytes, name: bytes, end: int) -> bool:
        if end < 0 or not part.startswith(PRIVILEGE, end + 2):
            return False
        if name in TIMELESS:
            return True
        end = part.find(CRLF, end + 2)
        if end < 0 or not part.startswith(TIMESTAMP, end + 2):
            return False
        if not self._system:
            return True
        end = part.find(CRLF, end + 2)
        return end > 0 and part.startswith(self._system, end + 2)

    def _entry(self, part: bytes, out: list[Read]) -> None:
        start = part.find(ACTION_ID)
        if start < 0:
            return
        ident = part[start + 12 :].partition(CRLF)[0].decode("utf-8", "replace")
        if ident not in self._pending:
            return
        try:
            out.append(Reply(ident, read_part(part)))
        except Unreadable as why:
            out.append(Parked(part, str(why)))
