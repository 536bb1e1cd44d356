"""An archive of a made-up city's streets, built once as an import builds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.tiles.build import ARCHIVE, build
from scripts.stage.made_city import Extent, write_city

EXTENT = Extent(10.770, 106.685, 10.795, 106.710)
MIDDLE = (10.7825, 106.6975)


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("streets")
    write_city(folder / "city.osm.pbf", EXTENT)
    build(folder / "city.osm.pbf", folder, lambda _: None)
    return folder / ARCHIVE
