"""Silence is an alarm: every service number of every node is called once in a while, and that it came through is told.

A number that nobody can reach looks like a quiet night otherwise. The call is the node's own, over its real SIP; what
it does there is the dialplan's affair. Each number has its own clock, and all are spread over the interval.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command, ProbeMissed, ProbeSeen
from dispatch_core.domain.state import State
from dispatch_core.ports import ActionFailed, Clock, Ids, Switchboard
from dispatch_core.settings import PROBE_LOOK_S, PROBE_SEEN_S

log = logging.getLogger(__name__)

ACTOR = Actor(ActorKind.CORE, "probe")


class Probes:
    """``run`` until cancelled. ``every``: seconds between two calls to one number at one node.

    ``live`` takes last values: ("probe", "114@pbx1") -> {"number": str, "node": str, "heard": bool, "why": str,
    "ms": int, "at": Instant, "ready": int}; the last three are of the newest one that was heard (0 = none yet), and
    ``ready`` counts the phones that would have rung.
    """

    def __init__(
        self,
        switchboards: Mapping[str, Switchboard],
        state: Callable[[], State],
        tell: Callable[[Asked], None],
        live: Callable[[str, str, dict[str, Any]], None],
        clock: Clock,
        ids: Ids,
        every: float,
    ) -> None:
        self._switchboards = switchboards
        self._state = state
        self._tell = tell
        self._live = live
        self._clock = clock
        self._ids = ids
        self._every = every
        self._last: dict[str, dict[str, Any]] = {}

    async def run(self) -> None:
        watched = [(node, number) for node in self._switchboards for number in sorted(self._state().site.numbers)]
        async with asyncio.TaskGroup() as group:
            for place, (node, number) in enumerate(watched, 1):
                group.create_task(self._watch(node, number, self._every * place / len(watched)))
            await asyncio.get_running_loop().create_future()  # a site without numbers has nothing to watch

    async def _watch(self, node: str, number: str, pause: float) -> None:
        """The first call is made as soon as the node is there, the second after ``pause``: that spreads them."""
        while True:
            if not self._up(node):
                await asyncio.sleep(PROBE_LOOK_S)
                continue
            began = self._clock.monotonic()
            await self._probe(node, number)
            await asyncio.sleep(max(0.0, pause - (self._clock.monotonic() - began)))
            pause = self._every

    def _up(self, node: str) -> bool:
        known = self._state().nodes.get(node)
        return known is not None and known.up

    async def _probe(self, node: str, number: str) -> None:
        """One call. What it came to is told, whatever it is."""
        began = self._clock.monotonic()
        try:
            async with asyncio.timeout(PROBE_SEEN_S):
                heard = await self._switchboards[node].probe(number, self._ids.new())
        except TimeoutError:
            self._missed(node, number, "unseen")
        except ActionFailed as problem:
            log.warning("probe of %s at %s: %s", number, node, problem.en)
            self._missed(node, number, "unknown" if problem.unknown else "refused")
        else:
            if heard.number != number:  # it came out at another number's place
                self._missed(node, number, "astray")
                return
            ms = max(0, round((self._clock.monotonic() - began) * 1000))
            now = self._clock.now()
            self._show(node, number, heard=True, ms=ms, ready=heard.ready, at=now, why="")
            self._report(ProbeSeen(node=node, number=number, ms=ms))

    def _missed(self, node: str, number: str, why: str) -> None:
        self._show(node, number, heard=False, why=why)
        self._report(ProbeMissed(node=node, number=number, why=why))

    def _show(self, node: str, number: str, **what: Any) -> None:
        key = f"{number}@{node}"
        known = self._last.get(key, {"number": number, "node": node, "ms": 0, "ready": 0, "at": 0})
        self._last[key] = {**known, **what}
        self._live("probe", key, self._last[key])

    def _report(self, body: Command) -> None:
        self._tell(Asked(id=self._ids.new(), actor=ACTOR, body=body))
