"""The archives of streets on this machine's disk: fetched from the core part by part, kept for the next start.

Guards: a part is asked for only when the one before has come, so other questions pass between; what came is used only
when its sum is right; while the core is away the archive of before goes on, also at the next start.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from console_gui.core_client import CoreClient
from console_gui.map.streets.limits import ARCHIVE_BYTES_MOST, ARCHIVES_KEPT, FETCH_AGAIN_S, PART_BYTES
from dispatch_core.domain.errors import DispatchError
from dispatch_core.wire.https_client import CoreRefused

log = logging.getLogger(__name__)

NOT_THERE, NOTHING_THERE = 404, 416
_KEPT = re.compile(r"(\d+)-([0-9a-f]{64})\.pmtiles")


class Asks(Protocol):
    """``Questions`` of the console."""

    def ask(
        self, question: Callable[[CoreClient], Any], answer: Callable[[Any, DispatchError | None], None]
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: ``file`` when it is whole, else so many of so many bytes."""

    file: Path | None
    have: int = 0
    total: int = 0


class Library(QObject):
    """``follow`` a version; ``ready`` tells the archive to use, ``changed`` that ``share`` or ``problem`` did."""

    ready = Signal(str)
    changed = Signal()

    def __init__(self, folder: Path, questions: Asks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder, self._questions = folder, questions
        self._version = 0
        self._asked = False
        self.file = ""
        self.missing = False
        """The version in force has no streets."""
        self.share: float | None = None
        """Of the archive that is being fetched, how much is here; None where nothing is fetched."""
        self.problem: DispatchError | None = None

    def follow(self, version: int) -> None:
        """0 for none. What is shown stays until the new one is whole."""
        if version == self._version:
            return
        self._version, self.missing, self.problem, self.share = version, False, None, None
        if version:
            self._ask()
        else:
            self._use("")
        self.changed.emit()

    @property
    def following(self) -> int:
        """The version that is wanted here, 0 for none."""
        return self._version

    def _ask(self) -> None:
        if self._asked or not self._version:
            return
        self._asked = True
        self._questions.ask(partial(_step, self._folder, self._version), partial(self._came, self._version))

    def _came(self, version: int, step: Step | None, problem: DispatchError | None) -> None:
        self._asked = False
        if version != self._version:
            self._ask()
        elif problem is not None:
            self._failed(problem)
        elif step is not None and step.file is not None:
            self.share, self.problem = None, None
            self._use(str(step.file))
        elif step is not None:
            self.share, self.problem = step.have / max(1, step.total), None
            self._ask()
        self.changed.emit()

    def _failed(self, problem: DispatchError) -> None:
        """The archive of this version that is here already does; else it is asked for again."""
        self.missing = isinstance(problem, CoreRefused) and problem.status == NOT_THERE
        self.problem, self.share = problem, None
        kept = kept_of(self._folder, self._version)
        if kept is not None:
            self._use(str(kept))
        QTimer.singleShot(int(FETCH_AGAIN_S * 1000), self, self._ask)

    def _use(self, file: str) -> None:
        if file != self.file:
            self.file = file
            self.ready.emit(file)


def kept_of(folder: Path, version: int) -> Path | None:
    """The newest whole archive of this version."""
    found = [it for it in _kept(folder) if int(it.name.partition("-")[0]) == version]
    return max(found, key=lambda it: it.stat().st_mtime, default=None)


def _kept(folder: Path) -> list[Path]:
    return [it for it in folder.glob("*.pmtiles") if _KEPT.fullmatch(it.name)] if folder.is_dir() else []


def _step(folder: Path, version: int, client: CoreClient) -> Step:
    """In the thread of questions: one part more, or the whole file. Raises DispatchError."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beginnings = sorted(folder.glob(f"{version}-*.part"))
        growing = beginnings[0] if beginnings else None
        have = growing.stat().st_size if growing is not None else 0
        try:
            known = growing is None and kept_of(folder, version) is not None
            part = client.streets(version, have, 1 if known else PART_BYTES)  # one byte tells whether it is the same
        except CoreRefused as no:
            if no.status != NOTHING_THERE or growing is None:
                raise
            growing.unlink()  # it is longer than what the core has: begin again
            return Step(None)
        if not re.fullmatch(r"[0-9a-f]{64}", part.sha256) or not 0 < part.total <= ARCHIVE_BYTES_MOST:
            raise _wrong("tên hoặc độ dài không hợp lệ", "its name or length is not valid")
        whole = folder / f"{version}-{part.sha256}.pmtiles"
        if have == 0 and whole.is_file() and whole.stat().st_size == part.total and _sum(whole) == part.sha256:
            _forget_others(folder, whole)
            return Step(whole)
        return _grow(folder, version, growing, have, part.total, part.sha256, part.data)
    except OSError as problem:
        raise _wrong(f"ổ đĩa: {problem.strerror}", f"the disk: {problem.strerror}") from problem


def _grow(
    folder: Path, version: int, growing: Path | None, have: int, total: int, sha256: str, data: bytes
) -> Step:
    named = folder / f"{version}-{sha256}.part"
    if growing is not None and growing != named:
        growing.unlink()  # of another archive: begin again
        return Step(None, 0, total)
    if not data or have + len(data) > total:
        named.unlink(missing_ok=True)
        raise _wrong("đoạn nhận được sai độ dài", "a part of the wrong length")
    handle = os.open(named, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.pwrite(handle, data, have)  # two consoles of one person write the same at the same place
    finally:
        os.close(handle)
    have += len(data)
    if have < total:
        return Step(None, have, total)
    if _sum(named) != sha256:
        named.unlink()
        raise _wrong("sai tổng kiểm", "its sum is wrong")
    whole = named.with_suffix(".pmtiles")
    with named.open("rb") as file:
        os.fsync(file.fileno())
    named.replace(whole)
    _forget_others(folder, whole)
    return Step(whole)


def _forget_others(folder: Path, newest: Path) -> None:
    """Of the whole ones the newest stay; what was begun of others goes."""
    others = sorted((it for it in _kept(folder) if it != newest), key=lambda it: it.stat().st_mtime, reverse=True)
    for old in (*others[ARCHIVES_KEPT - 1 :], *folder.glob("*.part")):
        old.unlink(missing_ok=True)


def _sum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _wrong(vi: str, en: str) -> DispatchError:
    return DispatchError(
        "streets_not_kept",
        f"Không lưu được bản đồ đường phố về máy này ({vi}).",
        f"The streets' map cannot be kept on this machine ({en}).",
    )
