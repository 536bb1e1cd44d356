"""What goes wrong in a run: drawn from the seed, begun and ended at its moments, all of it healed before the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from scripts.simulation.chance import Chance

if TYPE_CHECKING:
    from scripts.simulation.core import SimulatedCore
    from scripts.simulation.world import World

KINDS = {
    "core killed": "_core_killed",
    "core killed at a call": "_core_killed_at_a_call",
    "core killed at a commit": "_core_killed_at_a_commit",
    "core frozen": "_core_frozen",
    "core frozen at a commit": "_core_frozen_at_a_commit",
    "store down": "_store_down",
    "store slow": "_store_slow",
    "commits break": "_commits_break",
    "redis killed": "_redis_killed",
    "redis silent": "_redis_silent",
    "redis flushed": "_redis_flushed",
    "redis slow": "_redis_slow",
    "answers of redis lost": "_answers_lost",
    "streams trimmed": "_streams_trimmed",
    "console killed": "_console_killed",
    "console frozen": "_console_frozen",
    "link cut": "_link_cut",
    "switch rude": "_switch_rude",
    "switch killed": "_switch_killed",
    "clock steps": "_clock_steps",
}
"""Kind of fault to the method that begins it."""

NOTHING = "nothing"
"""In place of a kind: a run in which nothing goes wrong."""

QUIET = 0.05
"""Part of the runs in which nothing goes wrong at all."""


class Faults:
    """Plans the faults of one run of ``seconds``; with ``only`` those, by their names."""

    def __init__(self, world: World, chance: Chance, seconds: float, only: Sequence[str] = ()) -> None:
        self._only = only
        self._world = world
        self._chance = chance
        self._until = seconds

    def plan(self) -> bool:
        """Whether anything will go wrong at all."""
        if tuple(self._only) == (NOTHING,) or (self._chance.happens(QUIET) and not self._only):
            return False
        for _ in range(self._chance.number(1, 7)):
            kind = self._chance.one(self._only or list(KINDS))
            self._world.loop.later(self._chance.between(0.5, self._until), self._begin, kind)
        return True

    def _begin(self, kind: str) -> None:
        if not self._world.working:
            return
        self._world.history.tell("FAULT", kind)
        getattr(self, KINDS[kind])()

    def _for(self, low: float, high: float, heal: Callable[[], None]) -> None:
        """Heal it by itself after a while; the end of the run heals everything at once."""
        self._world.loop.later(self._chance.between(low, high), heal)

    # --- the core -----------------------------------------------------------------------------------------------------

    def _core_killed(self) -> None:
        self._world.core.process.kill()

    def _core_killed_at_a_call(self) -> None:
        core = self._world.core
        core.points.arm(self._chance.number(1, 40), core.process.kill, after=self._chance.happens(0.5))

    def _core_killed_at_a_commit(self) -> None:
        core = self._world.core
        core.commits.arm(self._chance.number(1, 8), core.process.kill, after=self._chance.happens(0.5))

    def _core_frozen_at_a_commit(self) -> None:
        core = self._world.core
        core.commits.arm(self._chance.number(1, 8), lambda: self._freeze(core), after=self._chance.happens(0.7))

    def _core_frozen(self) -> None:
        self._freeze(self._world.core)

    def _freeze(self, core: SimulatedCore) -> None:
        """SIGSTOP; when it lasts, the standby takes over and the old one wakes deposed."""
        world = self._world
        core.process.freeze()
        seconds = self._chance.between(0.3, 12.0)
        if seconds > world.SESSION_ENDS_S:
            world.loop.later(world.SESSION_ENDS_S, core.journal.session_ends)
            world.loop.later(world.SESSION_ENDS_S + 0.1, world.another_core, core)
        world.loop.later(seconds, core.process.thaw)

    def _clock_steps(self) -> None:
        self._world.core.clock.stepped_ms += self._chance.one((-3_600_000, -5_000, 5_000, 3_600_000))

    # --- the store ----------------------------------------------------------------------------------------------------

    def _store_down(self) -> None:
        store = self._world.store
        store.down = True
        self._for(0.2, 8.0, lambda: setattr(store, "down", False))

    def _store_slow(self) -> None:
        store = self._world.store
        store.slowness = self._chance.between(20.0, 300.0)
        self._for(0.5, 5.0, lambda: setattr(store, "slowness", 1.0))

    def _commits_break(self) -> None:
        journal = self._world.core.journal
        journal.unknown = self._chance.between(0.2, 0.9)
        self._for(0.5, 5.0, lambda: setattr(journal, "unknown", 0.0))

    # --- Redis --------------------------------------------------------------------------------------------------------

    def _redis_killed(self) -> None:
        self._world.troubles.down = True
        self._world.redis.restart()
        self._for(0.2, 6.0, lambda: setattr(self._world.troubles, "down", False))

    def _redis_silent(self) -> None:
        self._world.troubles.silent = True
        self._for(0.2, 6.0, lambda: setattr(self._world.troubles, "silent", False))

    def _redis_flushed(self) -> None:
        self._world.redis.flush()

    def _redis_slow(self) -> None:
        self._world.troubles.slowness = self._chance.between(50.0, 1500.0)
        self._for(0.5, 4.0, lambda: setattr(self._world.troubles, "slowness", 1.0))

    def _answers_lost(self) -> None:
        self._world.troubles.answers_lost = self._chance.between(0.05, 0.5)
        self._for(0.5, 4.0, lambda: setattr(self._world.troubles, "answers_lost", 0.0))

    def _streams_trimmed(self) -> None:
        """While one console is away, so that it finds a gap when it comes back."""
        self._console_frozen()
        self._for(0.5, 2.0, lambda: self._world.trim(self._chance.number(0, 5)))

    # --- consoles and the switch --------------------------------------------------------------------------------------

    def _console_killed(self) -> None:
        self._world.restart_console(self._chance.one(sorted(self._world.consoles)))

    def _console_frozen(self) -> None:
        console = self._world.consoles[self._chance.one(sorted(self._world.consoles))]
        console.process.freeze()
        self._for(0.5, 8.0, console.process.thaw)

    def _link_cut(self) -> None:
        self._world.cut_link()
        self._for(0.2, 6.0, lambda: setattr(self._world.link, "cut", False))

    def _switch_rude(self) -> None:
        self._world.link.rude = self._chance.between(0.05, 0.5)
        self._for(1.0, 8.0, lambda: setattr(self._world.link, "rude", 0.0))

    def _switch_killed(self) -> None:
        self._world.exchange.crash()
