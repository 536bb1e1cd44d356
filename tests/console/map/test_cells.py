"""Marks in their cells: what is kept is what would be made anew, and a move costs two cells; ages; following; lengths.
"""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from console_gui.map.ages import FRESH_MS, Age, age_of
from console_gui.map.cells import Cells
from console_gui.map.follow import INNER, followed
from console_gui.map.marks import SceneOf, UnitMark
from console_gui.map.mercator import Viewport, to_world
from console_gui.map.picture import Crowds, compose
from console_gui.map.ruler import POINTS_MOST, Ruler, metres_apart
from dispatch_core.domain.vocabulary import Measured, UnitStatus
from dispatch_core.wire.ways import AlongShown
from tests.console.map.city import CENTRE, crowded_state, state, unit

HERE = Viewport(*to_world(*CENTRE), 2_000_000.0, 900, 600)
SHARES = st.floats(0.0, 1.0)
PLACES = st.tuples(st.floats(10.7, 10.9), st.floats(106.6, 106.8))


def mark(number: int, x: float, y: float) -> UnitMark:
    return UnitMark(f"A{number}", "ambulance", x, y, UnitStatus.AVAILABLE, "")


def marks_of(seed: int, count: int = 60) -> tuple[UnitMark, ...]:
    chance = random.Random(seed)
    west, north, east, south = HERE.bounds
    spots = [(chance.uniform(west, east), chance.uniform(north, south)) for _ in range(count // 3)]
    return tuple(mark(number, *chance.choice(spots)) for number in range(count))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.tuples(st.integers(0, 59), SHARES, SHARES), max_size=12), st.integers(0, 59))
def test_what_is_kept_is_what_would_be_made_anew(
    seed: int, moves: list[tuple[int, float, float]], alone: int
) -> None:
    marks, kept = marks_of(seed), Cells[UnitMark]()
    west, north, east, south = HERE.bounds
    kept.grouped(marks, HERE, cell_px=76, reach=(10, 12))
    for number, across, down in moves:
        there = mark(number, west + (east - west) * across, north + (south - north) * down)
        marks = tuple(there if it.id == there.id else it for it in marks)
        kept.grouped(marks, HERE, cell_px=76, reach=(10, 12))
    view = HERE.panned(33.0, -21.0)
    mine = kept.grouped(marks, view, cell_px=76, reach=(10, 12), alone=(f"A{alone}",))
    assert mine == Cells[UnitMark]().grouped(marks, view, cell_px=76, reach=(10, 12), alone=(f"A{alone}",))
    drawn = [it.id for group in mine for it in group.members]
    assert len(drawn) == len(set(drawn)), "nobody stands twice"


def test_a_move_costs_its_own_two_cells() -> None:
    cells, scene = Cells[UnitMark](), SceneOf()
    city = crowded_state(2_000, 10)
    before = scene.show(city).units
    cells.grouped(before, HERE, cell_px=76, reach=(10, 12))
    one = replace(before[7], x=before[7].x + 1e-3)
    cells.grouped((*before[:7], one, *before[8:]), HERE, cell_px=76, reach=(10, 12))
    assert cells.touched == 2
    cells.touched = 0
    cells.grouped((*before[:7], one, *before[8:]), HERE.panned(50, 3), cell_px=76, reach=(10, 12))
    assert cells.touched <= 2, "a drag touches no mark"


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 500), st.floats(-300, 300), st.floats(-300, 300))
def test_a_picture_of_kept_crowds_is_the_picture(seed: int, dx: float, dy: float) -> None:
    measure = lambda text, strong: 7.0 * len(text)  # noqa: E731
    crowds, scene = Crowds(), SceneOf()
    compose(scene.show(crowded_state(150, 40, seed)), HERE, measure, crowds=crowds)
    shown = scene.show(crowded_state(150, 40, seed + 1))
    view = HERE.panned(dx, dy)
    kept, anew = compose(shown, view, measure, crowds=crowds), compose(shown, view, measure)
    assert (kept.targets, kept.labels) == (anew.targets, anew.labels)


# --- ages -------------------------------------------------------------------------------------------------------------


