"""Beside the form: the open incidents that may be the same, why, and the keys; after a fold how it is undone."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from console_gui.alike import folded_in
from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.labels import plain_label, wrapped_label
from console_gui.outbox import Pending
from console_gui.paced import Paced
from console_gui.translations import sentences
from console_gui.translations.formats import metres, one_line, short
from console_gui.translations.language import Words
from console_gui.typefaces import FORM, ROW
from dispatch_core.domain.commands import FoldIncident, UnfoldIncident
from dispatch_core.domain.duplicates import Kind, Likeness, callers_of
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.wire.envelopes import Reply

UNDO_SHOWN_MS = 10 * 60_000
NAMED = 3
MOVES_IT = ("incidents", "calls", "types")
"""Tables of the state by which it can change."""


class SameRow(QFrame):
    """Nothing is there while nothing is alike."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("same")
        self.what = wrapped_label(self, FORM, "attention", strong=True)
        self.why = wrapped_label(self, ROW, "dim")
        self.keys = plain_label(self, ROW, strong=True)
        self.undo = plain_label(self, ROW, "dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(2)
        for label in (self.what, self.why, self.keys, self.undo):
            column.addWidget(label)
        self._rounds = 0
        self._paced = Paced(self._follow, self)
        desk.current_changed.connect(self.refresh)
        desk.words.changed.connect(self.refresh)
        desk.updated.connect(self._update)
        desk.settled.connect(self._settled)
        self.refresh()

    def _update(self, changes: Changes) -> None:
        if any(changes.of(table) for table in MOVES_IT):
            self._paced.call()

    def refresh(self) -> None:
        self._rounds += 1
        state, current = self._desk.state, self._desk.current
        self._show(state, current, self._desk.alike.of(state, current))

    def _follow(self) -> Iterator[None]:
        """As ``refresh``, in steps; given up where something was shown meanwhile, which is newer."""
        self._rounds += 1
        this = self._rounds
        state, current = self._desk.state, self._desk.current
        found = yield from self._desk.alike.finding(state, current)
        if this == self._rounds:
            self._show(state, current, found)

    def _show(self, state: State, current: str, found: tuple[Likeness, ...]) -> None:
        words = self._desk.words
        lines = [reasons(it, words) for it in found]
        texts = (
            (self.what, _titled(state, found[0], words) if found else ""),
            (self.keys, words("same.keys") if found else ""),
            (self.why, "\n".join([*lines[:1], *(f"{short(it.other)}: {reasons(it, words)}" for it in found[1:])])),
            (self.undo, undoable(state, current, words, self._desk.now())),
        )
        for label, text in texts:
            if label.text() != text:
                label.setText(text)
            label.setVisible(bool(text))
        self.setVisible(any(text for _, text in texts))

    def _settled(self, pending: Pending, reply: Reply) -> None:
        """Whoever folded what is open goes on in what it is part of; and back."""
        body = pending.body
        if reply.refusal is not None:
            return
        if isinstance(body, FoldIncident) and self._desk.current == body.incident:
            self._desk.show(body.into)
        elif isinstance(body, UnfoldIncident):
            self._desk.show(body.incident)


def _titled(state: State, it: Likeness, words: Words) -> str:
    other = state.incidents[it.other]
    count = callers_of(state, other)
    parts = [
        words("same.again" if it.kind is Kind.AGAIN else "same.title"),
        short(it.other),
        sentences.incident_type(state, other, words.language),
        sentences.place(other, words.language),
        words("incident.callers", count=count) if count > 1 else "",
    ]
    return one_line("  ".join(filter(None, parts)), 160)


def reasons(it: Likeness, words: Words) -> str:
    """``cách 180 m, lệch 2 phút, cùng loại, cùng từ: cháy, nhà xe``."""
    minutes = round(it.apart_ms / 60_000)
    parts = [
        words("same.number") if it.kind is Kind.AGAIN else "",
        words("same.metres", metres=metres(it.metres, words.language)) if it.metres is not None else "",
        words("same.minutes", count=minutes) if minutes else words("same.at_once"),
        words(f"same.type.{it.type}") if it.type else "",
        words("same.words", words=", ".join(it.words)) if it.words else "",
    ]
    return ", ".join(filter(None, parts))


def undoable(state: State, current: str, words: Words, now: Instant) -> str:
    """What was folded a while ago, here or away from here, and the key that takes it back."""
    incident = state.incidents.get(current)
    if incident is None:
        return ""
    if incident.folded is not None:
        return words("same.folded", incident=short(incident.folded.into))
    newest = [it for it in folded_in(state, current) if now - it.closed_at < UNDO_SHOWN_MS]
    names = ", ".join(short(it.id) for it in newest[:NAMED]) + (" …" if len(newest) > NAMED else "")
    return words("same.undo", incidents=names) if newest else ""
