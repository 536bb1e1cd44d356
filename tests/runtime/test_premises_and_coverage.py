"""What the core asks of the notes, and when coverage is reckoned: in the order and at the pace that was promised."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain.effects import FindPremises, ReadPremises
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import USUAL_PLACE_RULES, PastIncident, PremiseFound, Reach, Role
from dispatch_core.main.coverage import CoverageReckoner
from dispatch_core.ports import Mover
from dispatch_core.runtime import coverage as coverage_module
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.runtime.coverage import Coverage
from dispatch_core.runtime.http.aside import Aside
from dispatch_core.runtime.http.places import HOSPITALS_MEASURED, ways
from dispatch_core.runtime.http.senders import Senders, only
from dispatch_core.runtime.premises import CHANGED_MOST, NOTES_TOLD, UNCERTAIN_MOST_M, Premises, answer
from gis.locator import Locator
from gis.premises.index import PremiseIndex
from gis.travel.straight import StraightLine
from gis.zones.defaults import default_zone_set
from gis.zones.zone_set import ZoneSet
from tests.domain.world import HOSPITALS, UNITS, staffed

QUESTION = FindPremises("i1", 2, 10.8, 106.7, 25.0)


class History:
    def past_incidents(
        self, lat: float, lon: float, within_m: float, most: int, besides: str
    ) -> Sequence[PastIncident]:
        assert (within_m, most, besides) == (100, 5, "i1")
        return [PastIncident(incident="i0", type="theft", at=1)]


def note(ident: str, kind: str, north_m: float = 0.0, radius: float = 30.0, **more: Any) -> PremiseFound:
    return PremiseFound(id=ident, kind=kind, lat=10.8 + north_m / 110_600, lon=106.7, radius_m=radius, **more)


def test_hazards_first_then_by_distance_and_hydrants_apart() -> None:
    notes = PremiseIndex(
        [note("a", "access", 5), note("g2", "gas", 20), note("h", "hazard", 10), note("x", "unknown_kind", 0),
         note("far", "gas", 120), note("edge", "gas", 54), note("old", "gas", 0, until=5),
         *(note(f"t{n}", "hydrant", 100.0 * n) for n in range(1, 9))]
    )  # fmt: skip
    told = answer(notes, History(), USUAL_PLACE_RULES, QUESTION, 10)
    assert [it.id for it in told.notes] == ["h", "g2", "edge", "a", "x"], "54 m are within 30 + 25"
    assert [it.id for it in told.hydrants] == ["t1", "t2", "t3"] and told.history[0].incident == "i0"
    assert (told.incident, told.location_version) == ("i1", 2)
    vague = replace_question(uncertainty_m=1e9)
    many = PremiseIndex([note(f"n{n}", "gas", UNCERTAIN_MOST_M - 50) for n in range(NOTES_TOLD + 9)])
    assert len(answer(many, History(), USUAL_PLACE_RULES, vague, 0).notes) == NOTES_TOLD
    beyond = PremiseIndex([note("n", "gas", UNCERTAIN_MOST_M + 50)])
    assert answer(beyond, History(), USUAL_PLACE_RULES, vague, 0).notes == ()


def replace_question(**changes: Any) -> FindPremises:
    return replace(QUESTION, **changes)


def test_notes_are_read_once_and_anew_when_they_have_changed() -> None:
    async def scene() -> None:
        world = staffed()
        incident = world.talk()
        world.person("lan", c.Locate(incident=incident.id, location=located(), seen=0))
        read: list[int] = []
        asked: list[Any] = []
        broken = [False]

        def index() -> PremiseIndex:
            if broken[0]:
                raise DispatchError("away", "không đọc được", "cannot be read")
            read.append(1)
            return PremiseIndex([note(f"n{len(read)}", "gas")])

        premises = Premises(index, _Nothing(), _inline(), lambda: world.state, asked.append, SystemClock())
        first, second = await asyncio.gather(premises.find(QUESTION), premises.find(QUESTION))
        assert first is not None and second is not None
        assert await premises.read(ReadPremises()) is None
        await asyncio.sleep(0.05)
        assert [type(it) for it in asked] == [FindPremises] and asked[0].incident == incident.id
        told = await premises.find(QUESTION)
        assert isinstance(told, c.PremisesTold) and told.notes[0].id == f"n{len(read)}"
        broken[0] = True
        assert await premises.read(ReadPremises()) is None, "what was read before stays in force"
        assert isinstance(await premises.find(QUESTION), c.PremisesTold)

    asyncio.run(scene())


def test_a_reading_that_failed_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that was removed meanwhile would be told of to each new incident."""
    monkeypatch.setattr("dispatch_core.runtime.premises.READ_AGAIN_S", 0.01)

    async def scene() -> None:
        world = staffed()
        fails = [DispatchError("away", "không đọc được", "cannot be read")] * 3
        again = asyncio.Event()
        asked: list[ReadPremises] = []

        def index() -> PremiseIndex:
            if fails:
                raise fails.pop()
            return PremiseIndex([note("n", "gas")])

        def ask(question: Any) -> None:
            asked.append(question)
            again.set()

        premises = Premises(index, _Nothing(), _inline(), lambda: world.state, ask, SystemClock())
        async with asyncio.timeout(5):
            await asyncio.gather(premises.read(ReadPremises()), premises.read(ReadPremises()))
            while fails:
                await again.wait()
                again.clear()
                await premises.read(asked[-1])
            await premises.read(ReadPremises())
        assert set(map(type, asked)) == {ReadPremises}

    asyncio.run(scene())


