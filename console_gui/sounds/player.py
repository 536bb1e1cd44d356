"""The process that plays: it alone loads the sound library, which ends its process where a sound server dies under it.

Guards: it ends with the console, whatever way that ends; a device that is only a stand-in for none is none.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from typing import Any

Order = tuple[bytes, float]
"""A wave (mono, 16 bits, ``waves.RATE``) and how loud, 0 to 1 as people hear it; no wave: be silent."""

STAND_INS = (b"auto_null",)
"""What sound servers offer where there is nothing to play on."""


def main(pipe: Connection) -> None:
    """The process's whole life: orders come in, and whether there is something to play on goes out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["QT_LOGGING_RULES"] = "qt.multimedia.*=false"  # what matters of it is told by the pipe
    _no_core_dump()
    from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

    application = QCoreApplication([sys.argv[0]])

    class Ear(QObject):
        came = Signal(object)
        ended = Signal()

        def listen(self) -> None:
            try:
                while True:
                    self.came.emit(pipe.recv())
            except (EOFError, OSError):  # the console is gone
                self.ended.emit()

    ear = Ear()
    output = Output(pipe)
    ear.came.connect(output.take, Qt.ConnectionType.QueuedConnection)
    ear.ended.connect(application.quit, Qt.ConnectionType.QueuedConnection)
    threading.Thread(target=ear.listen, name="orders", daemon=True).start()
    output.tell()
    application.exec()


def _no_core_dump() -> None:
    try:
        import resource
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Output:
    def __init__(self, pipe: Connection) -> None:
        from PySide6.QtMultimedia import QMediaDevices

        self._pipe = pipe
        self._devices = QMediaDevices()
        self._failed = False
        self._sink: Any = None
        self._buffer: Any = None
        self._devices.audioOutputsChanged.connect(self._other_devices)

    def tell(self) -> None:
        output = self._devices.defaultAudioOutput()
        there = not output.isNull() and not any(it in bytes(output.id().data()) for it in STAND_INS)
        try:
            self._pipe.send(there and not self._failed)
        except OSError:
            return  # the console is gone: the ear ends this process

    def _other_devices(self) -> None:
        self._failed = False
        self.tell()

    def take(self, order: Order) -> None:
        wave, volume = order
        self._stop()
        if wave:
            self._play(wave, volume)

    def _play(self, wave: bytes, volume: float) -> None:
        from PySide6.QtCore import QBuffer, QByteArray, QIODevice
        from PySide6.QtMultimedia import QAudio, QAudioFormat, QAudioSink

        from console_gui.sounds.waves import RATE

        form = QAudioFormat()
        form.setSampleRate(RATE)
        form.setChannelCount(1)
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        scale = QAudio.VolumeScale
        self._buffer = QBuffer()
        self._buffer.setData(QByteArray(wave))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink = QAudioSink(self._devices.defaultAudioOutput(), form)
        self._sink.setVolume(
            QAudio.convertVolume(volume, scale.LogarithmicVolumeScale, scale.LinearVolumeScale)
        )
        self._sink.stateChanged.connect(self._judge)
        self._sink.start(self._buffer)
        self._judge()

    def _judge(self, *_: object) -> None:
        from PySide6.QtMultimedia import QtAudio

        bad = (QtAudio.Error.OpenError, QtAudio.Error.IOError, QtAudio.Error.FatalError)
        failed = self._sink is not None and self._sink.error() in bad
        if failed is not self._failed:
            self._failed = failed
            self.tell()

    def _stop(self) -> None:
        if self._sink is not None:
            self._sink.stateChanged.disconnect(self._judge)
            self._sink.stop()
            self._sink = self._buffer = None
