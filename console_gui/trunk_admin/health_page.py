"""How the carriers are, now: a row for each at each switch, the failed calls of the chosen one by cause, and beside
them the queues and the phones."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.labels import plain_label, wrapped_label
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.translations.formats import one_line, wall_clock
from console_gui.trunk_admin.boards import HealthTable
from console_gui.trunk_admin.book import TrunkBook
from console_gui.trunk_admin.page import Page
from console_gui.trunk_admin.panels import LivePanel
from console_gui.typefaces import FORM, ROW
from dispatch_core.wire.causes import cause_words
from dispatch_core.wire.trunk import CarrierHealth

WIDTHS = (STRETCH, 84, 130, 78, 150, 78, 60, 66, 74)
BESIDE_WIDTH = 464
CAUSES_MOST = 12


class HealthPage(Page):
    name = "health"

    def __init__(self, desk: Desk, look: Look, book: TrunkBook, parent: QWidget | None = None) -> None:
        super().__init__(desk, look, book, parent)
        self.table = HealthTable(desk, self)
        self.view = BoardView(self.table, look, WIDTHS, "empty.trunk.health", parent=self)
        self.view.setObjectName("trunk_health")
        desk.words.put(self.view, "setAccessibleName", "trunk.page.health")
        self.about = plain_label(self, FORM, strong=True)
        self.remedy = wrapped_label(self, FORM, "attention")
        self.causes = wrapped_label(self, FORM)
        self.sound = wrapped_label(self, ROW, "dim")
        self.queues, self.phones = LivePanel(desk, look, "queues", self), LivePanel(desk, look, "phones", self)
        for panel, key in ((self.queues, "trunk.queues"), (self.phones, "trunk.phones")):
            desk.words.put(panel.view, "setAccessibleName", key)
            panel.table.take(tuple(desk.live.values()))
        self._lay_out()
        self.view.current_row.connect(lambda _: self._tell())
        book.status_changed.connect(self.refresh)
        desk.words.changed.connect(self._tell)
        self.refresh()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.view, 1)
        for label in (self.about, self.remedy, self.causes, self.sound):
            label.setContentsMargins(12, 0, 12, 2)
            left.addWidget(label)
        beside = QWidget(self)
        beside.setFixedWidth(px(BESIDE_WIDTH))
        right = QVBoxLayout(beside)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(2)
        for key, panel in (("trunk.queues", self.queues), ("trunk.phones", self.phones)):
            caption = plain_label(beside, ROW, "caption", strong=True)
            caption.setContentsMargins(8, 4, 8, 2)
            self._desk.words.put(caption, "setText", key)
            right.addWidget(caption)
            right.addWidget(panel, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(1)
        row.addLayout(left, 1)
        row.addWidget(beside)

    @property
    def entrance(self) -> QWidget:
        return self.view

    def come(self) -> None:
        self._book.status_poll.follow(True)

    def go(self) -> None:
        self._book.status_poll.follow(False)

    def refresh(self) -> None:
        status = self._book.status
        self.table.take(status.carriers if status is not None else ())
        if not self.view.ident() and self.table.rowCount():
            self.view.choose(self._worst())
        self._tell()

    def _worst(self) -> str:
        """The eye lands on what is not well."""
        def bad(ident: str) -> tuple[bool, int]:
            value = self.table.value(ident)
            unwell = value is not None and (value.reachable is False or value.registered is False)
            return (not unwell, self.table.row_of(ident))

        return min(self.table.idents(), key=bad)

    def _cause(self, code: str) -> str:
        """A Q.850 number in words, anything else as it came."""
        if not (code.isascii() and code.isdecimal() and len(code) <= 4):
            return one_line(code, 60)
        cause = cause_words(int(code))
        return self._desk.words.pick(cause.vi, cause.en)

    def _remedy(self, code: str) -> str:
        """What to do about the commonest one."""
        if not (code.isascii() and code.isdecimal() and len(code) <= 4):
            return ""
        cause = cause_words(int(code))
        return self._desk.words.pick(cause.do_vi, cause.do_en)

    def _unwell(self, value: CarrierHealth) -> str:
        """What to do where it does not register or answer; "" where it is well."""
        words = self._desk.words
        if value.registered is False:
            why = one_line(value.registration, 60) or words("trunk.registered.refused")
            return words("trunk.health.not_registered", why=why)
        return words("trunk.health.no_answer") if value.reachable is False else ""

    def _tell(self) -> None:
        words = self._desk.words
        value: CarrierHealth | None = self.table.value(self.view.ident())
        unwell = self._unwell(value) if value is not None else ""
        self.remedy.setText(unwell)
        self.remedy.setVisible(bool(unwell))
        if value is None:
            self.about.setText("")
            self.causes.setText(words("trunk.health.choose") if self.table.rowCount() else "")
            self.sound.setText("")
            return
        since = wall_clock(value.since, self._desk.state.site.utc_offset_min, "%d/%m %H:%M")
        self.about.setText(f"{one_line(value.carrier, 60)} · {one_line(value.node, 60)}")
        failed = sorted(value.failed.items(), key=lambda it: (-it[1], it[0]))[:CAUSES_MOST]
        if failed:
            each = ", ".join(f"{self._cause(cause)}: {count}" for cause, count in failed)
            self.causes.setText(f"{words('trunk.health.failed', at=since)}: {each}. {self._remedy(failed[0][0])}")
        else:
            self.causes.setText(words("trunk.health.none_failed", at=since))
        silent = value.jitter_ms is None and value.lost_percent is None
        self.sound.setText(words("trunk.health.silent" if silent else "trunk.health.lately"))
