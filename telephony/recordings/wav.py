"""A WAV file that may still be growing: where its sound begins and how much of it is there. Pure.

Asterisk writes the header with lengths of 0 and puts the true ones in when it closes the file; until then sound arrives
on disk in blocks of 32 KiB (2 s). Guarded here: any bytes give an answer, and never more sound than there is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

HEAD_BYTES = 4_096
"""The sound begins within these; a header with more before it is none of Asterisk's."""

PCM = 1
BLOCK_MS = 20
SILENCE_MS = 5_000
"""Without a single sample other than 0 for this long, nobody sent anything: even a quiet line is not exactly 0."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the header says. `data_at`: where the sound begins; `told`: its bytes, 0 while nobody knows."""

    rate: int
    channels: int
    width: int  # bytes of one sample
    data_at: int
    told: int

    @property
    def frame(self) -> int:
        """Bytes of one moment of all channels."""
        return self.channels * self.width


def read_head(data: bytes) -> Head | None:
    """The header in the first bytes of a file; None where it is not (yet) there or not of linear PCM."""
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    at, format_ = 12, None
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name == b"data":
            if format_ is None:
                return None
            rate, channels, width = format_
            return Head(rate, channels, width, at + 8, size)
        if name == b"fmt ":
            if size < 16 or at + 24 > len(data):
                return None
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", data, at + 8)
            if kind != PCM or not channels or not rate or bits not in (8, 16, 24, 32):
                return None
            format_ = (rate, channels, bits // 8)
        at += 8 + size + size % 2
    return None


def sound_in(head: Head, size: int) -> tuple[int, bool]:
    """(bytes of whole frames in a file of `size` bytes, whether its writer has closed it)."""
    there = max(0, size - head.data_at)
    final = there - there % 2 <= head.told + head.told % 2 <= there if head.told else False
    usable = head.told if final else there
    return usable - usable % head.frame, final


def milliseconds(head: Head, sound: int) -> int:
    return sound // head.frame * 1000 // head.rate


class Silences:
    """Finds the stretches of nothing in a stream of 16-bit sound that is given piece by piece."""

    def __init__(self, head: Head) -> None:
        self._block = max(1, head.rate * BLOCK_MS // 1000) * head.frame
        self._nothing = bytes(self._block)
        self._rest = b""
        self._at = 0  # blocks
        self._since: int | None = None
        self.found: list[tuple[int, int]] = []

    def take(self, piece: bytes) -> None:
        data = self._rest + piece
        whole = len(data) - len(data) % self._block
        for start in range(0, whole, self._block):
            if data[start : start + self._block] == self._nothing:
                self._since = self._at if self._since is None else self._since
            else:
                self._end()
            self._at += 1
        self._rest = data[whole:]

    def _end(self) -> None:
        if self._since is not None and (self._at - self._since) * BLOCK_MS >= SILENCE_MS:
            self.found.append((self._since * BLOCK_MS, (self._at - self._since) * BLOCK_MS))
        self._since = None

    def ended(self) -> tuple[tuple[int, int], ...]:
        """(from, length) of each, in milliseconds; nothing is taken after this."""
        self._end()
        return tuple(self.found)


def silences(head: Head, pieces: Iterable[bytes]) -> tuple[tuple[int, int], ...]:
    finder = Silences(head)
    for piece in pieces:
        finder.take(piece)
    return finder.ended()
