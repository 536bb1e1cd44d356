"""Where sound goes: the machine's own output, through Qt.

Guards: that there is no device, or that it was lost, is an answer and never silence; the library is loaded
when somebody first listens, because without a sound server it takes its time.
"""

from __future__ import annotations

from typing import Any, Protocol

from dispatch_core.wire.sound import SoundFormat

BUFFER_S = 0.2
"""Sound handed to the machine ahead of time: what is heard after "stop", and what a slow moment may cost."""


class Speaker(Protocol):
    """Plays one stream at a time."""

    def start(self, form: SoundFormat) -> bool:
        """Begin a stream; whether there is anything to play on."""
        ...

    def write(self, data: bytes) -> int:
        """Take whole frames of it; the bytes that were taken."""
        ...

    def played(self) -> float:
        """Seconds of this stream that were given to the machine."""
        ...

    def lost(self) -> bool:
        """Whether the machine stopped playing by itself."""
        ...

    def pause(self, on: bool) -> None: ...

    def stop(self) -> None: ...


class QtSpeaker:
    """``QAudioSink`` in push mode."""

    def __init__(self) -> None:
        self._sink: Any = None
        self._device: Any = None
        self._form = SoundFormat(8_000, 1, 2)

    def start(self, form: SoundFormat) -> bool:
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices

        self.stop()
        output = QMediaDevices.defaultAudioOutput()
        if output.isNull() or form.width != 2:
            return False
        asked = QAudioFormat()
        asked.setSampleRate(form.rate)
        asked.setChannelCount(form.channels)
        asked.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self._form = form
        self._sink = QAudioSink(output, asked)
        self._sink.setBufferSize(int(form.second * BUFFER_S))
        self._device = self._sink.start()
        return self._device is not None and not self.lost()

    def write(self, data: bytes) -> int:
        if self._sink is None or self._device is None:
            return 0
        frame = self._form.channels * self._form.width
        room = min(len(data), self._sink.bytesFree())
        return max(0, int(self._device.write(data[: room - room % frame])))

    def played(self) -> float:
        return 0.0 if self._sink is None else float(self._sink.processedUSecs()) / 1e6

    def lost(self) -> bool:
        from PySide6.QtMultimedia import QtAudio

        return self._sink is None or self._sink.error() in (QtAudio.Error.OpenError, QtAudio.Error.FatalError)

    def pause(self, on: bool) -> None:
        if self._sink is not None:
            self._sink.suspend() if on else self._sink.resume()

    def stop(self) -> None:
        if self._sink is not None:
            self._sink.stop()
            self._sink = self._device = None
