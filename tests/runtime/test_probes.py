"""Every number of every node is called in its turn; what is not heard in time is told, and what is heard again too."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind
from dispatch_core.ports import ActionFailed, Probed
from dispatch_core.runtime.probes import Probes
from dispatch_core.settings import PROBE_SEEN_S
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.site import NODE
from tests.runtime.fakes import House
from tests.runtime.running import Run

EVERY = 60.0


class Board:
    """A switch that hears every probe after 20 ms, but those that it is told to do otherwise with."""

    def __init__(self) -> None:
        self.probed: list[tuple[float, str]] = []
        self.deaf: set[str] = set()
        self.fails: dict[str, ActionFailed] = {}
        self.astray: dict[str, str] = {}

    async def probe(self, number: str, token: str) -> Probed:
        loop = asyncio.get_running_loop()
        self.probed.append((round(loop.time(), 2), number))
        if number in self.fails:
            raise self.fails[number]
        if number in self.deaf:
            await loop.create_future()
        await asyncio.sleep(0.02)
        return Probed(number=self.astray.get(number, number), ready=2)


class Watch:
    def __init__(self, loop: SimulatedLoop) -> None:
        self.house = House(loop)
        self.boards = {NODE: Board(), "hcm2": Board()}
        self.values: dict[str, dict[str, Any]] = {}

    async def begin(self) -> None:
        house = self.house
        await house.begin()
        for node in self.boards:
            await house.ask(ActorKind.SWITCH, node, c.NodeUp(node=node, booted="1"))
        probes = Probes(
            self.boards, lambda: house.sequencer.state, house.sequencer.tell, self._live, house.clock, house.ids, EVERY
        )  # type: ignore[arg-type]  # fmt: skip
        self.running = asyncio.ensure_future(probes.run())

    def _live(self, kind: str, key: str, value: dict[str, Any]) -> None:
        assert kind == "probe"
        self.values[key] = value

    @property
    def alarms(self) -> list[str]:
        return sorted(self.house.sequencer.state.alarms)


def test_each_number_at_each_node_once_an_interval_and_spread_over_it(loop: SimulatedLoop, simulated: Run) -> None:
    async def scene() -> None:
        watch = Watch(loop)
        began = loop.time()
        await watch.begin()
        await asyncio.sleep(2 * EVERY + 1)
        times = sorted((at, node, number) for node, board in watch.boards.items() for at, number in board.probed)
        every = [(node, number) for node in (NODE, "hcm2") for number in ("113", "114", "115")]
        assert {it[1:] for it in times[:6]} == set(every) and times[5][0] - began < 1.5
        assert [it[1:] for it in times[6:]] == every * 2
        gaps = [after[0] - before[0] for before, after in zip(times[5:], times[6:], strict=False)]
        assert all(abs(gap - EVERY / 6) < 0.2 for gap in gaps), gaps
        assert watch.alarms == []
        assert watch.values[f"114@{NODE}"] == {
            "number": "114", "node": NODE, "heard": True, "why": "", "ms": 20, "ready": 2,
            "at": watch.values[f"114@{NODE}"]["at"],
        }  # fmt: skip
        assert watch.values[f"114@{NODE}"]["at"] > 0
        assert watch.house.sequencer.state.calls == {}

    simulated(scene())


def test_one_number_that_is_not_heard_is_an_alarm_until_it_is(loop: SimulatedLoop, simulated: Run) -> None:
    async def scene() -> None:
        watch = Watch(loop)
        await watch.begin()
        await asyncio.sleep(EVERY)
        watch.boards[NODE].deaf = {"114"}
        broken = loop.time()
        while not watch.alarms:
            await asyncio.sleep(0.1)
        assert loop.time() - broken < EVERY + PROBE_SEEN_S + 0.3
        assert watch.alarms == [f"number_silent:114@{NODE}"]
        await asyncio.sleep(EVERY * 2)
        assert watch.alarms == [f"number_silent:114@{NODE}"]
        assert watch.values[f"114@{NODE}"]["heard"] is False and watch.values[f"114@{NODE}"]["ms"] == 20
        watch.boards[NODE].deaf = set()
        await asyncio.sleep(EVERY + PROBE_SEEN_S)
        assert watch.alarms == []

    simulated(scene())


def test_one_that_is_refused_or_goes_astray_is_one_that_is_missed(loop: SimulatedLoop, simulated: Run) -> None:
    async def scene() -> None:
        watch = Watch(loop)
        watch.boards[NODE].fails = {"113": ActionFailed("Originate", "no"), "115": ActionFailed("x", "y", unknown=True)}
        watch.boards["hcm2"].astray = {"114": "113"}
        await watch.begin()
        await asyncio.sleep(EVERY + 1)
        silent = (f"113@{NODE}", f"115@{NODE}", "114@hcm2")
        assert set(watch.alarms) == {f"number_silent:{it}" for it in silent}
        whys = {key: value["why"] for key, value in watch.values.items() if value["why"]}
        assert whys == {f"113@{NODE}": "refused", f"115@{NODE}": "unknown", "114@hcm2": "astray"}

    simulated(scene())


def test_a_node_that_is_away_is_not_called_and_called_at_once_when_it_is_back(
    loop: SimulatedLoop, simulated: Run
) -> None:
    async def scene() -> None:
        watch = Watch(loop)
        await watch.begin()
        await asyncio.sleep(EVERY)
        await watch.house.ask(ActorKind.SWITCH, NODE, c.NodeDown(node=NODE, why="connect"))
        before = len(watch.boards[NODE].probed)
        await asyncio.sleep(2 * EVERY)
        assert len(watch.boards[NODE].probed) == before
        assert watch.alarms == [f"telephony_blind:{NODE}"]
        await watch.house.ask(ActorKind.SWITCH, NODE, c.NodeUp(node=NODE, booted="2"))
        await asyncio.sleep(1.0)
        assert {number for _, number in watch.boards[NODE].probed[before:]} == {"113", "114", "115"}

    simulated(scene())
