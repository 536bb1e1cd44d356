"""The life of the console: sign in, follow, sign out; everything made for one person ends with that person.

Guards: the sign-in stands before the many modules of the window are loaded; they come while somebody types.
"""

from __future__ import annotations

import threading
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from console_gui import sizes, typefaces
from console_gui.command_line.line_history import LineHistory
from console_gui.core_client import CoreClient
from console_gui.desk import Desk
from console_gui.door import Door
from console_gui.drafts import Drafts
from console_gui.kept_orders import KeptOrders
from console_gui.link import Link
from console_gui.preferences import Preferences, drafts_file, history_file, waiting_file
from console_gui.questions import Questions
from console_gui.redis_door import connect
from console_gui.sign_in_dialog import SignInDialog
from console_gui.theme import Look
from console_gui.translations.language import Words
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.refusals import refuse
from dispatch_core.domain.views import View
from dispatch_core.wire.envelopes import SignedIn
from dispatch_core.wire.names import WIRE_SPOKEN, WIRE_VERSION

if TYPE_CHECKING:
    from console_gui.main_window import MainWindow

WINDOW = "console_gui.main_window"
PAINTED_MS = 30
"""By then the dialog stands, and a thread that loads modules does not keep it from being painted."""


class Session(QObject):
    """``opened`` when somebody is signed in and the window stands; ``ended`` when the program may end."""

    opened = Signal(object)  # MainWindow
    renewed = Signal(object)  # MainWindow; at the same desk, in the place of the one before
    refused = Signal(object)  # DispatchError
    ended = Signal()

    def __init__(
        self, core: str, authority: Path, words: Words, look: Look, preferences: Preferences, door: Door,
        user: str = "", chosen: frozenset[str] = frozenset(), parent: QObject | None = None,
    ) -> None:  # fmt: skip
        """``chosen`` names what was given on the command line ("language", "theme") and therefore stands. Raises
        ValueError for the address and OSError for the authority."""
        super().__init__(parent)
        self._authority, self._words, self._look, self._door, self._chosen = authority, words, look, door, chosen
        self._preferences = preferences
        self._questions = Questions(CoreClient(core, authority), self)
        self._link: Link | None = None
        self.window: MainWindow | None = None
        self.dialog = SignInDialog(words, core, user)
        self.dialog.asked.connect(self._sign_in)
        self.dialog.language_wanted.connect(self._other_language)
        self.dialog.given_up.connect(self._give_up)

    def start(self) -> None:
        self.dialog.show()
        QTimer.singleShot(PAINTED_MS, threading.Thread(target=import_module, args=(WINDOW,), daemon=True).start)

    def close(self) -> None:
        """End without signing out (SIGTERM)."""
        if self.window is not None:
            self.window.close_quietly()
        else:
            self.dialog.close()

    def _other_language(self, language: str) -> None:
        self._words.set_language(language)
        self._preferences.put("language", language)

    def _give_up(self) -> None:
        if self.window is None:
            self._end()

    def _sign_in(self, user: str, password: str) -> None:
        self._questions.ask(lambda client: client.sign_in(user, password), self._answered)

    def _answered(self, signed_in: SignedIn | None, problem: DispatchError | None) -> None:
        if signed_in is not None and signed_in.wire not in WIRE_SPOKEN:
            no = refuse("wrong_version", theirs=WIRE_VERSION, ours=signed_in.wire)
            signed_in, problem = None, DispatchError(no.code, no.sentence("vi"), no.sentence("en"))
        if signed_in is None:
            if problem is not None:
                self.dialog.refused(problem)
                self.refused.emit(problem)
            return
        self._open(signed_in)

    def _open(self, signed_in: SignedIn) -> None:
        import_module(WINDOW)  # first: where a part of the program is broken nothing is begun
        own = self._preferences.of(signed_in.user)
        if "language" not in self._chosen:
            self._words.set_language(own.get("language", self._words.language))
        access, authority = signed_in.redis, self._authority
        self._link = Link(View(signed_in.view), signed_in.user, lambda: connect(access, authority), self._door, self)
        kept = KeptOrders(waiting_file(signed_in.user))
        desk = Desk(signed_in, self._link, self._questions, self._words, self._door, self, kept)
        sizes.choose(own.get("size", "normal"))
        self._keeps = (Drafts(drafts_file(signed_in.user)), own, LineHistory(history_file(signed_in.user)))
        self._show_window(desk)
        self._link.start()

    def _show_window(self, desk: Desk, before: MainWindow | None = None) -> None:
        drafts, own, history = self._keeps
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setFont(typefaces.font())
        make: type[MainWindow] = import_module(WINDOW).MainWindow
        self.window = window = make(desk, self._look, drafts, own, history=history)
        if "theme" not in self._chosen:
            window.set_theme(own.get("theme", self._look.now.name))
        window.closing.connect(self._closing)
        window.arranging.size_changed.connect(self._resize)
        if before is None:
            window.unfold()
        else:
            window.setGeometry(before.geometry())
            window.setWindowState(before.windowState())
            window.show()
        self.dialog.hide()
        window.printing.start()
        window.activateWindow()
        (self.opened if before is None else self.renewed).emit(window)

    def _resize(self, size: str) -> None:
        """Texts of another size: the window is made anew at the same desk, when what was typed has been dealt with."""
        QTimer.singleShot(0, partial(self._make_anew, size))

    def _make_anew(self, size: str) -> None:
        before = self.window
        if before is None:
            return
        sizes.choose(size)
        self._show_window(before.desk, before)
        before.retire()
        before.desk.tell_all()

    def _closing(self, sign_out: bool) -> None:
        if sign_out:
            self._questions.ask(lambda client: client.sign_out(), lambda result, problem: self._end())
        else:
            self._end()

    def _end(self) -> None:
        if self._link is not None:
            self._link.stop()
            self._link = None
        self._questions.stop()
        self.ended.emit()
