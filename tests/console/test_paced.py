"""Work that looks at the whole state: at once while it is cheap, and less often the more it costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console_gui import paced
from console_gui.paced import Paced


class Work:
    """Takes ``cost`` seconds of this thread."""

    def __init__(self, cost: float) -> None:
        self.cost, self.done, self.wanted, self.shown = cost, 0, 0, 0

    def __call__(self) -> None:
        end = time.thread_time() + self.cost
        while time.thread_time() < end:
            pass
        self.done += 1
        self.shown = self.wanted


@pytest.fixture
def parent(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> QObject:
    monkeypatch.setattr(paced, "FREE_S", 0.001)
    return QObject()


def test_what_costs_nothing_is_done_every_time(parent: QObject) -> None:
    work = Work(0.0)
    it = Paced(work, parent)
    for _ in range(20):
        it.call()
    assert work.done == 20


def test_what_costs_much_takes_its_share_and_no_more(parent: QObject, qtbot: QtBot) -> None:
    work = Work(0.004)
    it = Paced(work, parent)
    began = time.monotonic()
    while time.monotonic() - began < 0.7:
        it.call()
        qtbot.wait(5)
    most = 1 + (time.monotonic() - began) / (work.cost / paced.SHARE)
    assert 2 <= work.done <= most + 1


def test_the_last_change_is_always_shown(parent: QObject, qtbot: QtBot) -> None:
    work = Work(0.004)
    it = Paced(work, parent)
    for number in range(1, 6):
        work.wanted = number
        it.call()
    assert work.done == 1 and work.shown == 1
    qtbot.waitUntil(lambda: work.shown == 5)
    assert work.done == 2


def test_it_is_never_put_off_for_longer_than_a_second(
    parent: QObject, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paced, "MOST_S", 0.05)
    work = Work(0.01)  # its share would be every half a second
    it = Paced(work, parent)
    it.call()
    assert it._not_before <= time.monotonic() + 0.05
    it.call()
    qtbot.waitUntil(lambda: work.done == 2)


def test_what_the_clock_asks_has_a_turn_of_its_own_where_it_costs_something(parent: QObject, qtbot: QtBot) -> None:
    cheap, dear = Work(0.0), Work(0.004)
    for work, at_once in ((cheap, 3), (dear, 1)):
        it = Paced(work, parent)
        for _ in range(3):
            it.promptly()
        assert work.done == at_once
    qtbot.waitUntil(lambda: dear.done == 2)


class Steps(Work):
    """The same in four steps; ``after`` each of them."""

    def __init__(self, cost: float) -> None:
        super().__init__(cost)
        self.after: Callable[[], object] = lambda: None

    def __call__(self) -> Iterator[None]:
        for _ in range(4):
            super().__call__()
            self.after()
            yield


def test_dear_steps_let_others_in_between_and_what_is_asked_for_meanwhile_comes_after(
    parent: QObject, qtbot: QtBot
) -> None:
    work, seen, asked_at = Steps(0.003), set[int](), []
    it = Paced(work, parent)

    def after() -> None:
        QTimer.singleShot(0, parent, lambda: seen.add(work.done))
        if work.done in (2, 3):
            asked_at.append(time.monotonic())
            it.call()
        work.wanted = work.done

    work.after = after
    it.call()
    assert work.done == 1, "nobody knew what it costs, and the rest has turns of its own"
    qtbot.waitUntil(lambda: work.done == 8)
    assert {1, 2, 3} <= seen, "each step is one turn of the loop"
    assert len(asked_at) == 2 and time.monotonic() - asked_at[0] >= 4 * work.cost / paced.SHARE / 2, "its share"
    qtbot.wait(50)
    assert work.done == 8 and work.shown == 7


def test_steps_that_were_cheap_once_hold_nothing_up_the_next_time(parent: QObject, qtbot: QtBot) -> None:
    """What was found already for another part of the screen costs nothing."""
    work = Steps(0.003)
    it = Paced(work, parent)
    for dear in (True, False, True, False, True):
        work.cost, before = 0.003 if dear else 0.0, work.done
        it._not_before = 0.0
        it.call()
        assert work.done - before <= 1 or not dear
        qtbot.waitUntil(lambda before=before: work.done == before + 4)


def test_steps_that_fail_are_begun_anew(parent: QObject, qtbot: QtBot) -> None:
    fails, done = [True], []

    def act() -> Iterator[None]:
        yield
        if fails:
            raise ValueError(fails.pop())
        done.append(1)

    it = Paced(act, parent)
    with pytest.raises(ValueError, match="True"):
        it.call()
    it.call()
    assert done == [1]


def test_what_was_asked_for_while_steps_failed_is_not_forgotten(parent: QObject) -> None:
    tried = []

    def act() -> Iterator[None]:
        tried.append(1)
        yield
        if len(tried) == 1:
            it.call()
            raise ValueError

    it = Paced(act, parent)
    with pytest.raises(ValueError):
        it.call()
    assert len(tried) == 2
