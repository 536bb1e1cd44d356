"""The sounds as they are heard: a real sound server with one output and an ear on it, which dies and comes back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from console_gui.sounds import device
from console_gui.sounds.device import MachineSounds, could_sound
from console_gui.sounds.waves import seconds, wave
from dispatch_core.domain.vocabulary import AlarmLevel
from scripts.stage.sound_server import SoundServer

pytestmark = pytest.mark.skipif(shutil.which("pulseaudio") is None, reason="there is no pulseaudio here")


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="snd", dir="/tmp"))  # a socket's path is short
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sounds(qapp: Any) -> Iterator[MachineSounds]:
    made = MachineSounds()
    yield made
    made.close()


def loudest_hz(samples: Any, count: int) -> set[int]:
    """The pitches that carry the sound, to 20 Hz."""
    power = np.abs(np.fft.rfft(samples.astype(float)))
    pitches = np.fft.rfftfreq(len(samples), 1 / 8_000)
    return {int(round(pitches[at] / 20) * 20) for at in np.argsort(power)[-count:]}


def test_what_is_played_is_heard_and_a_server_that_dies_takes_nothing_with_it(
    home: Path, sounds: MachineSounds, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed: list[bool] = []
    sounds.watch(lambda: changed.append(True))
    with SoundServer(home) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        assert sounds.works(), "while it loads there is no alarm"
        qtbot.waitUntil(lambda: sounds._says is True)
        for level, pitches in ((AlarmLevel.CRITICAL, {780, 1040}), (AlarmLevel.HIGH, {660, 500})):
            with server.ear() as ear:
                assert sounds.play(wave(level), 0.9)
                qtbot.wait(int(seconds(level) * 1000) + 500)
            heard = ear.samples
            assert np.abs(heard).max() > 2_000, "it is heard"
            assert {it for pitch in pitches for it in (pitch, pitch - 20, pitch + 20)} & loudest_hz(heard, 30)
        with server.ear() as ear:
            assert sounds.play(wave(AlarmLevel.CRITICAL), 0.9)
            qtbot.wait(150)
            sounds.stop()
            qtbot.wait(700)
        assert np.abs(ear.samples[-2_000:]).max() < 300, "silenced at once"
        process = sounds._process
    qtbot.waitUntil(lambda: not sounds.works())
    assert not sounds.play(wave(AlarmLevel.HIGH), 0.9)
    qtbot.waitUntil(lambda: process is not None and not process.is_alive())
    with SoundServer(home) as again:
        qtbot.waitUntil(lambda: sounds.works() and sounds._says is True)
        with again.ear() as ear:
            assert sounds.play(wave(AlarmLevel.HIGH), 0.9)
            qtbot.wait(800)
        assert np.abs(ear.samples).max() > 2_000, "it came back by itself"


def test_a_process_that_ends_is_told_and_begun_again(
    home: Path, sounds: MachineSounds, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "AGAIN_S", 1.0)
    told: list[bool] = []
    sounds.watch(lambda: told.append(sounds.works()))
    with SoundServer(home) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        sounds.works()
        qtbot.waitUntil(lambda: sounds._says is True)
        first = sounds._process
        assert first is not None
        first.kill()
        qtbot.waitUntil(lambda: sounds._process is not first)
        qtbot.waitUntil(lambda: sounds.works() and sounds._says is True)
        assert told


def test_where_nothing_could_sound_no_process_is_begun(
    home: Path, sounds: MachineSounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{home}/none")
    assert not could_sound() and not sounds.works() and sounds._process is None
    calls: list[Callable[[], None]] = []
    sounds.watch(lambda: calls.append(lambda: None))
    assert not sounds.play(wave(AlarmLevel.HIGH), 1.0) and not calls
    monkeypatch.setenv("PULSE_SERVER", "tcp:192.0.2.1:4713")
    assert could_sound(), "what is elsewhere cannot be known"
