"""WAV files of any length, cut anywhere, and bytes that are none."""

from __future__ import annotations

import io
import wave

from hypothesis import given
from hypothesis import strategies as st

from telephony.recordings.wav import milliseconds, read_head, silences, sound_in
from tests.contracts.memory_recordings import header
from tests.domain.examples import tries


def written(sound: bytes, rate: int, channels: int) -> bytes:
    """As the standard library writes it."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound)
    return out.getvalue()


@given(
    frames=st.integers(0, 5_000), rate=st.sampled_from([8_000, 16_000, 48_000]), channels=st.integers(1, 2),
    cut=st.integers(0, 30_000),
)  # fmt: skip
@tries(200, 5_000)
def test_cut_anywhere(frames: int, rate: int, channels: int, cut: int) -> None:
    sound = bytes(n % 251 for n in range(frames * channels * 2))
    whole = written(sound, rate, channels)
    data = whole[:cut]
    head = read_head(data)
    if len(data) < 44:
        assert head is None
        return
    assert head is not None and (head.rate, head.channels, head.width, head.data_at) == (rate, channels, 2, 44)
    there, final = sound_in(head, len(data))
    assert data[44 : 44 + there] == sound[:there] and there % head.frame == 0
    assert len(data) - 44 - there < head.frame
    assert final == (cut >= len(whole) and frames > 0)
    assert milliseconds(head, there) == there // (2 * channels) * 1000 // rate


@given(sound=st.integers(0, 100_000))
@tries(100, 2_000)
def test_while_it_grows_its_length_is_what_is_there(sound: int) -> None:
    head = read_head(header(0))
    assert head is not None
    assert sound_in(head, 44 + sound) == (sound - sound % 2, False)


@given(data=st.binary(max_size=300))
@tries(300, 10_000)
def test_any_bytes_have_an_answer(data: bytes) -> None:
    for given_ in (data, b"RIFF\0\0\0\0WAVE" + data, header(0)[:36] + data):
        head = read_head(given_)
        if head is not None:
            assert 0 <= sound_in(head, len(given_))[0] <= len(given_)


def test_other_chunks_and_other_formats() -> None:
    plain = header(4)
    listed = plain[:12] + b"LIST\x03\0\0\0abc\0" + plain[12:] + b"\1\2\3\4"
    head = read_head(listed)
    assert head is not None and head.data_at == 56 and sound_in(head, len(listed)) == (4, True)
    assert read_head(plain[:12] + plain[36:]) is None, "sound before its format"
    assert read_head(plain[:20] + b"\x31\0" + plain[22:]) is None, "GSM in a WAV"
    assert read_head(plain[:16] + b"\x08\0\0\0" + plain[20:]) is None, "half a format"


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 400)), max_size=8), st.integers(1, 999))
@tries(60, 1_000)
def test_stretches_of_nothing_in_pieces_of_any_size(parts: list[tuple[bool, int]], piece: int) -> None:
    head = read_head(header(0))
    assert head is not None
    sound = b"".join((bytes(320) if quiet else b"\1" * 320) * blocks for quiet, blocks in parts)
    expected, at = [], 0
    merged: list[tuple[bool, int]] = []
    for quiet, blocks in parts:
        if merged and merged[-1][0] == quiet:
            merged[-1] = (quiet, merged[-1][1] + blocks)
        else:
            merged.append((quiet, blocks))
    for quiet, blocks in merged:
        if quiet and blocks * 20 >= 5_000:
            expected.append((at * 20, blocks * 20))
        at += blocks
    size = piece * 7
    assert silences(head, [sound[n : n + size] for n in range(0, len(sound), size)]) == tuple(expected)
