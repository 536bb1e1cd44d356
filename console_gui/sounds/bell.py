"""What sounds at this desk, and what is said of it on the screen at the same time.

Guards: nothing sounds that the band does not show; each sound is silenced by itself and comes back only as another
thing; who talks with a caller hears each once, softly; a device that is missing is told here and to the core, and comes
back by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from console_gui.changes import Changes
from console_gui.clocks import Ring, in_order, rings, scan
from console_gui.desk import Desk
from console_gui.limits import STALE_S
from console_gui.notice import DONE_S, Kind, Notice
from console_gui.preferences import Preferences
from console_gui.sounds.device import SoundDevice
from console_gui.sounds.waves import wave
from console_gui.translations.tables import sentence_of
from console_gui.turns import Turn
from dispatch_core.domain.commands import TellSound
from dispatch_core.domain.vocabulary import AlarmLevel

USUAL, LEAST = 70, 10
"""Percent. Nobody turns an alarm off altogether: it is silenced, one by one."""

TOLD_S = 10.0
"""So long the band shows what sounded once."""

AGAIN_S = 10.0
"""So long after a failure, or an answer of the core, it is tried again."""

WHILE_TALKING = 0.5


class Bell(QObject):
    """``now`` are the rings that nobody has silenced, the worst first."""

    changed = Signal()

    def __init__(
        self, desk: Desk, device: SoundDevice, preferences: Preferences, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._device, self._preferences = desk, device, preferences
        self.now: list[Ring] = []
        self.works = device.works()
        self._sounded: dict[str, float] = {}
        self._silenced: set[str] = set()
        self._told: list[tuple[Ring, float]] = []
        self._tried_at = self._said_at = -AGAIN_S
        device.watch(self._look_at_device)
        desk.ticked.connect(Turn(self._tick_in_steps, self).take)
        desk.updated.connect(self._updated)
        desk.noticed.connect(self._noticed)

    # --- what a person sets -------------------------------------------------------------------------------------------

    @property
    def volume(self) -> int:
        kept = self._preferences.own("volume")
        return min(100, max(LEAST, int(kept))) if kept.isdecimal() and len(kept) < 4 else USUAL

    def set_volume(self, percent: str) -> None:
        """Keep it where one is given, and let both sounds be heard; what was to be heard is said in words."""
        if percent:
            self._preferences.keep("volume", str(min(100, max(LEAST, int(percent)))))
        self._try(AlarmLevel.CRITICAL)
        key = "sound.tested" if self.works else "sound.gone_long"
        sentence = sentence_of(key, volume=self.volume) if self.works else sentence_of(key)
        stays, at = DONE_S if self.works else 0, self._desk.now()
        self._desk.noticed.emit(Notice(Kind.TOLD, "sound", sentence, at=at, quiet=True, goes_s=stays))

    def silence(self, everything: str = "") -> None:
        """The worst one, or all that sound now; they stay on their boards until they are handled."""
        gone = self.now if everything else self.now[:1]
        self._silenced |= {it.key for it in gone}
        self._device.stop()
        if not gone:
            sentence = sentence_of("sound.nothing")
            at = self._desk.now()
            self._desk.noticed.emit(Notice(Kind.TOLD, "sound", sentence, at=at, quiet=True, goes_s=DONE_S))
        self.tick()

    def stop(self) -> None:
        """The window closes: nothing goes on in its name."""
        self._device.close()

    # --- what sounds --------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """What rings now, and whether any of it is due."""
        person = self._desk.person
        self._ring([] if person is None else rings(self._desk.state, person, self._desk.now()))

    def _tick_in_steps(self) -> Iterator[None]:
        """The same once a second, a piece of the city at a time."""
        person, found = self._desk.person, []
        for ring in scan(self._desk.state, person, self._desk.now()) if person is not None else ():
            if ring is None:
                yield
            else:
                found.append(ring)
        standing = in_order(found)
        yield
        self._ring(standing)

    def _ring(self, standing: list[Ring]) -> None:
        clock = self._desk.door.monotonic()
        self._told = [(ring, until) for ring, until in self._told if until > clock]
        every = [*(ring for ring, _ in self._told), *standing]
        keys = {it.key for it in every}
        self._silenced &= keys
        self._sounded = {key: at for key, at in self._sounded.items() if key in keys}
        now = [it for it in every if it.key not in self._silenced]
        changed, self.now = [it.key for it in now] != [it.key for it in self.now], now
        self._sound([it for it in now if self._due(it, clock)], clock)
        self._look_at_device()
        if changed:
            self.changed.emit()

    def _due(self, ring: Ring, clock: float) -> bool:
        at = self._sounded.get(ring.key)
        if at is None:
            return True
        return ring.repeat_s > 0 and clock - at >= ring.repeat_s and self._desk.own_call() is None

    def _sound(self, due: list[Ring], clock: float) -> None:
        """One sound for all that is due, the worst one's: bells over one another say nothing."""
        if due:
            self._sounded |= {it.key: clock for it in due}
            worst = AlarmLevel.CRITICAL if any(it.level is AlarmLevel.CRITICAL for it in due) else AlarmLevel.HIGH
            self._try(worst)

    def _try(self, level: AlarmLevel) -> None:
        softly = WHILE_TALKING if self._desk.own_call() is not None else 1.0
        self._tried_at = self._desk.door.monotonic()
        self._is(self._device.play(wave(level), self.volume / 100 * softly))

    def _noticed(self, notice: Notice) -> None:
        """What is told once sounds once, and stands in the band as long as it takes to look up."""
        if notice.kind is Kind.TOLD and not notice.quiet and not notice.alarm:
            clock = self._desk.door.monotonic()
            ring = Ring(f"told:{notice.code}:{clock}", AlarmLevel.HIGH, notice.at, notice.sentence)
            self._told.append((ring, clock + TOLD_S))
            self.tick()

    def _updated(self, changes: Changes) -> None:
        if changes.of("alarms"):
            self.tick()

    # --- the device ---------------------------------------------------------------------------------------------------

    def _look_at_device(self) -> None:
        clock = self._desk.door.monotonic()
        works = self._device.works()
        if not works and clock - self._tried_at >= AGAIN_S:
            self._tried_at = clock
            works = self._device.play(b"\0\0" * 800, 0.0)
        self._is(works)
        self._tell_core(clock)

    def _is(self, works: bool) -> None:
        if works is not self.works:
            self.works = works
            self.changed.emit()

    def _tell_core(self, clock: float) -> None:
        """The supervisor's board of people shows who hears nothing."""
        person = self._desk.person
        if person is None or bool(person.deaf_since) is not self.works or clock - self._said_at < AGAIN_S:
            return
        age = self._desk.age()
        if not self._desk.health.connected or self._desk.away or age is None or age >= STALE_S:
            return  # said once the core hears it, and never left among what a person has asked
        self._said_at = clock
        self._desk.ask(TellSound(works=self.works))
