"""What the sounds come out of: the machine's own output, through Qt. That there is none is told, never silence.

Guards: a device that vanishes, a server that dies and a sound that fails to start all say "no sound"; each new try and
each change of devices may say "sound" again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject

from console_gui.sounds.waves import RATE


class SoundDevice(Protocol):
    def works(self) -> bool:
        """Whether there is something to play on, as far as is known."""
        ...

    def play(self, wave: bytes, volume: float) -> bool:
        """Begin a sound (mono, 16 bits, ``RATE``); whether it could begin. ``volume`` is 0 to 1."""
        ...

    def watch(self, changed: Callable[[], None]) -> None:
        """Call this whenever ``works`` may say something else."""
        ...

    def stop(self) -> None: ...


class QtSoundDevice(QObject):
    """Loaded with the window: to look for devices takes a tenth of a second, once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        from PySide6.QtMultimedia import QMediaDevices

        self._devices = QMediaDevices(self)
        self._failed = False
        self._sink: Any = None
        self._buffer: QBuffer | None = None
        self._changed: Callable[[], None] = lambda: None
        self._devices.audioOutputsChanged.connect(self._other_devices)

    def watch(self, changed: Callable[[], None]) -> None:
        self._changed = changed

    def _other_devices(self) -> None:
        self._failed = False
        self._changed()

    def works(self) -> bool:
        return not self._failed and not self._devices.defaultAudioOutput().isNull()

    def play(self, wave: bytes, volume: float) -> bool:
        from PySide6.QtMultimedia import QAudio, QAudioFormat, QAudioSink

        self.stop()
        output = self._devices.defaultAudioOutput()
        if output.isNull():
            return False
        form = QAudioFormat()
        form.setSampleRate(RATE)
        form.setChannelCount(1)
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        linear = QAudio.convertVolume(
            volume, QAudio.VolumeScale.LogarithmicVolumeScale, QAudio.VolumeScale.LinearVolumeScale
        )
        self._buffer = QBuffer(self)
        self._buffer.setData(QByteArray(wave))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink = QAudioSink(output, form, self)
        self._sink.setVolume(linear)
        self._sink.stateChanged.connect(self._state)
        self._sink.start(self._buffer)
        self._failed = self._broken()
        return not self._failed

    def _broken(self) -> bool:
        from PySide6.QtMultimedia import QtAudio

        bad = (QtAudio.Error.OpenError, QtAudio.Error.IOError, QtAudio.Error.FatalError)
        return self._sink is not None and self._sink.error() in bad

    def _state(self) -> None:
        if self._broken() and not self._failed:
            self._failed = True
            self._changed()

    def stop(self) -> None:
        if self._sink is not None:
            self._sink.stateChanged.disconnect(self._state)
            self._sink.stop()
            self._sink.deleteLater()
            self._sink = None
        if self._buffer is not None:
            self._buffer.deleteLater()
            self._buffer = None
