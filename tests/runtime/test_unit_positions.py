"""Positions of units: taken one by one, named where they are bad, kept over a start, shown in few values."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch_core.domain.commands import SetCrew
from dispatch_core.domain.state import Site, State, Unit
from dispatch_core.domain.vocabulary import Area, CrewState
from dispatch_core.ports import Mover, Outcome
from dispatch_core.runtime.http import ApiResource, HttpRefusal
from dispatch_core.runtime.http.answers import json_answer
from dispatch_core.runtime.http.senders import Senders, only
from dispatch_core.runtime.http.units import UnitIntake
from dispatch_core.runtime.unit_positions import KIND, SHARDS, UnitPositions, UnreadablePositions
from dispatch_core.settings import (
    POSITION_AHEAD_MS,
    POSITION_OLD_MS,
    POSITIONS_AT_ONCE,
    POSITIONS_BODY_LIMIT,
    POSITIONS_BURST,
    POSITIONS_PER_S,
    REFUSED_SHOWN,
)
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import LiveValue, encode
from tests.domain.examples import tries
from tests.domain.world import staffed

NOW = 1_795_410_000_000
AREA = Area(south=8, west=102, north=23.6, east=110)


class Still:
    def __init__(self) -> None:
        self.time, self.at = 1_000.0, NOW

    def now(self) -> int:
        return self.at

    def monotonic(self) -> float:
        return self.time


class Stage:
    def __init__(self, count: int = 3) -> None:
        self.clock = Still()
        units = {f"A{n}": self.unit(f"A{n}") for n in range(1, count + 1)}
        self.state = State(units=units, site=Site(area=AREA))
        self.shown: dict[str, dict[str, Any]] = {}
        self.positions = UnitPositions(lambda: self.state, self._show, self.clock)

    @staticmethod
    def unit(sign: str) -> Unit:
        return Unit(call_sign=sign, service="ambulance", station="S", lat=10.77, lon=106.68)

    def _show(self, kind: str, key: str, value: dict[str, Any]) -> None:
        assert kind == KIND
        self.shown[key] = value

    def send(self, *reports: dict[str, Any]) -> Any:
        return self.positions.take(json.dumps(list(reports)).encode())

    def everywhere(self) -> dict[str, Any]:
        return {unit: place for value in self.shown.values() for unit, place in value.items()}


def at(unit: str, lat: Any = 10.78, lon: Any = 106.70, **more: Any) -> dict[str, Any]:
    return {"unit": unit, "lat": lat, "lon": lon, **more}


def test_the_newest_place_is_kept_and_measured_from() -> None:
    stage = Stage()
    told = stage.send(at("A1", at=NOW - 5_000), at("A1", lat=11, at=NOW - 6_000), at("A2"))
    assert (told.taken, told.older, told.refused) == (2, 1, 0)
    assert stage.positions.mover(stage.state.units["A1"], NOW) == Mover("A1", 10.78, 106.70, "", 5_000)
    assert stage.positions.mover(stage.state.units["A3"], NOW) == Mover("A3", 10.77, 106.68, "", None)
    stage.clock.at = NOW - 20_000  # the clock was set back
    assert stage.positions.mover(stage.state.units["A2"], NOW - 20_000).age_ms == 0
    assert stage.positions.counts == {"taken": 2, "older": 1, "refused": 0}


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (at("X9"), "unknown_unit"),
        (at("A1", 106.70, 10.78), "swapped"),
        (at("A1", 12.0, 9.0), "outside"),
        (at("A1", 48.8, 2.3), "outside"),
        (at("A1", float("nan")), "not_a_place"),
        (at("A1", float("inf")), "not_a_place"),
        (at("A1", 91, 181), "not_a_place"),
        (at("A1", 1_190_000.0, 600_000.0), "not_a_place"),
        (at("A1", at=NOW + POSITION_AHEAD_MS + 1), "future"),
        (at("A1", at=NOW - POSITION_OLD_MS - 1), "old"),
        (at("A1", at=NOW // 1000), "old"),
        (at("A1", at="now"), "shape"),
        (at("A1", "10.78"), "shape"),
        ({"unit": "A1", "lat": 10.78}, "shape"),
        (at("A1", speed=3), "shape"),
        (at(7), "shape"),
        ("A1", "shape"),
        (at("A1", at=10**30), "future"),
    ],
)
def test_a_bad_entry_is_named_and_the_good_ones_are_taken(report: Any, code: str) -> None:
    stage = Stage()
    told = stage.send(at("A2"), report, at("A3"))
    assert (told.taken, told.refused) == (2, 1)
    (no,) = told.which
    assert (no.entry, no.code) == (1, code) and no.vi and no.en and "{" not in no.vi.replace("{unit, lat", "")
    assert stage.positions.place("A1") is None


def test_a_clock_that_is_a_little_ahead_is_taken_as_now() -> None:
    stage = Stage()
    stage.send(at("A1", at=NOW + POSITION_AHEAD_MS))
    place = stage.positions.place("A1")
    assert place is not None and place.at == NOW
    stage.state = replace(stage.state, site=Site())  # a site that does not say where it is
    told = stage.send(at("A1", 106.7, 10.78), at("A2", 48.8, 2.3))
    assert [it.code for it in told.which] == ["swapped"] and told.taken == 1


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"\xff", b"[" * 100_000, b"null", b'"A1"', b"NaN"])
def test_what_is_no_list(body: bytes) -> None:
    with pytest.raises(UnreadablePositions):
        Stage().positions.take(body)


@given(st.binary(max_size=80) | st.text(max_size=40).map(lambda text: f"[{text}]".encode("utf-8", "replace")))
@tries(200, 10_000)
def test_no_bytes_break_it(body: bytes) -> None:
    try:
        told = Stage().positions.take(body)
    except UnreadablePositions:
        return
    assert told.taken == 0


def test_of_many_bad_ones_only_so_many_are_named() -> None:
    told = Stage().send(*(at("X9") for _ in range(REFUSED_SHOWN + 5)))
    assert (told.refused, len(told.which)) == (REFUSED_SHOWN + 5, REFUSED_SHOWN)
    with pytest.raises(UnreadablePositions, match=">"):
        Stage().send(*(at("A1") for _ in range(POSITIONS_AT_ONCE + 1)))


def test_what_changed_is_shown_in_few_values() -> None:
    stage = Stage(200)
    stage.positions.show_changed()
    assert stage.shown == {}
    stage.send(*(at(f"A{n}", at=NOW - n) for n in range(1, 201)))
    stage.positions.show_changed()
    assert len(stage.shown) <= SHARDS and len(stage.everywhere()) == 200
    assert stage.everywhere()["A7"] == [10.78, 106.70, NOW - 7]
    stage.shown.clear()
    stage.send(at("A7", at=NOW))
    stage.positions.show_changed()
    assert len(stage.shown) == 1
    stage.state = replace(stage.state, units={"A7": stage.state.units["A7"]})
    stage.send(at("A7", lat=10.79, at=NOW + 1_000))
    stage.clock.at += 2_000
    stage.send(at("A7", lat=10.79, at=NOW + 1_500))
    stage.positions.show_changed()
    assert stage.positions.place("A8") is None, "a unit that left the lists leaves here too"


def test_one_that_stands_at_its_door_stands_there_however_long_nothing_was_heard() -> None:
    stage = Stage()
    stage.send(at("A1", 10.7705, 106.6803, at=NOW - 3_000_000), at("A2", 10.79, 106.70, at=NOW - 3_000_000))
    assert stage.positions.mover(stage.state.units["A1"], NOW) == Mover("A1", 10.77, 106.68, "", None)
    assert stage.positions.mover(stage.state.units["A2"], NOW).age_ms == 3_000_000


class Last:
    def __init__(self, values: dict[bytes, bytes] | Exception) -> None:
        self._values = values

    async def hgetall(self, key: str) -> dict[bytes, bytes]:
        assert key == names.UNITS_LAST
        if isinstance(self._values, Exception):
            raise self._values
        return self._values


def restored(values: dict[bytes, bytes] | Exception) -> Stage:
    stage = Stage()
    asyncio.run(stage.positions.restore(Last(values)))
    return stage


def test_a_core_that_starts_anew_finds_them_where_the_one_before_showed_them() -> None:
    told = {
        "A1": [10.78, 106.70, NOW - 60_000], "A2": [10.78, 106.70, NOW - POSITION_OLD_MS - 1], "A3": [1, 2],
        "A4": ["x", 1, 2],
    }  # fmt: skip
    stage = restored({
        b"positions:00": encode(LiveValue(kind=KIND, key="00", at=NOW, value=told)),
        b"trunk:x": encode(LiveValue(kind="trunk", key="x", at=NOW, value={"A2": [1, 2, NOW]})),
        b"bad": b"\xc1",
    })  # fmt: skip
    assert stage.positions.mover(stage.state.units["A1"], NOW).age_ms == 60_000
    assert all(stage.positions.place(it) is None for it in ("A2", "A3", "A4"))
    stage.positions.show_changed()
    assert stage.everywhere() == {"A1": [10.78, 106.70, NOW - 60_000]}, "and shows them again"


def test_redis_may_be_away_at_start() -> None:
    assert restored(OSError("gone")).positions.place("A1") is None


def test_two_thousand_units_every_ten_seconds_cost_little() -> None:
    """Measured: about 2 µs for each position taken and shown; the bound has room for a loaded machine."""
    stage = Stage(2_000)
    body = json.dumps([at(f"A{n}") for n in range(1, 2_001)]).encode()
    best = float("inf")
    for turn in range(5):
        stage.clock.at = NOW + turn * 10_000
        began = time.process_time()
        stage.positions.take(body)
        stage.positions.show_changed()
        best = min(best, time.process_time() - began)
    print(f"{best * 1e6 / 2_000:.2f} µs of CPU for each position")
    assert best < 0.1, best


# --- by HTTPS ---------------------------------------------------------------------------------------------------------


class Core:
    """A sequencer that takes everything, or refuses."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    async def ask(self, asked: Any) -> Outcome:
        self.asked.append(asked)
        return Outcome(seq=7)


