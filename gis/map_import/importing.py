"""Make a new version of the map out of a file and put it in force, or change nothing."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from dispatch_core.domain.plain_text import one_line
from dispatch_core.domain.vocabulary import Instant
from gis.map_import.builders import BUILDERS, Build, Say, builder
from gis.map_import.source import prove
from gis.map_import.versions import Manifest, MapVersion, MapVersions, sums

NAME_LIMIT = 60


def import_map(
    source: Path,
    versions: MapVersions,
    say: Say,
    at: Instant,
    name: str = "",
    builders: Mapping[str, Build] | None = None,
) -> MapVersion:
    """Raises MapImportError; whatever goes wrong, the version in force stays. ``builders`` instead of all of them."""
    parts = builders if builders is not None else {part: builder(part) for part in BUILDERS}
    with versions.alone():
        proven = prove(source, say)
        say(f"{proven.streets} con đường / streets")
        aside = versions.aside()
        try:
            counts = {"streets": proven.streets}
            for part, build in parts.items():
                say(f"dựng / building: {part}")
                counts |= build(source, aside, say)
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
