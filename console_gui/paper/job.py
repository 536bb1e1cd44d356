"""What the console gives to the worker that prints, and what comes back. Their bytes cross a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant


class Waits(Struct, frozen=True):
    """A command that was not sent when the sheet was made."""

    typed: str
    given_at: Instant


class Job(Struct, frozen=True, kw_only=True):
    """``incident`` "" is the whole board, else the card of that one. ``age_s`` below 0: no pulse was ever heard."""

    state: State
    user: str
    language: str
    now: Instant
    age_s: float
    stale: bool
    generation: str
    folder: str
    keep: int
    most_bytes: int
    waits: tuple[Waits, ...] = ()
    incident: str = ""
    to_printer: bool = False


class Printed(Struct, frozen=True, kw_only=True):
    """``problem`` "" where it is on disk; ``printer`` says what became of it at the printer: "", "sent", or why not."""

    file: str = ""
    pages: int = 0
    bytes: int = 0
    seconds: float = 0.0
    problem: str = ""
    printer: str = ""


PIECE = 50
"""Things of one table that are encoded at once: encoding holds up the whole program, so it is done in small bites."""

TABLES = ("incidents", "units", "calls", "people", "missed", "alarms", "conversations")

_encoder = msgspec.msgpack.Encoder()
_jobs = msgspec.msgpack.Decoder(Job)
_states = msgspec.msgpack.Decoder(State)
_printed = msgspec.msgpack.Decoder(Printed)


def pieces(job: Job) -> Iterator[bytes]:
    """The job as several messages; the last one is empty."""
    state = job.state
    nothing, bare = State(), msgspec.structs.replace(state, **{name: {} for name in TABLES})
    yield _encoder.encode(msgspec.structs.replace(job, state=bare))
    for name in TABLES:
        things = iter(getattr(state, name).items())
        while part := dict(islice(things, PIECE)):
            yield _encoder.encode(msgspec.structs.replace(nothing, **{name: part}))
    yield b""


def read_job(messages: Iterator[bytes]) -> Job:
    job = _jobs.decode(next(messages))
    tables: dict[str, dict[str, Any]] = {name: {} for name in TABLES}
    for data in messages:
        if not data:
            break
        part = _states.decode(data)
        for name in TABLES:
            tables[name] |= getattr(part, name)
    return msgspec.structs.replace(job, state=msgspec.structs.replace(job.state, **tables))


def encode(it: Printed) -> bytes:
    return _encoder.encode(it)


def read_printed(data: bytes) -> Printed:
    """Raises msgspec.DecodeError."""
    return _printed.decode(data)
