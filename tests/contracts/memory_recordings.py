"""Recordings that lie in memory, for tests of what uses them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from dispatch_core.domain.recorded import RecordedFile
from dispatch_core.ports import RecordingUnreadable, Sound
from telephony.recordings.wav import Head, milliseconds, read_head, silences, sound_in


def header(sound: int, rate: int = 8_000) -> bytes:
    """44 bytes as Asterisk writes them; ``sound`` 0 while it still records."""
    size = (36 + sound if sound else 0).to_bytes(4, "little")
    form = b"".join(
        value.to_bytes(width, "little")
        for value, width in ((16, 4), (1, 2), (1, 2), (rate, 4), (2 * rate, 4), (2, 2), (16, 2))
    )
    return b"RIFF" + size + b"WAVEfmt " + form + b"data" + sound.to_bytes(4, "little")


class MemoryRecordings:
    def __init__(self) -> None:
        self.files: dict[tuple[str, str], bytes] = {}

    def put(self, node: str, file: str, data: bytes) -> None:
        self.files[node, file] = data

    def look(self, node: str, file: str) -> Sound | None:
        found = self._found(node, file)
        if found is None:
            return None
        head = self._head(found, file)
        sound, final = sound_in(head, len(found))
        return Sound(rate=head.rate, channels=head.channels, width=head.width, bytes=sound, final=final)

    def read(self, node: str, file: str, start: int, length: int) -> bytes:
        found = self._found(node, file)
        if found is None:
            raise RecordingUnreadable(file, "không còn", "gone")
        head = self._head(found, file)
        sound = found[head.data_at :][: sound_in(head, len(found))[0]]
        return sound[max(0, start) : max(0, start) + max(0, length)]

    def sum(self, node: str, file: str) -> RecordedFile:
        name, found = file.rpartition("/")[2], self._found(node, file)
        if found is None:
            return RecordedFile(file=name, found=False)
        told = {"file": name, "bytes": len(found), "sha256": hashlib.sha256(found).hexdigest()}
        head = read_head(found)
        if head is None:
            return RecordedFile(**told, readable=False)  # type: ignore[arg-type]
        sound, final = sound_in(head, len(found))
        quiet = silences(head, [found[head.data_at :]])
        return RecordedFile(**told, ms=milliseconds(head, sound), final=final, silences=quiet)  # type: ignore[arg-type]

    def pieces(self, node: str, file: str) -> Iterator[bytes]:
        found = self._found(node, file)
        yield from () if found is None else (found[:1000], found[1000:])

    def remove(self, node: str, file: str) -> bool:
        return self.files.pop((node, file.rpartition("/")[2]), None) is not None

    def _found(self, node: str, file: str) -> bytes | None:
        return self.files.get((node, file.rpartition("/")[2]))

    @staticmethod
    def _head(found: bytes, file: str) -> Head:
        head = read_head(found)
        if head is None:
            raise RecordingUnreadable(file, "không phải WAV", "no WAV")
        return head
