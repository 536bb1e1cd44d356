"""One recording at a time: asked for, played as soon as its first part is there, followed while it still grows.

Guards: what cannot be heard is said (no device, no recording, no answer); an answer that is late for another wish is
left; ``heard_after`` is measured from the asking to the first sound that the machine took.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from console_gui.core_client import CoreClient, SoundPart
from console_gui.door import Door
from console_gui.limits import SOUND_AHEAD_S, SOUND_FEED_S, SOUND_FOLLOW_S, SOUND_PART_S
from console_gui.listening.speaker import Speaker
from console_gui.questions import Answer, Question
from dispatch_core.domain.errors import DispatchError
from dispatch_core.wire.https_client import CoreRefused
from dispatch_core.wire.sound import SoundFormat

NOTHING_THERE = 416


class Asks(Protocol):
    def ask(self, question: Question, answer: Answer) -> None: ...


class Stage(StrEnum):
    SILENT = "silent"
    ASKING = "asking"
    PLAYING = "playing"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be heard: a call (its file by number), or the newest recording of an incident; all of it, or its last
    seconds."""

    call: str = ""
    incident: str = ""
    number: int = 0
    last_s: int = 0


class NoDevice(DispatchError):
    def __init__(self) -> None:
        super().__init__(
            "no_sound_device",
            "Máy này không có thiết bị âm thanh: cắm tai nghe hoặc loa, rồi nghe lại.",
            "This machine has no sound device: plug in a headset or speakers, then listen again.",
        )


class Player(QObject):
    changed = Signal()
    started = Signal(object)  # Wish: its first sound is out
    troubled = Signal(object)  # DispatchError

    def __init__(self, questions: Asks, speaker: Speaker, door: Door, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions, self._speaker, self._door = questions, speaker, door
        self.stage = Stage.SILENT
        self.wish = Wish()
        self.live = False
        self.heard_after = 0.0  # seconds from the wish to its first sound
        self._form = SoundFormat(8_000, 1, 2)
        self._sound = bytearray()
        self._total = 0  # bytes of sound of the whole recording, as last told
        self._origin = 0  # of them before the first that is here
        self._at = 0  # of those here that were given to the speaker
        self._base = 0.0  # seconds, where the speaker's stream begins
        self._whole = False  # nothing more is to be fetched
        self._fetching = False
        self._turn = 0
        self._asked_at = 0.0
        self._follow_at = 0.0
        self._clock = QTimer(self)
        self._clock.setInterval(int(SOUND_FEED_S * 1000))
        self._clock.timeout.connect(self._feed)

    # --- what is shown ------------------------------------------------------------------------------------------------

    @property
    def position(self) -> float:
        """Seconds of the whole recording."""
        return self._base + (self._speaker.played() if self.stage in (Stage.PLAYING, Stage.PAUSED) else 0.0)

    @property
    def length(self) -> float:
        return self._total / self._form.second

    # --- what can be asked --------------------------------------------------------------------------------------------

    def listen(self, wish: Wish) -> None:
        self._quiet()
        self.wish, self.stage, self.live = wish, Stage.ASKING, False
        self._asked_at, self.heard_after = self._door.monotonic(), 0.0
        self._fetch()
        self.changed.emit()

    def stop(self) -> None:
        self._quiet()
        self.stage = Stage.SILENT
        self.changed.emit()

    def pause(self) -> None:
        """Pause, or go on."""
        if self.stage is Stage.PLAYING:
            self.stage = Stage.PAUSED
            self._speaker.pause(True)
        elif self.stage is Stage.PAUSED:
            self.stage = Stage.PLAYING
            self._speaker.pause(False)
        self.changed.emit()

    def back(self, seconds: float) -> None:
        """Play again from so much earlier; after the end, from so much before it."""
        if self.stage not in (Stage.PLAYING, Stage.PAUSED, Stage.ENDED):
            return
        end = (self._origin + self._at) / self._form.second
        now = end if self.stage is Stage.ENDED else self.position
        frame = self._form.channels * self._form.width
        wanted = int(max(0.0, now - seconds) * self._form.second) - self._origin
        self._at = max(0, wanted - wanted % frame)
        self._begin()

    # --- within -------------------------------------------------------------------------------------------------------

    def _quiet(self) -> None:
        self._turn += 1
        self._clock.stop()
        self._speaker.stop()
        self._sound = bytearray()
        self._total = self._origin = self._at = 0
        self._base = 0.0
        self._whole = self._fetching = False

    def _fetch(self) -> None:
        self._fetching = True
        first, length = len(self._sound) + self._origin, int(self._form.second * SOUND_PART_S)
        wish = self.wish

        def ask(client: CoreClient) -> SoundPart:
            return client.sound(
                wish.call, wish.number, incident=wish.incident, last_s=wish.last_s, first=first, length=length
            )

        self._questions.ask(ask, partial(self._came, self._turn))

    def _came(self, turn: int, part: SoundPart | None, problem: DispatchError | None) -> None:
        if turn != self._turn:
            return
        self._fetching = False
        if part is None:
            self._not_there(problem)
            return
        if self.stage is Stage.ASKING:
            self._form, self._origin = part.form, part.start
            self.wish = Wish(part.call, self.wish.incident, part.number, self.wish.last_s)
        self.live, self._total = part.live, part.total
        self._sound += part.data
        reached = self._origin + len(self._sound) >= part.total
        self._whole = bool(self.wish.last_s) or (reached and not part.live)
        self._follow_at = self._door.monotonic() + (SOUND_FOLLOW_S if reached else 0.0)
        if self.stage is Stage.ASKING:
            self._begin()
        self.changed.emit()

    def _not_there(self, problem: DispatchError | None) -> None:
        if self.stage is not Stage.ASKING and isinstance(problem, CoreRefused) and problem.status == NOTHING_THERE:
            self._whole = not problem.live
            self.live = problem.live
            self._follow_at = self._door.monotonic() + SOUND_FOLLOW_S
            return
        self._fail(problem)

    def _fail(self, problem: DispatchError | None) -> None:
        self.stop()
        if problem is not None:
            self.troubled.emit(problem)

    def _begin(self) -> None:
        self._base = (self._origin + self._at) / self._form.second
        if not self._speaker.start(self._form):
            self._fail(NoDevice())
            return
        self.stage = Stage.PLAYING
        self._clock.start()
        self._feed()
        self.changed.emit()

    def _feed(self) -> None:
        if self.stage is not Stage.PLAYING:
            return
        if self._speaker.lost():
            self._fail(NoDevice())
            return
        if self._at < len(self._sound):
            self._at += self._speaker.write(bytes(self._sound[self._at : self._at + self._form.second]))
        if not self.heard_after and self._speaker.played() > 0:
            self.heard_after = self._door.monotonic() - self._asked_at
            self.started.emit(self.wish)
        ahead = (len(self._sound) - self._at) / self._form.second
        wanted = not self._whole and not self._fetching and ahead < SOUND_AHEAD_S
        if wanted and self._door.monotonic() >= self._follow_at:
            self._fetch()
        given = (self._origin + self._at) / self._form.second
        if self._whole and self._at >= len(self._sound) and self.position >= given - SOUND_FEED_S:
            self._end(given)
        self.changed.emit()

    def _end(self, at: float) -> None:
        self._clock.stop()
        self._speaker.stop()
        self.stage, self._base = Stage.ENDED, at
