"""The hash chain of the journal: what makes an altered, deleted or reordered event show. Pure.

``hash = SHA-256(previous hash, seq, epoch, at, actor, command, type, version, payload, personal digest)``, every part
with its length before it so that no two different rows read the same. Personal fields enter only through the SHA-256
of a secret salt and their text; with both erased the digest says nothing, and the chain still verifies.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

GENESIS = bytes(32)
"""The hash before the first event."""

SALT_LENGTH = 32


class Tip(NamedTuple):
    """Where the chain ends: the last event and its hash."""

    seq: int
    hash: bytes


START = Tip(0, GENESIS)


def _hash(parts: tuple[bytes, ...]) -> bytes:
    return hashlib.sha256(b"".join([len(part).to_bytes(8, "big") + part for part in parts])).digest()


def personal_digest(salt: str, fields: str) -> bytes:
    """The digest of personal fields; ``fields`` is their JSON text as stored."""
    return _hash((salt.encode(), fields.encode()))


def link(
    previous: bytes,
    seq: int,
    epoch: int,
    at: int,
    actor: str,
    command: str,
    kind: str,
    version: int,
    payload: str,
    digest: bytes | None,
) -> bytes:
    """The hash of one event, given that of the event before it."""
    return _hash(
        (
            previous, b"%d" % seq, b"%d" % epoch, b"%d" % at, actor.encode(), command.encode(), kind.encode(),
            b"%d" % version, payload.encode(), digest or b"",
        )
    )  # fmt: skip
