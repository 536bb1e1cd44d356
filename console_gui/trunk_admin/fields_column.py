"""The fields of one entry, one under the other, in an area that scrolls to whatever has the keyboard."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from console_gui.desk import Desk
from console_gui.trunk_admin.entries import of_field
from console_gui.trunk_admin.form_field import FormField
from console_gui.trunk_admin.site_draft import Entry, SiteDraft
from dispatch_core.wire.trunk import FieldShown, Mistake


class FieldsColumn(QScrollArea):
    typed = Signal(object, str)  # FormField, what stands there
    left = Signal(object)
    finished = Signal()  # Enter in the last one
    built = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.fields: list[FormField] = []
        self._holder = QWidget()
        self._holder.setObjectName("panel")
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(12, 4, 12, 8)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._holder)

    def build(self, wanted: list[FieldShown], draft: SiteDraft, after: QWidget, before: list[QWidget]) -> None:
        """These fields, made anew where they are others; ``after`` and ``before`` are their neighbours for Tab."""
        if [it.told for it in self.fields] == wanted:
            return
        for old in self.fields:
            old.remove()
        self.fields = [
            FormField(self._desk, told, self._grid, row, self._holder, draft.rows_of(told))
            for row, told in enumerate(wanted)
        ]
        for number, it in enumerate(self.fields):
            it.typed.connect(partial(self.typed.emit, it))
            it.left.connect(partial(self.left.emit, it))
            it.entered.connect(partial(self._on, number))
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(2 * len(self.fields), 1)
        for widget in (*(it.line for it in self.fields), *before):
            QWidget.setTabOrder(after, widget)
            after = widget
        self.built.emit()

    def tell(self, draft: SiteDraft, place: tuple[str, int], mistakes: tuple[Mistake, ...], *, anew: bool) -> None:
        """What stands in the fields, and what is wrong. ``anew``: also in the field where somebody types."""
        entry: Entry | None = draft.entry(*place)
        self._holder.setVisible(entry is not None)
        for it in self.fields:
            if anew or not it.line.hasFocus():
                it.put(draft.text(it.told, entry) if entry is not None else "")
            touched = entry is not None and draft.touched(place[0], entry)
            slip = draft.slip(it.told, entry) if entry is not None and touched else None
            it.say(slip, of_field(draft, *place, it.told.key, mistakes))

    def bar(self, read_only: bool) -> None:
        for it in self.fields:
            it.bar(read_only)

    def retell(self) -> None:
        for it in self.fields:
            it.retell()

    def to_top(self) -> None:
        for it in self.fields:
            it.line.setCursorPosition(0)
        self.verticalScrollBar().setValue(0)

    def focus(self, key: str = "") -> None:
        """The keyboard to the field of this key, the first one where none is named."""
        found = next((it for it in self.fields if it.told.key == key or not key), None)
        if found is not None:
            found.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
            found.line.selectAll()
            self.ensureWidgetVisible(found.note, 0, 8)
            self.ensureWidgetVisible(found.line, 0, 8)

    def _on(self, number: int) -> None:
        if number + 1 < len(self.fields):
            self.focus(self.fields[number + 1].told.key)
        else:
            self.finished.emit()
