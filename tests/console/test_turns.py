"""One piece of work in a turn: what comes meanwhile is heard between two, and nothing is done twice or lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from console_gui import turns
from console_gui.turns import Turn, at_rest
from tests.console.turns_taken import all_turns_taken


class Listener(QObject):
    """Notes what was done when something came."""

    def __init__(self, done: list[str]) -> None:
        super().__init__()
        self._done = done

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.User:
            self._done.append("heard")
        return super().event(event)


@pytest.fixture
def done(qapp: QApplication) -> list[str]:
    all_turns_taken()
    return []


def test_between_two_pieces_what_came_is_heard(done: list[str]) -> None:
    whose, ear = QObject(), Listener(done)

    def first() -> None:
        done.append("first")
        QCoreApplication.postEvent(ear, QEvent(QEvent.Type.User))

    one, two = Turn(first, whose), Turn(lambda: done.append("second"), whose)
    one.take()
    two.take()
    assert not done and not at_rest()
    all_turns_taken()
    assert done == ["first", "heard", "second"]


def test_work_in_steps_lets_others_be_heard_and_goes_on_before_younger_work(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "SLICE_S", 0.0)
    whose, ear = QObject(), Listener(done)

    def steps() -> Iterator[None]:
        for number in range(3):
            done.append(f"step {number}")
            QCoreApplication.postEvent(ear, QEvent(QEvent.Type.User))
            yield

    long, short = Turn(steps, whose), Turn(lambda: done.append("short"), whose)
    long.take()
    short.take()
    all_turns_taken()
    assert done == ["step 0", "heard", "step 1", "heard", "step 2", "heard", "short"]


def test_what_is_asked_for_twice_is_done_once_and_anew_where_it_had_begun(done: list[str]) -> None:
    whose = QObject()
    turn = Turn(lambda: done.append("done"), whose)
    turn.take()
    turn.take()
    all_turns_taken()
    assert done == ["done"]

    def steps() -> Iterator[None]:
        done.append("begun")
        if len(done) == 2:
            stepped.take()
        yield

    stepped = Turn(steps, whose)
    stepped.take()
    all_turns_taken()
    assert done == ["done", "begun", "begun"] and not stepped.busy


def test_what_fails_or_is_gone_holds_nobody_up(done: list[str], qtbot: object) -> None:
    gone, whose = QObject(), QObject()

    def fails() -> None:
        raise ValueError("as it happens")

    turn = Turn(lambda: done.append("never"), gone)
    turn.take()
    Turn(lambda: done.append("kept"), whose).take()
    turn.deleteLater()
    QCoreApplication.sendPostedEvents(turn, QEvent.Type.DeferredDelete)
    all_turns_taken()
    assert done == ["kept"]
    failing = Turn(fails, whose)
    with pytest.raises(ValueError, match="as it happens"):
        failing.go_on()
    assert not failing.busy
