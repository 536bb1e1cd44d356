"""Versions of the map on disk: each in a folder of its own, one of them in force.

    map_dir/v000007/manifest.json, roads.npz, ...
    map_dir/current                 the number of the version in force

A version is complete before its folder has that name, and the flip is one rename: a reader sees the old or the new,
never half of either.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Struct

from dispatch_core.domain.vocabulary import Instant, MapRef
from gis.errors import MapImportError

VERSIONS_KEPT = 5
"""With the one in force, for going back."""

MANIFEST = "manifest.json"
CURRENT = "current"
_FOLDER = re.compile(r"v(\d{6,})")
_ASIDE = ".importing-"


class FileSum(Struct, frozen=True):
    bytes: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What a version was made of and holds. ``bounds``: south, west, north, east of its streets; ``dated``: of the
    newest thing in the data, ``made_at``: of the import."""

    version: int
    name: str
    source: str
    sha256: str
    dated: Instant
    made_at: Instant
    bounds: tuple[float, float, float, float]
    counts: dict[str, int] = {}
    files: dict[str, FileSum] = {}


@dataclass(frozen=True, slots=True)
class MapVersion:
    folder: Path
    manifest: Manifest

    @property
    def version(self) -> int:
        return self.manifest.version

    @property
    def ref(self) -> MapRef:
        it = self.manifest
        return MapRef(name=it.name, version=it.version, dated=it.dated, counts=it.counts)

    def part(self, file: str) -> Path | None:
        """A file of the version; None where it was made without."""
        return self.folder / file if file in self.manifest.files else None


def file_sum(file: Path) -> FileSum:
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    return FileSum(file.stat().st_size, found)


class MapVersions:
    """The folder of one site. Readers need no lock; who changes it holds ``alone``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def numbers(self) -> list[int]:
        """Of the versions that are there, oldest first."""
        if not self.folder.is_dir():
            return []
        found = (_FOLDER.fullmatch(it.name) for it in self.folder.iterdir())
        return sorted(int(it[1]) for it in found if it)

    def current(self) -> int:
        """The number of the version in force, 0 where there is none. Raises MapImportError for an unreadable mark."""
        file = self.folder / CURRENT
        try:
            return int(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return 0
        except (OSError, ValueError) as problem:
            raise MapImportError(
                "map_current",
                f"Không đọc được {file}: {problem}; chạy “dispatch map rollback SỐ” để chọn lại một bản.",
                f"Cannot read {file}: {problem}; “dispatch map rollback NUMBER” chooses a version again.",
                file=str(file),
            ) from None

    def serving(self) -> Manifest | None:
        """Of the version in force; None where there is none that can be read."""
        try:
            number = self.current()
            return self.load(number).manifest if number else None
        except MapImportError:
            return None

    def load(self, number: int) -> MapVersion:
        """Its manifest. Raises MapImportError where the version is not there or cannot be read."""
        folder = self.folder / f"v{number:06d}"
        try:
            manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        except (OSError, msgspec.DecodeError) as problem:
            known = ", ".join(map(str, self.numbers())) or "—"
            raise MapImportError(
                "map_version",
                f"Không đọc được bản đồ số {number} ({folder}: {problem}); các bản đang có: {known}.",
                f"Cannot read map version {number} ({folder}: {problem}); versions that are there: {known}.",
                file=str(folder),
            ) from None
        return MapVersion(folder, manifest)

    def faults(self, version: MapVersion) -> Sequence[str]:
        """Files that are gone or are not what was built."""
        found = []
        for name, known in sorted(version.manifest.files.items()):
            file = version.folder / name
            if not file.is_file() or file_sum(file) != known:
                found.append(name)
        return found

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else imports or goes back meanwhile. Raises MapImportError where somebody does, and where the folder
        takes no files: a full disk, another's folder."""
        try:
            with self._locked():
                yield
        except OSError as problem:
            raise MapImportError(
                "map_folder",
                f"Không ghi được vào {self.folder} ({problem}); xem đĩa còn chỗ không, quyền của thư mục. Bản đồ đang"
                " dùng vẫn giữ nguyên.",
                f"{self.folder} cannot be written ({problem}); see whether the disk has room and who owns the folder."
                " The map in force stays.",
                file=str(self.folder),
            ) from problem

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise MapImportError(
                    "map_busy",
                    f"Đang có người nhập bản đồ vào {self.folder}; chờ xong rồi làm lại.",
                    f"Somebody is importing a map into {self.folder}; wait until that is done, then try again.",
                    file=str(self.folder),
                ) from None
            yield

    def aside(self) -> Path:
        """An empty folder to build in; what a crash left of others is removed."""
        for left in self.folder.glob(f"{_ASIDE}*"):
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        folder = self.folder / f"{_ASIDE}{os.getpid()}"
        folder.mkdir()
        return folder

    def next_number(self) -> int:
        return max([0, *self.numbers()]) + 1

    def publish(self, built: Path, manifest: Manifest) -> MapVersion:
        """Take what was built aside as a version and put it in force; the oldest beyond ``VERSIONS_KEPT`` go."""
        (built / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        for file in built.iterdir():
            _sync(file)
        _sync(built)
        folder = self.folder / f"v{manifest.version:06d}"
        os.rename(built, folder)
        self.put_in_force(manifest.version)
        for number in self.numbers()[:-VERSIONS_KEPT]:
            if number != manifest.version:
                shutil.rmtree(self.folder / f"v{number:06d}", ignore_errors=True)
        return MapVersion(folder, manifest)

    def put_in_force(self, number: int) -> None:
        new = self.folder / f".{CURRENT}.new"
        new.write_text(f"{number}\n", encoding="utf-8")
        _sync(new)
        os.replace(new, self.folder / CURRENT)
        _sync(self.folder)

    def go_back(self, number: int = 0) -> MapVersion:
        """Put version ``number`` in force, 0: the newest before the one in force. Raises MapImportError."""
        if not number:
            now = self.current()
            older = [it for it in self.numbers() if it < now]
            if not older:
                raise MapImportError(
                    "map_no_older",
                    "Không còn bản đồ nào cũ hơn để quay lại.",
                    "There is no older map to go back to.",
                )
            number = older[-1]
        version = self.load(number)
        faults = self.faults(version)
        if faults:
            raise damaged(version, faults)
        self.put_in_force(number)
        return version


def damaged(version: MapVersion, files: Sequence[str]) -> MapImportError:
    names = ", ".join(files)
    return MapImportError(
        "map_damaged",
        f"Bản đồ số {version.version} bị hỏng: {names}; hãy nhập lại từ tệp gốc.",
        f"Map version {version.version} is damaged: {names}; import it again from its source.",
        file=str(version.folder),
    )


def sums(folder: Path) -> Mapping[str, FileSum]:
    return {file.name: file_sum(file) for file in sorted(folder.iterdir()) if file.is_file()}


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
