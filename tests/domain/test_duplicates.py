"""Incidents that may be one: what is proposed, with which reasons, and what never is."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain.duplicates import (
    Kind,
    callers_of,
    distance,
    fold_way,
    folded,
    likeness,
    place_of,
    proposals,
)
from dispatch_core.domain.sameness import Sameness
from dispatch_core.domain.state import Call, Folded, Incident, Leg, Note, State
from dispatch_core.domain.vocabulary import (
    Direction,
    IncidentState,
    IncidentType,
    LegState,
    Location,
    LocationSource,
)
from tests.domain.examples import tries
from tests.domain.world import T0, World, place

LAT, LON = 10.80, 106.70
METRE = 1 / 111_195.0  # of latitude
MINUTE = 60_000
FAMILIES = {
    "fire": IncidentType(code="fire", vi="Cháy", en="Fire", family="fire"),
    "smoke": IncidentType(code="smoke", vi="Khói", en="Smoke", family="fire"),
    "crash": IncidentType(code="crash", vi="Tai nạn", en="Crash", family="road"),
    "theft": IncidentType(code="theft", vi="Trộm", en="Theft"),
    "noise": IncidentType(code="noise", vi="Ồn", en="Noise"),
}


def at(metres: float, uncertainty: float = 20.0, **more: object) -> Location:
    values: dict[str, object] = {"label": "ở đó", "source": LocationSource.GAZETTEER, **more}
    return Location(lat=LAT + metres * METRE, lon=LON, uncertainty_m=uncertainty, **values)  # type: ignore[arg-type]


def incident(
    ident: str, metres: float | None = 0.0, minutes: float = 0.0, kind: str = "", *said: str, **more: object
) -> Incident:
    notes = tuple(Note(at=T0, by="person:lan", kind="note", text=text) for text in said)
    values: dict[str, object] = {
        "state": IncidentState.OPEN, "location": None if metres is None else at(metres), "type": kind, "notes": notes,
        "received_at": T0 + int(minutes * MINUTE), "calls": (f"c{ident}",), **more,
    }  # fmt: skip
    return Incident(id=ident, **values)  # type: ignore[arg-type]


def city(*incidents: Incident, **more: object) -> State:
    calls = {
        call: Call(id=call, node="hcm1", number=f"09{abs(hash(call)) % 10**8:08d}", arrived_at=it.received_at)
        for it in incidents
        for call in it.calls
    }
    values: dict[str, object] = {"calls": calls, "types": FAMILIES, **more}
    return State(incidents={it.id: it for it in incidents}, **values)  # type: ignore[arg-type]


def test_one_fire_told_by_two_with_its_reasons() -> None:
    old = incident("1", 0, 0, "fire", "Cháy lớn ở nhà xe chung cư, khói đen")
    new = incident("2", 180, 2, "smoke", "chay nha xe, nhiều khói")
    (found,) = proposals(city(old, new), new)
    assert (found.other, found.kind, found.type) == ("1", Kind.SAME, "family")
    assert found.metres == pytest.approx(180, abs=1) and found.apart_ms == 2 * MINUTE
    assert found.words == ("cháy", "nhà xe", "khói") and 52 <= found.score <= 100
    assert [it.other for it in proposals(city(old, new), old)] == ["2"]


@pytest.mark.parametrize(
    ("why", "other"),
    [
        ("far", incident("2", 3_000, 1, "fire")),
        ("old", incident("2", 0, 60, "fire")),
        ("another type", incident("2", 0, 1, "theft")),
        ("closed", incident("2", 0, 1, "fire", state=IncidentState.CLOSED)),
        ("said to differ", incident("2", 0, 1, "fire", unlike=("1",))),
        ("nothing in common but the hour", incident("2", None, 1, "")),
    ],
)
def test_what_is_not_proposed(why: str, other: Incident) -> None:
    here = incident("1", 0, 0, "fire")
    assert proposals(city(here, other), here) == () == proposals(city(here, other), other), why
    assert likeness(city(here, other), other, here) is None is likeness(city(here, other), here, here)


def test_two_types_without_a_family_are_different() -> None:
    one, other = incident("1", 0, 0, "theft"), incident("2", 0, 0, "noise")
    assert likeness(city(one, other), one, other) is None
    alien = incident("3", 0, 0, "dragon")
    assert likeness(city(one, alien), one, alien) is None


def test_who_calls_again_is_another_kind() -> None:
    one, other = incident("1", 0, 0, "fire"), incident("2", None, 20, "")
    state = city(one, other)
    assert likeness(state, one, other) is None
    calls = {ident: replace(it, number="+84 903 111 222") for ident, it in state.calls.items()}
    again = likeness(replace(state, calls=calls), one, other)
    assert again is not None and again.kind is Kind.AGAIN and again.metres is None and again.type == ""
    out = {ident: replace(it, direction=Direction.OUTGOING) for ident, it in calls.items()}
    assert likeness(replace(state, calls=out), one, other) is None


def test_a_place_in_words_counts_by_its_words_alone() -> None:
    spoken = Location(label="Chợ Bà Chiểu, đường Bạch Đằng", source=LocationSource.SPOKEN)
    one = incident("1", None, 0, "fire", "cháy sạp vải", location=spoken)
    other = incident("2", None, 1, "fire", "cháy sạp vải", location=replace(spoken, label="trước chợ Bà Chiểu"))
    found = likeness(city(one, other), one, other)
    assert found is not None and found.metres is None and found.words == ("cháy sạp", "vải", "chợ bà", "chiểu")
    here = incident("3", 0, 1, "fire", "cháy sạp vải")
    mixed = likeness(city(one, here), one, here)
    assert mixed is not None and mixed.metres is None


def test_stop_words_and_single_letters_are_nothing() -> None:
    one = incident("1", 300, 0, "", "có người gọi là đang ở đó a b")
    other = incident("2", 0, 0, "", "có người gọi là đang ở đó a b")
    assert likeness(city(one, other), one, other) is None
    telling = [replace(it, notes=(replace(it.notes[0], text="xe bồn lật 5 tấn gas"),)) for it in (one, other)]
    found = likeness(city(*telling), *telling)
    assert found is not None and found.words == ("xe bồn", "lật 5", "tấn gas")
    assert folded("Đường số 7, ĐỎ") == (("duong", "đường"), ("so", "số"), ("7", "7"), ("do", "đỏ"))
    assert len(folded("a " * 500)) == 120


def test_a_place_that_is_not_sure_says_less_and_reaches_farther() -> None:
    one, sure = incident("1", 0, 0, "fire"), incident("2", 900, 0, "fire")
    assert likeness(city(one, sure), one, sure) is None
    cell = replace(sure, location=at(900, 1_200.0))
    vague = likeness(city(one, cell), one, cell)
    assert vague is not None and vague.score < likeness_score(one, replace(sure, location=at(10)))
    unsaid = replace(sure, location=at(700, 0.0, source=LocationSource.AML))
    assert likeness(city(one, unsaid), one, unsaid) is not None
    set_by_hand = replace(sure, location=at(900, 0.0))
    assert likeness(city(one, set_by_hand), one, set_by_hand) is None


def likeness_score(one: Incident, other: Incident) -> int:
    found = likeness(city(one, other), one, other)
    return found.score if found is not None else 0


def test_the_caller_s_place_stands_in_for_one_that_nobody_set() -> None:
    one, other = incident("1", 0, 0, "fire"), incident("2", None, 1, "", calls=("c8", "c9"))
    state = city(one, other)
    assert place_of(state, other) is None and proposals(state, other) == ()
    calls = {**state.calls, "c9": replace(state.calls["c9"], location=at(40, 60.0, source=LocationSource.AML))}
    state = replace(state, calls=calls)
    found = proposals(state, other)
    assert place_of(state, other) is calls["c9"].location and [it.other for it in found] == ["1"]
    doubted = {**calls, "c9": replace(calls["c9"], location=at(40, doubt="old"))}
    assert place_of(replace(state, calls=doubted), other) is None
    assert place_of(State(), other) is None
    assert distance(at(0), Location(label="x", source=LocationSource.SPOKEN)) is None


def test_a_long_fire_goes_on_being_told_of() -> None:
    old = incident("1", 0, 0, "fire", calls=("c1", "c7"))
    new = incident("2", 10, 80, "fire")
    state = city(old, new)
    assert likeness(state, old, new) is None
    calls = {**state.calls, "c7": replace(state.calls["c7"], arrived_at=T0 + 78 * MINUTE)}
    found = likeness(replace(state, calls=calls), old, new)
    assert found is not None and found.apart_ms == 2 * MINUTE


def test_the_newer_goes_into_the_older_but_never_one_with_units_at_work() -> None:
    old, new = incident("1", 0, 0), incident("2", 0, 5)
    assert fold_way(old, new) == fold_way(new, old) == ("2", "1")
    working = replace(new, legs={"fire": Leg(service="fire", units=("F1",))})
    assert fold_way(old, working) == ("1", "2")
    done = replace(new, legs={"fire": Leg(service="fire", units=("F1",), state=LegState.CLOSED)})
    assert fold_way(old, done) == ("2", "1")


def test_callers_are_counted_by_number() -> None:
    one = incident("1", calls=("a", "b", "d", "e", "gone"))
    calls = {
        "a": Call(id="a", node="n", number="0903 111 222"), "b": Call(id="b", node="n", number="+84903111222"),
        "d": Call(id="d", node="n"), "e": Call(id="e", node="n", direction=Direction.OUTGOING, number="0911"),
    }  # fmt: skip
    assert callers_of(State(incidents={"1": one}, calls=calls), one) == 2


minutes = st.floats(0, 90)
metres = st.floats(0, 5_000)
kinds = st.sampled_from(["", "fire", "smoke", "crash", "theft", "dragon"])
texts = st.lists(st.sampled_from(["cháy", "nhà", "xe", "khói", "té", "ở", "có", "gas"]), max_size=6).map(" ".join)
pairs = st.builds(
    incident, st.just("2"), st.none() | metres, minutes, kinds, texts,
    state=st.sampled_from([IncidentState.OPEN, IncidentState.WORKING, IncidentState.RECEIVING, IncidentState.CLOSED]),
    unlike=st.sampled_from([(), ("1",), ("3",)]),
)  # fmt: skip


@given(pairs, kinds, texts)
@tries(150, 3_000)
def test_it_is_symmetric_and_never_proposes_what_is_closed(other: Incident, kind: str, said: str) -> None:
    here = incident("1", 0, 10, kind, said)
    state = city(here, other)
    one, two = likeness(state, here, other), likeness(state, other, here)
    assert (one is None) is (two is None)
    if one is not None and two is not None:
        assert replace(one, other="") == replace(two, other="")
        assert other.state is not IncidentState.CLOSED and "1" not in other.unlike
        assert [it.other for it in proposals(state, here)] == ["2"]
    gone = replace(other, state=IncidentState.CLOSED, folded=Folded(into="1", calls=(), legs=(), state=other.state))
    assert proposals(city(here, gone), here) == () == proposals(city(here, gone), gone)


@given(pairs, kinds, texts, st.floats(0, 2_000), st.floats(0, 60))
@tries(150, 3_000)
def test_farther_or_longer_ago_is_never_likelier(
    other: Incident, kind: str, said: str, farther: float, later: float
) -> None:
    here = incident("1", 0, 0, kind, said)
    assume(other.location is not None)
    near = likeness_score(here, other)
    away = (other.location.lat - LAT) / METRE if other.location is not None and other.location.lat is not None else 0
    assert likeness_score(here, replace(other, location=at(away + farther))) <= near
    assert likeness_score(here, replace(other, received_at=other.received_at + int(later * MINUTE))) <= near


def test_the_pair_that_differs_is_asked_of_nobody_again(world: World) -> None:
    one, other = world.call("c1").id, world.call("c2").id
    for ident in (one, other):
        world.person("lan", c.SetType(incident=ident, type="crash", seen=""))
        world.person("lan", c.Locate(incident=ident, location=place(), seen=0))
    assert [it.other for it in proposals(world.state, world.state.incidents[other])] == [one]
    world.person("minh", c.MarkDifferent(incident=other, other=one))
    for ident in (one, other):
        assert proposals(world.state, world.state.incidents[ident]) == ()
        assert world.state.incidents[ident].notes[-1].kind == "differs"
    assert world.person_no("lan", c.MarkDifferent(incident=one, other=other)) == "already_so"
    assert world.person_no("lan", c.MarkDifferent(incident=one, other=one)) == "same_incident"
    assert world.person_no("lan", c.MarkDifferent(incident="x", other=one)) == "unknown_incident"
    assert world.person_no("lan", c.MarkDifferent(incident=one, other="x")) == "unknown_incident"


def test_the_site_s_figures_decide() -> None:
    one, other = incident("1", 0, 0, "fire"), incident("2", 180, 2, "fire")
    assert likeness(city(one, other), one, other) is not None
    assert likeness(city(one, other, sameness=Sameness(threshold=95)), one, other) is None


def test_a_city_full_of_calls_costs_a_console_no_more_than_its_length() -> None:
    """Four times as many incidents, about four times the work: judged as a ratio of processor time in one run, so that
    a slow or loaded machine does not fail it."""
    chance = random.Random(7)
    words = ["cháy", "nhà", "xe", "khói", "đen", "nổ", "bình", "gas", "tầng", "ba", "kẹt", "hẻm", "té", "tải"]
    every = [
        incident(
            f"{n:05d}", chance.gauss(0, 200 if n % 2 else 20_000), n / 50, chance.choice(["", "fire", "crash"]),
            " ".join(chance.sample(words, 6)), " ".join(chance.sample(words, 6)),
        )
        for n in range(1_600)
    ]  # fmt: skip
    whole, quarter = city(*every), city(*every[::4])
    tried = chance.sample(every[::4], 25)

    def cost(state: State) -> float:
        began = time.process_time()
        found = [proposals(state, it) for it in tried]
        assert all(len(it) <= 3 for it in found) and any(found)
        return time.process_time() - began

    cost(whole), cost(quarter)  # what is remembered of texts is remembered
    ratios = sorted(cost(whole) / cost(quarter) for _ in range(5))
    assert ratios[2] < 12, ratios
