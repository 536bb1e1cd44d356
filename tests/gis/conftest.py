"""Real wards where the shared data is present, and tables of the demonstration site."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gis.zones.file import RawZones, read_zone_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def demo_data() -> Path:
    return ROOT / "scripts" / "demo_data"


@pytest.fixture(scope="session")
def real_wards() -> RawZones:
    """The official wards of 2025 as published; they are not part of the product."""
    folder = Path(os.environ.get("DISPATCH_SHARED_DATA", ROOT.parent / "shared" / "data"))
    path = folder / "hcmc_wards_2025_raw.gpkg"
    if not path.is_file():
        pytest.skip(f"the real wards are not here ({path}); DISPATCH_SHARED_DATA names their folder")
    return read_zone_file(path)
