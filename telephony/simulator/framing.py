"""AMI as the server's side of it writes and reads it: the one place here that knows how messages are framed.

Guarded here: what a client may send is bounded; a value that would break out of its line is refused, because a
simulated event must be as well formed as Asterisk's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

GREETING = b"Asterisk Call Manager/11.0.0\r\n"
END = b"\r\n\r\n"
ACTION_BYTES = 64 * 1024
"""Of one action; a client that sends more is let go."""

Headers = Iterable[tuple[str, object]]
_BREAK = re.compile("[\r\n\x00]")


class TooLong(ValueError):
    """A client sent more than an action can have."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a client asked. `headers` by lower-case name, the last of a name counts; `variables` in their order."""

    name: str
    headers: dict[str, str]
    variables: tuple[str, ...] = ()
    raw: bytes = b""

    def get(self, header: str) -> str:
        return self.headers.get(header.lower(), "")


@dataclass(slots=True)
class ActionReader:
    """Bytes of one client to actions."""

    _rest: bytes = field(default=b"")

    def feed(self, data: bytes) -> list[Action]:
        """The actions that these bytes complete. Raises TooLong."""
        *whole, self._rest = (self._rest + data).split(END)
        if len(self._rest) > ACTION_BYTES or any(len(raw) > ACTION_BYTES for raw in whole):
            raise TooLong(f"more than {ACTION_BYTES} bytes")
        return [read_action(raw) for raw in whole if raw.strip()]


def read_action(raw: bytes) -> Action:
    """One action without its empty line."""
    headers: dict[str, str] = {}
    variables: list[str] = []
    for line in raw.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "variable":
            variables.append(value)
        if name:
            headers[name] = value
    return Action(headers.get("action", ""), headers, tuple(variables), raw + END)


def message(lines: Headers) -> bytes:
    """One message. ValueError where a value has a line break."""
    text: list[str] = []
    for name, value in lines:
        written = str(value)
        if _BREAK.search(written):
            raise ValueError(f"a line break in {name}")
        text.append(f"{name}: {written}\r\n")
    return ("".join(text) + "\r\n").encode("utf-8")


def event(name: str, privilege: str, stamp: int, system: str, headers: Headers) -> bytes:
    """An event of the stream; `stamp` in microseconds since 1970."""
    seconds, micro = divmod(stamp, 1_000_000)
    head = (
        ("Event", name),
        ("Privilege", privilege),
        ("Timestamp", f"{seconds}.{micro:06d}"),
        ("SystemName", system),
    )
    return message((*head, *headers))


def answered(text: str, ident: str) -> bytes:
    """A message of an answer, its lines joined by CRLF, with the ActionID behind the first."""
    first, _, rest = text.partition("\r\n")
    return "\r\n".join(filter(None, (first, f"ActionID: {ident}", rest))).encode() + END
