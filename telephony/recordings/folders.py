"""The folders into which the nodes record, one for each node (where nodes run elsewhere: mounted here).

Guarded here: of what is asked for only the last part of a path counts, it must look like a recording's name, and a
symbolic link is not followed; so nothing outside a node's folder is ever read or removed. Every method blocks.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from dispatch_core.domain.recorded import SILENCES_MOST, RecordedFile
from dispatch_core.ports import RecordingUnreadable, Sound
from telephony.recordings.wav import HEAD_BYTES, Head, Silences, milliseconds, read_head, sound_in

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,150}\.(?:wav|WAV|gsm)")
PIECE = 256 * 1024


class RecordingFolders:
    """See `ports.RecordingFiles`. `folders`: node to its directory."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = dict(folders)

    def reaches(self, node: str) -> bool:
        return node in self._folders and self._folders[node].is_dir()

    def look(self, node: str, file: str) -> Sound | None:
        with self._opened(node, file) as opened:
            if opened is None:
                return None
            head, size = _head(opened, file)
            sound, final = sound_in(head, size)
            return Sound(rate=head.rate, channels=head.channels, width=head.width, bytes=sound, final=final)

    def read(self, node: str, file: str, start: int, length: int) -> bytes:
        with self._opened(node, file) as opened:
            if opened is None:
                raise RecordingUnreadable(file, "không còn tệp", "it is gone")
            head, size = _head(opened, file)
            sound, _ = sound_in(head, size)
            opened.seek(head.data_at + max(0, start))
            return opened.read(max(0, min(length, sound - max(0, start))))

    def sum(self, node: str, file: str) -> RecordedFile:
        name = file_name(file)
        with self._opened(node, file) as opened:
            if opened is None:
                return RecordedFile(file=name, found=False)
            digest, count, finder = hashlib.sha256(), 0, None
            first = opened.read(HEAD_BYTES)
            head = read_head(first)
            if head is not None and head.width == 2:
                finder = Silences(head)
                finder.take(first[head.data_at :])
            piece = first
            while piece:
                digest.update(piece)
                count += len(piece)
                piece = opened.read(PIECE)
                if finder is not None:
                    finder.take(piece)
        if head is None:
            return RecordedFile(
                file=name, readable=not name.endswith(".wav"), bytes=count, sha256=digest.hexdigest()
            )
        sound, final = sound_in(head, count)
        return RecordedFile(
            file=name,
            final=final,
            bytes=count,
            ms=milliseconds(head, sound),
            sha256=digest.hexdigest(),
            silences=finder.ended()[:SILENCES_MOST] if finder is not None else (),
        )

    def pieces(self, node: str, file: str) -> Iterator[bytes]:
        with self._opened(node, file) as opened:
            while opened is not None and (piece := opened.read(PIECE)):
                yield piece

    def remove(self, node: str, file: str) -> bool:
        path = self._path(node, file)
        try:
            if path is None or not stat.S_ISREG(path.lstat().st_mode):
                return False
            path.unlink()
        except FileNotFoundError:
            return False
        except OSError as problem:
            raise RecordingUnreadable(file, problem.strerror or "", problem.strerror or "") from problem
        return True

    # --- within -------------------------------------------------------------------------------------------------------

    def _path(self, node: str, file: str) -> Path | None:
        folder, name = self._folders.get(node), file_name(file)
        return folder / name if folder is not None and NAME.fullmatch(name) else None

    def _opened(self, node: str, file: str) -> _Opened:
        return _Opened(self._path(node, file), file)


class _Opened:
    """The open file, None where there is none."""

    def __init__(self, path: Path | None, asked: str) -> None:
        self._path, self._asked = path, asked
        self._file: BinaryIO | None = None

    def __enter__(self) -> BinaryIO | None:
        if self._path is None:
            return None
        try:
            number = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise RecordingUnreadable(self._asked, problem.strerror or "", problem.strerror or "") from problem
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            return None
        self._file = os.fdopen(number, "rb")
        return self._file

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


def file_name(file: str) -> str:
    """The last part of a path, whichever machine's it is."""
    return file.replace("\\", "/").rpartition("/")[2]


def _head(opened: BinaryIO, file: str) -> tuple[Head, int]:
    """The header and the size of the file. Raises RecordingUnreadable."""
    size = os.fstat(opened.fileno()).st_size
    head = read_head(opened.read(HEAD_BYTES))
    if head is None:
        raise RecordingUnreadable(
            file,
            "không phải WAV; đặt format = \"wav\" ở phần [recording] của site.toml để nghe được",
            'it is no WAV; set format = "wav" in [recording] of site.toml to be able to listen',
        )
    return head, size
