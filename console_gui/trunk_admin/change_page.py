"""From a plan to what came of it: what will change, the word that confirms it, the steps as they come, the end."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.command_line.parsing import BY_NAME
from console_gui.desk import Desk
from console_gui.dispatching.wrapped_view import WrappedView
from console_gui.keys import key_of
from console_gui.labels import plain_label, repolish, wrapped_label
from console_gui.notice import Kind, Notice
from console_gui.plain_field import PlainField
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.translations.tables import sentence_of
from console_gui.trunk_admin.boards import FilesTable, MistakesTable, as_said
from console_gui.trunk_admin.book import TrunkBook
from console_gui.trunk_admin.diff_view import DiffView
from console_gui.trunk_admin.endings import Ending
from console_gui.trunk_admin.job_view import JobView
from console_gui.trunk_admin.page import Page
from console_gui.typefaces import FORM, ROW
from dispatch_core.domain.plain_text import REASON_LIMIT
from dispatch_core.wire.trunk import ApplyWanted, Planned

WORD_LENGTH = 80
LEFT_WIDTH, STEPS_HIGH, MISTAKES_HIGH = 340, 190, 200


class ChangePage(Page):
    name = "change"

    def __init__(self, desk: Desk, look: Look, book: TrunkBook, parent: QWidget | None = None) -> None:
        super().__init__(desk, look, book, parent)
        words = desk.words
        self.told = wrapped_label(self, FORM)
        self.more = wrapped_label(self, ROW, "attention")
        self.files = FilesTable(desk, self)
        self.files_view = BoardView(self.files, look, (STRETCH, 84, 78), parent=self)
        self.files_view.setObjectName("trunk_files")
        words.put(self.files_view, "setAccessibleName", "column.trunk.file")
        self.diff = DiffView(look, self)
        self.diff.setObjectName("trunk_change_diff")
        words.put(self.diff, "setAccessibleName", "trunk.page.change")
        self.mistakes = MistakesTable(desk, self)
        self.mistakes_view = WrappedView(self.mistakes, look, (STRETCH,), "", self, wrapped=0)
        words.put(self.mistakes_view, "setAccessibleName", "trunk.form.mistakes")
        self.confirm_name, self.why_name = plain_label(self, FORM), plain_label(self, FORM, "dim")
        self.confirm, self.why = PlainField(WORD_LENGTH, self), PlainField(REASON_LIMIT, self)
        self.confirm.setObjectName("trunk_confirm")
        self.why.setObjectName("trunk_why")
        self.apply = self._button("trunk.change.apply", "apply", "apdung")
        self.what = wrapped_label(self, ROW, "dim")
        self.job = JobView(desk, look, book, ("apply", "rollback"), self)
        words.put(self.why_name, "setText", "trunk.change.why")
        words.put(self.why, "setPlaceholderText", "trunk.change.why_hint")
        words.put(self.why, "setAccessibleName", "trunk.change.why")
        self._lay_out()
        self.files_view.current_row.connect(self._show_file)
        self.confirm.textChanged.connect(self._allow)
        self.confirm.returnPressed.connect(self.send)
        self.why.returnPressed.connect(self.send)
        self.apply.clicked.connect(self.send)
        book.planned_changed.connect(self.refresh)
        book.job_changed.connect(self._allow)
        book.job_ended.connect(self._ended)
        desk.ticked.connect(self._count)
        words.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        for label in (self.told, self.more, self.what):
            label.setContentsMargins(12, 0, 12, 0)
        left = QWidget(self)
        left.setFixedWidth(px(LEFT_WIDTH))
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.files_view, 1)
        both = QHBoxLayout()
        both.setSpacing(1)
        both.addWidget(left)
        both.addWidget(self.diff, 1)
        grid = QGridLayout()
        grid.setContentsMargins(12, 4, 12, 4)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.confirm_name, 0, 0)
        grid.addWidget(self.confirm, 0, 1)
        grid.addWidget(self.why_name, 0, 2)
        grid.addWidget(self.why, 0, 3)
        grid.addWidget(self.apply, 0, 4)
        grid.addWidget(self.what, 1, 0, 1, 5)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 2)
        self.what.setContentsMargins(0, 0, 0, 0)
        self.mistakes_view.setMaximumHeight(px(MISTAKES_HIGH))
        self.job.setFixedHeight(px(STEPS_HIGH))
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 8, 0, 0)
        page.setSpacing(4)
        page.addWidget(self.told)
        page.addWidget(self.more)
        page.addWidget(self.mistakes_view)
        page.addLayout(both, 1)
        page.addLayout(grid)
        page.addWidget(self.job)
        QWidget.setTabOrder(self.files_view, self.diff)
        QWidget.setTabOrder(self.diff, self.confirm)
        QWidget.setTabOrder(self.confirm, self.why)
        QWidget.setTabOrder(self.why, self.apply)

    @property
    def entrance(self) -> QWidget:
        return self.confirm if self._can_apply(self._book.planned) else self.files_view

    # --- what is shown ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        planned = self._book.planned
        self.files.take(planned.site_diff if planned else "", planned.files if planned else ())
        self.mistakes.take(planned.mistakes if planned else ())
        self.mistakes_view.setVisible(bool(planned and planned.mistakes))
        self.confirm.clear()
        self._tell()
        first = self.files.idents()
        if first:
            self.files_view.choose(first[0])
        self._show_file(self.files_view.ident())
        self._allow()
        if self.isVisible() and self._can_apply(planned):
            self.confirm.setFocus()

    def _tell(self) -> None:
        book, words, planned = self._book, self._desk.words, self._book.planned
        wrong = planned is not None and bool(planned.mistakes)
        more = ""
        if book.planning_since is not None:
            seconds = int(self._desk.door.monotonic() - book.planning_since)
            text = words("trunk.change.planning", seconds=seconds)
        elif planned is None:
            text = words("trunk.change.none", press=key_of(BY_NAME["xemtruoc"]))
        elif wrong:
            text = words("trunk.change.wrong", count=len(planned.mistakes))
        elif not planned.site_diff and not planned.files:
            text = words("trunk.change.nothing")
        else:
            text, more = self._good(planned)
        if book.plan_of and (planned is not None or book.planning_since is not None):
            text = f"{words('trunk.change.of_version', version=book.plan_of)}: {text}"
        repolish(self.told, "attention" if wrong else "")
        self.told.setText(text)
        self.more.setText(more)
        self.more.setVisible(bool(more))

    def _good(self, planned: Planned) -> tuple[str, str]:
        words = self._desk.words
        nodes = self._nodes(planned)
        said = [words.pick(*it) for it in planned.summary]
        good = words("trunk.change.good", files=len(planned.files), nodes=nodes, calls=planned.calls_up)
        more = [words.pick(*it) for it in planned.later]
        if planned.restarts:
            more.insert(0, words("trunk.change.restarts", nodes=", ".join(planned.restarts)))
        return as_said(*said, good), as_said(*more)

    def _nodes(self, planned: Planned) -> str:
        return ", ".join(sorted({it.node for it in planned.files})) or self._desk.words("trunk.change.all_nodes")

    def _count(self) -> None:
        if self._book.planning_since is not None:
            self._tell()

    def _show_file(self, ident: str) -> None:
        value = self.files.value(ident)
        self.diff.show_diff(value.diff if value is not None else "")

    def _can_apply(self, planned: Planned | None) -> bool:
        return bool(planned and planned.ident and not planned.mistakes) and self._book.may_change

    def _allow(self) -> None:
        book, words, planned = self._book, self._desk.words, self._book.planned
        can = self._can_apply(planned)
        word = planned.confirm if planned is not None else ""
        name = words("trunk.change.confirm", word=word)
        self.confirm_name.setText(name)
        self.confirm.setAccessibleName(name)
        self.what.setText(words("trunk.change.what", nodes=self._nodes(planned)) if planned else "")
        for part in (self.confirm_name, self.confirm, self.why_name, self.why, self.apply, self.what):
            part.setVisible(can)
        self.apply.setEnabled(can and not book.busy and self.confirm.text().strip() == word)

    def _ended(self, ending: Ending) -> None:
        if ending.stays:
            self.confirm.clear()

    # --- what is done -------------------------------------------------------------------------------------------------

    def send(self) -> None:
        planned = self._book.planned
        if not self._can_apply(planned) or planned is None:
            self._say("trunk.change.no_plan", press=key_of(BY_NAME["xemtruoc"]))
        elif self._book.busy:
            self._say("trunk.change.busy")
        elif self.confirm.text().strip() != planned.confirm:
            self._say("trunk.change.confirm_wrong", word=planned.confirm)
            self.confirm.setFocus()
        else:
            wanted = ApplyWanted(plan=planned.ident, confirm=planned.confirm, why=self.why.text().strip())
            if self._book.start(wanted):
                self.apply.setEnabled(False)

    def put(self, word: str, why: str) -> None:
        """As typed in the command line."""
        self.confirm.setText(word)
        if why:
            self.why.setText(why)
        self.send()

    def _say(self, key: str, **values: object) -> None:
        sentence = sentence_of(key, **values)
        self._desk.noticed.emit(Notice(Kind.WRONG, "trunk", sentence, "", self._desk.now()))
