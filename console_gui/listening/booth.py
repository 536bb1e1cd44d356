"""What a person asks about recordings at this console: listens through one player, fetches evidence into a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from console_gui.command_line.verbs_recordings import Export, Listen
from console_gui.desk import Desk
from console_gui.listening.evidence import downloads, fetch
from console_gui.listening.player import Player, Wish
from console_gui.listening.speaker import Speaker
from console_gui.notice import Kind, Notice, told
from console_gui.translations.tables import say
from dispatch_core.domain.errors import DispatchError
from dispatch_core.wire.sound import EvidenceMade


class Booth(QObject):
    exported = Signal(str)  # the file

    def __init__(self, desk: Desk, speaker: Speaker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.player = Player(desk.questions, speaker, desk.door, self)
        self.player.troubled.connect(self._trouble)

    def listen(self, wanted: Listen) -> None:
        self.player.listen(Wish(call=wanted.call, incident=wanted.incident, last_s=wanted.last_s))

    def export(self, wanted: Export) -> None:
        desk = self._desk
        self._say("evidence_asked", number=wanted.number)
        done = partial(self._done, wanted.number)
        fetch(desk.questions, wanted.number, wanted.since, downloads(), done, self._trouble)

    def _done(self, number: str, file: Path, made: EvidenceMade) -> None:
        counted = {"calls": made.calls, "recordings": made.recordings, "missing": made.missing}
        self._say("evidence_done", number=number, file=str(file), **counted)
        self.exported.emit(str(file))

    def _say(self, key: str, **values: object) -> None:
        sentence = partial(_told, f"told.{key}", values)
        self._desk.noticed.emit(Notice(Kind.TOLD, key, sentence, at=self._desk.now()))

    def _trouble(self, problem: DispatchError) -> None:
        self._desk.noticed.emit(told(problem.code, problem.vi, problem.en, self._desk.now()))


def _told(key: str, values: dict[str, object], language: str) -> str:
    return say(language, key, **values)