def test_changed_notes_are_told_of_one_incident_after_the_other() -> None:
    async def scene() -> None:
        world = staffed()
        for number in range(4):
            incident = world.talk(f"c{number}", position=f"B0{number + 1}")
            world.person("lan", c.Locate(incident=incident.id, location=located(), seen=0))
        asked: list[str] = []
        at_once = [0]

        def ask(question: Any) -> None:
            asked.append(question.incident)
            tasks.append(asyncio.ensure_future(premises.find(question)))
            at_once.append(sum(not it.done() for it in tasks))

        tasks: list[asyncio.Future[Any]] = []
        premises = Premises(
            lambda: PremiseIndex([]), _Nothing(), _inline(), lambda: world.state, ask, SystemClock()
        )
        async with asyncio.timeout(5):
            await asyncio.gather(premises.renew(), premises.renew())
            while set(asked) != set(world.state.incidents) or not all(it.done() for it in tasks):
                await asyncio.sleep(0.01)
        assert len(asked) >= 4 and max(at_once) == 1

    asyncio.run(scene())


def test_many_notes_at_once_are_read_once_or_twice_and_none_is_missed() -> None:
    """A list of 200,000 is not read again for each of twenty notes that were written meanwhile."""
    world = staffed()
    written, read = [0], []
    gate = threading.Event()

    def index() -> PremiseIndex:
        known = written[0]
        gate.wait(5)
        read.append(known)
        return PremiseIndex([])

    async def scene() -> None:
        premises = Premises(index, _Nothing(), _inline(), lambda: world.state, lambda _: None, SystemClock())
        renewals = []
        for _ in range(20):
            written[0] += 1
            renewals.append(asyncio.ensure_future(premises.renew()))
            await asyncio.sleep(0.005)
        gate.set()
        await asyncio.gather(*renewals)
        assert read == [1, 20]

    asyncio.run(scene())


def test_only_incidents_near_a_changed_note_are_asked_about_again() -> None:
    async def scene() -> None:
        world = staffed()
        places = {"here": 10.8, "near": 10.8 + 480 / 110_600, "far": 10.9}
        known: dict[str, str] = {}
        for number, (name, lat) in enumerate(places.items()):
            incident = world.talk(f"c{number}", position=f"B0{number + 1}")
            body = c.Locate(incident=incident.id, location=replace(located(), lat=lat, lon=106.7), seen=0)
            world.person("lan", body)
            known[incident.id] = name
        serving: list[PremiseFound] = [note("a", "gas"), note("b", "gas", 200_000)]
        asked: list[str] = []
        premises = Premises(
            lambda: PremiseIndex(serving), _Nothing(), _inline(), lambda: world.state,
            lambda question: asked.append(known[question.incident]), SystemClock(),
        )  # fmt: skip

        async def renewed() -> set[str]:
            asked.clear()
            await premises.renew()
            while premises.asking:
                await asyncio.sleep(0.001)
            return set(asked)

        async with asyncio.timeout(10):
            await premises.find(QUESTION)  # which reads them too
            assert await renewed() == set(places), "the first time everybody is asked about"
            assert await renewed() == set(), "nothing has changed"
            serving[0] = note("a", "gas", text="khí clo")
            assert await renewed() == {"here", "near"}, "a hydrant 480 m away is told of: so far it may matter"
            serving.pop(0)
            assert await renewed() == {"here", "near"}, "what is gone concerned them"
            serving[0] = note("b", "gas", 11_060)
            assert await renewed() == {"far"}, "moved to it"
            serving.extend(note(f"n{n}", "gas", 300_000 + n) for n in range(CHANGED_MOST + 1))
            assert await renewed() == set(places), "a list was imported"

    asyncio.run(scene())


