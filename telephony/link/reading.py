"""Bytes from the socket to messages: whole ones, wanted ones, and those that Asterisk cannot have sent.

An event begins with `Event`, `Privilege`, `Timestamp` and, once the node's name is known, `SystemName`, in this
order. A caller who gets a line break into his number or name can end an event early and write lines of his own after
it; the rest of the real event then stands alone. So:

- an event in another order, or with a header twice, is forged: it changes nothing and is told;
- a rest that stands alone is put back behind the event that it belongs to, without what stood between;
- an event that looks right but is followed by such a rest is given up where the rest fits the event before it.

Most of the stream is of no use here: an event that is not wanted costs two comparisons and is never decoded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dispatch_core.settings import AMI_MESSAGE_BYTES
from telephony.link.messages import (
    CRLF,
    END,
    AmiEvent,
    Forgery,
    Parked,
    Reply,
    Smuggled,
    Unreadable,
    read_event,
    read_part,
)

Read = AmiEvent | Reply | Forgery | Parked

EVENT = b"Event: "
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
        self._wanted = {name: CRLF + header + b": " if header else b"" for name, header in wanted.items()}
        self._pending = pending
        self._rest = b""
        self._skipping = False
        self._fresh = True
        self._system = b""
        self._head = b""  # the newest event in good order, wanted or not, with what was put back behind it
        self._before = b""  # the one before it
        self._open = False  # the newest event is wanted and was not handed on yet
        self._tainted = False  # false lines stood in the newest event

    def name_system(self, name: str) -> None:
        """From now on an event must carry this SystemName."""
        self._system = b"SystemName: " + name.encode("utf-8") + CRLF if name else b""

    def feed(self, data: bytes) -> list[Read]:
        """The messages that these bytes complete, in order."""
        out: list[Read] = []
        parts = (self._rest + data if self._rest else data).split(END)
        self._rest = parts.pop()
        wanted, pending = self._wanted, self._pending
        for part in parts:
            if self._skipping:
                self._skipping = False
                continue
            if part.startswith(EVENT):
                end = part.find(CRLF, 7)
                if end > 0 and part[7:end] not in wanted and part.startswith(PRIVILEGE, end + 2):
                    if self._open:
                        self._close(out, last=True)
                    self._before, self._head = self._head, part
                    if pending and ACTION_ID in part:
                        self._entry(part, out)
                    continue
            self._take(part, out)
        if self._open:
            self._close(out, last=False)
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
            if self._open:
                self._close(out, last=True)
            self._entry(part, out)
        elif part:
            self._rest_alone(part, out)

    # --- events -------------------------------------------------------------------------------------------------------

    def _event(self, part: bytes, out: list[Read]) -> None:
        end = part.find(CRLF, 7)
        name = part[7:end] if end > 0 else part[7:]
        if name not in self._wanted:
            if name in LIST_ENTRIES or part.startswith(ACTION_ID, end) or part.startswith(PRIVILEGE, end + 2):
                self._entry(part, out)
            else:
                self._forged(part, out)
            return
        if not self._in_order(part, name, end):
            self._forged(part, out)
            return
        if self._open:
            self._close(out, last=True)
        self._before, self._head, self._open, self._tainted = self._head, part, True, False

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

    def _is_wanted(self, raw: bytes) -> bool:
        return raw[7 : raw.find(CRLF, 7)] in self._wanted

    def _whole(self, raw: bytes) -> bool:
        return self._wanted[raw[7 : raw.find(CRLF, 7)]] in raw

    def _close(self, out: list[Read], *, last: bool) -> None:
        """Hand the newest event on. `last`: nothing more can belong to it."""
        if not self._whole(self._head):
            if last:
                self._open = False
                if not self._tainted:  # otherwise it was told already
                    out.append(Parked(self._head, "not whole"))
            return
        self._open = False
        try:
            event = read_event(self._head)
        except Smuggled:
            self._forged(self._head, out)
        except Unreadable as why:
            out.append(Parked(self._head, str(why)))
        else:
            out.append(event)
            if event.broken:
                self._forged(self._head, out)

    # --- what Asterisk cannot have sent -------------------------------------------------------------------------------

    def _forged(self, raw: bytes, out: list[Read]) -> None:
        start = self._head.find(b"\r\nChannel: ")
        channel = b"" if start < 0 else self._head[start + 11 : start + 91].partition(CRLF)[0]
        self._tainted = True
        out.append(Forgery(channel.decode("utf-8", "replace"), raw))

    def _rest_alone(self, part: bytes, out: list[Read]) -> None:
        """The rest of an event; its first line is still the caller's."""
        self._forged(part, out)
        part = part.partition(CRLF)[2]
        heads = [head for head in (self._head, self._before) if self._is_wanted(head)]
        for head in heads:
            if len(head) + len(part) > AMI_MESSAGE_BYTES:
                continue
            if head is self._before and head is heads[0] and self._whole(head):
                continue  # the newest event is of no use here, and the rest is its own
            joined = head + CRLF + part
            try:
                read_event(joined)
            except (Smuggled, Unreadable):
                continue
            self._head, self._open = joined, True
            return

    # --- answers ------------------------------------------------------------------------------------------------------

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
