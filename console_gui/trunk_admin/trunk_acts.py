"""What the window does for the trunk's workplace: opens a page in the place of the boards, carries its commands out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from console_gui.command_line.verbs_trunk import TrunkAct
from console_gui.notice import Kind, Notice
from console_gui.translations.tables import sentence_of
from console_gui.trunk_admin.change_page import ChangePage
from console_gui.trunk_admin.events_page import EventsPage
from console_gui.trunk_admin.nodes_page import NodesPage
from console_gui.trunk_admin.secrets_page import SecretsPage
from console_gui.trunk_admin.test_call_page import TestCallPage
from console_gui.trunk_admin.trunk_desk import BOARDS, TrunkDesk
from dispatch_core.domain.vocabulary import Role
from dispatch_core.wire.trunk import RollbackWanted

if TYPE_CHECKING:
    from console_gui.main_window import MainWindow


class TrunkActs(QObject):
    def __init__(self, window: MainWindow, trunk: TrunkDesk) -> None:
        super().__init__(window)
        self._window, self._desk, self.trunk = window, window.desk, trunk
        self._last = "health"
        trunk.opened.connect(self.open)
        trunk.tabs.wanted.connect(self.open)
        trunk.done.connect(window.back_to_line)
        trunk.form.column.built.connect(self._guard)
        self._admin = self._desk.role is Role.TELEPHONY_ADMIN
        trunk.hide()
        trunk.tabs.setVisible(self._admin)
        if self._admin:
            QTimer.singleShot(0, trunk, partial(trunk.book.shown_poll.follow, True))

    def _guard(self) -> None:
        """What comes into a field that was made later is plain and bounded too."""
        self._window.guards.guard(self.trunk)

    # --- pages --------------------------------------------------------------------------------------------------------

    def open(self, name: str) -> None:
        """In the place of the boards, with the keyboard at its entrance; ``boards`` are those again."""
        trunk, place = self.trunk, self._window.panels.workplace
        there = name != BOARDS
        if there:
            self._last = name
        if there is not trunk.isVisibleTo(self._window):
            trunk.setVisible(there)
            place.setVisible(not there)
            if self._window.panels.band is not None:
                self._window.panels.band.setVisible(not there)
            trunk.tabs.setVisible(there or self._admin)
        trunk.show_page(name)
        page = trunk.pages.get(name)
        if page is not None:
            page.entrance.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._window.back_to_line()

    # --- commands -----------------------------------------------------------------------------------------------------

    def do(self, wanted: TrunkAct) -> None:
        words = (*wanted.words, "", "", "")
        match wanted.argument:
            case "page":
                self.open(words[0] or (BOARDS if self.trunk.open != BOARDS else self._last))
            case "filter" | "freeze":
                self._events(wanted.argument, words[0])
            case "read":
                self.trunk.read()
            case "stop":
                self.trunk.book.stop()
            case _ if not self._may():
                self._say("trunk.waits" if self.trunk.book.shown is None else "trunk.look_only")
            case "add":
                self.open("form")
                self.trunk.form.add(words[0] or self.trunk.form.section, name=words[1])
            case "undo" | "drop":
                self.trunk.form.do(wanted.argument)
            case "plan":
                self._plan(words[0])
            case "rollback":
                self._rollback(words[0], words[1])
            case _:
                self._on_page(wanted.argument, words)

    def _on_page(self, what: str, words: tuple[str, ...]) -> None:
        name = {"apply": "change", "confirm": "change", "secret": "secrets", "restart": "nodes", "test": "test"}[what]
        self.open(name)
        page = self.trunk.pages[name]
        if isinstance(page, ChangePage) and what == "apply":
            page.put(words[0], words[1])
        elif isinstance(page, SecretsPage) and words[0]:
            page.choose(words[0])
        elif isinstance(page, NodesPage):
            page.ask(words[0], words[1])
        elif isinstance(page, TestCallPage):
            page.ask(words[0], words[1], words[2])

    def _events(self, what: str, text: str) -> None:
        self.open("events")
        page = self.trunk.pages["events"]
        assert isinstance(page, EventsPage)
        if what == "filter":
            page.show_filter(text)
        else:
            page.freeze(not page.log.frozen)

    def _plan(self, number: str) -> None:
        if not number:
            self.trunk.form.plan()
            return
        self.trunk.book.plan(int(number))
        self.open("change")

    def _rollback(self, number: str, why: str) -> None:
        self.open("change")
        if not self.trunk.book.start(RollbackWanted(version=int(number or 0), why=why)):
            self._say("trunk.change.busy")

    def _may(self) -> bool:
        return self.trunk.book.may_change

    def _say(self, key: str) -> None:
        sentence = sentence_of(key)
        self._desk.noticed.emit(Notice(Kind.WRONG, "trunk", sentence, "", self._desk.now()))
