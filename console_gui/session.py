"""The life of the console: sign in, follow, sign out; everything made for one person ends with that person."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from console_gui.command_line.line_history import LineHistory
from console_gui.core_client import CoreClient
from console_gui.desk import Desk
from console_gui.door import Door
from console_gui.drafts import Drafts
from console_gui.link import Link
from console_gui.main_window import MainWindow
from console_gui.preferences import Preferences, drafts_file, history_file
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


class Session(QObject):
    """``opened`` when somebody is signed in and the window stands; ``ended`` when the program may end."""

    opened = Signal(object)  # MainWindow
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
        own = self._preferences.of(signed_in.user)
        if "language" not in self._chosen:
            self._words.set_language(own.get("language", self._words.language))
        access, authority = signed_in.redis, self._authority
        self._link = Link(View(signed_in.view), signed_in.user, lambda: connect(access, authority), self._door, self)
        desk = Desk(signed_in, self._link, self._questions, self._words, self._door, self)
        history = LineHistory(history_file(signed_in.user))
        drafts = Drafts(drafts_file(signed_in.user))
        self.window = MainWindow(desk, self._look, drafts, own, history=history)
        if "theme" not in self._chosen:
            self.window.set_theme(own.get("theme", self._look.now.name))
        self.window.closing.connect(self._closing)
        self.window.unfold()
        self.dialog.hide()
        self.window.activateWindow()
        self.opened.emit(self.window)
        self._link.start()

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
