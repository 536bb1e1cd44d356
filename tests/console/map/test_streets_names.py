"""Where names of streets stand: along the street, upright, never over one another, none where there is no room."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest

from console_gui.map.streets.courses import BEND_MOST, LEADING, joined
from console_gui.map.streets.hands import POIS, STREETS
from console_gui.map.streets.naming import REPEAT_PX, PointWish, StreetWish, Written, place_names, short_forms

WIDE, HIGH = 800, 600
STREET = STREETS["street"]


def measure(text: str, pixels: int, strong: bool) -> Sequence[float]:
    return [pixels * 0.55] * len(text)


def street(name: str, *line: tuple[float, float], kind: str = "street") -> StreetWish:
    return StreetWish(name, STREETS[kind], (line,))


def placed(
    *wishes: StreetWish, points: Sequence[PointWish] = (), taken: Sequence[tuple[float, ...]] = ()
) -> list[Written]:
    return place_names(wishes, points, WIDE, HIGH, measure, taken)  # type: ignore[arg-type]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("degrees", range(0, 180, 15))
def test_a_name_lies_along_its_street_and_is_never_upside_down(degrees: int, turned: bool) -> None:
    dx, dy = math.cos(math.radians(degrees)) * 200, math.sin(math.radians(degrees)) * 200
    ends = [(400 - dx, 300 - dy), (400 + dx, 300 + dy)]
    (name,) = placed(street("Nguyễn Huệ", *(reversed(ends) if turned else ends)))
    angles = {round(angle, 3) for _, _, _, angle in name.letters}
    assert len(angles) == 1
    angle = angles.pop()
    assert -math.pi / 2 - 0.01 <= angle <= math.pi / 2 + 0.01
    assert abs(math.sin(angle - math.radians(degrees))) < 0.01
    _, x, y, _ = name.letters[5]
    assert abs(math.hypot(x - 400, y - 300)) < 12
    assert "".join(letter for letter, *_ in name.letters) == "Nguyễn Huệ"


def test_a_street_too_short_or_too_bent_has_no_name() -> None:
    assert placed(street("Nguyễn Thị Minh Khai", (100, 100), (160, 100))) == []
    zigzag = [(100 + step * 12, 300 + (step % 2) * 14) for step in range(30)]
    for name in placed(street("Nguyễn Thị Minh Khai", *zigzag)):
        angles = [angle for *_, angle in name.letters]
        assert all(abs(one - other) <= BEND_MOST for one, other in zip(angles, angles[1:], strict=False))


def test_names_never_overlap_and_stay_in_the_picture() -> None:
    chance = random.Random(3)
    wishes = []
    for number in range(150):
        x, y, angle = chance.uniform(0, WIDE), chance.uniform(0, HIGH), chance.uniform(0, math.pi)
        dx, dy = math.cos(angle) * 160, math.sin(angle) * 160
        kind = chance.choice(list(STREETS))
        wishes.append(street(f"Đường tên {number}", (x - dx, y - dy), (x + dx, y + dy), kind=kind))
    points = [
        PointWish(f"Bệnh viện {n}", POIS["hospital"], (chance.uniform(0, WIDE), chance.uniform(0, HIGH)), True)
        for n in range(20)
    ]
    found = placed(*wishes, points=points)
    assert len(found) > 15
    letters = [(it, x, y, it.hand.pixels) for it in found for _, x, y, _ in it.letters]
    for one, x, y, pixels in letters:
        assert 0 <= x <= WIDE and 0 <= y <= HIGH + pixels
        for other, x1, y1, more in letters:
            if other is not one:
                assert math.hypot(x - x1, y - y1) > min(pixels, more) * LEADING * 0.45


def test_greater_streets_go_first_and_what_is_covered_stays_free() -> None:
    across = ((370, 300), (440, 300))
    (name,) = placed(street("Hẻm 12", *across, kind="alley"), street("Lê Lợi", *across, kind="primary"))
    assert name.text == "Lê Lợi"
    assert placed(street("Lê Lợi", *across, kind="primary"), taken=[(0, 250, WIDE, 100)]) == []


def test_a_name_is_said_again_only_far_away() -> None:
    long = StreetWish("Võ Văn Kiệt", STREET, (((0, 300), (WIDE, 300)), ((0, 320), (WIDE, 320))))
    found = placed(long)
    middles = [it.letters[5][1:3] for it in found]
    assert all(math.dist(one, other) >= REPEAT_PX * 0.9 for one in middles for other in middles if one != other)
    assert 1 <= len(found) <= 2


def test_the_same_question_has_the_same_answer() -> None:
    wishes = [street(f"Phố {n}", (50, 20 * n), (750, 20 * n + 200)) for n in range(20)]
    assert placed(*wishes) == placed(*reversed(wishes))


def test_pieces_of_a_street_are_joined_but_no_crossing_is() -> None:
    pieces = [[(0.0, 0.0), (10.0, 0.0)], [(20.0, 0.0), (10.0, 0.0)], [(20.0, 0.0), (30.0, 5.0)]]
    (line,) = joined(pieces)
    assert sorted(line) == [(0.0, 0.0), (10.0, 0.0), (20.0, 0.0), (30.0, 5.0)]
    star = [[(0.0, 0.0), (9.0, float(n))] for n in range(3)]
    assert len(joined(star)) == 3
    ring = [[(0.0, 0.0), (9.0, 0.0)], [(9.0, 0.0), (9.0, 9.0)], [(9.0, 9.0), (0.0, 0.0)]]
    assert len(joined(ring)) == 1


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Đường Lê Lợi", ("Lê Lợi",)),
        ("Lê Lợi", ("Lê Lợi",)),
        ("Đường số 5", ("Đ. số 5",)),
        ("Đường 41", ("Đ. 41",)),
        ("Đường D2", ("Đ. D2",)),
        ("Đại lộ Bình Dương", ("ĐL. Bình Dương",)),
        ("Hẻm 220/9 Nguyễn Trãi", ("Hẻm 220/9 Nguyễn Trãi", "Hẻm 220/9")),
        ("Hẻm 26", ("Hẻm 26",)),
    ],
)
def test_names_as_dispatchers_write_them(name: str, forms: tuple[str, ...]) -> None:
    assert short_forms(name) == forms
