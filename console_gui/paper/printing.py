"""The board on paper: when asked, and by itself every few minutes; what became of it is told in the band.

Guards: the screen's thread only takes what it has at hand; the state, which nobody changes, is encoded in a thread and
put into words by a process of its own. One sheet at a time. A sheet that fails, or whose worker dies or never comes
back, is said at once and stays said until the next one is on disk.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from functools import partial
from multiprocessing.connection import Connection

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from console_gui.desk import Desk
from console_gui.limits import (
    PAPER_BYTES,
    PAPER_FIRST_S,
    PAPER_KEPT,
    PAPER_MINUTES,
    PAPER_MINUTES_MOST,
    PAPER_WITHIN_S,
)
from console_gui.notice import Kind, Notice
from console_gui.paper import worker
from console_gui.paper.job import Job, Printed, Waits, pieces, read_printed
from console_gui.preferences import Preferences, paper_folder
from console_gui.translations.commands import called
from console_gui.translations.tables import sentence_of


class Printing(QObject):
    changed = Signal()
    _done = Signal(object)  # Printed

    def __init__(self, desk: Desk, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._preferences = desk, preferences
        self.last = Printed()
        self.last_at = 0  # the core's time of the newest sheet that is on disk
        self.busy = False
        self._asked: str | None = None  # an incident, or "" for the board, that a person wants next
        self._loud = False  # a person asked for the one that is under way
        self._made_at = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(partial(self._print, "", by_person=False))
        self._done.connect(self._take)

    @property
    def minutes(self) -> int:
        kept = self._preferences.get("paper_minutes", str(PAPER_MINUTES))
        return int(kept) if kept.isdecimal() and 1 <= int(kept) <= PAPER_MINUTES_MOST else PAPER_MINUTES

    def start(self) -> None:
        """By itself from now on: soon, and then every few minutes."""
        self._timer.start(self.minutes * 60_000)
        QTimer.singleShot(int(PAPER_FIRST_S * 1000), self, self._first)

    def stop(self) -> None:
        self._timer.stop()
        self._asked = None

    def every(self, minutes: int) -> None:
        self._preferences.put("paper_minutes", str(minutes))
        if self._timer.isActive():
            self._timer.start(self.minutes * 60_000)
        self._tell("paper.every", minutes=minutes)

    def print_now(self, incident: str = "") -> None:
        """The board, or an incident's card, because a person asks."""
        if self.busy:
            self._asked = incident
        else:
            self._print(incident, by_person=True)

    def _first(self) -> None:
        if self._timer.isActive() and not self.last_at:
            self._print("", by_person=False)

    def _print(self, incident: str, *, by_person: bool) -> None:
        if self.busy or not self._desk.state.seq:
            return
        self.busy, self._loud = True, by_person
        job = self._job(incident, by_person)
        self._made_at = job.now
        threading.Thread(target=self._work, args=(job,), name="paper", daemon=True).start()
        self.changed.emit()

    def _job(self, incident: str, by_person: bool) -> Job:
        desk = self._desk
        age = desk.age()
        language = desk.words.language
        waits = tuple(
            Waits(it.typed or called(desk.state, it.body, language), it.given_at) for it in desk.outbox.waiting
        )
        return Job(
            state=desk.state, user=desk.name or desk.user, language=language, now=desk.now(),
            age_s=-1.0 if age is None else age,
            stale=desk.stale(),
            generation=desk.health.generation, folder=str(paper_folder(desk.user)), keep=PAPER_KEPT,
            most_bytes=PAPER_BYTES, waits=waits, incident=incident, to_printer=by_person,
        )  # fmt: skip

    def _work(self, job: Job) -> None:
        """In a thread: hand the job over and wait for the answer, but not for ever."""
        spawn = multiprocessing.get_context("spawn")
        here, there = spawn.Pipe()
        process = spawn.Process(target=worker.main, args=(there,), name="dispatch-paper", daemon=True)
        try:
            process.start()
            there.close()
            told = self._answer(here, job)
        except (OSError, EOFError, msgspec.DecodeError) as problem:
            told = Printed(problem=f"{type(problem).__name__} {problem}".strip()[:200])
        finally:
            here.close()
            if process.pid is not None:
                process.join(1.0)
                if process.is_alive():
                    process.kill()
        try:
            self._done.emit(told)
        except RuntimeError:  # this object is gone: the console has ended
            return

    def _answer(self, pipe: Connection, job: Job) -> Printed:
        for piece in pieces(job):
            pipe.send_bytes(piece)
            time.sleep(0)  # the screen's thread first
        if not pipe.poll(PAPER_WITHIN_S):
            return Printed(problem=f"> {PAPER_WITHIN_S:.0f} s")
        return read_printed(pipe.recv_bytes())

    def _take(self, told: Printed) -> None:
        self.busy, self.last = False, told
        if not told.problem:
            self.last_at = self._made_at
            if self._loud:
                done = {"": "paper.done", "none": "paper.done", "sent": "paper.printed"}
                key = done.get(told.printer, "paper.not_printed")
                self._tell(key, file=told.file, pages=told.pages, why=told.printer)
        else:
            sentence = sentence_of("paper.failed", why=told.problem)
            self._desk.noticed.emit(Notice(Kind.TOLD, "paper", sentence, at=self._desk.now()))
        self.changed.emit()
        if self._asked is not None:
            asked, self._asked = self._asked, None
            self._print(asked, by_person=True)

    def _tell(self, key: str, **values: object) -> None:
        sentence = sentence_of(key, **values)
        self._desk.noticed.emit(Notice(Kind.TOLD, "paper", sentence, at=self._desk.now(), quiet=True))