def intake(token: str = "secret") -> tuple[Stage, UnitIntake, Core]:
    stage, core = Stage(), Core()
    return stage, UnitIntake(stage.positions, core, Senders([only(token)]), stage.clock), core  # type: ignore[arg-type]


def test_only_who_knows_the_token_sends() -> None:
    body = json.dumps([at("A1")]).encode()
    for known, sent in (("secret", "wrong"), ("secret", ""), ("", "")):
        with pytest.raises(HttpRefusal) as caught:
            intake(known)[1].take(body, sent)
        assert caught.value.status == 401
    stage, taking, _ = intake()
    status, answer, _ = taking.take(body, "secret")
    assert status == 200 and json.loads(answer)["taken"] == 1
    assert set(taking.routes()) == {("POST", "/v1/positions"), ("POST", "/v1/intake/crew")}
    ApiResource(taking)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" + b" " * POSITIONS_BODY_LIMIT + b"]", 413),
        (json.dumps([at("A1")] * (POSITIONS_AT_ONCE + 1)).encode(), 413),
    ],
)
def test_a_list_that_cannot_be_taken(body: bytes, status: int) -> None:
    with pytest.raises(HttpRefusal) as caught:
        intake()[1].take(body, "secret")
    assert caught.value.status == status and caught.value.vi


