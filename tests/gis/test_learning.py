"""What past runs teach about the hours of the day."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch_core.domain.past_runs import PastRun
from gis.errors import LearnedError
from gis.travel.learned_file import FILE, read_learned, write_learned
from gis.travel.learning import (
    FACTOR_LEAST,
    FACTOR_MOST,
    HOURS,
    LEAST_RUNS,
    PLAIN,
    Learned,
    forgotten,
    hour_of,
    learn,
)
from tests.gis.gis_tries import tries

DAY_MS = 24 * 3_600_000
DAY = 20_779 * DAY_MS  # midnight UTC
HCMC = 420
NOW = DAY + 100 * DAY_MS


def runs(hour: int, ratio: float, count: int, said_s: float = 400.0) -> list[PastRun]:
    """At that hour of Ho Chi Minh City, one a day."""
    start = DAY + hour * 3_600_000 - HCMC * 60_000
    return [PastRun(f"A{n}", start + n * DAY_MS, said_s, said_s * ratio) for n in range(count)]


def test_a_slow_hour_is_learned_and_others_hardly_move() -> None:
    learned = learn(Learned(), [*runs(17, 1.8, 60), *runs(3, 1.0, 200)], NOW, HCMC)
    assert 1.4 < learned.now[17] <= 1.8
    assert learned.now[3] == pytest.approx(1.0, abs=0.05)
    assert learned.periods[-1].runs[17] == 60 and sum(learned.periods[-1].runs) == 260
    assert learned.at(NOW - 1) == PLAIN and learned.at(NOW) == learned.now


def test_the_same_runs_again_teach_nothing_new() -> None:
    past = [*runs(17, 1.8, 60), *runs(3, 0.9, 200)]
    learned = learn(Learned(), past, NOW, HCMC)
    assert learn(learned, past, NOW + DAY_MS, HCMC) is learned


def test_what_was_learned_by_then_is_taken_out_again() -> None:
    """Once it is said that the hour takes 1.8 times as long, runs that take as long as was said confirm it."""
    first = learn(Learned(), runs(17, 1.8, 400), NOW, HCMC)
    said = 400.0 * first.now[17]
    later = [PastRun(it.unit, it.set_out + 400 * DAY_MS, said, said) for it in runs(17, 1.0, 400)]
    second = learn(first, later, NOW + 900 * DAY_MS, HCMC)
    assert second.now[17] == pytest.approx(first.now[17], rel=0.03)


def test_too_little_or_nonsense_teaches_nothing() -> None:
    known = learn(Learned(), runs(17, 1.8, 60), NOW, HCMC)
    for nothing in (runs(8, 2.0, LEAST_RUNS - 1), runs(8, 20.0, 60), runs(8, 0.01, 60), runs(8, 1.0, 60, said_s=5.0)):
        assert learn(known, nothing, NOW + 1, HCMC) is known
    few = learn(Learned(), runs(8, 3.0, LEAST_RUNS), NOW, HCMC)
    assert few.now[8] < 1.8  # few runs say little


def test_the_last_lesson_is_taken_back() -> None:
    first = learn(Learned(), runs(17, 1.8, 60), NOW, HCMC)
    second = learn(first, runs(8, 0.7, 300), NOW + 1, HCMC)
    assert forgotten(second, NOW + 2).now == first.now != second.now
    assert forgotten(first, NOW + 2).now == PLAIN
    assert forgotten(Learned(), NOW) == Learned()
    assert forgotten(second, NOW + 2).at(NOW + 1) == second.now  # history stays


@given(
    st.lists(
        st.builds(
            PastRun, st.just("A1"), st.integers(DAY, NOW), st.floats(0, 1e5, allow_nan=False), st.floats(0, 1e5)
        ),
        max_size=60,
    )
)
@tries(100, 2_000)
def test_whatever_happened_factors_stay_in_bounds(past: list[PastRun]) -> None:
    learned = learn(Learned(), past, NOW, HCMC)
    assert len(learned.now) == HOURS
    assert all(FACTOR_LEAST <= it <= FACTOR_MOST for it in learned.now)


def test_hours_are_the_sites() -> None:
    assert hour_of(DAY, 0) == 0 and hour_of(DAY, HCMC) == 7 and hour_of(DAY - 1, HCMC) == 6


def test_it_is_kept_and_read_again(tmp_path: Path) -> None:
    assert read_learned(tmp_path / "nowhere") == Learned()
    learned = learn(Learned(), runs(17, 1.8, 60), NOW, HCMC)
    write_learned(tmp_path / "map", learned)
    assert read_learned(tmp_path / "map") == learned


@pytest.mark.parametrize(
    "text", ["", "[]", '{"periods": [{"since": 1, "factors": [1], "runs": [1]}]}',
             '{"periods": [{"since": 1, "factors": [' + "9," * 23 + '9], "runs": [' + "0," * 23 + "0]}]}"],
)  # fmt: skip
def test_a_damaged_file_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(LearnedError) as told:
        read_learned(tmp_path)
    assert FILE in told.value.vi and "dispatch speeds learn" in told.value.en
