"""Recordings: their files where a switch wrote them, and what the store knows of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.recorded import RecordedFile
from dispatch_core.domain.vocabulary import Instant


class RecordingUnreadable(DispatchError):
    """A recording is there and cannot be used, or it has just gone."""

    def __init__(self, file: str, vi: str, en: str) -> None:
        name = file.rpartition("/")[2]
        super().__init__(
            "recording_unreadable",
            f"Không đọc được ghi âm {name}: {vi}.",
            f"The recording {name} cannot be read: {en}.",
        )


class Sound(Struct, frozen=True, kw_only=True):
    """The sound of a recording as far as it is on disk: linear PCM, little endian, ``bytes`` of whole frames.
    ``final``: whoever wrote it has closed it."""

    rate: int
    channels: int
    width: int
    bytes: int
    final: bool


class RecordingFiles(Protocol):
    """Recordings by the node that wrote them and the file's name. Every method blocks: it belongs in a worker thread.
    RecordingUnreadable where a file is there and cannot be used."""

    def reaches(self, node: str) -> bool:
        """Whether the recordings of this node can be reached from here at all."""
        ...

    def look(self, node: str, file: str) -> Sound | None:
        """What is there now; None where there is no such recording."""
        ...

    def read(self, node: str, file: str, start: int, length: int) -> bytes:
        """``length`` bytes of sound from byte ``start`` of it on, fewer where it ends."""
        ...

    def sum(self, node: str, file: str) -> RecordedFile:
        """The whole file read once: how long, how large, which checksum, where nothing was heard."""
        ...

    def pieces(self, node: str, file: str) -> Iterator[bytes]:
        """The file as it is, piece by piece; nothing where there is none."""
        ...

    def remove(self, node: str, file: str) -> bool:
        """Delete it; whether it was there."""
        ...


class KeptRecording(Struct, frozen=True, kw_only=True):
    """One file as the store knows it; times are 0 where it has not happened. ``held``: the call or incident whose hold
    keeps it, "" where none does. ``state``: running, kept, faulty or removed; ``file`` "" where none was ever made."""

    call: str
    file: str
    node: str
    incident: str
    state: str
    began_at: Instant
    ended_at: Instant
    bytes: int = 0
    ms: int = 0
    sha256: str = ""
    silences: tuple[tuple[int, int], ...] = ()
    faults: tuple[str, ...] = ()
    removed_at: Instant = 0
    held: str = ""


class NumberCall(Struct, frozen=True, kw_only=True):
    """One call from or to a number, with what became of its incident; times are 0 where it has not happened."""

    id: str
    node: str
    direction: str
    dialled: str
    number: str
    state: str
    arrived_at: Instant
    answered_at: Instant
    ended_at: Instant
    ended_by: str
    positions: tuple[str, ...]
    incident: str
    type: str
    disposition: str
    closed_at: Instant


class RecordingIndex(Protocol):
    """What the store knows of recordings. Every method blocks. Raises DispatchError where it cannot be asked."""

    def of_call(self, call: str) -> Sequence[KeptRecording]:
        """In the order in which they were begun."""
        ...

    def of_incident(self, incident: str) -> Sequence[KeptRecording]: ...

    def of_number(self, number: str, since: Instant) -> Sequence[KeptRecording]:
        """Of the calls from and to a number that arrived since then."""
        ...

    def past(self, ended_before: Instant, limit: int) -> Sequence[KeptRecording]:
        """Those of calls that ended before, neither removed nor held, oldest first."""
        ...

    def calls_of(self, number: str, since: Instant, limit: int) -> Sequence[NumberCall]:
        """The calls from and to a number, oldest first; of more than ``limit``, the newest ones."""
        ...

    def removed_since(self, at: Instant) -> Sequence[KeptRecording]: ...

    def sweeps_asked(self) -> Sequence[int]:
        """Sweeps that nobody has done yet, by number."""
        ...

    def sweep_done(self, number: int, at: Instant, removed: int, refused: int) -> None: ...