def test_a_flood_is_refused_and_ends() -> None:
    stage, taking, _ = intake()
    full = json.dumps([at("A1")] * POSITIONS_AT_ONCE).encode()
    for _ in range(POSITIONS_BURST // POSITIONS_AT_ONCE):
        taking.take(full, "secret")
    with pytest.raises(HttpRefusal) as caught:
        taking.take(full, "secret")
    assert caught.value.status == 429
    stage.clock.time += POSITIONS_AT_ONCE / POSITIONS_PER_S
    taking.take(full, "secret")


def test_a_roster_tells_of_crews() -> None:
    _, taking, core = intake()
    body = json.dumps({"id": "7", "unit": "A1", "crew": "resting", "rest_min": 30}).encode()
    assert asyncio.run(taking.crew(body, "secret"))[0] == 200
    assert core.asked[0].body == SetCrew(unit="A1", crew=CrewState.RESTING, rest_min=30)
    for bad in (b'{"id": "", "unit": "A1", "crew": "staffed"}', b'{"id": "7", "unit": "A1", "crew": "asleep"}'):
        with pytest.raises(HttpRefusal) as caught:
            asyncio.run(taking.crew(bad, "secret"))
        assert caught.value.status == 400


def test_what_the_core_refuses_is_said() -> None:
    from dispatch_core.domain.refusals import refuse

    stage, core = Stage(), Core()

    async def ask(asked: Any) -> Outcome:
        return Outcome(seq=0, refusal=refuse("unknown_unit", unit="X9"))

    core.ask = ask  # type: ignore[method-assign]
    taking = UnitIntake(stage.positions, core, Senders([only("secret")]), stage.clock)  # type: ignore[arg-type]
    body = json.dumps({"id": "7", "unit": "X9", "crew": "staffed"}).encode()
    assert asyncio.run(taking.crew(body, "secret"))[0] == 409
    assert staffed().state.units["A1"].crew.state is CrewState.STAFFED


def test_a_name_that_is_no_text_is_refused_by_itself() -> None:
    stage = Stage()
    told = stage.positions.take(b'[{"unit": "A1", "lat": 10.8, "lon": 106.7}, {"unit": "\\ud800", "lat": 1, "lon": 1}]')
    assert (told.taken, told.refused) == (1, 1)
    status, body, _ = json_answer(told)
    assert status == 200 and b"unknown_unit" in body
