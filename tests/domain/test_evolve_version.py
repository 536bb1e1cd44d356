"""Whoever changes what events mean changes ``EVOLVE_VERSION``: a snapshot, or a console, of before knows it."""

from __future__ import annotations

from msgspec.structs import replace
from pytest import MonkeyPatch

from dispatch_core.domain import events as e
from dispatch_core.domain.evolve.rules import RULES
from dispatch_core.domain.state import EVOLVE_VERSION
from tests.domain.fixed_journal import complaint, kept_sums, missing, stories, story_of, sums_of_now, written


def test_the_fixed_journal_gives_what_it_gave_under_this_number() -> None:
    assert EVOLVE_VERSION >= 2
    problem = complaint(EVOLVE_VERSION, kept_sums(), sums_of_now())
    assert not problem, problem


def test_it_has_every_kind_of_event() -> None:
    lacking = sorted(kind.__name__ for kind in missing())
    assert not lacking, f"{lacking}: add a story to tests/domain/stories.py, then python -m tests.domain.fixed_journal"
    for story in stories().values():
        assert story_of(written(story)) == story


def test_another_meaning_of_an_event_is_noticed(monkeypatch: MonkeyPatch) -> None:
    """As a slip in a rule would: a crew that is released keeps its status."""
    before = RULES[e.UnitReleased]
    monkeypatch.setitem(
        RULES, e.UnitReleased, lambda state, event, it: replace(before(state, event, it), units=state.units)
    )
    assert "raise EVOLVE_VERSION" in complaint(EVOLVE_VERSION, kept_sums(), sums_of_now())


def test_what_is_wrong_with_the_number_is_said() -> None:
    now = {"a": "1", "b": "2"}
    assert complaint(3, {"3": now}, now) == ""
    assert complaint(3, {"2": {"a": "0"}, "3": now}, now) == ""
    assert "no checksums are kept" in complaint(3, {"2": now}, now)
    assert "raise EVOLVE_VERSION" in complaint(3, {"3": {"a": "0", "b": "2"}}, now)
    assert "raise EVOLVE_VERSION" in complaint(3, {"3": {**now, "c": "3"}}, now), "a file is gone"
    assert "a file has no checksum" in complaint(3, {"3": {"a": "1"}}, now)
