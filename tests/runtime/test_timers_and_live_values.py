"""Clocks that run out, and last values that reach the screens."""

from __future__ import annotations

import asyncio
from fnmatch import fnmatchcase

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind, Asked
from dispatch_core.domain.deadlines import ANSWER_LIMIT_MS
from dispatch_core.domain.views import View
from dispatch_core.domain.vocabulary import Role
from dispatch_core.runtime import live_values as living
from dispatch_core.runtime.live_values import LiveValues
from dispatch_core.runtime.timers import run_timers
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import GONE, LiveValue, decode
from scripts.simulation.chance import Chance
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.network import CrashPoints
from scripts.simulation.redis_client import CoreClient, RedisTroubles
from scripts.simulation.redis_server import RedisServer
from scripts.simulation.site import NODE
from tests.runtime.fakes import House
from tests.runtime.running import Run

# --- timers -----------------------------------------------------------------------------------------------------------


class Timed:
    """A house with timers, and an answer that was asked for."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self.house = House(loop)
        self.told: list[Asked] = []
        self.running: asyncio.Task[None] | None = None

    def tell(self, asked: Asked) -> None:
        self.told.append(asked)
        self.house.sequencer.tell(asked)

    async def begin(self) -> None:
        house = self.house
        await house.begin()
        sign_in = c.SignIn(user="lan", name="Lan", role=Role.DISPATCHER, session="s")
        await house.ask(ActorKind.CORE, "desk", sign_in)
        await house.person(c.TakePosition(position="B01"))
        house.fact(c.CallCame(call="c1", node=NODE, at=1, dialled="113", services=("police",)))
        house.fact(c.CallQueuedAt(call="c1", queue="q113", at=2))
        await asyncio.sleep(0.1)
        assert (await house.person(c.AnswerCall(call="c1"))).refusal is None
        self.running = asyncio.ensure_future(
            run_timers(lambda: house.sequencer.state, self.tell, house.clock, house.ids)
        )


@pytest.fixture
def timed(loop: SimulatedLoop) -> Timed:
    return Timed(loop)


def test_an_answer_without_outcome_is_given_up_once(timed: Timed, simulated: Run) -> None:
    async def work() -> None:
        await timed.begin()
        await asyncio.sleep(ANSWER_LIMIT_MS / 1000 - 1)
        assert timed.told == []
        await asyncio.sleep(3.0)
        assert [type(asked.body) for asked in timed.told] == [c.AnswerFailed]
        assert timed.told[0].actor.kind is ActorKind.CORE
        assert timed.house.sequencer.state.calls["c1"].intent is None
        await asyncio.sleep(60.0)
        assert len(timed.told) == 1

    simulated(work())


def test_while_the_journal_is_away_nothing_piles_up(timed: Timed, simulated: Run) -> None:
    async def work() -> None:
        await timed.begin()
        timed.house.journal.down = True
        await asyncio.sleep(600.0)
        assert len(timed.told) == 1
        assert timed.house.sequencer.waiting <= 1
        timed.house.journal.down = False
        await asyncio.sleep(5.0)
        assert timed.house.sequencer.state.calls["c1"].intent is None

    simulated(work())


# --- last values ------------------------------------------------------------------------------------------------------


class Live:
    def __init__(self, loop: SimulatedLoop) -> None:
        self.house = House(loop)
        self.redis = RedisServer(lambda: int(loop.time() * 1000))
        self.troubles = RedisTroubles()
        client = CoreClient(self.redis, self.troubles, loop, Chance(1, "redis"), CrashPoints())
        self.values = LiveValues(client, self.house.clock)

    def last(self) -> dict[str, object]:
        found = self.redis.hgetall(names.LIVE_LAST)
        return {key.decode(): decode(data, LiveValue).value for key, data in found.items()}

    def sent(self) -> list[tuple[str, object]]:
        stream = self.redis.stream(names.LIVE_STREAM)
        entries = list(stream.entries.values()) if stream is not None else []
        values = [decode(fields[names.BODY_FIELD], LiveValue) for fields in entries]
        return [(value.key, value.value) for value in values]


@pytest.fixture
def live(loop: SimulatedLoop) -> Live:
    return Live(loop)


def test_only_what_changed_is_sent(live: Live, simulated: Run) -> None:
    async def work() -> None:
        asyncio.ensure_future(live.values.run())
        live.values.show("trunk", "vnpt", {"up": True})
        live.values.show("phone", "B01", {"state": "idle"})
        await asyncio.sleep(1.0)
        live.values.show("trunk", "vnpt", {"up": True})
        live.values.show("phone", "B01", {"state": "busy"})
        live.values.show("phone", "B01", {"state": "ringing"})
        await asyncio.sleep(1.0)
        assert live.sent() == [
            ("B01", {"state": "idle"}), ("vnpt", {"up": True}), ("B01", {"state": "ringing"}),
        ]  # fmt: skip
        assert live.last() == {"trunk:vnpt": {"up": True}, "phone:B01": {"state": "ringing"}}
        assert live.values.get("phone") == {"B01": {"state": "ringing"}}

    simulated(work())


def test_what_changes_while_it_is_sent_is_not_lost(live: Live, simulated: Run) -> None:
    async def work() -> None:
        live.troubles.slowness = 1000.0  # half a second on the way
        asyncio.ensure_future(live.values.run())
        for number in range(40):
            live.values.show("queue", "q113", {"waiting": number})
            await asyncio.sleep(0.11)
        live.troubles.slowness = 1.0
        await asyncio.sleep(5.0)
        assert live.last() == {"queue:q113": {"waiting": 39}}

    simulated(work())


@pytest.mark.parametrize("harm", ["flush", "restart", "down"])
def test_a_redis_that_was_emptied_is_filled_again(live: Live, simulated: Run, harm: str) -> None:
    async def work() -> None:
        asyncio.ensure_future(live.values.run())
        for number in range(3):
            live.values.show("trunk", f"t{number}", {"up": True})
        await asyncio.sleep(1.0)
        if harm == "down":
            live.troubles.down = True
            live.redis.restart()
            live.values.show("trunk", "t0", {"up": False})
            await asyncio.sleep(3.0)
            live.troubles.down = False
        else:
            getattr(live.redis, harm)()
        await asyncio.sleep(2.0)
        assert sorted(live.last()) == ["trunk:t0", "trunk:t1", "trunk:t2"]
        assert live.last()["trunk:t0"] == {"up": harm != "down"}

    simulated(work())


def test_where_units_are_is_not_where_the_telephony_view_reads(live: Live, simulated: Run) -> None:
    async def work() -> None:
        asyncio.ensure_future(live.values.run())
        live.values.show("trunk", "vnpt", {"up": True})
        live.values.show("positions", "00", {"A1": [10.8, 106.7, 1]})
        live.values.show("coverage", "ambulance/", {"free": 1})
        await asyncio.sleep(1.0)
        assert list(live.last()) == ["trunk:vnpt"] and live.sent() == [("vnpt", {"up": True})]
        kept = sorted(key.decode() for key in live.redis.hgetall(names.UNITS_LAST))
        assert kept == ["coverage:ambulance/", "positions:00"] and live.redis.stream(names.UNITS_STREAM) is not None
        live.redis.delete(names.UNITS_LAST)
        await asyncio.sleep(2.0)
        assert len(live.redis.hgetall(names.UNITS_LAST)) == 2, "it was emptied"

    simulated(work())
    for key in (names.UNITS_STREAM, names.UNITS_LAST):
        may = {view: any(fnmatchcase(key, it) for it in names.readable_keys(view)) for view in View}
        assert may == {View.OPERATIONS: True, View.TELEPHONY: False}


def test_what_is_gone_is_told_once_and_kept_nowhere(live: Live, simulated: Run) -> None:
    async def work() -> None:
        asyncio.ensure_future(live.values.run())
        live.values.show("trunk", "vnpt", {"up": True})
        live.values.show("trunk", "viettel", {"up": True})
        live.values.show("trunk", "never", dict(GONE))
        await asyncio.sleep(1.0)
        live.values.show("trunk", "vnpt", dict(GONE))
        assert list(live.values.get("trunk")) == ["viettel"]
        await asyncio.sleep(1.0)
        assert list(live.last()) == ["trunk:viettel"]
        assert live.sent() == [("viettel", {"up": True}), ("vnpt", {"up": True}), ("vnpt", GONE)]
        live.redis.flush()
        live.values.show("trunk", "vnpt", {"up": False})
        await asyncio.sleep(2.0)
        assert sorted(live.last()) == ["trunk:viettel", "trunk:vnpt"]

    simulated(work())


def test_a_new_core_forgets_what_the_old_one_said(live: Live, simulated: Run) -> None:
    async def work() -> None:
        live.redis.hset(names.LIVE_LAST, "trunk:gone", b"old")
        asyncio.ensure_future(live.values.run())
        live.values.show("trunk", "vnpt", {"up": True})
        await asyncio.sleep(1.0)
        assert list(live.last()) == ["trunk:vnpt"]

    simulated(work())


def test_the_number_of_values_is_bounded(
    live: Live, simulated: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(living, "LIVE_KEYS", 3)

    async def work() -> None:
        for number in range(5):
            live.values.show("trunk", f"t{number}", {})
        live.values.show("trunk", "t0", {"up": True})
        assert sorted(live.values.get("trunk")) == ["t0", "t1", "t2"]
        assert live.values.get("trunk")["t0"] == {"up": True}

    simulated(work())
    assert "t4 is not shown" in caplog.text
