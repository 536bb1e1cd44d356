"""What is being done to the trunk, step by step as it comes, with a way to stop it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console_gui.board_view import STRETCH
from console_gui.desk import Desk
from console_gui.dispatching.wrapped_view import WrappedView
from console_gui.labels import plain_label, repolish, wrapped_label
from console_gui.theme import Look
from console_gui.trunk_admin.boards import StepsTable
from console_gui.trunk_admin.book import TrunkBook
from console_gui.trunk_admin.endings import KINDS, ending_of
from console_gui.typefaces import FORM, ROW, font
from dispatch_core.wire.trunk import JobState

STEP = 2


class JobView(QWidget):
    """``kinds``: the jobs that are shown here; none: every one."""

    def __init__(self, desk: Desk, look: Look, book: TrunkBook, kinds: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._book, self._kinds = desk, book, kinds
        self.title = plain_label(self, FORM, strong=True)
        self.why = wrapped_label(self, ROW)
        self.stop = QPushButton(self)
        self.stop.setFont(font(ROW))
        self.stop.setObjectName("trunk_job_stop")
        desk.words.put(self.stop, "setText", "trunk.job.stop")
        self.stop.clicked.connect(book.stop)
        self.table = StepsTable(desk, self)
        self.view = WrappedView(self.table, look, (74, 26, STRETCH, 90, 72), "trunk.job.none", self, wrapped=STEP)
        self.view.setObjectName("trunk_steps")
        desk.words.put(self.view, "setAccessibleName", "column.trunk.step")
        row = QHBoxLayout()
        row.setContentsMargins(10, 4, 10, 4)
        row.addWidget(self.title, 1)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        self.why.setContentsMargins(10, 0, 10, 4)
        column.addWidget(self.why)
        column.addWidget(self.view, 1)
        book.job_changed.connect(self.refresh)
        desk.ticked.connect(self.refresh)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    @property
    def shown(self) -> bool:
        """Whether there is a job of these kinds."""
        return self._book.starting or (self._book.job is not None and self._book.job.kind in self._kinds)

    def refresh(self) -> None:
        job, words = self._book.job, self._desk.words
        self.setVisible(self.shown)
        if job is None or job.kind not in self._kinds:
            self.title.setText(words("trunk.job.starting") if self._book.starting else "")
            self.why.setText("")
            self.stop.hide()
            self.table.take(())
            return
        running = job.state is JobState.RUNNING
        kind = job.kind if job.kind in KINDS else "apply"
        ending = ending_of(job)
        if running:
            gone = max(0, self._desk.now() - job.began_at) // 1000
            self.title.setText(words("trunk.job.line", what=words(f"trunk.job.{kind}"), who=job.by, seconds=gone))
            repolish(self.title, "")
        else:
            self.title.setText(ending.title(words.language))
            repolish(self.title, "attention" if ending.state is not JobState.DONE else "")
        told = running or ending.state is JobState.DONE or self._book.unread is not None  # the notice above says it
        self.why.setText("" if told else ending.reason(words.language))
        self.why.setVisible(bool(self.why.text()))
        self.stop.setVisible(running and self._book.may_change)
        self.table.take(job.steps)
        if running and self.table.rowCount() and not self.view.hasFocus():
            self.view.scrollToBottom()
