"""Events that somebody broke in two by writing line breaks into a value, and the lines that he put between.

A caller who gets an empty line into his number or name ends an event early; lines of his own follow, and the rest of
the real event stands alone. Guarded here:

- what is forged (an event in a wrong order, one with a header twice) changes nothing and is told;
- a rest that stands alone is put back behind the event that it belongs to, without what stood between; the event is
  then marked as mended, for its headers may still be the caller's;
- an event in good order and whole by itself, with such a rest behind it, was forged by somebody who knows the order: it
  is dropped. Only a UserEvent may go on after the headers that Asterisk puts first.
"""

from __future__ import annotations

from collections.abc import Mapping

from dispatch_core.settings import AMI_MESSAGE_BYTES
from telephony.link.messages import CRLF, Forgery, Parked, Read, Smuggled, Unreadable, read_event

CHANNEL = b"\r\nChannel: "
UNIQUE_ID = b"\r\nUniqueid: "
USER_EVENT = b"Event: UserEvent\r\n"
TEST_EVENT = b"Event: TestEvent\r\n"  # of builds for developers: names a channel and never its id
SHOWN_NAME = 80


class Mender:
    """Holds the newest event until what follows shows that it is whole. Raw messages, without their empty line.

    `newest` and `before`: the last two events in good order, wanted or not. `busy`: something waits for what follows.
    """

    def __init__(self, wanted: Mapping[bytes, bytes]) -> None:
        self.wanted = {name: CRLF + header + b": " if header else b"" for name, header in wanted.items()}
        self.newest = b""
        self.before = b""
        self.busy = False
        self._open = False  # the newest event is wanted and was not handed on yet
        self._half = False  # the event before the newest is wanted and not whole
        self._half_told = False  # and was told to be forged
        self._mended = False
        self._tainted = False  # false lines stood in the newest event

    def event(self, raw: bytes, out: list[Read]) -> None:
        """A wanted event in good order."""
        self.next(out)
        self.before, self.newest = self.newest, raw
        self._open = self.busy = True
        self._mended = self._tainted = False

    def next(self, out: list[Read]) -> None:
        """Another message begins: the newest event is as whole as it will be, unless its rest still comes."""
        if self._half and not self._half_told:
            cut_short = _cut_short(self.before)
            out.append(Forgery(_channel(self.before), self.before) if cut_short else Parked(self.before, "not whole"))
        self._half = self._open and not self._whole(self.newest)
        self._half_told = self._tainted
        if self._open and not self._half:
            self._hand_on(out)
        self._open, self.busy = False, self._half

    def pause(self, out: list[Read]) -> None:
        """No more bytes for now: hand the newest event on, if nothing speaks against it."""
        doubtful = self._half or _cut_short(self.before)
        if self._open and not doubtful and self._whole(self.newest):
            self._hand_on(out)
            self._open = self.busy = False

    def forged(self, raw: bytes, out: list[Read]) -> None:
        """Lines that Asterisk did not write, in the newest event."""
        self._tainted = True
        out.append(Forgery(_channel(self.newest), raw))

    def rest_alone(self, rest: bytes, out: list[Read]) -> None:
        """The rest of an event; its first line is still the caller's."""
        lines = rest.partition(CRLF)[2]
        if self._made_up() or (self._is_wanted(self.newest) and not self._join(lines)):
            self.newest, self.before = self.before, b""
            self._open = self.busy = self._half = False
            if self._is_wanted(self.newest):
                self._join(lines)
        self._tainted = True
        out.append(Forgery(_channel(self.newest), rest))

    def _made_up(self) -> bool:
        """Whether the newest event cannot be the one to which a rest belongs."""
        before_is_half = self._half or _cut_short(self.before)
        if not self._is_wanted(self.newest):
            return before_is_half and not _cut_short(self.newest)
        if self._mended or not self._whole(self.newest):
            return False
        return before_is_half or not self.newest.startswith(USER_EVENT)

    def _join(self, rest: bytes) -> bool:
        """Put the lines behind the newest event, if they can belong to it."""
        joined = self.newest + CRLF + rest
        if len(joined) > AMI_MESSAGE_BYTES:
            return False
        try:
            read_event(joined)
        except (Smuggled, Unreadable):
            return False
        self.newest = joined
        self._open = self.busy = self._mended = True
        return True

    def _is_wanted(self, raw: bytes) -> bool:
        return raw[7 : raw.find(CRLF, 7)] in self.wanted

    def _whole(self, raw: bytes) -> bool:
        return self.wanted[raw[7 : raw.find(CRLF, 7)]] in raw

    def _hand_on(self, out: list[Read]) -> None:
        try:
            event = read_event(self.newest)
        except Smuggled:
            self.forged(self.newest, out)
        except Unreadable as why:
            out.append(Parked(self.newest, str(why)))
        else:
            event.mended = self._mended
            out.append(event)
            if event.broken:
                self.forged(self.newest, out)


def _channel(raw: bytes) -> str:
    """The channel that the event is about, "" where it names none."""
    start = raw.find(CHANNEL)
    name = b"" if start < 0 else raw[start + len(CHANNEL) :][:SHOWN_NAME].partition(CRLF)[0]
    return name.decode("utf-8", "replace")


def _cut_short(raw: bytes) -> bool:
    """Whether the event names a channel but not its id, which Asterisk always puts behind what a caller may choose."""
    return CHANNEL in raw and UNIQUE_ID not in raw and not raw.startswith(TEST_EVENT)
