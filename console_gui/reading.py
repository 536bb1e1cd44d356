"""From Redis to updates of the screen: one blocking loop, without Qt, that runs in a thread of its own.

Guards: calls that ring or are answered, and everything that this person did, go out at once; the rest is gathered and
goes out twelve times a second. A lost server is tried again with backoff and jitter for ever; the replica stays as it
is meanwhile and its age tells. Streams are read from where the replica stands, so what was missed comes in order.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import redis

from console_gui import tempo
from console_gui.changes import Changes, difference
from console_gui.door import Door
from console_gui.limits import (
    BACKOFF_FIRST_S,
    BACKOFF_MOST_S,
    COALESCE_S,
    PROOF_READ_S,
    PROOF_SLICE_S,
    READ_BLOCK_S,
    READ_COUNT,
    REPLY_HELD_S,
    SNAPSHOT_AGAIN_S,
)
from console_gui.live_values import LiveBoard
from console_gui.replica import CHECKSUM, GENERATION, Replica
from dispatch_core.domain import events as e
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import State
from dispatch_core.domain.views import View
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import LiveValue, Reply, WireError, decode

URGENT: frozenset[type[e.Happened]] = frozenset(
    {
        e.CallArrived, e.CallQueued, e.CallRinging, e.CallRingStopped, e.AnswerAsked, e.AnswerDropped, e.CallAnswered,
        e.CallEnded, e.CallFound, e.HangUpAsked, e.HangUpDropped, e.IncidentReceived, e.IncidentTaken, e.AlarmRaised,
        e.CallHeld, e.CallResumed, e.CallJoined, e.CallParted, e.PositionReleased, e.SteerAsked, e.SteerDropped,
        e.VoiceMuted, e.WatchBegan, e.WatchEnded,
        e.CallBackAsked, e.CallBackReached, e.CallBackEnded, e.CallMissed, e.MissedTaken, e.CallRangAgain,
    }
)  # fmt: skip

TOLD: frozenset[type[e.Happened]] = frozenset(
    {
        e.AnswerDropped, e.HangUpDropped, e.PositionRefused, e.CallBackEnded, e.CallBackUnsure, e.CallRangAgain,
        e.SteerDropped, e.WatchEnded,
    }
)  # fmt: skip
"""Events that say something which the state does not keep."""


@dataclass(frozen=True, slots=True)
class Update:
    """A newer state, what differs from the update before, and what only events tell."""

    state: State
    changes: Changes
    told: tuple[Recorded, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """How far the replica can be trusted. ``beat_at`` is the core's time, ``heard_at`` our monotonic clock's."""

    connected: bool = False
    problem: str = ""  # why not connected; "denied" where our Redis user is not accepted
    needs_snapshot: str = "no_snapshot"
    wrong_version: Refusal | None = None
    generation: str = ""
    epoch: int = 0
    seq: int = 0
    read_only: bool = False
    order_limit_s: int = 0  # 0: the core cannot settle the fate of an order
    beat_at: Instant = 0
    heard_at: float | None = None
    dropped: int = 0
    last_dropped: str = ""


class Listener(Protocol):
    def updated(self, update: Update) -> None: ...

    def health(self, health: Health) -> None: ...

    def replied(self, reply: Reply) -> None: ...

    def live(self, values: tuple[LiveValue, ...]) -> None: ...


class Reading:
    """Keeps one replica in step and tells the listener. ``connect`` makes a Redis client or raises."""

    def __init__(
        self, view: View, user: str, connect: Callable[[], redis.Redis], listener: Listener, door: Door
    ) -> None:
        self.replica = Replica()
        self.live_board = LiveBoard()
        self._me = f"person:{user}"
        self._connect = connect
        self._listener = listener
        self._door = door
        self._events = names.stream(view).encode()
        self._snapshot = names.snapshot(view)
        self._beats = names.beat(view).encode()
        self._live = tuple(stream.encode() for stream, _ in names.live_of(view))
        self._live_last = tuple(last for _, last in names.live_of(view))
        self._replies = names.replies(user).encode()
        self._cursors: dict[bytes, str] = {}
        self._start_over()
        self._shown = State()
        self._sent_at = 0.0
        self._urgent = False
        self._told: list[Recorded] = []
        self._held: list[tuple[float, Reply]] = []
        self._snapshot_at = 0.0
        self._connected = False
        self._problem = ""

    def run(self, stop: threading.Event) -> None:
        """Follow until ``stop``; comes back only then."""
        wait = BACKOFF_FIRST_S
        while not stop.is_set():
            client = None
            try:
                client = self._connect()
                self.greet(client)
                wait = BACKOFF_FIRST_S
                while not stop.is_set():
                    self.step(client)
            except (redis.AuthenticationError, redis.exceptions.NoPermissionError):
                self._lost("denied")
            except (redis.RedisError, OSError) as problem:
                self._lost(f"{type(problem).__name__}: {problem}"[:200])
            finally:
                if client is not None:
                    client.close()
            stop.wait(wait * (0.5 + self._door.jitter() / 2))
            wait = min(wait * 2, BACKOFF_MOST_S)

    def greet(self, client: redis.Redis) -> None:
        """First words on a new connection: the last live values, and that we are connected."""
        events = self._cursors[self._events]
        self._start_over()  # short streams; a Redis that was restarted may number them anew
        self._cursors[self._events] = events
        for key in self._live_last:
            try:
                last: Any = client.hgetall(key)
                self._take_live(list(last.values()))
            except redis.exceptions.NoPermissionError:
                self.replica.drop(f"{key} may not be read")
        self._connected, self._problem = True, ""
        self._tell_health()

    def step(self, client: redis.Redis) -> None:
        """One look for a snapshot if one is needed, one read, and whatever is due to the screen."""
        if self.replica.needs_snapshot and self._door.monotonic() >= self._snapshot_at:
            self._look_for_snapshot(client)
        wanted = {key: at for key, at in self._cursors.items() if key != self._events or self.replica.in_step}
        block = max(1, int(self._patience() * 1000))
        answer: Any = client.xread(wanted, count=READ_COUNT, block=block)  # type: ignore[arg-type]
        self._take(dict(answer or ()))
        self.flush()
        self._give_replies()
        self._prove()

    def _prove(self) -> None:
        """A little of what is left to compare."""
        if self.replica.proving:
            end = time.thread_time() + PROOF_SLICE_S
            self.replica.prove(lambda: time.thread_time() >= end)
            if self.replica.needs_snapshot:
                self._tell_health()

    def flush(self) -> None:
        """Send what is due: at once what is urgent, the rest when the last update is old enough."""
        now = self._door.monotonic()
        if self.replica.state is self._shown:
            return
        if not self._urgent and now - self._sent_at < COALESCE_S:
            return
        state = self.replica.state
        update = Update(state, difference(self._shown, state), tuple(self._told))
        self._shown, self._sent_at, self._urgent = state, now, False
        self._told.clear()
        self._listener.updated(update)

    def _patience(self) -> float:
        """Seconds that a read may wait."""
        if self.replica.proving:
            return PROOF_READ_S
        if self.replica.state is self._shown:
            return READ_BLOCK_S
        return min(READ_BLOCK_S, max(0.0, self._sent_at + COALESCE_S - self._door.monotonic()))

    def _look_for_snapshot(self, client: redis.Redis) -> None:
        self._snapshot_at = self._door.monotonic() + SNAPSHOT_AGAIN_S
        why = self.replica.needs_snapshot
        data: Any = client.get(self._snapshot)
        if not isinstance(data, bytes) or not self.replica.take_snapshot(data):
            self._tell_health()
            return
        if why in (GENERATION, CHECKSUM):
            self._start_over()
        self._cursors[self._events] = names.entry_id(self.replica.epoch, self.replica.seq)
        self._urgent = True
        tempo.settle()
        self._tell_health()

    def _start_over(self) -> None:
        for key in (self._events, self._beats, *self._live, self._replies):
            self._cursors[key] = "0-0"

    def _take(self, read: dict[bytes, list[tuple[bytes, dict[bytes, bytes]]]]) -> None:
        beats, events = read.get(self._beats, []), read.get(self._events, [])
        for key, entries in read.items():
            self._cursors[key] = entries[-1][0].decode("ascii")
        for _, fields in read.get(self._replies, []):
            self._take_reply(fields.get(names.BODY_FIELD, b""))
        if beats:
            self.replica.take_beat(beats[-1][1].get(names.BODY_FIELD, b""), self._door.monotonic())
        for ident, fields in events:
            self._take_event(ident, fields)
        if len(events) < READ_COUNT:
            self.replica.settle()
        for key in self._live:
            self._take_live([fields.get(names.BODY_FIELD, b"") for _, fields in read.get(key, [])])
        if beats or self.replica.needs_snapshot:
            self._tell_health()

    def _take_event(self, ident: bytes, fields: dict[bytes, bytes]) -> None:
        payload = fields.get(names.EVENT_FIELD)
        try:
            _, seq = names.parse_entry_id(ident)
        except ValueError:
            payload, seq = None, 0
        if payload is None:
            self.replica.misread(f"entry {ident!r} is no event"[:100])
            return
        recorded = self.replica.take_event(seq, payload)
        if recorded is None:
            return
        kind = type(recorded.event)
        if kind in TOLD:
            self._told.append(recorded)
        self._urgent = self._urgent or kind in URGENT or recorded.by == self._me

    def _take_reply(self, data: bytes) -> None:
        try:
            reply = decode(data, Reply)
        except WireError as problem:
            self.replica.drop(problem.en)
            return
        self._held.append((self._door.monotonic(), reply))

    def _give_replies(self) -> None:
        """A person who is told "done" must see it done: an accepted reply waits for its events, but not for ever."""
        now, waiting = self._door.monotonic(), []
        for heard, reply in self._held:
            if reply.refusal is None and self._shown.seq < reply.seq and now - heard < REPLY_HELD_S:
                waiting.append((heard, reply))
            else:
                self._listener.replied(reply)
        self._held = waiting

    def _take_live(self, entries: list[bytes]) -> None:
        news = [value for value in map(self.live_board.take, entries) if value is not None]
        for what in self.live_board.dropped:
            self.replica.drop(what)
        self.live_board.dropped = []
        if news:
            self._listener.live(tuple(news))

    def _lost(self, problem: str) -> None:
        self._connected, self._problem = False, problem
        self._tell_health()

    def _tell_health(self) -> None:
        replica = self.replica
        self._listener.health(
            Health(
                connected=self._connected,
                problem=self._problem,
                needs_snapshot=replica.needs_snapshot,
                wrong_version=replica.wrong_version,
                generation=replica.generation,
                epoch=replica.epoch,
                seq=replica.seq,
                read_only=replica.beat.read_only,
                order_limit_s=replica.beat.order_limit_s,
                beat_at=replica.beat.at,
                heard_at=replica.heard_at,
                dropped=replica.dropped_count,
                last_dropped=replica.dropped[-1] if replica.dropped else "",
            )
        )
