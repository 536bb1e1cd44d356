"""Who is calling: number, name as text, state and clock, recording; several callers of one incident each on a line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console_gui.call_taking.caller_place import doubted, linked, told_place
from console_gui.call_taking.history_words import history_line
from console_gui.call_taking.silence_words import behind_line, silence_line
from console_gui.clocks import Stage, of_call
from console_gui.company import being_done, company
from console_gui.desk import Desk
from console_gui.labels import elided_label, plain_label, repolish, wrapped_label
from console_gui.translations import sentences
from console_gui.translations.formats import one_line, phone, since
from console_gui.typefaces import CLOCK, FORM, ROW
from dispatch_core.domain.state import Call, Incident
from dispatch_core.domain.vocabulary import Direction


class CallerCard(QWidget):
    """Shows the calls of one incident; the newest live one large, the others in a line."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._call: Call | None = None
        self.number = plain_label(self, CLOCK, strong=True)
        self.dialled = plain_label(self, FORM, "dim")
        self.clock = plain_label(self, CLOCK)
        self.name = wrapped_label(self, FORM)
        self.state = wrapped_label(self, FORM, "dim")
        self.recording = plain_label(self, FORM, "dim")
        self.silence = wrapped_label(self, FORM, "attention", strong=True)
        self.behind = wrapped_label(self, ROW, "dim")
        self.history = elided_label(self, ROW, "dim")
        self.history_key = plain_label(self, ROW, "dim")
        desk.words.put(self.history_key, "setText", "history.key")
        self.place = wrapped_label(self, ROW)
        self.doubt = wrapped_label(self, ROW, "attention", strong=True)
        self.link = wrapped_label(self, ROW, "dim")
        self.link.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.others = wrapped_label(self, ROW, "dim")
        desk.callers.told.connect(self._told)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.number)
        first.addSpacing(8)
        first.addWidget(self.dialled)
        first.addStretch(1)
        first.addWidget(self.clock)
        second.addWidget(self.state, 1)
        second.addWidget(self.recording, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(first)
        column.addWidget(self.name)  # alone on its line: a name is never cut
        column.addLayout(second)
        column.addWidget(self.silence)
        column.addWidget(self.behind)
        before = QHBoxLayout()
        before.addWidget(self.history, 1)
        before.addWidget(self.history_key)
        column.addLayout(before)
        column.addWidget(self.place)
        column.addWidget(self.doubt)
        column.addWidget(self.link)
        column.addWidget(self.others)

    @property
    def call(self) -> Call | None:
        """The one that is shown large."""
        return self._call

    def show_incident(self, incident: Incident | None) -> None:
        calls = [
            self._desk.state.calls[ident]
            for ident in (incident.calls if incident else ())
            if ident in self._desk.state.calls
        ]
        incoming = [call for call in calls if call.direction is Direction.INCOMING]
        calls = incoming or calls  # whom we call back is on the board of calls
        calls.sort(key=lambda call: (not call.state.live, -call.arrived_at))
        self._call = calls[0] if calls else None
        if self._call is not None:
            self._desk.callers.want(self._call)
        words = self._desk.words
        if self._call is None:
            self.number.setText(words("form.no_calls"))
            for label in (self.dialled, self.name, self.state, self.recording, self.clock, self.others):
                label.setText("")
            self.history_key.hide()
            for label in (self.others, self.history, self.place, self.doubt, self.link, self.silence, self.behind):
                label.hide()
            return
        self._show(self._call)
        rest = [
            f"{phone(one_line(it.number, 40)) or words('form.hidden_number')} ({words(f'call.{it.state.value}')})"
            for it in calls[1:]
        ]
        self.others.setText(f"{words('form.callers', count=len(calls))}: {', '.join(rest)}" if rest else "")
        self.others.setVisible(bool(rest))
        self.tick()

    def _told(self, ident: str) -> None:
        if self._call is not None and self._call.id == ident:
            self._place(self._call)

    def _show(self, call: Call) -> None:
        words = self._desk.words
        self.number.setText(phone(one_line(call.number, 40)) or words("form.hidden_number"))
        names = [sentences.service(self._desk.state, code, words.language) for code in call.services]
        self.dialled.setText(" ".join(filter(None, (one_line(call.dialled, 20), ", ".join(names)))))
        self.name.setText(one_line(call.name, 80) or words("form.no_name"))
        repolish(self.name, "" if call.name else "dim")
        parts = [words(f"call.{call.state.value}")]
        if call.position:
            parts[0] = words("call.at", state=parts[0], position=call.position)
        now = self._desk.state
        done, others = being_done(now, call, words.language), company(now, call, words.language)
        parts += [done] if done else []
        parts += others
        self.state.setText("   ".join(parts))
        self.recording.setText("   ".join(self._recorded(call)))
        self._place(call)

    def _recorded(self, call: Call) -> list[str]:
        words, parts = self._desk.words, []
        if call.recording:
            told = {"faulty": "form.faulty", "removed": "form.removed"}.get(call.recording_state, "form.recorded")
            parts.append(words("form.recording" if call.state.live else told))
        if call.id in self._desk.state.holds or call.incident in self._desk.state.holds:
            parts.append(words("form.held"))
        return parts

    def tick(self) -> None:
        call = self._call
        if call is None:
            return
        self._place(call)
        until = self._desk.now() if call.state.live else call.ended_at
        self.clock.setText(since(call.answered_at or call.arrived_at, until))
        stage = of_call(self._desk.state, call, self._desk.now())
        repolish(self.clock, {Stage.LATE: "late", Stage.ATTENTION: "attention"}.get(stage, ""))

    def _place(self, call: Call) -> None:
        """Said anew every second: a location grows old."""
        words, now = self._desk.words, self._desk.now()
        known = self._desk.state.nuisance.get(call.number)
        who = sentences.person(self._desk.state, known.by, words.language) if known is not None else ""
        texts = (
            told_place(call, words, words.language, now),
            doubted(call, words),
            linked(call, words),
            silence_line(self._desk.state, call, words, now),
            one_line(behind_line(self._desk.state, call, words, now, who), 300),
            history_line(self._desk.state, call, self._desk.callers, words, now),
        )
        labels = (self.place, self.doubt, self.link, self.silence, self.behind, self.history)
        for label, text in zip(labels, texts, strict=True):
            if label.text() != text:
                label.setText(text)
            label.setVisible(bool(text))
        self.history_key.setVisible(bool(self.history.text()))
