"""The workplace of the trunk: a row of pages, above them what must be seen first, and the page that is open.

The same pages for the telephony admin, who changes, and for the supervisor, who looks.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from console_gui.board_view import BoardView
from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.labels import elided_label, wrapped_label
from console_gui.notice import Kind, Notice
from console_gui.theme import Look
from console_gui.translations.formats import one_line, wall_clock
from console_gui.translations.tables import say
from console_gui.trunk_admin.book import TrunkBook, book_of
from console_gui.trunk_admin.change_page import ChangePage
from console_gui.trunk_admin.drift_view import DriftBar, DriftPage
from console_gui.trunk_admin.endings import Ending
from console_gui.trunk_admin.events_page import EventsPage
from console_gui.trunk_admin.form_page import FormPage
from console_gui.trunk_admin.health_page import HealthPage
from console_gui.trunk_admin.history_page import HistoryPage
from console_gui.trunk_admin.nodes_page import NodesPage
from console_gui.trunk_admin.notice_bar import NoticeBar
from console_gui.trunk_admin.page import Page
from console_gui.trunk_admin.secrets_page import SecretsPage
from console_gui.trunk_admin.test_call_page import TestCallPage
from console_gui.typefaces import ROW, font
from dispatch_core.domain.vocabulary import Role
from dispatch_core.wire.trunk import JobState

BOARDS = "boards"
"""The workplace that stands there otherwise: boards for the admin, the map and the rest for a supervisor."""

TABS = (BOARDS, "health", "form", "change", "history", "events", "secrets", "nodes", "test")
"""In the order of their keys, Alt+1 and so on."""


class TrunkTabs(QFrame):
    """Which page is open, and which others there are; the state that is in force."""

    wanted = Signal(str)

    def __init__(self, desk: Desk, book: TrunkBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._book = desk, book
        self.setObjectName("bar")
        self.open = BOARDS
        self.buttons = {name: QPushButton(self) for name in TABS}
        self.in_force = elided_label(self, ROW, "dim")
        self.in_force.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 10, 2)
        row.setSpacing(2)
        for name, button in self.buttons.items():
            button.setFont(font(ROW))
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(partial(self.wanted.emit, name))
            row.addWidget(button)
        row.addWidget(self.in_force, 1)
        for signal in (book.shown_changed, book.draft_changed, book.form_changed, book.job_changed):
            signal.connect(self.refresh)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    def mark(self, name: str) -> None:
        self.open = name
        self.refresh()

    def refresh(self) -> None:
        words, shown = self._desk.words, self._book.shown
        keys = self._desk.role is Role.TELEPHONY_ADMIN
        signs = {"form": "●" if self._book.draft.changed else "", "change": "✕" if self._book.unread else ""}
        for number, (name, button) in enumerate(self.buttons.items(), 1):
            parts = (f"Alt+{number}" if keys and number == 1 else str(number) if keys else "",
                     words(f"trunk.page.{name}"), signs.get(name, ""))  # fmt: skip
            button.setText(" ".join(filter(None, parts)))
            button.setChecked(name == self.open)
        if shown is None:
            self.in_force.setText("")
            return
        at = wall_clock(shown.applied_at, self._desk.state.site.utc_offset_min, "%d/%m %H:%M")
        told = words("trunk.in_force", version=shown.version, who=one_line(shown.applied_by, 40) or "—", at=at)
        self.in_force.setText(told if shown.may_change else f"{told} · {words('trunk.look_only')}")


class TrunkDesk(QWidget):
    done = Signal()  # Esc: back to the command line
    opened = Signal(str)  # a page, by what was done on another one

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.book = book = book_of(desk)
        self.tabs = TrunkTabs(desk, book)
        self.drift = DriftBar(desk, book, self)
        self.notice = NoticeBar(desk, self)
        self.problem = wrapped_label(self, ROW, "attention")
        self.problem.setContentsMargins(12, 4, 12, 4)
        self.stack = QStackedWidget(self)
        self.stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # pages share what there is
        self.pages: dict[str, Page] = {}
        for kind in (HealthPage, FormPage, ChangePage, HistoryPage, EventsPage, SecretsPage, NodesPage, TestCallPage,
                     DriftPage):  # fmt: skip
            page = kind(desk, look, book, self)
            self.pages[page.name] = page
            self.stack.addWidget(page)
            page.opened.connect(self.opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.drift, self.notice, self.problem):
            column.addWidget(part)
        column.addWidget(self.stack, 1)
        self.drift.look_wanted.connect(partial(self.opened.emit, DriftPage.name))
        self.notice.read.connect(self.read)
        book.job_ended.connect(self._ended)
        book.problem_changed.connect(self._tell)
        book.shown_changed.connect(self._tell)
        desk.words.changed.connect(self._tell)
        desk.updated.connect(self._touched)
        self.notice.tell(book.unread)
        self._tell()
        self.open = BOARDS

    @property
    def form(self) -> FormPage:
        page = self.pages["form"]
        assert isinstance(page, FormPage)
        return page

    def boards(self) -> list[BoardView]:
        return [board for page in self.pages.values() for board in page.boards()]

    # --- pages --------------------------------------------------------------------------------------------------------

    def show_page(self, name: str) -> None:
        """``boards`` is none of these: nothing is asked of the core then but whether a file was changed by hand."""
        if name == self.open:
            return
        before, self.open = self.pages.get(self.open), name
        if before is not None:
            before.go()
        page = self.pages.get(name)
        admin = self._desk.role is Role.TELEPHONY_ADMIN
        if self.book.shown_poll.on is not (admin or page is not None):
            self.book.shown_poll.follow(admin or page is not None)
        elif page is not None:
            self.book.shown_poll.now()
        if page is not None:
            self.stack.setCurrentWidget(page)
            page.come()
        self.tabs.mark(name)

    def end(self) -> None:
        """The window goes: nothing is asked any more."""
        page = self.pages.get(self.open)
        if page is not None:
            page.go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit()
            return
        super().keyPressEvent(event)

    # --- what is told -------------------------------------------------------------------------------------------------

    def _touched(self, changes: Changes) -> None:
        """Somebody did something to the trunk: what is in force may be another one."""
        if changes.site and self.book.shown_poll.on:
            self.book.shown_poll.now()

    def _ended(self, ending: Ending) -> None:
        self.notice.tell(self.book.unread)
        if ending.stays:
            self.opened.emit("change" if ending.kind in ("apply", "rollback") else self.open)
        if ending.state not in (JobState.ROLLED_BACK, JobState.BROKEN):  # those are told from the journal
            self._desk.noticed.emit(
                Notice(Kind.TOLD, "trunk", partial(_told, ending), "", self._desk.now(), quiet=True)
            )

    def read(self) -> None:
        self.book.read()
        self.notice.tell(None)

    def _tell(self) -> None:
        book, words = self.book, self._desk.words
        problem, key = (book.refused, "trunk.refused") if book.refused else (book.problem, "trunk.problem")
        if problem is not None:
            self.problem.setText(words(key, why=words.pick(problem.vi, problem.en)))
        elif book.shown is None:
            self.problem.setText(words("trunk.waits"))
        else:
            self.problem.setText("")
        self.problem.setVisible(bool(self.problem.text()))


def _told(ending: Ending, language: str) -> str:
    if ending.state is JobState.DONE:
        return ending.title(language)
    return say(language, "trunk.told.ended", title=ending.title(language), why=ending.reason(language)).strip()
