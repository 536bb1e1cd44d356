"""What the core needs from the world, each named for the need. Adapters implement these; the runtime knows only these.

All methods that wait are coroutines on the reactor's asyncio loop; none blocks it. Every adapter and its fake pass the
same contract suite (``tests/contracts``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from dispatch_core.domain.commands import Asked, Command
from dispatch_core.domain.effects import SwitchOrder
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.recorded import RecordedFile
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant, Suggestion, ZoneAnswer


class Clock(Protocol):
    """The one door for time."""

    def now(self) -> Instant:
        """Wall clock, milliseconds UTC: only for what is stored and shown."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go forward: for durations within this process."""
        ...


class Ids(Protocol):
    """The one door for randomness."""

    def new(self) -> str:
        """A UUIDv7 as 32 hex digits; later ones sort after earlier ones."""
        ...

    def secret(self, length: int) -> str:
        """URL-safe random text for passwords and sessions."""
        ...


class Deposed(DispatchError):
    """Another core took over: nothing of this one may be written any more; the process ends."""

    def __init__(self, mine: int, now: int) -> None:
        super().__init__(
            "deposed",
            f"Nhiệm kỳ {mine} đã bị thay bằng {now}; tiến trình này dừng.",
            f"Epoch {mine} was replaced by {now}; this process stops.",
        )


class JournalDown(DispatchError):
    """The batch was certainly not committed; try again when the database answers."""

    def __init__(self, why: str) -> None:
        super().__init__("journal_down", f"Cơ sở dữ liệu không ghi được: {why}", f"The database cannot write: {why}")


class CommitUnknown(DispatchError):
    """The connection broke in COMMIT: look the command ids up (``Journal.outcomes``) before anything else."""

    def __init__(self, why: str) -> None:
        super().__init__("commit_unknown", f"Không rõ đã ghi hay chưa: {why}", f"Commit outcome unknown: {why}")


class EntryRejected(DispatchError):
    """The database refused the batch itself (a constraint): the commands are decided again one by one."""

    def __init__(self, why: str) -> None:
        super().__init__("entry_rejected", f"Cơ sở dữ liệu từ chối: {why}", f"The database refused it: {why}")


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a command: the last sequence number of its events (0 = refused or nothing), or the refusal."""

    seq: int
    refusal: Refusal | None = None


class Entry(Struct, frozen=True, kw_only=True):
    """One command of a batch with its outcome and events. Refusals are entries too: they are the audit."""

    asked: Asked
    at: Instant
    outcome: Outcome
    events: tuple[Recorded, ...]


class Batch(Struct, frozen=True, kw_only=True):
    """What one transaction writes: the entries in order, and the state after all of them (for the queryable rows)."""

    epoch: int
    entries: tuple[Entry, ...]
    after: State


class Loaded(Struct, frozen=True, kw_only=True):
    """What a new leader starts from. ``recent`` are the outcomes of the newest commands, by id, oldest first."""

    epoch: int
    state: State
    recent: dict[str, Outcome]


class Journal(Protocol):
    """The truth: ordered events, and in the same transaction the rows that people query."""

    async def open(self) -> Loaded:
        """Become the leader (waits for the lock; epoch + 1) and load the live state: snapshot and tail."""
        ...

    async def append(self, batch: Batch) -> None:
        """Commit or raise Deposed, JournalDown, CommitUnknown or EntryRejected."""
        ...

    async def outcomes(self, ids: Sequence[str]) -> Mapping[str, Outcome]:
        """Which of these commands are committed. Raises JournalDown."""
        ...

    async def story(self, after: int, until: int) -> Sequence[Recorded]:
        """The events ``after < seq <= until`` in order. Raises JournalDown."""
        ...

    async def keep_snapshot(self, epoch: int, state: State) -> None:
        """Store a state to start from. Raises Deposed or JournalDown."""
        ...

    async def close(self) -> None: ...


class StreamEntry(Struct, frozen=True):
    """One event for one stream; ``payload`` is empty where the view does not show it."""

    seq: int
    payload: bytes


class BroadcastDown(DispatchError):
    def __init__(self, why: str) -> None:
        super().__init__("broadcast_down", f"Redis không trả lời: {why}", f"Redis does not answer: {why}")


class Broadcast(Protocol):
    """The doorbell with a replay window. Every method raises BroadcastDown where it cannot be reached.

    Every write names the epoch of its core and raises Deposed where a newer one has written: a core that was paused
    must not show anybody an old state when it wakes.
    """

    async def generation(self) -> str:
        """The id of this life of the streams, "" where they are empty."""
        ...

    async def begin_generation(self, epoch: int, generation: str) -> None:
        """Start anew: old streams are deleted."""
        ...

    async def last_seq(self, stream: str) -> int:
        """The newest sequence in the stream, 0 where it is empty or not ours."""
        ...

    async def publish(self, stream: str, epoch: int, entries: Sequence[StreamEntry]) -> None:
        """Append in order. BroadcastDown where one of them does not follow what the stream holds."""
        ...

    async def put(self, key: str, epoch: int, value: bytes) -> None: ...

    async def pulse(self, stream: str, epoch: int, value: bytes) -> None:
        """Append to a short stream of which only the newest entries matter."""
        ...


FactSink = Callable[[Command], None]
"""Takes one fact of the switch; never blocks, never raises."""


class ActionFailed(DispatchError):
    """The switch refused an action, or its outcome is unknown (``unknown`` True): it is never repeated by itself."""

    def __init__(self, action: str, why: str, *, unknown: bool = False) -> None:
        super().__init__(
            "action_failed", f"Tổng đài không làm được “{action}”: {why}", f"The switch did not do “{action}”: {why}"
        )
        self.unknown = unknown


class Probed(Struct, frozen=True, kw_only=True):
    """A synthetic call came through: at which number's place, and how many phones of its queue would ring."""

    number: str
    ready: int


class Switchboard(Protocol):
    """One Asterisk, as its events and actions. Facts arrive through the sink given at construction."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def carry_out(self, order: SwitchOrder) -> None:
        """Do this once. Returns when the switch took the order; what comes of it is told as facts. ActionFailed."""
        ...

    async def serve(self, position: str, on: bool, elsewhere: bool, why: str = "") -> None:
        """Let the position's phone take calls of its queues, or not and ``why``. ``elsewhere``: it talks at another
        switch now; this one does not ring it, and stops where it does."""
        ...

    async def probe(self, number: str, token: str) -> Probed:
        """Call the service number over the switch's own SIP; nobody rings and no call is told of. Returns when it came
        to where a caller would begin to wait; waits for ever. ActionFailed."""
        ...


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


class Locator(Protocol):
    """The geography. Pure computation in memory; called from a worker thread, so it must not touch the reactor."""

    def route(self, lat: float, lon: float, services: Sequence[str]) -> Mapping[str, ZoneAnswer]:
        """The zone of each service that has a published set."""
        ...

    def metres(self, lat: float, lon: float, places: Sequence[tuple[float, float]]) -> Sequence[float]:
        """Straight-line metres from the point to each (lat, lon)."""
        ...

    def suggest(self, text: str, near: tuple[float, float] | None, limit: int) -> Sequence[Suggestion]:
        """Address search; best first, at most ``limit``."""
        ...

    def zones_geojson(self, service: str) -> bytes:
        """The published set of the service as a GeoJSON FeatureCollection in UTF-8; an empty one where none is."""
        ...
