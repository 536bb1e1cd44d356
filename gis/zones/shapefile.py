"""Where a Shapefile's parts are: beside each other, or in one zip. A part that is missing is named."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gis.errors import ZoneFileError

NEEDED = (".shx", ".dbf")
MAX_UNPACKED = 512 * 1024 * 1024
MAX_MEMBERS = 1_000


@dataclass(frozen=True, slots=True)
class Shapefile:
    """``opened`` is what GDAL opens."""

    opened: str
    stem: str
    has_cpg: bool


def shapefile_in(path: Path, layer: str | None) -> Shapefile:
    """The Shapefile at ``path``, or in the zip there (``layer`` names one of several). Raises ``ZoneFileError``."""
    if path.suffix.lower() == ".zip":
        return _in_zip(path, layer)
    beside = {it.suffix.lower() for it in path.parent.iterdir() if it.stem == path.stem}
    _whole(path, path.stem, beside)
    return Shapefile(str(path), path.stem, ".cpg" in beside)


def _in_zip(path: Path, layer: str | None) -> Shapefile:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise ZoneFileError(
            "zone_file.broken",
            f"Tệp {path} hỏng hoặc bị ghi dở ({error}); hãy chép hoặc nén lại.",
            f"{path} is damaged or half written ({error}); copy or zip it again.",
            file=str(path),
        ) from error
    size = sum(it.file_size for it in members)
    if size > MAX_UNPACKED or len(members) > MAX_MEMBERS:
        raise ZoneFileError(
            "zone_file.too_big",
            f"Tệp {path} bung ra {size} byte trong {len(members)} tệp, quá giới hạn; hãy chỉ nén lớp địa bàn.",
            f"{path} unpacks to {size} bytes in {len(members)} files, over the limit; zip the layer of zones alone.",
            file=str(path),
        )
    inside = [PurePosixPath(it.filename) for it in members]
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
    beside = {it.suffix.lower() for it in inside if it.parent == shape.parent and it.stem == shape.stem}
    _whole(path, shape.stem, beside)
    return Shapefile(f"/vsizip/{path.resolve()}/{shape}", shape.stem, ".cpg" in beside)


def _whole(path: Path, stem: str, beside: set[str]) -> None:
    missing = [f"{stem}{suffix}" for suffix in NEEDED if suffix not in beside]
    if missing:
        raise ZoneFileError(
            "zone_file.parts",
            f"Shapefile {path} thiếu {', '.join(missing)}; hãy chép đủ các tệp .shp, .shx, .dbf, .prj.",
            f"The Shapefile {path} lacks {', '.join(missing)}; copy all of .shp, .shx, .dbf and .prj.",
            file=str(path),
        )
