"""The envelopes between core and consoles, and their bytes (MessagePack). Decoding raises ``WireError``, never else."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from dispatch_core.domain.commands import Command
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.vocabulary import Instant, Role

T = TypeVar("T")


class WireError(DispatchError):
    """Bytes that are not the envelope that was expected; ``code`` is "wire"."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__("wire", f"Không đọc được {what}: {why}", f"Cannot read {what}: {why}")


class Snapshot(Struct, frozen=True, kw_only=True):
    """A whole state of one view. ``state`` is its canonical form (``domain.canonical``)."""

    wire: int
    evolve: int
    generation: str
    epoch: int
    seq: int
    at: Instant
    state: bytes


class Beat(Struct, frozen=True, kw_only=True):
    """The pulse. ``checksum`` is "" in most beats: it is of the state at exactly ``seq``."""

    wire: int
    evolve: int
    generation: str
    epoch: int
    seq: int
    at: Instant
    checksum: str = ""
    read_only: bool = False  # the database does not answer: commands are refused
    order_limit_s: int = 0  # older orders are refused; 0 is said by a core that knows neither ages nor ``Order.settle``


class Order(Struct, frozen=True, kw_only=True):
    """A command from a console. ``id`` is made by the console (UUIDv7) and takes effect once.

    ``asked_at`` is when the person gave it, by the core's clock as the pulses tell it; 0 where that is not known: then
    it has no age. ``settle`` asks what became of the id and takes no effect: one that has no outcome by then is refused
    for good, so that whoever lost the reply knows."""

    wire: int
    id: str
    session: str
    body: Command
    asked_at: Instant = 0
    settle: bool = False


class Reply(Struct, frozen=True, kw_only=True):
    """Accepted (``refusal`` None; ``seq`` is the last event of it) or refused. Sent only after the commit."""

    id: str
    seq: int = 0
    refusal: Refusal | None = None


class LiveValue(Struct, frozen=True, kw_only=True):
    """A last value outside the journal: ``kind`` trunk, phone, queue, core; ``value`` plain JSON values. `GONE`: there
    is no such thing any more."""

    kind: str
    key: str
    at: Instant
    value: dict[str, Any]


GONE: dict[str, Any] = {"gone": True}


class RedisAccess(Struct, frozen=True, kw_only=True):
    """Where a console reads: its own short-lived Redis user."""

    host: str
    port: int
    user: str
    password: str
    tls: bool


class SignedIn(Struct, frozen=True, kw_only=True):
    """The core's answer to a good sign-in (JSON over HTTPS)."""

    wire: int
    session: str
    user: str
    name: str
    role: Role
    view: str
    redis: RedisAccess


class BriefSignedIn(Struct, frozen=True, kw_only=True):
    """The same to a command that signs in beside the console of that person; it ends when ``idle_s`` seconds pass
    without a question."""

    session: str
    user: str
    name: str
    role: Role
    idle_s: int


class SignInAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    wire: int
    user: str
    password: str


_encoder = msgspec.msgpack.Encoder(order="deterministic")


def encode(envelope: Struct) -> bytes:
    return _encoder.encode(envelope)


_decoders: dict[Any, msgspec.msgpack.Decoder[Any]] = {
    kind: msgspec.msgpack.Decoder(kind) for kind in (Snapshot, Beat, Order, Reply, LiveValue, Recorded)
}


def decode(data: bytes, kind: type[T]) -> T:
    """The envelope in ``data``. Raises WireError where it is not one of ``kind``."""
    try:
        result: T = _decoders[kind].decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise WireError(kind.__name__, str(problem)[:200]) from None
    return result
