"""Where a caller is: which location belongs to which call, which one is the best, and what becomes of the rest."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain.deadlines import EARLY_LOCATION_MS, due
from dispatch_core.domain.decide.locations import AFTER_CALL_MS, EARLY_KEPT
from dispatch_core.domain.events import CallLocated, LocationKept, Recorded
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.placing import KEPT, OUTLINE_POINTS, best_first, fit, on_earth, plain_number
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Area, EndedBy, Location, LocationSource
from tests.domain.examples import tries
from tests.domain.world import NODE, POSITIONS, SITE, T0, World, came, place

HERE = Area(south=10, west=106, north=11.5, east=107.5)
NUMBER = "0912345678"


def aml(label: str = "AML", **more: object) -> Location:
    values: dict[str, object] = {"lat": 10.77, "lon": 106.7, "uncertainty_m": 20.0, "at": T0, **more}
    return Location(label=label, source=LocationSource.AML, **values)  # type: ignore[arg-type]


def told(ident: str = "a1", number: str = NUMBER, **more: object) -> c.LocationCame:
    values: dict[str, object] = {"location": aml(), "at": T0, **more}
    return c.LocationCame(ident=ident, number=number, **values)  # type: ignore[arg-type]


def calling(world: World, call: str = "c1", number: str = NUMBER) -> None:
    world.switch(replace(came(call, at=world.now), number=number))


# --- whose it is ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", ["0912345678", "+84912345678", "84912345678", "0084912345678", "+84 912 345 678", "+840912345678"]
)
def test_a_number_is_the_same_however_the_network_writes_it(world: World, number: str) -> None:
    calling(world)
    world.switch(told(number=number))
    assert world.the("c1").location == aml()


@pytest.mark.parametrize(
    ("number", "plain"),
    [("", ""), ("+", ""), ("ẩn số", ""), ("113", "113"), ("+3361122", "+3361122"), ("84113", "84113"),
     ("+84113", "0113")],  # fmt: skip
)
def test_other_numbers_stay_as_they_are(number: str, plain: str) -> None:
    assert plain_number(number, "84") == plain
    assert plain_number("84912345678", "") == "84912345678"


def test_the_newest_live_call_of_the_number_takes_it(world: World) -> None:
    for step, call in enumerate(("c1", "c2", "c3")):
        world.later(1_000 * step)
        calling(world, call)
    world.switch(c.CallOver(call="c3", at=world.now, by=EndedBy.CALLER))
    world.switch(told())
    assert [world.the(call).location for call in ("c1", "c2", "c3")] == [None, aml(), None]


def test_a_location_still_goes_to_a_call_that_just_ended(world: World) -> None:
    calling(world)
    world.switch(c.CallOver(call="c1", at=world.now, by=EndedBy.CALLER))
    world.later(AFTER_CALL_MS)
    world.switch(told())
    assert world.the("c1").location == aml()
    world.later(1)
    world.switch(told("a2", location=aml("2")))
    assert set(world.state.early_locations) == {"a2"}


def test_another_number_gets_nothing(world: World) -> None:
    calling(world, number="0911111111")
    world.switch(told())
    assert world.the("c1").location is None
    assert world.switch_no(told(number="")) == "nothing_new"
    calling(world, "c2", number="")
    assert world.the("c2").location is None


def test_a_call_of_ours_gets_nothing(world: World) -> None:
    world.switch(c.CallBackStarted(call="cb1", node=NODE, at=T0, number=NUMBER))
    world.switch(told())
    assert world.the("cb1").location is None


# --- before the call --------------------------------------------------------------------------------------------------


def test_one_that_came_first_waits_for_its_call(world: World) -> None:
    world.switch(told(number="+84912345678"))
    assert world.switch_no(told()) == "nothing_new"
    world.later(EARLY_LOCATION_MS)
    calling(world)
    assert world.the("c1").location == aml()
    assert not world.state.early_locations


def test_a_number_that_is_told_late_still_finds_its_location(world: World) -> None:
    world.switch(told())
    bare = c.LiveCall(call="c1", dialled="", services=(), arrived_at=T0)
    world.switch(c.SwitchLooked(node=NODE, asked_at=T0 + 500, calls=(bare,)))
    assert world.the("c1").location is None
    calling(world)
    assert world.the("c1").location == aml()


def test_who_rings_again_is_where_they_were(world: World) -> None:
    calling(world)
    world.switch(told())
    world.switch(c.CallOver(call="c1", at=world.now, by=EndedBy.CALLER))
    world.later(EARLY_LOCATION_MS - (world.now - T0))
    calling(world, "c2", number="+84912345678")
    calling(world, "c3", number="0911111111")
    assert (world.the("c2").location, world.the("c3").location) == (aml(), None)
    world.later(1)
    calling(world, "c4")
    assert world.the("c4").location is None


def test_nobody_waits_for_ever(world: World) -> None:
    world.switch(told())
    world.later(EARLY_LOCATION_MS + 1)
    calling(world)
    assert world.the("c1").location is None
    assert due(world.state, world.now) == (c.ForgetLocation(ident="a1"),)
    world.core(c.ForgetLocation(ident="a1"))
    assert not world.state.early_locations and not due(world.state, world.now)
    assert world.core_no(c.ForgetLocation(ident="a1")) == "nothing_new"


def test_a_flood_pushes_the_oldest_out(world: World) -> None:
    for number in range(EARLY_KEPT + 1):
        world.later(1)
        world.switch(told(f"a{number:04d}", number=f"09{number:08d}"))
    assert len(world.state.early_locations) == EARLY_KEPT
    assert "a0000" not in world.state.early_locations and f"a{EARLY_KEPT:04d}" in world.state.early_locations


def test_one_that_could_not_be_read_waits_for_nobody_but_is_told_of_a_call(world: World) -> None:
    assert world.switch_no(told(location=None, note="no_fix")) == "nothing_new"
    calling(world)
    world.switch(told(location=None, note="no_fix"))
    assert world.the("c1").location_note == "no_fix"
    world.switch(told("a2"))
    assert (world.the("c1").location, world.the("c1").location_note) == (aml(), "")
    assert world.switch_no(told("a3", location=None, note="no_fix")) == "nothing_new"


def test_an_erased_one_finds_nobody(world: World) -> None:
    kept = LocationKept(ident="a1", at=T0)
    state = evolve(world.state, Recorded(seq=world.state.seq + 1, at=T0, by="switch:n", command="x", event=kept))
    world.state = state
    calling(world)
    assert world.the("c1").location is None
    event = CallLocated(call="c9", location=aml())
    evolve(State(), Recorded(seq=1, at=T0, by="switch:n", command="x", event=event))


# --- the best one -----------------------------------------------------------------------------------------------------


def test_newer_and_surer_both_count() -> None:
    sure, coarse = aml("sure", uncertainty_m=15.0), aml("coarse", uncertainty_m=1_500.0, at=T0 + 60_000)
    assert best_first([coarse, sure])[0] is sure  # a minute later, but a hundred times as wide
    moved = aml("moved", uncertainty_m=60.0, at=T0 + 60_000)
    assert best_first([sure, moved])[0] is moved
    assert best_first([replace(coarse, at=T0 + 600_000), sure])[0].label == "coarse"


def test_what_is_on_the_map_and_believed_comes_first() -> None:
    words = aml("words", lat=None, lon=None, at=T0 + 900_000)
    doubtful = aml("sea", doubt="outside", uncertainty_m=1.0)
    unsaid = aml("unsaid", uncertainty_m=0.0)
    network = replace(unsaid, source=LocationSource.PIDF_LO)
    assert [it.label for it in best_first([words, doubtful, aml(), unsaid])] == ["AML", "unsaid", "sea", "words"]
    assert best_first([network, unsaid])[0] is unsaid


def test_the_order_of_arrival_does_not_matter() -> None:
    ways = [aml(), aml("2", at=T0 + 5_000), aml("3", uncertainty_m=900.0), aml("4", lat=None, lon=None)]
    ends = set()
    for order in itertools.permutations(ways):
        world = World()
        world.core(c.ConfigureSite(site=SITE, positions=POSITIONS))
        calling(world)
        for number, location in enumerate(order):
            world.switch(told(f"a{number}", location=location))
        ends.add((world.the("c1").location, world.the("c1").other_locations))
    assert len(ends) == 1


def test_a_call_keeps_a_few(world: World) -> None:
    calling(world)
    for number in range(KEPT + 3):
        world.switch(told(f"a{number}", location=aml(str(number), at=T0 + number * 1_000)))
    assert len(world.the("c1").other_locations) == KEPT - 1
    assert world.switch_no(told("late", location=aml("old", at=T0 - 900_000))) == "nothing_new"


def test_a_place_that_a_person_set_stays_and_they_are_told(world: World) -> None:
    calling(world)
    ident = world.the("c1").incident
    world.switch(told(location=aml(uncertainty_m=900.0)))
    assert not [note for note in world.state.incidents[ident].notes if note.kind == "caller_located"]
    world.person("lan", c.Locate(incident=ident, location=place("Chợ Bến Thành"), seen=0))
    world.switch(told("a2"))
    after = world.state.incidents[ident]
    assert after.location is not None and after.location.label == "Chợ Bến Thành"
    assert [(note.kind, note.about) for note in after.notes][-1] == ("caller_located", ("c1",))
    count = len(after.notes)
    world.switch(told("a3", location=aml("worse", uncertainty_m=5_000.0)))
    assert len(world.state.incidents[ident].notes) == count


def test_a_link_is_kept_beside(world: World) -> None:
    calling(world)
    world.switch(c.CallPlaced(call="c1", note="by_reference", link="https://lis.example/x"))
    assert (world.the("c1").location_link, world.the("c1").location_note) == ("https://lis.example/x", "by_reference")
    world.switch(told())
    world.switch(c.CallPlaced(call="c1", link="https://lis.example/y"))
    assert world.the("c1").location == aml() and world.the("c1").location_link == "https://lis.example/y"


# --- what is believed -------------------------------------------------------------------------------------------------


def test_elsewhere_is_doubted_and_gives_way(world: World) -> None:
    world.core(c.ConfigureSite(site=replace(SITE, area=HERE), positions=POSITIONS))
    calling(world)
    world.switch(told(location=aml("Paris", lat=48.9, lon=2.5, at=T0 + 900_000)))
    assert world.the("c1").location is not None and world.the("c1").location.doubt == "outside"  # type: ignore[union-attr]
    world.switch(told("a2"))
    assert world.the("c1").location == aml()
    assert [it.doubt for it in world.the("c1").other_locations] == ["outside"]


def test_words_are_cut_and_figures_held() -> None:
    odd = aml("a\r\nb", floor="x" * 90, shape="y" * 90, method="z\x00", doubt="rude", confidence=900, altitude_m=1e300)
    kept = fit(odd, None)
    assert kept is not None
    assert (kept.label, len(kept.floor), len(kept.shape), kept.method) == ("a\ufffd\ufffdb", 40, 40, "z\ufffd")
    assert (kept.doubt, kept.confidence, kept.altitude_m) == ("", 100, None)
    assert fit(aml(lat=None, lon=None, doubt="old", altitude_m=12.0), HERE) == aml(
        lat=None, lon=None, doubt="old", altitude_m=12.0
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"lat": 91.0}, {"lat": None}, {"lon": None}, {"uncertainty_m": -1.0}, {"uncertainty_m": float("nan")},
        {"outline": ((106.7, 95.0),)}, {"outline": ((float("nan"), 10.0),)},
        {"outline": ((106.7, 10.7),) * (OUTLINE_POINTS + 1)}, {"lat": None, "lon": None, "outline": ((1.0, 1.0),)},
    ],
)  # fmt: skip
def test_what_is_not_on_earth_is_no_location(world: World, wrong: dict[str, object]) -> None:
    assert not on_earth(aml(**wrong)) and fit(aml(**wrong), None) is None
    calling(world)
    world.switch(told(location=aml(**wrong)))
    assert (world.the("c1").location, world.the("c1").location_note) == (None, "bad_coordinates")
    assert world.switch_no(told("a2", number="0999", location=aml(**wrong))) == "nothing_new"


@given(st.text(max_size=30), st.sampled_from(["84", "1", ""]))
@tries(200, 5_000)
def test_any_number_has_one_plain_form(number: str, code: str) -> None:
    plain = plain_number(number, code)
    assert all(mark in "+0123456789" for mark in plain)
