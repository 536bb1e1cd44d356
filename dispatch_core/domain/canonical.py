"""One canonical form of a state and its checksum: how a console proves that it shows what the core shows.

The form is MessagePack with sorted keys; two states are equal exactly when their forms are. The checksum is 128 bits of
BLAKE2b over it, as 32 hex digits, and is only compared between equal ``EVOLVE_VERSION``.
"""

from __future__ import annotations

import hashlib

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
