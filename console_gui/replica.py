"""A console's copy of the live state, built by the core's own ``evolve`` from a snapshot and the ordered events.

Guards: the copy is exactly the core's state at ``seq``, or ``needs_snapshot`` says why it may not be. A gap, another
generation of the stream, a checksum that differs, an unreadable or foreign event each ask for a new snapshot. A
checksum is compared in steps (``prove``): a call that rings does not wait for it. A state of other rules than ours,
newer or older, is refused in words. No bytes whatever raise: what cannot be used is dropped and told in ``dropped``. No
Qt here, no clock, no network.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator

import msgspec

from console_gui.limits import DROPPED_KEPT, STALE_S
from console_gui.steps import in_one_go
from dispatch_core.domain.canonical import decode_state, summing
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.evolve import evolve, pass_over
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import EVOLVE_VERSION, State
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.wire.envelopes import Beat, Snapshot, WireError, decode
from dispatch_core.wire.names import WIRE_SPOKEN, WIRE_VERSION

NO_SNAPSHOT = "no_snapshot"
GAP = "gap"
GENERATION = "generation"
CHECKSUM = "checksum"
UNREADABLE = "unreadable"

_UNHEARD = Beat(wire=WIRE_VERSION, evolve=EVOLVE_VERSION, generation="", epoch=0, seq=0, at=0)


class Replica:
    """One view's state. Times heard are seconds of the process's monotonic clock."""

    def __init__(self) -> None:
        self.state = State()
        self.generation = ""
        self.epoch = 0
        self.needs_snapshot = NO_SNAPSHOT
        self.wrong_version: Refusal | None = None
        self.beat = _UNHEARD
        self.heard_at: float | None = None
        self.dropped: deque[str] = deque(maxlen=DROPPED_KEPT)
        self.dropped_count = 0
        self.snapshots_taken = 0
        self._doubted = True  # the state itself may be wrong, not only behind: any snapshot is better
        self._expected: tuple[int, str] | None = None
        self._proof: tuple[str, Generator[None, None, str]] | None = None  # of a state that was: states never change
        self._rules_told = EVOLVE_VERSION

    @property
    def seq(self) -> int:
        return self.state.seq

    @property
    def in_step(self) -> bool:
        return not self.needs_snapshot

    def checksum(self) -> str:
        return in_one_go(summing(self.state))

    def age(self, now: float) -> float | None:
        """Seconds since the last pulse; None before the first."""
        return None if self.heard_at is None else max(0.0, now - self.heard_at)

    def stale(self, now: float) -> bool:
        age = self.age(now)
        return age is None or age >= STALE_S or not self.in_step

    def now(self, monotonic: float) -> Instant:
        """The core's wall clock, carried on by our own monotonic one: this machine's wall clock is never asked."""
        if self.heard_at is None:
            return 0
        return self.beat.at + int((monotonic - self.heard_at) * 1000)

    def drop(self, what: str) -> None:
        """Tell that something could not be used."""
        self.dropped_count += 1
        self.dropped.append(what)

    def take_snapshot(self, data: bytes) -> bool:
        """Start from ``data`` if it helps. False: unreadable, of a foreign version, or not newer than what we have."""
        try:
            shot = decode(data, Snapshot)
            if not self._spoken(shot.wire) or not self._same_rules(shot.evolve):
                return False
            state = decode_state(shot.state)
        except WireError as problem:
            self.drop(problem.en)
            return False
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            self.drop(f"snapshot's state: {str(problem)[:200]}")
            return False
        if state.seq != shot.seq:
            self.drop(f"snapshot {shot.seq} holds a state of {state.seq}")
            return False
        if shot.generation == self.generation and not self._doubted and shot.seq <= self.seq:
            return False  # what we miss is newer than this one; the core writes the next soon
        self.state = state
        self.generation = shot.generation
        self.epoch = shot.epoch
        self.needs_snapshot = ""
        self._doubted = False
        self._expected = self._proof = None
        self.snapshots_taken += 1
        return True

    def take_beat(self, data: bytes, heard_at: float) -> None:
        """Hear a pulse, before the events of the same read: its checksum is compared when its seq is reached."""
        try:
            beat = decode(data, Beat)
        except WireError as problem:
            self.drop(problem.en)
            return
        if not self._spoken(beat.wire):
            return
        self._same_rules(beat.evolve)
        self.beat = beat
        self.heard_at = heard_at
        if not self.in_step:
            self._regain(beat)
            return
        if beat.generation != self.generation:
            self._ask(GENERATION, doubted=True)
            return
        self.epoch = beat.epoch
        if beat.seq >= self.seq:
            comparable = beat.checksum if beat.evolve == EVOLVE_VERSION else ""
            self._expected = (beat.seq, comparable)
            self._compare()

    def take_event(self, seq: int, payload: bytes) -> Recorded | None:
        """Apply the event at ``seq``; an empty payload is one that this view does not show. Gives what was applied."""
        if not self.in_step or seq <= self.seq:
            return None
        if seq != self.seq + 1:
            self._ask(GAP)
            return None
        if not payload:
            self.state = pass_over(self.state, seq)
            self._compare()
            return None
        try:
            recorded = decode(payload, Recorded)
        except WireError as problem:
            self.drop(f"event {seq}: {problem.en}")
            self._ask(UNREADABLE)
            return None
        if recorded.seq != seq:
            self.drop(f"event {seq} calls itself {recorded.seq}")
            self._ask(UNREADABLE)
            return None
        try:
            self.state = evolve(self.state, recorded)
        except Exception as problem:  # noqa: BLE001  (what no core decided may break any rule)
            self.drop(f"event {seq}: {problem!r}"[:200])
            self._ask(UNREADABLE, doubted=True)
            return None
        self._compare()
        return recorded

    def misread(self, what: str) -> None:
        """An entry of the event stream that is no entry: something is missing, and only a snapshot can tell what."""
        self.drop(what)
        if self.in_step:
            self._ask(UNREADABLE)

    def settle(self) -> None:
        """After a read that took everything there was: what a pulse has named must be here."""
        if self.in_step and self._expected is not None and self._expected[0] > self.seq:
            self._ask(GAP)

    def _compare(self) -> None:
        if self._expected is None or self._expected[0] != self.seq:
            return
        expected, self._expected = self._expected[1], None
        if expected and self._proof is None:
            self._proof = expected, summing(self.state)

    @property
    def proving(self) -> bool:
        """Whether a pulse's checksum is still to be compared."""
        return self._proof is not None

    def prove(self, enough: Callable[[], bool] = lambda: False) -> None:
        """Go on with the comparison until it is done or ``enough``: what comes meanwhile does not wait for it."""
        while self._proof is not None and not enough():
            expected, steps = self._proof
            try:
                next(steps)
                continue
            except StopIteration as done:
                same = done.value == expected
            except Exception as problem:  # noqa: BLE001  (a state that cannot be written down is no core's)
                self.drop(f"state: {problem!r}"[:200])
                same = False
            self._proof = None
            if not same:
                self._doubt()

    def _doubt(self) -> None:
        """The state itself is wrong: any snapshot is better."""
        if self.in_step:
            self._ask(CHECKSUM)
        self._doubted = True

    def _regain(self, beat: Beat) -> None:
        """A pulse that proves our state to be the newest ends the doubt: what asked for more was no event of ours."""
        if self._doubted or beat.generation != self.generation or beat.seq != self.seq or not beat.checksum:
            return
        try:
            proven = beat.evolve == EVOLVE_VERSION and beat.checksum == self.checksum()
        except Exception as problem:  # noqa: BLE001  (a state that cannot be written down is no core's)
            self.drop(f"state: {problem!r}"[:200])
            self._doubt()
            return
        if proven:
            self.needs_snapshot = ""

    def _ask(self, why: str, *, doubted: bool = False) -> None:
        self.needs_snapshot = why
        self._doubted = self._doubted or doubted

    def _spoken(self, wire: int) -> bool:
        if wire in WIRE_SPOKEN:
            self.wrong_version = None
            return True
        self.wrong_version = refuse("wrong_version", theirs=WIRE_VERSION, ours=wire)
        self.drop(f"wire version {wire}")
        return False

    def _same_rules(self, evolve: int) -> bool:
        """A state that was made by other rules than ours may read as ours and mean something else: it is not shown."""
        if evolve == EVOLVE_VERSION:
            return True
        if evolve != self._rules_told:
            self._rules_told = evolve
            self.drop(f"evolve version {evolve}")
        if evolve > EVOLVE_VERSION:
            self.wrong_version = refuse("core_newer", theirs=EVOLVE_VERSION, ours=evolve)
        else:
            self.wrong_version = refuse("core_older", theirs=EVOLVE_VERSION, ours=evolve)
        return False
