"""A desk with hands on a switch that notes what it was told."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind, Command
from dispatch_core.domain.effects import FindRoute, SwitchOrder
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Role
from dispatch_core.ports import ActionFailed
from dispatch_core.runtime.geography import Geography
from dispatch_core.runtime.hands import Hands
from scripts.simulation.core import Places
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.site import NODE
from tests.runtime.fakes import House


class Board:
    """A switch that notes what it was told; ``fails`` are raised in turn, ``silent`` never answers."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []
        self.fails: list[ActionFailed] = []
        self.silent = False
        self.takes_s = 0.01

    async def _order(self, *order: object) -> None:
        self.told.append(order)
        if self.silent:
            await asyncio.get_running_loop().create_future()
        await asyncio.sleep(self.takes_s)
        if self.fails:
            raise self.fails.pop(0)

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def carry_out(self, order: SwitchOrder) -> None:
        await self._order(order)

    async def serve(self, position: str, on: bool, elsewhere: bool, why: str = "") -> None:
        await self._order("serve", position, on, *(["elsewhere"] if elsewhere else []))


class Desk:
    """A house with hands, somebody at B01, and a call that waits."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self.house = House(loop)
        self.board = Board()
        self.places = Places()
        self.installs: list[tuple[str, ...]] = []
        self.install_fails: DispatchError | None = None
        self.zones: list[tuple[str, int]] = []
        self.ended: list[str] = []
        self.hands = self.another()
        self.house.sequencer.on_commit(self.hands.heard)

    def another(self) -> Hands:
        house = self.house
        hands = Hands(
            {NODE: self.board}, house.sequencer.tell, lambda: house.sequencer.state, house.ids,
            self.install, self.use_zones, self.end_session,
        )  # fmt: skip
        places = self.places
        geography = Geography(places, places, None, lambda: house.sequencer.state, house.clock)  # type: ignore[arg-type]
        hands.learn(FindRoute, geography.find_route)
        return hands

    async def install(self, position: str, label: str, services: tuple[str, ...]) -> None:
        self.installs.append((position, label, *services))
        if self.install_fails is not None:
            raise self.install_fails

    async def use_zones(self, service: str, version: int) -> None:
        self.zones.append((service, version))

    async def end_session(self, user: str) -> None:
        self.ended.append(user)

    async def begin(self) -> None:
        await self.house.begin()
        for user, role in (("lan", Role.DISPATCHER), ("tuan", Role.TELEPHONY_ADMIN)):
            sign_in = c.SignIn(user=user, name=user, role=role, session="s")
            await self.house.ask(ActorKind.CORE, "desk", sign_in)
        assert (await self.house.person(c.TakePosition(position="B01"))).refusal is None
        await self.facts(
            c.CallCame(call="c1", node=NODE, at=1, dialled="113", services=("police",)),
            c.CallQueuedAt(call="c1", queue="q113", at=2),
        )
        self.board.told.clear()

    async def facts(self, *bodies: Command) -> None:
        for body in bodies:
            self.house.fact(body)
        await asyncio.sleep(0.1)

    async def person(self, body: Command, user: str = "lan") -> None:
        outcome = await self.house.person(body, user)
        assert outcome.refusal is None, outcome.refusal
        await asyncio.sleep(0.1)

    @property
    def call(self) -> Any:
        return self.house.sequencer.state.calls["c1"]

    @property
    def incident(self) -> Any:
        return next(iter(self.house.sequencer.state.incidents.values()))
