"""What everybody who keeps recordings promises: on disk as Asterisk leaves them, and in memory."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dispatch_core.ports import RecordingFiles, RecordingUnreadable
from telephony.recordings import RecordingFolders
from tests.contracts.memory_recordings import MemoryRecordings, header

SOUND = bytes(range(1, 201)) * 160  # 2 s
Put = Callable[[str, str, bytes], None]


@pytest.fixture(params=["memory", "folders"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[RecordingFiles, Put]:
    if request.param == "memory":
        memory = MemoryRecordings()
        return memory, memory.put

    def put(node: str, file: str, data: bytes) -> None:
        (tmp_path / node).mkdir(exist_ok=True)
        (tmp_path / node / file).write_bytes(data)

    return RecordingFolders({node: tmp_path / node for node in ("pbx1", "pbx2")}), put


def test_a_finished_recording(kept: tuple[RecordingFiles, Put]) -> None:
    files, put = kept
    data = header(len(SOUND)) + SOUND
    put("pbx1", "c1.wav", data)
    sound = files.look("pbx1", "/anywhere/c1.wav")
    assert sound is not None and (sound.rate, sound.channels, sound.width) == (8_000, 1, 2)
    assert (sound.bytes, sound.final) == (len(SOUND), True)
    assert files.read("pbx1", "c1.wav", 0, 10**9) == SOUND
    assert files.read("pbx1", "c1.wav", 320, 100) == SOUND[320:420]
    assert files.read("pbx1", "c1.wav", len(SOUND), 100) == b""
    assert b"".join(files.pieces("pbx1", "c1.wav")) == data
    summed = files.sum("pbx1", "/rec/c1.wav")
    assert (summed.file, summed.found, summed.readable, summed.final) == ("c1.wav", True, True, True)
    assert (summed.bytes, summed.ms, summed.silences) == (len(data), 2_000, ())
    assert summed.sha256 == hashlib.sha256(data).hexdigest()


def test_one_that_still_grows(kept: tuple[RecordingFiles, Put]) -> None:
    files, put = kept
    put("pbx1", "c1.wav", header(0))
    sound = files.look("pbx1", "c1.wav")
    assert sound is not None and (sound.bytes, sound.final) == (0, False)
    put("pbx1", "c1.wav", header(0) + SOUND + b"\x01")
    sound = files.look("pbx1", "c1.wav")
    assert sound is not None and (sound.bytes, sound.final) == (len(SOUND), False)
    assert files.read("pbx1", "c1.wav", len(SOUND) - 2, 10) == SOUND[-2:]
    assert not files.sum("pbx1", "c1.wav").final


def test_a_stretch_of_nothing_is_found(kept: tuple[RecordingFiles, Put]) -> None:
    files, put = kept
    sound = SOUND + bytes(16_000 * 6) + SOUND
    put("pbx1", "c1.wav", header(len(sound)) + sound)
    assert files.sum("pbx1", "c1.wav").silences == ((2_000, 6_000),)


def test_what_is_not_there(kept: tuple[RecordingFiles, Put]) -> None:
    files, put = kept
    put("pbx1", "c1.wav", header(len(SOUND)) + SOUND)
    for node, file in (("pbx2", "c1.wav"), ("pbx9", "c1.wav"), ("pbx1", "c2.wav"), ("pbx1", "")):
        assert files.look(node, file) is None
        assert not files.sum(node, file).found
        assert list(files.pieces(node, file)) == []
        assert not files.remove(node, file)
        with pytest.raises(RecordingUnreadable):
            files.read(node, file, 0, 10)


def test_which_nodes_are_reached(kept: tuple[RecordingFiles, Put]) -> None:
    files, put = kept
    put("pbx1", "c1.wav", header(0))
    assert files.reaches("pbx1") and not files.reaches("pbx2") and not files.reaches("pbx9")


def test_what_is_no_sound(kept: tuple[RecordingFiles, Put]) -> None:
    files, put = kept
    put("pbx1", "c1.wav", b"RIFF but nothing else")
    with pytest.raises(RecordingUnreadable) as no:
        files.look("pbx1", "c1.wav")
    assert "c1.wav" in no.value.vi and "c1.wav" in no.value.en
    with pytest.raises(RecordingUnreadable):
        files.read("pbx1", "c1.wav", 0, 1)
    summed = files.sum("pbx1", "c1.wav")
    assert summed.found and not summed.readable


def test_removing(kept: tuple[RecordingFiles, Put]) -> None:
    files, put = kept
    put("pbx1", "c1.wav", header(0))
    assert files.remove("pbx1", "/rec/c1.wav") and not files.remove("pbx1", "c1.wav")
    assert files.look("pbx1", "c1.wav") is None


def test_nothing_outside_a_folder_is_reached(tmp_path: Path) -> None:
    folder = tmp_path / "pbx1"
    folder.mkdir()
    secret = tmp_path / "secret.wav"
    secret.write_bytes(header(len(SOUND)) + SOUND)
    (folder / "link.wav").symlink_to(secret)
    os.mkfifo(folder / "pipe.wav")
    (folder / "dir.wav").mkdir()
    (folder / ".hidden.wav").write_bytes(secret.read_bytes())
    files = RecordingFolders({"pbx1": folder})
    for name in ("../secret.wav", "..", ".", "link.wav", "pipe.wav", "dir.wav", ".hidden.wav", "x.conf", "a\x00.wav"):
        try:
            assert files.look("pbx1", name) is None, name
        except RecordingUnreadable:
            assert name == "link.wav"
        assert not files.remove("pbx1", name), name
    assert secret.exists() and (folder / "link.wav").is_symlink()


def test_a_folder_that_is_closed_to_us(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    files = RecordingFolders({"pbx1": tmp_path / "file"})
    with pytest.raises(RecordingUnreadable):
        files.look("pbx1", "c1.wav")
    with pytest.raises(RecordingUnreadable):
        files.remove("pbx1", "c1.wav")
