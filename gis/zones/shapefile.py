"""Where a Shapefile's parts are: beside each other, or in one zip. A part that is missing is named."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gis.errors import ZoneFileError
from gis.zones.source_table import broken

NEEDED = (".shx", ".dbf")
MAX_UNPACKED = 512 * 1024 * 1024
MAX_MEMBERS = 1_000
_MAGIC = b"\x00\x00\x27\x0a"
_SHX_HEAD, _SHX_ROW = 100, 8
_HEAD = 32  # bytes of a .dbf that tell how many rows it has
_CPG_MOST = 100


@dataclass(frozen=True, slots=True)
class Shapefile:
    """``opened`` is what GDAL opens; ``cpg``: what the .cpg says of the texts, "" where there is none; ``rows``: of the
    .shx and of the .dbf."""

    opened: str
    stem: str
    cpg: str
    rows: int


@dataclass(frozen=True, slots=True)
class _Parts:
    """Reads the beginning of a part by its ending; ``sizes``: bytes by ending."""

    path: Path
    stem: str
    sizes: Mapping[str, int]
    begin: Callable[[str, int], bytes]

    def cpg(self) -> str:
        return self.begin(".cpg", _CPG_MOST).decode("utf-8", "replace").strip() if ".cpg" in self.sizes else ""

    def rows(self) -> int:
        """Raises ZoneFileError where the parts are not those of one Shapefile."""
        if self.begin(".shp", len(_MAGIC)) != _MAGIC:
            raise broken(self.path, f"{self.stem}.shp ≠ Shapefile")
        shapes = (self.sizes[".shx"] - _SHX_HEAD) // _SHX_ROW
        rows = int.from_bytes(self.begin(".dbf", _HEAD)[4:8], "little")
        if shapes == rows:
            return rows
        raise ZoneFileError(
            "zone_file.parts_differ",
            f"Shapefile {self.path}: {self.stem}.shx có {shapes} hình nhưng {self.stem}.dbf có {rows} dòng; các tệp"
            " không cùng một lần xuất, hãy xuất lại.",
            f"The Shapefile {self.path}: {self.stem}.shx has {shapes} shapes and {self.stem}.dbf {rows} rows; they are"
            " not of one export, export it again.",
            file=str(self.path),
        )


def shapefile_in(path: Path, layer: str | None) -> Shapefile:
    """The Shapefile at ``path``, or in the zip there (``layer`` names one of several). Raises ``ZoneFileError``."""
    if path.suffix.lower() == ".zip":
        return _in_zip(path, layer)
    beside = {it.suffix.lower(): it for it in path.parent.iterdir() if it.stem == path.stem and it.is_file()}
    _whole(path, path.stem, beside)

    def begin(suffix: str, count: int) -> bytes:
        try:
            with beside[suffix].open("rb") as opened:
                return opened.read(count)
        except OSError as error:
            raise broken(beside[suffix], str(error.strerror)) from error

    parts = _Parts(path, path.stem, {suffix: it.stat().st_size for suffix, it in beside.items()}, begin)
    return Shapefile(str(path), path.stem, parts.cpg(), parts.rows())


def _in_zip(path: Path, layer: str | None) -> Shapefile:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise broken(path, str(error)) from error
    size = sum(it.file_size for it in members)
    if size > MAX_UNPACKED or len(members) > MAX_MEMBERS:
        raise ZoneFileError(
            "zone_file.too_big",
            f"Tệp {path} bung ra {size} byte trong {len(members)} tệp, quá giới hạn; hãy chỉ nén lớp địa bàn.",
            f"{path} unpacks to {size} bytes in {len(members)} files, over the limit; zip the layer of zones alone.",
            file=str(path),
        )
    named = {PurePosixPath(it.filename): it for it in members}
    inside = [it for it in named if not it.name.startswith("._")]  # what a Mac adds
    shapes = [it for it in inside if it.suffix.lower() == ".shp" and layer in (None, it.stem)]
    if len(shapes) != 1:
        names = ", ".join(sorted(it.stem for it in inside if it.suffix.lower() == ".shp")) or "-"
        raise ZoneFileError(
            "zone_file.layer",
            f"Tệp {path} cần đúng một Shapefile; trong đó có: {names}. Hãy ghi rõ lớp nào bằng --layer.",
            f"{path} must have one Shapefile; there are: {names}. Say which one with --layer.",
            file=str(path),
            field="layer",
        )
    shape = shapes[0]
    beside = {it.suffix.lower(): named[it] for it in inside if it.parent == shape.parent and it.stem == shape.stem}
    _whole(path, shape.stem, beside)

    def begin(suffix: str, count: int) -> bytes:
        try:
            with zipfile.ZipFile(path) as archive, archive.open(beside[suffix]) as opened:
                return opened.read(count)
        except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError) as error:
            raise broken(path, f"{shape.stem}{suffix}: {error}") from error

    parts = _Parts(path, shape.stem, {suffix: it.file_size for suffix, it in beside.items()}, begin)
    return Shapefile(f"/vsizip/{path.resolve()}/{shape}", shape.stem, parts.cpg(), parts.rows())


def _whole(path: Path, stem: str, beside: Collection[str]) -> None:
    missing = [f"{stem}{suffix}" for suffix in NEEDED if suffix not in beside]
    if missing:
        raise ZoneFileError(
            "zone_file.parts",
            f"Shapefile {path} thiếu {', '.join(missing)}; hãy chép đủ các tệp .shp, .shx, .dbf, .prj.",
            f"The Shapefile {path} lacks {', '.join(missing)}; copy all of .shp, .shx, .dbf and .prj.",
            file=str(path),
        )