def test_what_is_not_known_to_be_the_same_concerns_everybody() -> None:
    assert PremiseIndex([]).other_than(object()) is None
    one, other = PremiseIndex([note("a", "gas")]), PremiseIndex([note("a", "gas"), note("b", "gas")])
    assert one.other_than(other) == other.other_than(one) == [note("b", "gas")]


class _Nothing:
    def past_incidents(self, *_: object) -> Sequence[PastIncident]:
        return ()


def _inline() -> Any:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1)


def located() -> Any:
    from tests.domain.world import place

    return place()


def test_the_ways_to_the_nearest_hospitals() -> None:
    many = [replace(HOSPITALS["H1"], id=f"H{n:02d}", lat=10.7 + n / 100) for n in range(HOSPITALS_MEASURED + 4)]
    found = ways(StraightLine(), Mover("A1", UNITS[0].lat, UNITS[0].lon), many, 0)
    assert len(found) == HOSPITALS_MEASURED
    assert [it.seconds for it in found] == sorted(it.seconds for it in found) and isinstance(found[0], Reach)


# --- coverage ---------------------------------------------------------------------------------------------------------


def test_the_value_of_a_rule_names_holes_since_when(monkeypatch: pytest.MonkeyPatch) -> None:
    world = staffed()
    locator = Locator()
    for service in ("ambulance", "fire", "police"):
        draft = default_zone_set(service, tuple(world.state.stations.values()))
        locator.use(ZoneSet(service, draft.name, 0, draft.zones, approximate=True))
    reckoner = CoverageReckoner(locator, StraightLine())
    before = reckoner.reckon(world.state, 1_000)["police/"]
    assert before["free"] == 2 and 0 < before["share"] <= before["full"] <= 100
    world.person("lan", c.AssignUnits(incident=world.talk().id, units=("P1", "P2")))
    opened = reckoner.reckon(world.state, 2_000)["police/"]
    still = reckoner.reckon(world.state, 9_000)["police/"]
    assert opened["share"] == 0 and len(opened["holes"]) == 8 and opened["more"] + 8 == len(opened["codes"])
    assert {it["since"] for it in still["holes"]} <= {1_000, 2_000} and still["holes"][0]["seconds"] is None
    assert opened["moves"] == [], "nobody is free"
    monkeypatch.setattr("dispatch_core.main.coverage.REST_S", 0.0)
    assert reckoner.unmeasured(world.state)
    reckoner.measure(world.state, 0, lambda: False)
    assert not reckoner.unmeasured(world.state)
    assert reckoner.reckon(world.state, 9_000)["police/"]["road"] is False
    assert CoverageReckoner(Locator(), StraightLine()).reckon(world.state, 0) == {}


def test_coverage_follows_the_units_and_not_every_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_module, "DEBOUNCE_S", 0.01)
    monkeypatch.setattr(coverage_module, "AGAIN_S", 60.0)

    class Reckoner:
        def __init__(self) -> None:
            self.reckoned = self.measured = 0

        def reckon(self, state: State, now: int) -> dict[str, dict[str, Any]]:
            self.reckoned += 1
            return {"a": {"n": self.reckoned}} if self.reckoned < 4 else {}

        def unmeasured(self, state: State) -> bool:
            return False

        def measure(self, state: State, now: int, stop: Any) -> None:
            self.measured += 1

    async def scene() -> None:
        world, reckoner, shown = staffed(), Reckoner(), []
        coverage = Coverage(reckoner, lambda: world.state, lambda *it: shown.append(it), SystemClock())
        task = asyncio.create_task(coverage.run())

        async def until(count: int) -> None:
            async with asyncio.timeout(5):
                while reckoner.reckoned < count:
                    await asyncio.sleep(0.01)

        await until(2)  # at the start, and once the ways are measured
        coverage.heard(_batch(world.state))
        await until(3)
        incident = world.talk()
        coverage.heard(_batch(world.state))
        await asyncio.sleep(0.1)
        assert reckoner.reckoned == 3, "a call changes no unit"
        world.person("lan", c.AssignUnits(incident=incident.id, units=("A1",)))
        coverage.heard(_batch(world.state))
        await until(4)
        assert reckoner.measured == 1
        await asyncio.sleep(0.05)
        assert shown[-1] == ("coverage", "a", {}), "a rule that is no more shows nothing"
        coverage.renew()
        await until(5)
        async with asyncio.timeout(5):
            while reckoner.measured < 2:
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(scene())


