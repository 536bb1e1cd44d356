"""One AMI message as values, and the refusal of one that Asterisk cannot have written.

Guarded here: bytes become text only when the message is whole, and a byte that is not UTF-8 stays visible (U+FFFD);
a header that may stand once stands once, so that a line break smuggled into a value cannot overrule what Asterisk
itself wrote before or after it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dispatch_core.settings import AMI_HEADERS

EVENT = b"Event: "
CRLF = b"\r\n"
END = b"\r\n\r\n"
CHANNEL_VARIABLE = "ChanVariable"


class Unreadable(ValueError):
    """The message cannot be understood; it is set aside."""


class Smuggled(ValueError):
    """Lines in the message are not Asterisk's: somebody wrote line breaks into a value."""


@dataclass(slots=True)
class AmiEvent:
    """An event, or an entry of a list that was asked for.

    `stamp`: microseconds since 1970 by Asterisk's clock, 0 where it was not told. `variables`: channel variables, those
    of a second channel with the prefix of its headers ("DestCALL_UUID"). `broken`: a value held a line break.
    """

    name: str
    stamp: int
    headers: dict[str, str]
    variables: dict[str, str]
    raw: bytes = b""
    broken: bool = False
    mended: bool = False

    @property
    def at(self) -> int:
        """Milliseconds since 1970."""
        return self.stamp // 1000

    def get(self, header: str) -> str:
        """The value; "" where the header is absent or Asterisk wrote that it does not know."""
        value = self.headers.get(header, "")
        return "" if value == "<unknown>" else value


@dataclass(slots=True)
class Answer:
    """What Asterisk answered to one action: the response, and the entries where it was a list."""

    headers: dict[str, str]
    items: list[AmiEvent] = field(default_factory=list)

    def get(self, header: str) -> str:
        return self.headers.get(header, "")


@dataclass(slots=True)
class Reply:
    """A response, or an entry of a list, to the action with this id."""

    action_id: str
    part: AmiEvent


@dataclass(slots=True)
class Forgery:
    """Lines that Asterisk cannot have sent. `channel`: in whose event they stood, "" where that cannot be told."""

    channel: str
    raw: bytes


@dataclass(slots=True)
class Parked:
    """A message that was set aside, and why."""

    raw: bytes
    why: str


Read = AmiEvent | Reply | Forgery | Parked
"""What a reader makes of the bytes."""


def read_event(raw: bytes) -> AmiEvent:
    """An event of the stream. Raises Unreadable or Smuggled."""
    headers: dict[str, str] = {}
    variables: dict[str, str] = {}
    broken = _fill(raw, headers, variables, once=True)
    stamp = _stamp(headers["Timestamp"]) if "Timestamp" in headers else 0
    return AmiEvent(headers.get("Event", ""), stamp, headers, variables, raw, broken)


def read_part(raw: bytes) -> AmiEvent:
    """A response or an entry of a list; lines of a repeated header are joined. Raises Unreadable."""
    headers: dict[str, str] = {}
    variables: dict[str, str] = {}
    _fill(raw, headers, variables, once=False)
    return AmiEvent(headers.get("Event", ""), 0, headers, variables)


def _fill(raw: bytes, headers: dict[str, str], variables: dict[str, str], *, once: bool) -> bool:
    """Sort the lines into headers and channel variables. True where a value went on over a line break."""
    lines = raw.decode("utf-8", "replace").split("\r\n")
    if len(lines) > AMI_HEADERS:
        raise Unreadable(f"{len(lines)} headers, {AMI_HEADERS} at most")
    broken, last = False, ""
    for line in lines:
        key, colon, value = line.partition(": ")
        if not colon:
            key, colon = (line[:-1], ":") if line.endswith(":") else (line, "")
        if not colon or not key or key[0] == " ":
            broken = broken or not colon
            if last:
                headers[last] += "\n" + line
            continue
        if CHANNEL_VARIABLE in key:
            name, _, value = value.partition("=")
            name = key.partition(CHANNEL_VARIABLE)[0] + name
            if variables.setdefault(name, value) != value:
                raise Smuggled(f"two values of {name}")
        elif key not in headers:
            headers[key] = value
            last = key
        elif once:
            raise Smuggled(f"two headers {key[:40]}")
        else:
            headers[key] += "\n" + value
    return broken


def _stamp(text: str) -> int:
    """Microseconds of "1795444135.573954". Raises Unreadable."""
    seconds, _, fraction = text.partition(".")
    if not (seconds + fraction).isdecimal() or not text.isascii() or len(text) > 24:
        raise Unreadable(f"not a timestamp: {text[:40]!r}")
    return int(seconds) * 1_000_000 + int((fraction + "000000")[:6])
