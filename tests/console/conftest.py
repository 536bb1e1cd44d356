"""Fixtures of the console's tests: off screen, with the bundled font, in a configuration folder of their own."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console_gui import paced, typefaces
from console_gui.drafts import Drafts
from console_gui.main_window import MainWindow
from console_gui.preferences import Preferences
from console_gui.theme import Look
from tests.console.hand_sounds import HandSounds
from tests.console.local_desk import LocalDesk
from tests.console.scenario import Night, busy_night


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A warning of Qt fails the test in which it came; what the off-screen plugin always says is no warning."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            of_the_plugin = "This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)"
            item.add_marker(pytest.mark.qt_log_ignore(of_the_plugin))


HARMLESS = ("This plugin does not support propagateSizeHints",)
"""What the off-screen plugin says of every window; of no other warning is it known that it means nothing."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Putting a test away must be as quiet as the test: pytest-qt no longer looks then."""
    told: list[str] = []

    def hear(kind: QtMsgType, where: object, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not text.startswith(HARMLESS):
            told.append(text)

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
    if told:
        pytest.fail(f"Qt warned while the test was put away: {told}", pytrace=False)


PATIENCE_MS = 30_000
"""So long a test waits for what it only needs to come; of a busy machine."""


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    for wait in ("waitUntil", "waitSignal"):
        setattr(qtbot, wait, partial(getattr(qtbot, wait), timeout=PATIENCE_MS))
    return qtbot


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is put off because this machine is busy; how work is paced has a test of its own."""
    monkeypatch.setattr(paced, "FREE_S", 60.0)


@pytest.fixture
def look(qapp: QApplication) -> Look:
    typefaces.load()
    look = Look()
    look.wear(qapp, "dark")
    if qapp.font() != typefaces.font():
        qapp.setFont(typefaces.font())
    return look


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences("lan", QSettings(str(tmp_path / "console.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def night() -> Night:
    return busy_night()


OpenWindow = Callable[..., tuple[LocalDesk, MainWindow]]


@pytest.fixture
def open_window(qtbot, look: Look, preferences: Preferences, night: Night) -> Iterator[OpenWindow]:  # type: ignore[no-untyped-def]
    """``open_window(user, language, night)`` gives a desk and its window, shown and filled."""
    made: list[MainWindow] = []

    def opened(user: str = "lan", language: str = "vi", of: Night | None = None) -> tuple[LocalDesk, MainWindow]:
        local = LocalDesk(of or night, user, language)
        window = MainWindow(local.desk, look, Drafts(), preferences.of(user), sounds=HandSounds())
        made.append(window)
        qtbot.addWidget(window)
        window.show()
        local.begin()
        qtbot.waitUntil(lambda: window.panels.workplace._arranged)
        return local, window

    yield opened
    for window in made:
        window.desk._clock.stop()
