"""Frames on a pipe: four bytes of length, then one JSON object in UTF-8.

Guarded here: a frame longer than `FRAME_MOST` is never read into memory, and whatever is no JSON object ends the talk.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

GREETING = b"dispatch-trunk-agent 1\n"
"""The agent's first line, with the number of this way of talking; a login shell may have printed others before it."""

FRAME_MOST = 16 * 1024 * 1024


class BadFrame(Exception):
    """The other end does not talk in frames."""


def packed(message: dict[str, Any]) -> bytes:
    """BadFrame where it is too long."""
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    if len(body) > FRAME_MOST:
        raise BadFrame(f"a frame of {len(body)} bytes")
    return len(body).to_bytes(4, "big") + body


def length_of(head: bytes) -> int:
    """Of the body that follows these four bytes."""
    size = int.from_bytes(head, "big")
    if size > FRAME_MOST:
        raise BadFrame(f"a frame of {size} bytes")
    return size


def unpacked(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadFrame("not JSON") from error
    if not isinstance(message, dict):
        raise BadFrame("not an object")
    return message


def read_frame(stream: BinaryIO) -> dict[str, Any] | None:
    """The next one; None at the end of the talk."""
    head = _exactly(stream, 4)
    if not head:
        return None
    return unpacked(_exactly(stream, length_of(head)))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    """`size` bytes, or b"" where the stream ends before the first of them."""
    got = b""
    while len(got) < size:
        more = stream.read(size - len(got))
        if not more:
            if not got:
                return b""
            raise BadFrame("cut off")
        got += more
    return got
