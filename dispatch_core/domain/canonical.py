"""One canonical form of a state and its checksum: how a console proves that it shows what the core shows.

The form is MessagePack with sorted keys; two states are equal exactly when their forms are. The checksum is 128 bits of
BLAKE2b over it, as 32 hex digits, and is only compared between equal ``EVOLVE_VERSION``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator

import msgspec

from dispatch_core.domain.state import State

_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(State)


def encode_state(state: State) -> bytes:
    return _encoder.encode(state)


def decode_state(data: bytes) -> State:
    """Raises ``msgspec.DecodeError`` (or its ``ValidationError``) where the bytes are no state."""
    return _decoder.decode(data)


def checksum(state: State) -> str:
    return hashlib.blake2b(encode_state(state), digest_size=16).hexdigest()


def summing(state: State) -> Generator[None, None, str]:
    """The same, in many small steps, between which there is time for other things: a busy city's form has 14 MB, which
    in one step stops whoever waits for a tenth of a second. Returns the checksum."""
    total = hashlib.blake2b(digest_size=16)
    for piece in _pieces(state):
        total.update(piece)
        yield
    return total.hexdigest()


STEP = 32
"""Entries of a table that are encoded together."""


def _pieces(state: State) -> Iterator[bytes]:
    """The canonical form, cut between the entries of its tables."""
    names = state.__struct_fields__
    yield _head_of_map(len(names))
    for name in names:
        value = getattr(state, name)
        yield _encoder.encode(name)
        if not isinstance(value, dict) or len(value) <= STEP:
            yield _encoder.encode(value)
            continue
        yield _head_of_map(len(value))
        keys = sorted(value)
        for first in range(0, len(keys), STEP):
            part = keys[first : first + STEP]
            yield b"".join(_encoder.encode(it) for key in part for it in (key, value[key]))


def _head_of_map(entries: int) -> bytes:
    """MessagePack's mark of a map with so many entries."""
    if entries < 16:
        return bytes((0x80 | entries,))
    if entries < 1 << 16:
        return b"\xde" + entries.to_bytes(2, "big")
    return b"\xdf" + entries.to_bytes(4, "big")
