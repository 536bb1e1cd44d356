"""Recorded AMI streams: a text with `## RAW`, then the messages, each behind its `--- +seconds`.

A recording is old; played again it must not be. `moved` puts it to another moment, with everything that depends on it:
the stamps, the unique ids (they begin with the second in which a channel was made) and the node's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dispatch_core.domain.errors import DispatchError

RAW = "## RAW\n"
MARK = "--- +"
STREAM_BYTES = 256 * 1024 * 1024
_STAMP = re.compile(rb"^(Timestamp: )(\d{1,12})\.(\d{6})", re.MULTILINE)
_SYSTEM = re.compile(rb"^SystemName: ([^\r\n]+)", re.MULTILINE)


class NotAStream(DispatchError):
    """The file is no recorded stream."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            "not_a_stream", f"{path} không phải bản ghi luồng AMI: {why}", f"{path} is no recorded AMI stream: {why}"
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of a recording: seconds from its start, and its bytes with the empty line after them."""

    seconds: float
    data: bytes

    @property
    def name(self) -> bytes:
        """Of an event; b"" for an answer."""
        return self.data[7 : self.data.find(b"\r\n")] if self.data.startswith(b"Event: ") else b""


def read_stream(path: Path) -> list[Piece]:
    """The messages of the recording. Raises NotAStream."""
    try:
        if path.stat().st_size > STREAM_BYTES:
            raise NotAStream(path, f"more than {STREAM_BYTES} bytes")
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise NotAStream(path, str(problem)) from problem
    _, found, raw = text.partition(RAW)
    if not found:
        raise NotAStream(path, "no ## RAW")
    try:
        return [_piece(block) for block in raw.split(MARK)[1:]]
    except ValueError as problem:
        raise NotAStream(path, str(problem)) from problem


def _piece(block: str) -> Piece:
    mark, _, body = block.partition("\n")
    lines = [line.removesuffix("\r") for line in body.rstrip("\n").split("\n")]
    return Piece(float(mark), "\r\n".join(lines).encode() + b"\r\n\r\n")


def write_stream(path: Path, title: str, pieces: Sequence[Piece]) -> None:
    """Write a recording that `read_stream` reads: what is in it, then the messages."""
    parts = [f"# {title}\n# {len(pieces)} messages\n\n{RAW}"]
    for piece in pieces:
        body = piece.data.decode("utf-8").removesuffix("\r\n\r\n").replace("\r\n", "\n")
        parts.append(f"{MARK}{piece.seconds:.3f}\n{body}\n\n")
    path.write_text("".join(parts), "utf-8")


def stamp_of(data: bytes) -> int:
    """Microseconds since 1970 of an event, 0 where it has none."""
    found = _STAMP.search(data)
    return int(found[2]) * 1_000_000 + int(found[3]) if found else 0


@dataclass(frozen=True, slots=True)
class Recording:
    """The events of a stream that were sent to everybody. `began`: microseconds since 1970; `system`: the node."""

    pieces: tuple[Piece, ...]
    began: int
    system: str

    @property
    def seconds(self) -> float:
        return self.pieces[-1].seconds

    @classmethod
    def of(cls, path: Path) -> Recording:
        """Answers to whoever asked, and lists, are left out. Raises NotAStream."""
        events = tuple(piece for piece in read_stream(path) if stamp_of(piece.data))
        names = [found[1] for piece in events if (found := _SYSTEM.search(piece.data))]
        if not names:
            raise NotAStream(path, "no event that names its node")
        began = stamp_of(events[0].data) - round(events[0].seconds * 1_000_000)
        return cls(events, began, names[0].decode("utf-8"))


class Mover:
    """Puts a recording's events to another moment and node. One for each recording."""

    def __init__(self, recording: Recording, system: str) -> None:
        self._began = recording.began
        self._system = system.encode("utf-8")
        name = re.escape(recording.system.encode("utf-8"))
        self._ids = re.compile(rb"\b" + name + rb"-(\d{10})\.(\d+)")
        self._name = re.compile(rb"^SystemName: " + name + rb"(?=\r)", re.MULTILINE)

    def moved(self, data: bytes, began: int, speed: float = 1.0) -> bytes:
        """The event as if the recording had begun at `began` (microseconds) and run `speed` times as fast."""

        def stamp(found: re.Match[bytes]) -> bytes:
            at = int(found[2]) * 1_000_000 + int(found[3])
            seconds, micro = divmod(began + round((at - self._began) / speed), 1_000_000)
            return b"%s%d.%06d" % (found[1], seconds, micro)

        shift = began // 1_000_000 - self._began // 1_000_000

        def ident(found: re.Match[bytes]) -> bytes:
            return b"%s-%d.%s" % (self._system, int(found[1]) + shift, found[2])

        data = _STAMP.sub(stamp, data)
        data = self._name.sub(b"SystemName: " + self._system, data)
        return self._ids.sub(ident, data)
