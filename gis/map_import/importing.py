"""Make a new version of the map out of a file and put it in force, or change nothing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from dispatch_core.domain.plain_text import one_line
from dispatch_core.domain.vocabulary import Instant
from gis.errors import MapImportError
from gis.map_import.builders import BUILDERS, Build, Say, builder
from gis.map_import.judged import judge
from gis.map_import.source import prove
from gis.map_import.versions import Manifest, MapVersion, MapVersions, file_sum, sums

NAME_LIMIT = 60


def import_map(
    source: Path,
    versions: MapVersions,
    say: Say,
    at: Instant,
    name: str = "",
    builders: Mapping[str, Build] | None = None,
    *,
    anyway: bool = False,
) -> MapVersion:
    """Raises DispatchError; whatever goes wrong, the version in force stays. ``builders`` instead of all of them;
    ``anyway``: also another city's, a smaller or an older one than that in force."""
    parts = builders if builders is not None else {part: builder(part) for part in BUILDERS}
    with versions.alone():
        proven = prove(source, say)
        if not anyway:
            judge(proven, versions.serving())
        say(f"{proven.streets} con đường / streets")
        aside = versions.aside()
        try:
            counts = {"streets": proven.streets}
            for part, build in parts.items():
                say(f"dựng / building: {part}")
                counts |= _built(build, source, aside, say)
            if file_sum(source).sha256 != proven.sha256:
                raise _changed(source)
            manifest = Manifest(
                version=versions.next_number(),
                name=one_line(name.strip() or source.name.removesuffix(".pbf").removesuffix(".osm"), NAME_LIMIT),
                source=source.name,
                sha256=proven.sha256,
                dated=proven.dated,
                made_at=at,
                bounds=proven.bounds,
                counts=counts,
                files=dict(sums(aside)),
            )
            return versions.publish(aside, manifest)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _built(build: Build, source: Path, aside: Path, say: Say) -> Mapping[str, int]:
    try:
        return build(source, aside, say)
    # The file's own libraries, of data that they cannot take: RuntimeError and ValueError are pyosmium's.
    except (sqlite3.Error, RuntimeError, ValueError, OverflowError, MemoryError) as problem:
        raise MapImportError(
            "map_not_built",
            f"Không dựng được bản đồ từ {source} ({type(problem).__name__}: {problem}); xem còn đủ đĩa, bộ nhớ không,"
            " hoặc tải lại tệp. Bản đồ đang dùng vẫn giữ nguyên.",
            f"No map can be built from {source} ({type(problem).__name__}: {problem}); see whether disk and memory"
            " suffice, or download the file again. The map in force stays.",
            file=str(source),
        ) from problem


def _changed(source: Path) -> MapImportError:
    return MapImportError(
        "map_changed",
        f"{source} thay đổi trong lúc nhập, có lẽ vẫn đang tải; chờ tải xong rồi nhập lại. Bản đồ đang dùng vẫn giữ"
        " nguyên.",
        f"{source} changed while it was imported, it is probably still being downloaded; wait for it, then import it"
        " again. The map in force stays.",
        file=str(source),
    )
