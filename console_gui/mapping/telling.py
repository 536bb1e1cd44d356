"""What went wrong with something that was asked of the map, said where refused lines are said.

A moment later: the line that asked was understood, and with that the mistakes before it are over.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer

from console_gui.desk import Desk
from console_gui.notice import Kind, Notice
from console_gui.translations.tables import sentence_of
from dispatch_core.domain.errors import DispatchError


def tell_problem(desk: Desk, problem: DispatchError, typed: str = "") -> None:
    vi, en = problem.vi, problem.en
    _tell(desk, Notice(Kind.WRONG, problem.code, lambda language: en if language == "en" else vi, typed, desk.now()))


def tell_wrong(desk: Desk, key: str, typed: str = "", **values: object) -> None:
    _tell(desk, Notice(Kind.WRONG, key.rpartition(".")[2], sentence_of(key, **values), typed, desk.now()))


def _tell(desk: Desk, notice: Notice) -> None:
    QTimer.singleShot(0, desk, partial(desk.noticed.emit, notice))
