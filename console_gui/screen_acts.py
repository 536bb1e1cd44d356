"""What a line or a key does to this screen alone: where the keyboard goes, which panel opens, what it looks like."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from console_gui.board_view import BoardView
from console_gui.command_line.outcomes import Act, Screen
from console_gui.command_line.verbs_desks import Hand
from console_gui.command_line.verbs_leading import AskReason
from console_gui.command_line.verbs_macros import KeepMacro, RunMacro
from console_gui.command_line.verbs_recordings import Export, Listen
from console_gui.command_line.verbs_trunk import TrunkAct
from console_gui.desks.memo_sheet import MemoSheet
from console_gui.notice import DONE_S, Kind, Notice
from console_gui.translations.tables import sentence_of

if TYPE_CHECKING:
    from console_gui.main_window import MainWindow


class ScreenActs:
    def __init__(self, window: MainWindow) -> None:
        self._window, self._desk, self._panels = window, window.desk, window.panels
        self._acts: dict[Act, Callable[[str], object]] = {
            Act.SHOW: self._desk.show,
            Act.HELP: window.help,
            Act.GO: self._go,
            Act.FULL_SCREEN: lambda _: self._full_screen(),
            Act.DROP_MACRO: window.macros.drop,
            **window.arranging.acts,
            **({Act.CARD: self._panels.card.act} if self._panels.card is not None else {}),
            **window.leading.acts,
            Act.LANGUAGE: window.set_language,
            Act.THEME: window.set_theme,
            Act.FILTER: self._filter,
            Act.MAP: self._look_at,
            Act.TEXTS: self._show_texts,
            Act.HOSPITALS: self._show_hospitals,
            Act.UNSAVED: lambda _: self._back_to_unsaved(),
            Act.COPY: self._copy,
            Act.HISTORY: lambda _: self._show_history(),
            **(self._panels.map.acts if self._panels.map is not None else {}),
            Act.PRINT: window.printing.print_now,
            Act.PRINT_EVERY: lambda minutes: window.printing.every(int(minutes)),
            Act.WAITING: lambda _: window.waiting.take_keyboard(),
            Act.SEND_WAITING: window.waiting.send,
            Act.DROP_WAITING: window.waiting.drop,
            Act.QUIT: lambda _: window.close(),
            Act.MEMOS: lambda _: window.open_dialog(MemoSheet(self._desk, window.look, window)),
            Act.SHIFT: lambda _: window.hand_over(),
            Act.SILENCE: window.bell.silence,
            Act.VOLUME: window.bell.set_volume,
            Act.PAUSE: lambda _: window.booth.player.pause(),
            Act.STOP: lambda _: window.booth.player.stop(),
            Act.BACK: lambda seconds: window.booth.player.back(float(seconds)),
        }
        for panel, key in (
            (self._panels.texts, "panel.texts"), (self._panels.history, "panel.history"),
            (self._panels.hospitals, "panel.hospitals"),
        ):  # fmt: skip
            if panel is not None:
                panel.done.connect(partial(self._hide, key))

    def do(self, wanted: Screen) -> None:
        window = self._window
        if isinstance(wanted, AskReason):
            window.leading.ask_reason(wanted)
        elif isinstance(wanted, Listen):
            window.booth.listen(wanted)
        elif isinstance(wanted, Export):
            window.booth.export(wanted)
        elif isinstance(wanted, RunMacro):
            window.macros.run.start(wanted)
        elif isinstance(wanted, KeepMacro):
            window.macros.keep(wanted.macro)
        elif isinstance(wanted, TrunkAct):
            if window.trunk is not None:
                window.trunk.do(wanted)
        elif isinstance(wanted, Hand):
            self._desk.ask(replace(wanted.body, drafts=window.unsent()))
        else:
            self._acts[wanted.act](wanted.argument)

    def _go(self, spot: str) -> None:
        """The keyboard goes there; where this workplace has no such thing nothing happens."""
        line = self._window.bar.line
        field = self._panels.spots().get(spot, line if spot == "line" else None)
        if field is None:
            return
        dock = self._panels.workplace.dock_of(field)
        if dock is not None:
            dock.show()
            dock.raise_()
        if not field.isActiveWindow():
            field.activateWindow()
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(field, BoardView) and not field.currentIndex().isValid() and field.table.rowCount():
            field.setCurrentIndex(field.table.index(0, 0))
        if isinstance(field, QLineEdit) and field is not line:
            field.selectAll()

    def _full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    # --- panels that open when they are asked for ---------------------------------------------------------------------

    def _hide(self, key: str) -> None:
        self._panels.workplace.docks[key].hide()
        self._window.back_to_line()

    def _show_history(self) -> None:
        if self._panels.form is not None and self._panels.history is not None:
            self._panels.workplace.docks["panel.history"].show()
            self._panels.history.show_call(self._panels.form.caller.call)

    def _show_texts(self, ident: str) -> None:
        if self._panels.texts is not None:
            self._panels.workplace.docks["panel.texts"].show()
            self._panels.texts.show_conversation(ident)

    def _show_hospitals(self, asked: str) -> None:
        if self._panels.hospitals is not None:
            self._panels.workplace.docks["panel.hospitals"].show()
            self._panels.hospitals.show_for(asked)

    # --- what is there already ----------------------------------------------------------------------------------------

    def _back_to_unsaved(self) -> None:
        if self._panels.form is not None and not self._panels.form.back_to_unsaved():
            self._told("unsaved.none")

    def _copy(self, place: str) -> None:
        QGuiApplication.clipboard().setText(place)
        self._told("place.copied", place=place)

    def _filter(self, text: str) -> None:
        if self._panels.units is not None:
            self._panels.units.show_filter(text)

    def _look_at(self, ident: str) -> None:
        if self._panels.map is not None:
            self._panels.map.look_at(ident)

    def _told(self, key: str, **values: object) -> None:
        sentence = sentence_of(key, **values)
        told = Notice(Kind.TOLD, "screen", sentence, "", self._desk.now(), quiet=True, goes_s=DONE_S)
        self._desk.noticed.emit(told)
