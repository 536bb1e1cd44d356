"""Tests that must fail, each because Qt warned while it ran. ``test_every_model`` runs them and counts."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, qCritical, qWarning


@pytest.fixture
def warns_before() -> None:
    qWarning("before")


@pytest.fixture
def warns_after() -> Iterator[None]:
    yield
    qWarning("after")


def test_warned() -> None:
    qWarning("while it runs")


def test_critical(qtbot: object) -> None:
    qCritical("while it runs, with a window")


def test_warned_by_qt_itself() -> None:
    QObject().startTimer(-1)


def test_warned_in_a_thread() -> None:
    thread = threading.Thread(target=qWarning, args=("elsewhere",))
    thread.start()
    thread.join()


def test_warned_before(warns_before: None) -> None:
    """While it is made ready."""


def test_warned_after(warns_after: None) -> None:
    """While it is put away."""
