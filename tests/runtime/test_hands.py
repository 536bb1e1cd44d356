"""What the core does in the world: each action once, each question answered, each phone told who sits there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind, Command
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.events import PositionRefused
from dispatch_core.domain.vocabulary import CallState, Location, LocationSource, Role, ZoneAnswer
from dispatch_core.ports import ActionFailed
from dispatch_core.runtime import hands as doing
from dispatch_core.runtime.hands import Hands
from dispatch_core.settings import ACTION_TIMEOUT_S, SERVE_TRIES
from scripts.simulation.core import Places
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.site import NODE
from tests.runtime.conftest import Run
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

    async def answer(self, call: str, position: str) -> None:
        await self._order("answer", call, position)

    async def hang_up(self, call: str) -> None:
        await self._order("hang_up", call)

    async def serve(self, position: str, on: bool) -> None:
        await self._order("serve", position, on)


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
        return Hands(
            {NODE: self.board}, self.places, None, house.sequencer.tell, lambda: house.sequencer.state, house.ids,
            self.install, self.use_zones, self.end_session,
        )  # type: ignore[arg-type]  # fmt: skip

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


@pytest.fixture
def desk(loop: SimulatedLoop) -> Desk:
    return Desk(loop)


# --- actions ----------------------------------------------------------------------------------------------------------


def test_an_answer_goes_out_after_its_commit_and_once(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.house.journal.gate = asyncio.Event()
        asking = asyncio.ensure_future(desk.house.person(c.AnswerCall(call="c1"), ident="x"))
        again = asyncio.ensure_future(desk.house.person(c.AnswerCall(call="c1"), ident="x"))
        await asyncio.sleep(1.0)
        assert desk.board.told == []
        desk.house.journal.gate.set()
        await asyncio.gather(asking, again)
        await asyncio.sleep(1.0)
        assert desk.board.told == [("answer", "c1", "B01")]
        assert desk.call.intent is not None

    simulated(work())


@pytest.mark.parametrize("unknown", [True, False])
def test_an_answer_that_failed_is_told_and_not_repeated(desk: Desk, simulated: Run, unknown: bool) -> None:
    async def work() -> None:
        await desk.begin()
        desk.board.fails = [ActionFailed("answer", "no", unknown=unknown)]
        await desk.person(c.AnswerCall(call="c1"))
        assert desk.board.told == [("answer", "c1", "B01")]
        assert desk.call.intent is None and desk.call.state is CallState.QUEUED
        failed = [
            entry.asked.body
            for batch in desk.house.journal.batches
            for entry in batch.entries
            if isinstance(entry.asked.body, c.AnswerFailed)
        ]
        assert [body.why for body in failed] == ["unknown" if unknown else "refused"]

    simulated(work())


def test_a_switch_that_does_not_answer_is_given_up(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.board.silent = True
        await desk.person(c.AnswerCall(call="c1"))
        assert desk.call.intent is not None
        await asyncio.sleep(ACTION_TIMEOUT_S + 1)
        assert desk.call.intent is None
        assert desk.board.told == [("answer", "c1", "B01")]

    simulated(work())


def test_a_node_that_is_not_configured(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        await desk.facts(
            c.CallCame(call="c2", node="elsewhere", at=1, dialled="113", services=("police",)),
            c.CallQueuedAt(call="c2", queue="q113", at=2),
        )
        await desk.person(c.AnswerCall(call="c2"))
        assert desk.house.sequencer.state.calls["c2"].intent is None
        assert desk.board.told == []

    simulated(work())


def test_a_hang_up_that_failed_may_be_asked_again(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        await desk.facts(c.CallTakenAt(call="c1", position="B01", at=3))
        desk.board.fails = [ActionFailed("hang_up", "no")]
        await desk.person(c.HangUp(call="c1"))
        assert not desk.call.hang_up_asked
        await desk.person(c.HangUp(call="c1"))
        assert desk.call.hang_up_asked
        assert desk.board.told == [("hang_up", "c1")] * 2

    simulated(work())


def test_a_start_repeats_no_action(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        await desk.person(c.AnswerCall(call="c1"))
        desk.board.told.clear()
        desk.another().ask_unfinished()
        await asyncio.sleep(10.0)
        assert [order for order in desk.board.told if order[0] != "serve"] == []

    simulated(work())


# --- which phones serve -----------------------------------------------------------------------------------------------


def test_a_phone_serves_while_somebody_sits_there(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        await desk.person(c.LeavePosition())
        await desk.person(c.TakePosition(position="B01"))
        await desk.person(c.SignOut(user="lan"))
        assert desk.board.told == [("serve", "B01", False), ("serve", "B01", True), ("serve", "B01", False)]
        assert desk.ended == ["lan"]

    simulated(work())


def test_it_is_said_again_until_the_switch_takes_it(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.board.fails = [ActionFailed("serve", "not connected")] * 3
        await desk.person(c.LeavePosition())
        await asyncio.sleep(20.0)
        assert desk.board.told == [("serve", "B01", False)] * 4

    simulated(work())


def test_it_is_not_said_for_ever(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.board.fails = [ActionFailed("serve", "not connected")] * 100
        await desk.person(c.LeavePosition())
        await asyncio.sleep(120.0)
        assert len(desk.board.told) == SERVE_TRIES
        desk.board.fails.clear()
        desk.board.told.clear()
        await desk.facts(c.NodeUp(node=NODE, booted="1"))
        assert desk.board.told == [("serve", "B01", False)]

    simulated(work())


def test_the_last_word_is_who_sits_there_now(desk: Desk, simulated: Run) -> None:
    """However slow the switch takes the orders, and whatever fails between them."""

    async def work() -> None:
        await desk.begin()
        desk.board.takes_s = 3.0
        desk.board.fails = [ActionFailed("serve", "busy")]
        for _ in range(3):
            await desk.person(c.LeavePosition())
            await desk.person(c.TakePosition(position="B01"))
        await desk.person(c.LeavePosition())
        await asyncio.sleep(60.0)
        assert desk.board.told[-1] == ("serve", "B01", False)

    simulated(work())


def test_a_start_tells_every_phone(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.another().ask_unfinished()
        await asyncio.sleep(1.0)
        assert desk.board.told == [("serve", "B01", True)]

    simulated(work())


# --- positions, zones -------------------------------------------------------------------------------------------------


def test_a_position_is_installed(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        add = c.AddPosition(position="B07", label="Bàn 7", services=("police", "fire"))
        await desk.person(add, "tuan")
        assert desk.installs == [("B07", "Bàn 7", "police", "fire")]
        assert not desk.house.sequencer.state.positions["B07"].installing

    simulated(work())


def test_a_position_that_the_switch_does_not_take(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.install_fails = DispatchError("no", "Tổng đài không nhận B07.", "The switch does not take B07.")
        await desk.person(c.AddPosition(position="B07", label="", services=("police",)), "tuan")
        assert "B07" not in desk.house.sequencer.state.positions
        refused = [one.event for one in desk.house.journal.events if isinstance(one.event, PositionRefused)]
        assert [event.vi for event in refused] == ["Tổng đài không nhận B07."]

    simulated(work())


def test_a_position_whose_installation_was_cut_short_may_be_added_again(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        never = asyncio.get_running_loop().create_future()

        async def hang(*_: object) -> None:
            await never

        desk.hands._install = hang
        add = c.AddPosition(position="B07", label="", services=("police",))
        await desk.person(add, "tuan")
        assert desk.house.sequencer.state.positions["B07"].installing
        desk.another().ask_unfinished()  # the core was restarted
        await asyncio.sleep(0.1)
        assert "B07" not in desk.house.sequencer.state.positions
        desk.hands._install = desk.install
        await desk.person(add, "tuan")
        assert not desk.house.sequencer.state.positions["B07"].installing

    simulated(work())


# --- questions --------------------------------------------------------------------------------------------------------


def place(lat: float = 10.78) -> Location:
    return Location(label="Chợ Bến Thành", source=LocationSource.GAZETTEER, lat=lat, lon=106.69)


def test_a_place_is_routed(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.house.loop.executor_delay = lambda: 0.05
        await desk.person(c.SetType(incident=desk.incident.id, type="crash", seen=""))
        await desk.person(c.Locate(incident=desk.incident.id, location=place(), seen=0))
        legs = desk.incident.legs
        assert {service: leg.station for service, leg in legs.items()} == {"ambulance": "S-A", "police": "S-P"}
        assert [one.unit for one in legs["ambulance"].candidates] == ["A2", "A1"]
        assert legs["ambulance"].candidates[0].metres < legs["ambulance"].candidates[1].metres

    simulated(work())


def test_a_late_answer_for_an_older_place_is_ignored(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        delays = iter((10.0, 0.05))
        desk.house.loop.executor_delay = lambda: next(delays)
        await desk.person(c.Locate(incident=desk.incident.id, location=place(10.7), seen=0))
        await desk.person(c.Locate(incident=desk.incident.id, location=place(10.9), seen=1))
        assert desk.incident.routed_version == desk.incident.location_version == 2
        routed = desk.incident
        await asyncio.sleep(15.0)
        assert desk.incident == routed

    simulated(work())


def test_a_question_whose_answer_was_lost_is_asked_again_at_start(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.house.loop.executor_delay = lambda: 1e6
        await desk.person(c.OpenLeg(incident=desk.incident.id, service="police"))
        await desk.person(c.Locate(incident=desk.incident.id, location=place(), seen=0))
        assert desk.incident.legs["police"].zone is None
        desk.house.loop.executor_delay = lambda: 0.01
        desk.another().ask_unfinished()
        await asyncio.sleep(1.0)
        assert desk.incident.legs["police"].station == "S-P"

    simulated(work())


def test_a_geography_that_breaks_stops_nothing(
    desk: Desk, simulated: Run, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Places):
        def route(self, lat: float, lon: float, services: Sequence[str]) -> Mapping[str, ZoneAnswer]:
            raise ZeroDivisionError("planted")

    async def work() -> None:
        desk.hands._locator = Broken()
        await desk.begin()
        await desk.person(c.Locate(incident=desk.incident.id, location=place(), seen=0))
        await desk.person(c.AnswerCall(call="c1"))
        assert desk.board.told == [("answer", "c1", "B01")]

    simulated(work())
    assert "planted" in caplog.text


def test_questions_are_shed_before_actions(
    desk: Desk, simulated: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doing, "WORK_WAITING", 3)

    async def work() -> None:
        await desk.begin()
        desk.house.loop.executor_delay = lambda: 100.0
        for version in range(6):
            await desk.person(c.Locate(incident=desk.incident.id, location=place(), seen=version))
        assert len(desk.hands._tasks) == 3
        await desk.person(c.AnswerCall(call="c1"))
        assert desk.board.told == [("answer", "c1", "B01")]

    simulated(work())
