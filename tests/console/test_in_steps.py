"""What is shown a part at a time is what would be shown in one go, and never puts what is old over what is new."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from console_gui import paced, turns
from dispatch_core.domain import commands as c
from tests.console.conftest import OpenWindow
from tests.console.scenario import Night
from tests.console.test_same_and_surge import again, two, until

CRASH, FIRE = "20261123-00001", "20261123-00002"


def written(part: QWidget) -> list[str]:
    """All the words of a part that stand on the screen."""
    kinds: tuple[type[QLabel | QLineEdit | QPushButton], ...] = (QLabel, QLineEdit, QPushButton)
    return [it.text() for kind in kinds for it in part.findChildren(kind) if it.isVisible()]


def test_a_form_shown_anew_gives_up_what_was_under_way(open_window: OpenWindow) -> None:
    local, window = open_window("lan")
    form = window.panels.form
    for stop_after in range(1, 8):
        local.desk.show(CRASH)
        steps = form._refreshing()
        for _ in range(stop_after):
            next(steps)
        local.desk.show(FIRE)
        before = written(form)
        assert list(steps) == [] and written(form) == before, f"after {stop_after} parts"
        assert form.head.title.text() == "#2"


def test_what_may_be_the_same_is_not_said_of_the_incident_before(open_window: OpenWindow) -> None:
    local, window = open_window("lan")
    row, city = window.panels.form.same, window.panels.map
    first, second = two(local)
    local.desk.show(second)
    assert row.what.isVisible()
    local.desk.alike._incident = ""  # to be found once more
    steps = row._follow()
    next(steps)
    local.desk.show(CRASH)
    for _ in steps:
        pass
    assert not row.what.isVisible()
    local.desk.show(second)
    until(lambda: first in city.map._alike)
    local.desk.alike._incident = ""
    steps = city._follow_alike()
    next(steps)
    local.desk.show(CRASH)
    for _ in steps:
        pass
    assert first not in city.map._alike


def test_what_was_folded_while_another_incident_was_open_is_not_said_again(open_window: OpenWindow) -> None:
    local, window = open_window("lan")
    row, city = window.panels.form.same, window.panels.map
    first, second = two(local)
    local.desk.show(second)
    local.desk.alike._incident = ""
    steps = row._follow()
    next(steps)
    lines = city._follow_alike()
    next(lines)
    local.desk.show(CRASH)
    local.happen(lambda night: night.must(night.person("minh"), c.FoldIncident(incident=first, into=second)))
    local.desk.show(second)
    for it in (steps, lines):
        for _ in it:
            pass
    assert not row.what.isVisible() and first not in city.map._alike


@pytest.mark.parametrize("language", ["vi", "en"])
def test_in_steps_it_comes_to_the_same(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(paced, "FREE_S", 0.0)
    monkeypatch.setattr(paced, "SHARE", 1.0)
    local, window = open_window("lan", language)
    form = window.panels.form
    first, second = two(local)
    local.desk.show(second)
    done: list[Callable[[Night], object]] = [
        lambda night: night.ring("114", "0903111222"),
        lambda night: again(night, "0903000333", "hai xe máy đụng nhau", 3, 0.0004),
        lambda night: night.must(night.person("minh"), c.SetPriority(incident=second, priority=1, seen=2)),
        lambda night: night.must(night.person("minh"), c.AddNote(incident=second, text="có hai người bị thương")),
        lambda night: night.must(night.person("minh"), c.FoldIncident(incident=first, into=second)),
    ]
    for act in done:
        local.happen(act)
        until(lambda: turns.at_rest() and not form._paced._soon.isActive() and not form.same._paced._soon.isActive())
        in_steps = written(form)
        form.refresh()
        form.same.refresh()
        assert written(form) == in_steps
