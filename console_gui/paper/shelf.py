"""The files on this machine's disk: written whole or not at all, readable by the person alone, so many and no more."""

from __future__ import annotations

import os
from pathlib import Path

PARTS = (".pdf", ".html", ".txt")


def put(folder: Path, name: str, parts: dict[str, bytes]) -> Path:
    """Write one sheet in its forms; gives the first of them. Raises OSError, and leaves nothing half written."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for suffix, data in parts.items():
        _put(folder / (name + suffix), data)
    return folder / (name + next(iter(parts)))


def prune(folder: Path, keep: int, most_bytes: int) -> None:
    """The newest ``keep`` sheets stay, fewer where they are larger than ``most_bytes`` together; the newest always."""
    sheets: dict[str, list[Path]] = {}
    for file in sorted(folder.iterdir(), key=lambda it: it.stat().st_mtime, reverse=True):
        if file.suffix in PARTS:
            sheets.setdefault(file.stem, []).append(file)
        elif file.suffix == ".new":
            file.unlink(missing_ok=True)  # of a worker that was killed
    total = 0
    for place, files in enumerate(sheets.values()):
        total += sum(it.stat().st_size for it in files)
        if place and (place >= keep or total > most_bytes):
            for file in files:
                file.unlink(missing_ok=True)


def _put(file: Path, data: bytes) -> None:
    new = file.with_name(file.name + ".new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as there:
            there.write(data)
            there.flush()
            os.fsync(there.fileno())  # it is for the night when this machine fails too
        new.replace(file)
    except OSError:
        new.unlink(missing_ok=True)
        raise
