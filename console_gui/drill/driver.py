"""Lines in, lines out: what is typed and pressed for the drill, and what the console tells of it."""

from __future__ import annotations

import json
import sys
import threading
from collections import deque
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console_gui.accounts import (
    account_of_call,
    account_of_conversation,
    account_of_incident,
)
from console_gui.call_taking.silence_words import behind
from console_gui.changes import Changes
from console_gui.command_line.outcomes import Outcome, Screen, Wrong
from console_gui.desk import Desk
from console_gui.door import Door
from console_gui.drill.reports import report, streets
from console_gui.drill.shown import shown, side_by_side, with_menu
from console_gui.hands import click_map, drag_map, press, type_into, write
from console_gui.listening.player import Wish
from console_gui.main_window import MainWindow
from console_gui.notice import Notice
from console_gui.outbox import Pending
from console_gui.session import Session
from console_gui.translations import sentences
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.views import VIEW_OF_ROLE
from dispatch_core.wire.envelopes import Reply


class Drill(QObject):
    _line = Signal(str)
    _over = Signal()

    def __init__(self, session: Session, door: Door) -> None:
        super().__init__(session)
        self._session, self._door = session, door
        self._window: MainWindow | None = None
        self._typed = 0
        self._unanswered: dict[str, deque[int]] = {}
        self._health: tuple[Any, ...] = ()
        self._told_in = False
        self._stage = "silent"
        self._line.connect(self._take)
        self._over.connect(session.close)
        session.opened.connect(self._opened)
        session.renewed.connect(self._renewed)
        session.refused.connect(self._sign_in_failed)
        session.ended.connect(lambda: self.tell("bye"))

    def start(self) -> None:
        self.tell("ready")
        threading.Thread(target=self._read, daemon=True).start()

    def tell(self, event: str, **values: Any) -> None:
        sys.stdout.write(json.dumps({"event": event, **values}, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def _read(self) -> None:
        for line in sys.stdin:
            self._line.emit(line.rstrip("\n"))
        self._over.emit()

    # --- what comes in ------------------------------------------------------------------------------------------------

    def _take(self, line: str) -> None:
        if not line.strip():
            return
        if line.startswith("!"):
            word, _, rest = line[1:].partition(" ")
            specials = {
                "signin": self._sign_in, "report": self._report, "shot": self._shot, "key": self._key,
                "story": self._story, "quit": self._quit, "shown": self._tell_shown, "write": self._write,
                "streets": self._streets, "map": self._hand_on_map, "size": self._size,
            }  # fmt: skip
            act = specials.get(word)
            if act is None:
                self.tell("wrong", n=0, typed=line, code="verb", sentence="no such special line", at=self._now())
            else:
                act(rest.strip())
            return
        self._typed += 1
        if self._window is None:
            sentence = "nobody is signed in"
            self.tell("wrong", n=self._typed, typed=line, code="not_signed_in", sentence=sentence, at=self._now())
            return
        type_into(self._window.bar.line, line)
        press(self._window.bar.line, Qt.Key.Key_Return)

    def _sign_in(self, rest: str) -> None:
        user, _, file = rest.partition(" ")
        dialog = self._session.dialog
        type_into(dialog.user, user)
        type_into(dialog.password, Path(file).read_text(encoding="utf-8").strip())
        dialog.enter.click()

    def _key(self, name: str) -> None:
        modifiers = {"Shift": Qt.KeyboardModifier.ShiftModifier, "Alt": Qt.KeyboardModifier.AltModifier,
                     "Ctrl": Qt.KeyboardModifier.ControlModifier}  # fmt: skip
        with_it, _, plain = name.rpartition("+")
        held = modifiers.get(with_it, Qt.KeyboardModifier.NoModifier)
        key = getattr(Qt.Key, f"Key_{plain}", None)
        if key is None:
            self.tell("wrong", n=0, typed=f"!key {name}", code="key", sentence="no such key", at=self._now())
            return
        window: QWidget = self._window or self._session.dialog
        if QApplication.activeWindow() is None:
            window.activateWindow()
        target = QApplication.activePopupWidget() or QApplication.focusWidget() or window
        QTest.keyClick(target, key, held)  # the one way that also reaches the shortcuts of the window

    def _write(self, text: str) -> None:
        """Letter by letter into whatever has the keyboard."""
        field = QApplication.focusWidget()
        if field is not None:
            write(field, text)

    def _story(self, _: str) -> None:
        form = self._window.panels.form if self._window is not None else None
        if form is not None:
            story = form.story_view.model()
            cells = [[str(story.index(row, at).data() or "") for at in (0, 1)] for row in range(story.rowCount())]
            self.tell("story", incident=self._desk.current, lines=[" ".join(it) for it in cells])

    def _tell_shown(self, _: str) -> None:
        if self._window is not None:
            self.tell("shown", **shown(self._window), at=self._now())

    def _shot(self, file: str) -> None:
        shown: QWidget = self._window or self._session.dialog
        if self._window is not None and self._window.dialog is not None:
            shown = self._window.dialog
        beside = self._window.monitors.window if self._window is not None else None
        picture = with_menu(shown) if beside is None else side_by_side(shown, beside)
        picture.save(file)
        self.tell("shot", file=file)

    def _size(self, rest: str) -> None:
        """``!size 1366 768``: the window as it is on a screen of that size."""
        words = rest.split()
        if self._window is None or len(words) != 2 or not all(word.isdecimal() for word in words):
            self.tell("wrong", n=0, typed=f"!size {rest}", code="size", sentence="no window or size", at=self._now())
            return
        self._window.resize(int(words[0]), int(words[1]))

    def _hand_on_map(self, rest: str) -> None:
        """One place is clicked, two are a drag."""
        panel = self._window.panels.map if self._window is not None else None
        numbers = [float(word) for word in rest.split()]
        if panel is None or len(numbers) not in (2, 4):
            self.tell("wrong", n=0, typed=f"!map {rest}", code="map", sentence="no map, or no places", at=self._now())
        elif len(numbers) == 2:
            click_map(panel.map, numbers[0], numbers[1])
        else:
            drag_map(panel.map, (numbers[0], numbers[1]), (numbers[2], numbers[3]))

    def _streets(self, _: str) -> None:
        """What the map draws of the streets now."""
        self.tell("streets", **(streets(self._window) if self._window is not None else {"archive": ""}), at=self._now())

    def _quit(self, _: str) -> None:
        (self._window or self._session.dialog).close()

    # --- what goes out ------------------------------------------------------------------------------------------------

    def _now(self) -> float:
        return self._door.monotonic()

    def _sign_in_failed(self, problem: DispatchError) -> None:
        self.tell("sign_in_failed", code=problem.code, sentence=problem.vi)

    def _opened(self, window: MainWindow) -> None:
        self._window = window
        desk = window.desk
        desk.updated.connect(self._updated)
        desk.health_changed.connect(self._health_changed)
        desk.current_changed.connect(lambda ident: self.tell("form", incident=ident, at=self._now()))
        desk.settled.connect(self._settled)
        desk.noticed.connect(self._noticed)
        self._renewed(window)

    def _renewed(self, window: MainWindow) -> None:
        """A window in the place of the one before, at the same desk."""
        self._window = window
        window.bar.entered.connect(self._entered)
        window.booth.player.started.connect(self._sounded)
        window.booth.player.changed.connect(self._listening_changed)
        window.booth.exported.connect(lambda file: self.tell("evidence", file=file, at=self._now()))
        if window.panels.calls is not None:
            window.panels.calls.table.rowsInserted.connect(self._rows)

    def _sounded(self, wish: Wish) -> None:
        player = self._window.booth.player if self._window is not None else None
        if player is not None:
            self.tell("sound", call=wish.call, after_s=round(player.heard_after, 3), live=player.live, at=self._now())

    def _listening_changed(self) -> None:
        stage = self._window.booth.player.stage.value if self._window is not None else ""
        if stage != self._stage:
            self._stage = stage
            self.tell("listening", stage=stage, at=self._now())

    @property
    def _desk(self) -> Desk:
        if self._window is None:
            raise RuntimeError("nobody is signed in")
        return self._window.desk

    def _rows(self, parent: object, first: int, last: int) -> None:
        at = self._now()
        calls = self._window.panels.calls if self._window is not None else None
        if calls is None:
            return
        for row in range(first, last + 1):
            call = calls.table.value(calls.table.ident(row))
            if call is not None:
                self.tell("call_row", call=call.id, number=call.number, dialled=call.dialled, row_at=at)

    def _updated(self, changes: Changes) -> None:
        desk, at = self._desk, self._now()
        if not self._told_in:
            self._told_in = True
            self.tell("signed_in", user=desk.user, role=desk.role.value, view=VIEW_OF_ROLE[desk.role].value, at=at)
        for ident in changes.of("calls").changed:
            call = desk.state.calls[ident]
            waits_behind = behind(desk.state, call, desk.now())
            self.tell("call", **account_of_call(call), behind=waits_behind, at=at)
        for ident in changes.of("conversations").changed:
            self.tell("conversation", **account_of_conversation(desk.state.conversations[ident]), at=at)
        for ident in changes.of("incidents").changed:
            self.tell("incident", **account_of_incident(desk.state.incidents[ident], desk.state, desk.now()), at=at)
        for ident in changes.of("incidents").removed:
            self.tell("gone", incident=ident, at=at)

    def _health_changed(self) -> None:
        health = self._desk.health
        now = (health.connected, health.needs_snapshot, health.problem, health.generation, health.epoch)
        if now != self._health:
            self._health = now
            names = ("connected", "needs_snapshot", "problem", "generation", "epoch")
            self.tell("health", **dict(zip(names, now, strict=True)), at=self._now())

    def _entered(self, line: str, outcome: Outcome) -> None:
        """A line was carried out; those that wait for an answer are remembered by their words, oldest first."""
        if isinstance(outcome, Screen):
            self.tell(
                "screen", n=self._typed, typed=line, act=outcome.act.value, argument=outcome.argument, at=self._now()
            )
        elif isinstance(outcome, Wrong):
            language = self._desk.words.language
            sentence = outcome.sentence(language)
            self.tell("wrong", n=self._typed, typed=line, code=outcome.code, sentence=sentence, at=self._now())
        else:
            self._unanswered.setdefault(line, deque()).append(self._typed)

    def _number(self, typed: str) -> int:
        """Which line this answers; 0 where a key or a button asked."""
        waiting = self._unanswered.get(typed)
        if not waiting:
            return 0
        number = waiting.popleft()
        if not waiting:
            del self._unanswered[typed]
        return number

    def _settled(self, pending: Pending, reply: Reply) -> None:
        number, at = self._number(pending.typed), self._now()
        if reply.refusal is None:
            self.tell("accepted", n=number, typed=pending.typed, seq=reply.seq, at=at)
            return
        sentence = sentences.refusal(self._desk.state, reply.refusal, self._desk.words.language)
        self.tell("refused", n=number, typed=pending.typed, code=reply.refusal.code, sentence=sentence, at=at)

    def _noticed(self, notice: Notice) -> None:
        sentence = notice.sentence(self._desk.words.language)
        if notice.code in ("no_place_found", "full"):
            number = self._number(notice.typed)
            self.tell("wrong", n=number, typed=notice.typed, code=notice.code, sentence=sentence, at=self._now())
        self.tell("notice", kind=notice.kind.value, code=notice.code, typed=notice.typed, sentence=sentence)

    def _report(self, _: str) -> None:
        if self._window is None:
            self.tell("report", seq=0, checksum="", signed_in=False)
            return
        self.tell("report", **report(self._window), at=self._now())
