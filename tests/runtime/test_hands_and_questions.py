"""Positions that are installed, places that are routed: answers that come late, twice or never."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.effects import AnswerAt, FindPremises
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.events import PositionRefused
from dispatch_core.domain.vocabulary import AskedPlace, Location, LocationSource, ZoneAnswer
from dispatch_core.runtime import hands as doing
from scripts.simulation.core import Places
from scripts.simulation.site import NODE
from tests.runtime.hands_stage import Desk
from tests.runtime.running import Run

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


def test_a_late_answer_that_knew_less_does_not_come_over_the_newer_one(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        await desk.person(c.Locate(incident=desk.incident.id, location=place(), seen=0))
        desk.house.loop.executor_delay = lambda: 10.0
        await desk.person(c.OpenLeg(incident=desk.incident.id, service="police"))
        desk.house.loop.executor_delay = lambda: 1.0
        await desk.person(c.RankAgain(incident=desk.incident.id))
        await asyncio.sleep(5.0)
        newer = desk.incident
        assert newer.legs["police"].routed_seen > 0
        await asyncio.sleep(15.0)
        assert desk.incident == newer

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
    desk: Desk, simulated: Run, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Places):
        def route(self, place: AskedPlace, services: Sequence[str]) -> Mapping[str, ZoneAnswer]:
            raise ZeroDivisionError("planted")

    async def work() -> None:
        monkeypatch.setattr(desk.places, "route", Broken().route)
        await desk.begin()
        await desk.person(c.Locate(incident=desk.incident.id, location=place(), seen=0))
        await desk.person(c.AnswerCall(call="c1"))
        assert desk.board.told == [(AnswerAt(NODE, "c1", "B01"),)]

    simulated(work())
    assert "planted" in caplog.text


def test_questions_about_premises_are_shed_before_ways_and_actions(
    desk: Desk, simulated: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doing, "WORK_WAITING", 3)

    async def work() -> None:
        await desk.begin()

        async def never(_: FindPremises) -> None:
            await asyncio.get_running_loop().create_future()

        desk.hands.learn(FindPremises, never)
        for number in range(6):
            desk.hands.ask(FindPremises(f"i{number}", 1, 10.8, 106.7, 0.0))
        assert len(desk.hands._tasks) == 3
        await desk.person(c.OpenLeg(incident=desk.incident.id, service="police"))
        await desk.person(c.Locate(incident=desk.incident.id, location=place(), seen=0))
        await asyncio.sleep(1.0)
        assert desk.incident.legs["police"].station == "S-P", "a new emergency finds its way all the same"
        await desk.person(c.AnswerCall(call="c1"))
        assert desk.board.told == [(AnswerAt(NODE, "c1", "B01"),)]

    simulated(work())
