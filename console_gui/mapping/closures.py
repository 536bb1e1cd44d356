"""Closures and floods at this screen: drawn on the map, with a reason, listed, ended when the road is open again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QPushButton, QWidget

from console_gui.command_line.resolve import natural
from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.map.draft import Draft
from console_gui.translations.formats import ago, one_line
from console_gui.typefaces import ROW, font
from dispatch_core.domain.commands import DrawClosure
from dispatch_core.domain.plain_text import REASON_LIMIT
from dispatch_core.domain.vocabulary import Closure, ClosureKind

ROWS_SHOWN = 4
ROW_PX = 26
IDENT_ROLE = Qt.ItemDataRole.UserRole


class Closures(QObject):
    """``line_wanted``: words for the command line. ``button`` shows and hides the ``listing``; ``reason`` stands below
    the map while a drawn outline waits for its reason."""

    line_wanted = Signal(str)

    def __init__(self, desk: Desk, city: CityMap, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._map = desk, city
        self._waiting: Draft | None = None
        self.button = QPushButton(parent)
        self.button.setFont(font(ROW))
        self.button.setCheckable(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.listing = QListWidget(parent)
        self.listing.setFont(font(ROW))
        self.listing.setUniformItemSizes(True)
        self.listing.installEventFilter(self)
        self.listing.hide()
        self.reason = QLineEdit(parent)
        self.reason.setFont(font(ROW))
        self.reason.setMaxLength(REASON_LIMIT)
        self.reason.installEventFilter(self)
        self.reason.returnPressed.connect(self._send)
        self.reason.hide()
        self.button.toggled.connect(self._fold)
        self.listing.currentItemChanged.connect(lambda now, _: city.choose_closure(_ident(now)))
        city.drawn.connect(self._drawn)
        city.draw_wanted.connect(self.begin)
        city.closure_picked.connect(self._picked)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    def begin(self, asked: str, at: tuple[float, float] | None = None) -> None:
        """``closed`` or ``flooded``, and the reason as far as it was told; ``at`` its first point."""
        kind, _, reason = asked.partition(" ")
        self._drop()
        self._map.show_layer("closures", True)
        self._map.begin_draft(ClosureKind(kind), reason.strip()[:REASON_LIMIT], at)

    def refresh(self) -> None:
        """The list and the map say what the state says."""
        closures = self._desk.state.closures
        self._map.show_closures([closures[ident] for ident in natural(closures)])
        words = self._desk.words
        self.button.setText(words("map.closures", count=len(closures)))
        self.button.setVisible(bool(closures))
        self.listing.setToolTip(words("map.closure.keys"))
        self.reason.setPlaceholderText(words("map.reason"))
        chosen = _ident(self.listing.currentItem())
        self.listing.clear()
        for ident in natural(closures):
            item = QListWidgetItem(self._row(closures[ident]), self.listing)
            item.setData(IDENT_ROLE, ident)
            if ident == chosen:
                self.listing.setCurrentItem(item)
        self.listing.setFixedHeight(ROW_PX * min(ROWS_SHOWN, max(1, len(closures))) + 4)
        if not closures:
            self.button.setChecked(False)

    def _row(self, closure: Closure) -> str:
        words = self._desk.words
        person = self._desk.state.people.get(closure.by)
        return words(
            "map.closure.row", ident=closure.id, kind=words(f"map.closure.{closure.kind.value}"),
            reason=one_line(closure.reason, 60), by=person.name if person is not None else closure.by,
            age=ago(max(0, self._desk.now() - closure.at), words.language),
        )  # fmt: skip

    # --- drawing ------------------------------------------------------------------------------------------------------

    def _drawn(self, draft: Draft) -> None:
        self._waiting = draft
        if draft.reason:
            self._send()
            return
        self.reason.clear()
        self.reason.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _send(self) -> None:
        draft = self._waiting
        reason = (draft.reason if draft is not None else "") or self.reason.text().strip()
        if draft is None or not reason:
            return
        self._drop()
        self._desk.ask(DrawClosure(kind=draft.kind, outline=draft.outline(), reason=reason))

    def _drop(self) -> None:
        self._waiting = None
        self.reason.hide()
        self._map.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- the list -----------------------------------------------------------------------------------------------------

    def _fold(self, shown: bool) -> None:
        self.listing.setVisible(shown)
        if shown:
            self.refresh()
            self.listing.setFocus(Qt.FocusReason.OtherFocusReason)
            if self.listing.currentItem() is None:
                self.listing.setCurrentRow(0)
        else:
            self._map.choose_closure("")

    def _picked(self, ident: str) -> None:
        self.button.setChecked(True)
        for row in range(self.listing.count()):
            if _ident(self.listing.item(row)) == ident:
                self.listing.setCurrentRow(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        if watched is self.reason and key is Qt.Key.Key_Escape:
            self._drop()
            return True
        if watched is self.listing:
            return self._list_key(key)
        return False

    def _list_key(self, key: Qt.Key) -> bool:
        ident = _ident(self.listing.currentItem())
        if key is Qt.Key.Key_Delete and ident:
            self.line_wanted.emit(f"thong {ident}")  # Enter there does it, with its name before one's eyes
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and ident in self._desk.state.closures:
            outline = self._desk.state.closures[ident].outline
            lon, lat = outline[len(outline) // 2]
            self._map.look_at(lat, lon)
        elif key is Qt.Key.Key_Escape:
            self.button.setChecked(False)
            self._map.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            return False
        return True


def _ident(item: QListWidgetItem | None) -> str:
    return str(item.data(IDENT_ROLE)) if item is not None else ""
