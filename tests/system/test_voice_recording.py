"""Real sound through a real Asterisk: on disk while the call runs and afterwards, counted, missed where it stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.phones import Habit
from scripts.stage.sound_caller import SoundCaller
from scripts.stage.tone import Samples, loudest, sine
from telephony.dialplan_events import RECORDING, SOUNDED
from telephony.recordings import RecordingFolders
from tests.system.voice_stage import PATIENCE, SECRET, Ear, Voice, told

TONE_HZ = 1_000.0
NODE = "pbx1"


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    assert SECRET
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice"), habit=Habit(lift_after=0.3)) as stage:
        yield stage


def caller(voice: Voice, sound: Samples | None = None) -> SoundCaller:
    return SoundCaller(voice.carrier_port, voice.site.ports.sip, "115", "0912345678", sound)


def closed(files: RecordingFolders, file: str) -> Samples:
    """The sound once Asterisk has closed the file."""
    deadline = time.monotonic() + PATIENCE
    while True:
        sound = files.look(NODE, file)
        if sound is not None and sound.final:
            return np.frombuffer(files.read(NODE, file, 0, sound.bytes), dtype="<i2")
        assert time.monotonic() < deadline, sound
        time.sleep(0.02)


def grows(files: RecordingFolders, file: str, seconds: float) -> None:
    """So much of the tone is on disk while the call runs; Asterisk writes in blocks of two seconds."""
    deadline = time.monotonic() + PATIENCE
    while True:
        growing = files.look(NODE, file)
        if growing is not None:
            assert not growing.final
            early = np.frombuffer(files.read(NODE, file, 0, growing.bytes), dtype="<i2")
            if len(early) and loudest(early, TONE_HZ).seconds >= seconds:
                return
        assert time.monotonic() < deadline, "not heard while the call runs"
        time.sleep(0.1)


def recorded(ear: Ear, since: int) -> str:
    return told(ear.told(RECORDING, since=since))["File"]


def sent(one: SoundCaller, seconds: float) -> None:
    deadline = time.monotonic() + seconds + PATIENCE
    while one.packets_sent < seconds * 50:
        assert time.monotonic() < deadline, one.packets_sent
        time.sleep(0.02)


def test_a_tone_is_recorded_and_read_while_the_file_grows(voice: Voice) -> None:
    ear, files = voice.listen(), RecordingFolders({NODE: voice.recordings})
    with caller(voice, sine(TONE_HZ, 2.0)) as one:
        one.wait_connected()
        file = recorded(ear, 0)
        grows(files, file, 1.5)
    found = loudest(closed(files, file), TONE_HZ)
    assert abs(found.hertz - TONE_HZ) < 5 and 1.8 <= found.seconds <= 2.2 and found.share > 0.9, found
    counted = told(ear.told(SOUNDED))
    summed = files.sum(NODE, file)
    assert int(counted["Received"]) >= one.packets_sent - 5 and summed.final
    assert abs(summed.ms - int(counted["Received"]) * 20) < 500, "the file is as long as the sound that came in"


def test_a_silent_caller_and_a_stopped_recording(voice: Voice) -> None:
    ear, files = voice.listen(), RecordingFolders({NODE: voice.recordings})
    with caller(voice) as one:
        one.wait_connected()
        file, channel = recorded(ear, 0), ear.told(RECORDING).headers["Channel"]
        sent(one, 0.5)
        voice.asterisk.ask(f"mixmonitor stop {channel}")
        sent(one, 1.5)
    assert loudest(closed(files, file), TONE_HZ).seconds == 0.0
    counted = int(told(ear.told(SOUNDED))["Received"]) * 20
    assert counted - files.sum(NODE, file).ms > 700, "what is missing is known by what the switch counted"
