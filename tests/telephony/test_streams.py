"""Recorded streams: read, written again, and moved to another moment and node with everything that depends on it."""

from __future__ import annotations

from pathlib import Path

import pytest

import telephony.simulator
from telephony.link.messages import AmiEvent
from telephony.link.reading import Reader
from telephony.simulator.streams import Mover, NotAStream, Piece, Recording, read_stream, stamp_of, write_stream
from telephony.translate import WANTED
from tests.telephony.recorded_streams import TRACES, pieces

OWN = sorted((Path(telephony.simulator.__file__).parent / "recordings").glob("*.txt"))


def test_what_is_written_is_read_again(tmp_path):
    known = pieces("01")
    write_stream(tmp_path / "again.txt", "again", known)
    assert read_stream(tmp_path / "again.txt") == known


@pytest.mark.parametrize("text", ["", "no stream\n", "## RAW\n--- +soon\nEvent: X\n", "## RAW\nnothing"])
def test_a_file_that_is_none_is_told_in_a_sentence(tmp_path, text):
    (tmp_path / "bad.txt").write_text(text, "utf-8")
    with pytest.raises(NotAStream) as told:
        Recording.of(tmp_path / "bad.txt")
    assert "bad.txt" in told.value.vi and "bad.txt" in told.value.en


def test_a_moved_stream_speaks_of_its_new_moment_and_node():
    recording = Recording.of(next(TRACES.glob("01_*")))
    mover, began = Mover(recording, "sim-x"), 1_800_000_000_000_000
    moved = [mover.moved(piece.data, began, speed=2.0) for piece in recording.pieces]
    assert not any(b"psap1" in data for data in moved if b"Event: UserEvent" not in data and b"VarSet" not in data)
    assert all(b"\r\nSystemName: sim-x\r\n" in data for data in moved)
    stamps = [stamp_of(data) for data in moved]
    assert stamps == sorted(stamps) and 0 <= stamps[0] - began < 1_000_000
    first, last = recording.pieces[0].data, recording.pieces[-1].data
    assert stamps[-1] - stamps[0] == pytest.approx((stamp_of(last) - stamp_of(first)) / 2, abs=2)
    ids = {line for data in moved for line in data.split(b"\r\n") if line.startswith(b"Uniqueid: ")}
    assert ids == {b"Uniqueid: sim-x-1800000000.0", b"Uniqueid: sim-x-1800000001.1"}


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_our_own_recordings_are_whole(path):
    recording = Recording.of(path)
    reader = Reader(WANTED, {})
    reader.name_system(recording.system)
    read = [one for piece in recording.pieces for one in reader.feed(piece.data)]
    assert read and all(isinstance(one, AmiEvent) for one in read)
    assert b"\r\nEvent: VarSet" not in b"".join(piece.data for piece in recording.pieces)
    assert isinstance(recording.pieces[0], Piece)