def _batch(state: State) -> Any:
    class Batch:
        after = state

    return Batch()


# --- what hospitals' own systems tell ---------------------------------------------------------------------------------


def test_beds_and_diverts_from_outside_need_the_token_and_take_effect_once() -> None:
    from dispatch_core.domain.commands import Asked
    from dispatch_core.runtime.http.answers import HttpRefusal
    from dispatch_core.runtime.http.places import PlacesApi

    world = staffed()
    asked: list[Asked] = []

    class Sequencer:
        state = world.state

        async def ask(self, one: Asked) -> Any:
            asked.append(one)
            decision = world.give(one)

            class Outcome:
                refusal = decision if not hasattr(decision, "events") else None
                seq = world.state.seq

            return Outcome()

    async def scene() -> None:
        api = PlacesApi(None, Sequencer(), StraightLine(), Aside(_inline()), SystemClock(), Senders([only("geheim")]))  # type: ignore[arg-type]
        for token in ("", "falsch"):
            with pytest.raises(HttpRefusal) as no:
                await api.beds(b"{}", token)
            assert no.value.status == 401
        closed = PlacesApi(None, Sequencer(), StraightLine(), Aside(_inline()), SystemClock())  # type: ignore[arg-type]
        with pytest.raises(HttpRefusal):
            await closed.divert(b"{}", "")
        status, _, _ = await api.beds(b'{"id": "b1", "hospital": "H1", "kind": "icu", "free": 5}', "geheim")
        assert status == 200 and world.state.hospitals["H1"].beds["icu"].free == 5
        assert asked[-1].id == "intake-b1" and world.state.hospitals["H1"].beds["icu"].by == "intake:intake"
        told = b'{"id": "d1", "hospital": "H1", "on": true, "reason": "full", "minutes": 30}'
        status, _, _ = await api.divert(told, "geheim")
        assert status == 200 and world.state.hospitals["H1"].divert is not None
        status, body, _ = await api.divert(b'{"id": "d2", "hospital": "H9", "on": true, "reason": "x"}', "geheim")
        assert status == 409 and b"H9" in body
        for bad in (b'{"id": "", "hospital": "H1", "kind": "icu", "free": 5}', b"[", b'{"id": "x"}'):
            with pytest.raises(HttpRefusal) as no:
                await api.beds(bad, "geheim")
            assert no.value.status == 400

    asyncio.run(scene())


def test_only_who_dispatches_asks_how_far_a_unit_is_from_a_hospital() -> None:
    from types import SimpleNamespace

    from dispatch_core.runtime.http.answers import HttpRefusal
    from dispatch_core.runtime.http.places import PlacesApi

    world = staffed()
    person = replace(world.state.people["lan"], role=Role.DISPATCHER)
    people = {role.value: replace(person, role=role) for role in Role}
    desk, sequencer = SimpleNamespace(who=people.get), SimpleNamespace(state=world.state)
    api = PlacesApi(desk, sequencer, StraightLine(), Aside(_inline()), SystemClock())  # type: ignore[arg-type]

    async def status(token: str) -> int:
        request = SimpleNamespace(args={b"unit": [b"A1"]}, getHeader=lambda _: f"Bearer {token}".encode())
        try:
            return (await api._asked_hospitals(request))[0]  # type: ignore[arg-type]
        except HttpRefusal as no:
            return no.status

    may = {Role.DISPATCHER, Role.SUPERVISOR}
    for role in Role:
        assert asyncio.run(status(role.value)) == (200 if role in may else 403)
    assert asyncio.run(status("nobody")) == 401


def test_a_commit_that_touches_no_unit_costs_no_look_at_each(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    real = coverage_module._units_of

    def counted(state: State) -> tuple[object, ...]:
        looked.append(1)
        return real(state)

    monkeypatch.setattr(coverage_module, "_units_of", counted)
    world = staffed()
    reckoner = CoverageReckoner(Locator(), StraightLine())
    coverage = Coverage(reckoner, lambda: world.state, lambda *_: None, SystemClock())
    coverage.heard(_batch(world.state))
    incident = world.talk()
    coverage.heard(_batch(world.state))
    assert len(looked) == 1
    world.person("lan", c.AssignUnits(incident=incident.id, units=("A1",)))
    coverage.heard(_batch(world.state))
    assert len(looked) == 2