@given(st.integers(1, 10_000_000), st.integers(0, 10_000_000), st.sampled_from(list(UnitStatus)), st.booleans())
def test_a_position_that_is_not_of_now_never_looks_like_one(
    seen: int, later: int, status: UnitStatus, limited: bool
) -> None:
    age, minutes = age_of(unit("A1", *CENTRE, status=status), seen, seen + later, 600_000 if limited else 0)
    assert (age is Age.NOW) == (later <= FRESH_MS)
    assert (age is Age.LOST) == (limited and later > 600_000)
    assert age is Age.NOW or minutes == later // 60_000


def test_without_a_report_only_who_is_not_under_way_stands_at_the_station() -> None:
    ages = {it: age_of(unit("A1", *CENTRE, status=it), 0, 5_000_000, 600_000)[0] for it in UnitStatus}
    lost = {it for it, age in ages.items() if age is Age.LOST}
    assert lost == {
        UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE, UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL, UnitStatus.RETURNING,
    }  # fmt: skip


def test_a_mark_is_made_anew_when_its_position_grows_old() -> None:
    scenes, city = SceneOf(), state([unit("A1", *CENTRE), unit("A2", *CENTRE)], [])
    seen = {"A1": 1_000_000, "A2": 1_000_000}
    first = scenes.show(city, 1_010_000, seen).units
    assert scenes.show(city, 1_030_000, seen).units is first
    seen["A2"] = 1_070_000
    later = scenes.show(city, 1_075_000, seen).units
    assert [it.age for it in later] == [Age.OLD, Age.NOW] and later[1] is first[1]
    assert [it.age for it in scenes.show(city, 1_700_000, seen).units] == [Age.LOST, Age.LOST]


# --- following --------------------------------------------------------------------------------------------------------


@given(SHARES, SHARES)
def test_what_is_followed_is_well_in_sight_and_the_map_stays_while_it_is(across: float, down: float) -> None:
    x, y = HERE.from_screen(across * HERE.width, down * HERE.height)
    view = followed(HERE, x, y)
    px, py = view.to_screen(x, y)
    slack = 1e-6 * HERE.width
    assert INNER * view.width - slack <= px <= (1 - INNER) * view.width + slack
    assert INNER * view.height - slack <= py <= (1 - INNER) * view.height + slack
    assert followed(view, x, y) is view, "it does not tremble"


# --- the ruler --------------------------------------------------------------------------------------------------------


@given(PLACES, PLACES, PLACES)
def test_lengths_add_up_and_no_way_is_shorter_than_straight(
    one: tuple[float, float], other: tuple[float, float], third: tuple[float, float]
) -> None:
    there, back = Ruler.along([one, other]), Ruler.along([other, one])
    assert abs(there.metres - back.metres) < 1e-6
    assert Ruler.along([one, third, other]).metres >= there.metres - 1e-6
    assert abs(there.more(to_world(*third)).back().metres - there.metres) < 1e-9


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert abs(metres_apart(to_world(10.0, 106.7), to_world(11.0, 106.7)) - 111_195) < 10


def test_an_answer_of_other_points_says_nothing() -> None:
    ruler = Ruler.along([(10.8, 106.7), (10.81, 106.7)])
    road = AlongShown(metres=1_900.0, seconds=240.0, measured=Measured.ROAD)
    longer = ruler.more(to_world(10.82, 106.7))
    assert longer.answered(ruler.points, road) is longer
    known = ruler.answered(ruler.points, road)
    assert known.words("vi") == "thẳng 1,1 km · đường bộ 1,9 km, 4 phút"
    assert known.words("en") == "straight 1.1 km · by road 1.9 km, 4 min"
    assert "by road not known" in ruler.answered(ruler.points, None).words("en")
    straight = AlongShown(metres=1_900.0, seconds=240.0)
    assert "chưa rõ đường bộ" in ruler.answered(ruler.points, straight).words("vi"), "a guess is no road"
    for _ in range(POINTS_MOST + 5):
        longer = longer.more(to_world(10.82, 106.7))
    assert len(longer.points) == POINTS_MOST
