"""The window of a signed-in person: band, banner, workplace, command line; and what every function key does."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QVBoxLayout, QWidget

from console_gui import spoken
from console_gui.arranging import Arranging
from console_gui.changes import Changes
from console_gui.command_line.command_bar import CommandBar
from console_gui.command_line.help_sheet import HelpSheet
from console_gui.command_line.line_history import LineHistory
from console_gui.command_line.tokens import Line
from console_gui.command_line.verbs_desks import handed_to, still_in_hand
from console_gui.desk import Desk
from console_gui.desks.desk_bar import DeskBar
from console_gui.desks.shift_sheet import ShiftSheet
from console_gui.drafts import NOTE, Drafts
from console_gui.field_guard import FieldGuards
from console_gui.keys import Key, keys_of, waits
from console_gui.leading_acts import LeadingActs
from console_gui.limits import DRAFT_SAVE_S
from console_gui.listening.bar import ListeningBar
from console_gui.listening.booth import Booth
from console_gui.listening.speaker import QtSpeaker, Speaker
from console_gui.monitors import Monitors
from console_gui.notice import Kind, Notice
from console_gui.own_macros import MACRO_KEYS, OwnMacros
from console_gui.paper.printing import Printing
from console_gui.preferences import Preferences
from console_gui.presets import Panels, dispatcher, supervisor, telephony_admin
from console_gui.screen_acts import ScreenActs
from console_gui.sounds.bell import Bell
from console_gui.sounds.device import MachineSounds, SoundDevice
from console_gui.stale_mark import StaleMark
from console_gui.status_band import Banner, StatusBand
from console_gui.supervising.reassign_dialog import ReassignDialog
from console_gui.supervising.surge_bar import SurgeBar
from console_gui.theme import Look
from console_gui.translations.tables import sentence_of
from console_gui.trunk_admin.trunk_acts import TrunkActs
from console_gui.waiting_list import WaitingList
from dispatch_core.domain.vocabulary import IncidentState, Role

SIZE = (1920, 1080)
"""What the presets are drawn for; on a screen the window takes what the screen has."""

PRESETS = {Role.DISPATCHER: dispatcher, Role.SUPERVISOR: supervisor, Role.TELEPHONY_ADMIN: telephony_admin}


class MainWindow(QMainWindow):
    closing = Signal(bool)  # whether to sign out

    def __init__(
        self, desk: Desk, look: Look, drafts: Drafts, preferences: Preferences, parent: QWidget | None = None,
        speaker: Speaker | None = None, history: LineHistory | None = None, sounds: SoundDevice | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.desk, self._look, self._drafts, self._preferences = desk, look, drafts, preferences
        self.panels: Panels = PRESETS[desk.role](desk, look, drafts, preferences)
        self.band, self.banner, self.surge = StatusBand(desk, look), Banner(desk), SurgeBar(desk)
        self.waiting = WaitingList(desk, look)
        self.printing = Printing(desk, preferences, self)
        self.printing.changed.connect(self._tell_paper)
        desk.words.changed.connect(self._tell_paper)
        self.bar = CommandBar(desk, look, drafts, history or LineHistory())
        self.macros = OwnMacros(desk, self.bar, preferences)
        self.monitors = Monitors(self.panels.workplace, self.panels.centre, desk.role.value, preferences)
        self.arranging = Arranging(desk, self.panels.workplace, self.monitors, preferences)
        self.booth = Booth(desk, speaker or QtSpeaker(), self)
        self.listening = ListeningBar(desk, self.booth.player, look)
        self.desk_bar = DeskBar(desk, look)
        self.bell = Bell(desk, sounds or MachineSounds(self), preferences, self)
        self.band.follow(self.bell)
        self.dialog: QDialog | None = None
        self._asked_to_stay = False
        self._sign_out = True
        self._lay_out()
        shown = (*self.panels.workplace.docks.values(), self.panels.centre, self.panels.band, self.panels.trunk)
        self.marks = [StaleMark(desk, look, it) for it in shown if it is not None]
        self.leading = LeadingActs(self)
        self.trunk = TrunkActs(self, self.panels.trunk) if self.panels.trunk is not None else None
        self.acts = ScreenActs(self)
        self._connect()
        self._bind_keys()
        self._save_drafts = QTimer(self)
        self._save_drafts.timeout.connect(self._keep_drafts)
        self._save_drafts.start(int(DRAFT_SAVE_S * 1000))
        for board in self.panels.boards:
            board.table.heard = partial(spoken.service_in_words, desk)
        self._retell()
        self.guards = FieldGuards(self, self._told_of_a_field)
        self.bar.line.setFocus()

    def _lay_out(self) -> None:
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.band)
        column.addWidget(self.banner)
        column.addWidget(self.surge)
        if self.panels.band is not None:
            column.addWidget(self.panels.band)
        if self.panels.trunk is not None:
            column.addWidget(self.panels.trunk.tabs)
            column.addWidget(self.panels.trunk, 1)
        column.addWidget(self.panels.workplace, 1)
        column.addWidget(self.listening)
        column.addWidget(self.waiting)
        column.addWidget(self.desk_bar)
        if self.panels.card is not None:
            column.addWidget(self.panels.card.strip)
        column.addWidget(self.bar)
        self.setCentralWidget(holder)
        self.resize(*SIZE)

    @property
    def look(self) -> Look:
        return self._look

    def dressing(self) -> list[QWidget]:
        """What stands around the wall's screen at other times."""
        parts = (self.band, self.surge, self.panels.band, self.panels.workplace, self.listening, self.waiting, self.bar)
        return [it for it in parts if it is not None]

    def _connect(self) -> None:
        desk, panels = self.desk, self.panels
        desk.acted.connect(self.acts.do)
        self.waiting.done.connect(self.back_to_line)
        self.waiting.view.typed.connect(self._type_on)
        desk.updated.connect(self._forget_drafts)
        desk.words.changed.connect(self._retell)
        for board in panels.boards:
            board.typed.connect(self._type_on)
        for panel in panels.speaking():
            for name, heard in (("line_wanted", self.bar.line.put), ("run_wanted", self.bar.run)):
                if hasattr(panel, name):
                    getattr(panel, name).connect(heard)
        if panels.form is not None:
            panels.form.reassign_wanted.connect(self.reassign)
            panels.form.done.connect(self.back_to_line)

    def _bind_keys(self) -> None:
        for key in keys_of(self.desk.role):
            shortcut = QShortcut(QKeySequence(key.sequence), self)
            shortcut.setAutoRepeat(key.repeats)
            shortcut.activated.connect(partial(self.press, key))
        for name in MACRO_KEYS:
            shortcut = QShortcut(QKeySequence(name), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(partial(self.macros.press, name))

    # --- keys ---------------------------------------------------------------------------------------------------------

    def press(self, key: Key) -> None:
        """What the key types is carried out, or waits in the line."""
        line = key.typed(self.desk.context())
        if waits(line):
            self.bar.line.put(line)
        else:
            self.bar.run(line)

    def back_to_line(self) -> None:
        if not self.isActiveWindow():
            self.activateWindow()
        self.bar.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _type_on(self, text: str) -> None:
        self.bar.line.put(self.bar.line.text() + text)

    def _told_of_a_field(self, key: str, values: dict[str, object]) -> None:
        """What was left out of a text that came into a field."""
        sentence = sentence_of(key, **values)
        self.desk.noticed.emit(Notice(Kind.WRONG, "field", sentence, "", self.desk.now()))

    # --- what it looks like, and what is opened over it ---------------------------------------------------------------

    def set_language(self, language: str) -> None:
        self.desk.words.set_language(language)
        self._preferences.put("language", language)

    def set_theme(self, name: str) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self._look.wear(application, name)
        self._preferences.put("theme", name)
        self.band.refresh()
        if self.panels.map is not None:
            self.panels.map.wear()
        self.update()

    def help(self, about: str = "") -> None:
        sheet = HelpSheet(self.desk, self, about)
        sheet.chosen.connect(self.bar.line.put)
        self.open_dialog(sheet)

    def hand_over(self) -> None:
        """What is handed to me is looked at first; else what I have in hand."""
        over = handed_to(self.desk.context())
        takes = over.user if over is not None else ""
        self.open_dialog(ShiftSheet(self.desk, self._look, takes, self.unsent(), self))

    def unsent(self) -> dict[str, str]:
        """What this person has typed about each incident and not sent."""
        return {it: text for it in self._drafts.incidents() if (text := self._drafts.unsent(it))}

    def reassign(self) -> None:
        incident = self.desk.state.incidents.get(self.desk.current)
        if incident is not None and incident.state is not IncidentState.CLOSED:
            self.open_dialog(ReassignDialog(self.desk, incident, self))

    def open_dialog(self, dialog: QDialog) -> None:
        if self.dialog is not None:
            self.dialog.reject()
        self.dialog = dialog
        self.guards.guard(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._dialog_closed)
        dialog.open()

    def _dialog_closed(self) -> None:
        self.dialog = None
        self.activateWindow()
        self.back_to_line()

    # --- the rest -----------------------------------------------------------------------------------------------------

    def _forget_drafts(self, changes: Changes) -> None:
        """Words about an incident that is gone are not kept; one that is closed still takes a note."""
        if not changes.of("incidents"):
            return
        for ident in self._drafts.incidents():
            incident = self.desk.state.incidents.get(ident)
            if incident is None or incident.state is IncidentState.CLOSED:
                self._drafts.forget(ident, but=NOTE if incident is not None else "")

    def _keep_drafts(self) -> None:
        try:
            self._drafts.save()
        except OSError as problem:
            self._save_drafts.stop()
            reason = str(problem)
            self.desk.noticed.emit(
                Notice(Kind.TOLD, "drafts", lambda language: self.desk.words("drafts.lost", why=reason))
            )

    def _retell(self) -> None:
        words = self.desk.words
        site = self.desk.state.site.name
        spoken.name_all(self.desk, self.panels.workplace)
        self.bar.line.setAccessibleName(words("line.hint"))
        self.band.tell_paper(self.printing)
        self.setWindowTitle(" · ".join(filter(None, (words("app.title"), site, self.desk.name))))

    def unfold(self) -> None:
        """Show it over the whole screen, title bar and all: the command line at the bottom is never outside."""
        if QGuiApplication.platformName() == "offscreen":
            self.show()
        else:
            self.showMaximized()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            QTimer.singleShot(0, self._arrange)

    def _arrange(self) -> None:
        self.panels.workplace.arrange()
        self.monitors.restore()

    def close_quietly(self) -> None:
        """Close without signing out: the person comes back to the same position."""
        self._sign_out = False
        self.close()

    def _tell_paper(self) -> None:
        self.band.tell_paper(self.printing)

    def retire(self) -> None:
        """Another window takes its place at the same desk; nothing is signed out."""
        self._end_parts()
        self.hide()
        self.deleteLater()

    def _end_parts(self) -> None:
        self.printing.stop()
        self._save_drafts.stop()
        self._keep_drafts()
        self.booth.player.stop()
        self.bell.stop()
        if self.panels.map is not None:
            self.panels.map.map.streets.stop()
        self.panels.workplace.keep_layout()
        self.monitors.close()
        if self.panels.trunk is not None:
            self.panels.trunk.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._sign_out and event.spontaneous() and not self._asked_to_stay:
            asked = still_in_hand(Line("quit", ""), self.desk.context())
            if asked is not None:  # asked once: the second time the person leaves
                self._asked_to_stay = True
                self.desk.noticed.emit(Notice(Kind.WRONG, asked.code, asked.sentence, "", self.desk.now()))
                event.ignore()
                return
        self._end_parts()
        super().closeEvent(event)
        self.closing.emit(self._sign_out)
