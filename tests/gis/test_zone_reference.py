"""Reference systems: Shapefiles and VN-2000 in its variants are read, and what looks wrong is said, not imported."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import CRS, Transformer
from zone_samples import feature, raw, square, write_geojson, write_gpkg

from gis.errors import ZoneFileError
from gis.zones.file import RawZones, ZoneFileOptions, read_zone_file
from gis.zones.gate import ZoneGateRefusal, admit
from gis.zones.reference import TM_3, likely, shifted, vn_2000_for

SQUARES = [square(c, r) for c in range(2) for r in range(2)]
CODES = ["1", "2", "3", "4"]
FIELDS = {"MA_DIA_BAN": CODES, "TEN_DIA_BAN": ["Bến Thành", "Sài Gòn", "Ðông", "Đa Kao"], "TRAM": ["PS01"] * 4}
ESRI_TM3 = (  # as ArcGIS of a surveyor writes it who had no VN-2000: the projection is right, the datum is not
    'PROJCS["{name}",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",105.75],'
    'PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
TOWGS84 = (
    "+proj=tmerc +lat_0=0 +lon_0=105.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +units=m +no_defs +type=crs"
    " +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"
)


def moved(crs: Any, shapes: list[Any] = SQUARES) -> list[Any]:
    way = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return [shapely.transform(it, lambda c: np.column_stack(way.transform(c[:, 0], c[:, 1]))) for it in shapes]


def write_shp(path: Path, shapes: list[Any], crs: str | None, fields: dict[str, list[str]], encoding: str) -> Path:
    pyogrio.raw.write(
        path, geometry=np.array([shapely.to_wkb(it) for it in shapes], dtype=object),
        field_data=[np.array(it, dtype=object) for it in fields.values()], fields=list(fields),
        geometry_type="Polygon", crs=crs, driver="ESRI Shapefile", encoding=encoding,
    )  # fmt: skip
    return path


@pytest.fixture
def shp(tmp_path: Path) -> Path:
    return write_shp(tmp_path / "zones.shp", moved("EPSG:9210"), "EPSG:9210", FIELDS, "UTF-8")


def off(read: RawZones) -> float:
    """Degrees; 1e-5 is a metre, the accuracy of VN-2000."""
    return max(shapely.hausdorff_distance(z.geometry, s) for z, s in zip(read.zones, SQUARES, strict=True))


def codes(path: Path, options: ZoneFileOptions | None = None, **more: Any) -> list[str]:
    with pytest.raises(ZoneGateRefusal) as caught:
        admit(replace(read_zone_file(path, options), **more), service="fire", name="x")
    return [it.code for it in caught.value.report.problems]


def refused(path: Path, options: ZoneFileOptions | None = None) -> ZoneFileError:
    with pytest.raises(ZoneFileError) as caught:
        read_zone_file(path, options)
    assert str(path) in caught.value.vi and str(path) in caught.value.en
    return caught.value


# --- Shapefiles -------------------------------------------------------------------------------------------------------


def test_a_shapefile_with_names_cut_at_ten(shp: Path) -> None:
    read = read_zone_file(shp)
    first, second = [(z.code, z.name, z.station) for z in read.zones][:2]
    assert (first, second) == (("1", "Bến Thành", "PS01"), ("2", "Sài Gòn", "PS01"))
    assert off(read) < 1e-5 and "VN-2000" in read.way and read.doubts == ()


def test_a_shapefile_in_a_zip(shp: Path, tmp_path: Path) -> None:
    archive = tmp_path / "zones.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for part in shp.parent.glob("zones.*"):
            if part != archive:
                out.write(part, f"gói/{part.name}")
    assert [z.name for z in read_zone_file(archive).zones] == [z.name for z in read_zone_file(shp).zones]
    with zipfile.ZipFile(archive, "a") as out:
        out.write(shp, "other.shp")
    error = refused(archive)
    assert error.code == "zone_file.layer" and "other" in error.en and "zones" in error.en
    assert refused(archive, ZoneFileOptions(layer="other")).code == "zone_file.parts"
    archive.write_bytes(archive.read_bytes()[:300])
    assert refused(archive).code == "zone_file.broken"


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_a_part_that_is_missing_is_named(shp: Path, part: str) -> None:
    shp.with_suffix(part).unlink()
    error = refused(shp)
    assert error.code == "zone_file.parts" and f"zones{part}" in error.vi


def test_half_a_shapefile_is_damaged_or_refused(shp: Path) -> None:
    shp.write_bytes(shp.read_bytes()[:200])
    assert refused(shp).code in ("zone_file.broken", "zone_file.geometry")


def test_texts_of_another_encoding_are_asked_for(tmp_path: Path) -> None:
    fields = {"CODE": CODES, "NAME": ["Quận Gò", "Nhà Bè", "Đa Kao", "Tân Định"]}
    path = write_shp(tmp_path / "old.shp", SQUARES, "EPSG:4326", {"CODE": CODES, "NAME": ["Qu\xe2n", "b", "c", "d"]},
                     "cp1252")  # fmt: skip
    path.with_suffix(".cpg").unlink(missing_ok=True)
    error = refused(path)
    assert error.code == "zone_file.encoding" and "--encoding" in error.vi
    assert read_zone_file(path, ZoneFileOptions(encoding="cp1252")).zones[0].name == "Quân"
    assert refused(path, ZoneFileOptions(encoding="nonsense")).code == "zone_file.encoding"
    plain = write_shp(tmp_path / "new.shp", SQUARES, "EPSG:4326", fields, "UTF-8")
    plain.with_suffix(".cpg").unlink()
    assert [z.name for z in read_zone_file(plain).zones] == fields["NAME"]


def test_without_prj_the_figures_say_what_fits(shp: Path) -> None:
    shp.with_suffix(".prj").unlink()
    error = refused(shp)
    assert error.code == "zone_file.no_crs" and "EPSG:9210 (VN-2000 / TM-3 105-45)" in error.en
    assert off(read_zone_file(shp, ZoneFileOptions(crs="EPSG:9210"))) < 1e-5


# --- VN-2000 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [*TM_3.values(), 3405, 3406, 4756])
def test_every_zone_of_vn2000(code: int, tmp_path: Path) -> None:
    path = write_gpkg(tmp_path / "z.gpkg", moved(code), {"code": CODES, "name": CODES}, f"EPSG:{code}")
    read = read_zone_file(path)
    assert off(read) < 1e-5 and read.doubts == ()


def test_the_three_degree_zones_are_what_they_say() -> None:
    for meridian, code in TM_3.items():
        assert vn_2000_for(CRS.from_epsg(code)) == f"EPSG:{code}"
        assert CRS.from_epsg(code).name.startswith("VN-2000"), meridian


def test_parameters_written_into_the_file_are_used(tmp_path: Path) -> None:
    path = write_gpkg(tmp_path / "z.gpkg", moved("EPSG:9210"), {"code": CODES, "name": CODES}, "EPSG:9210")
    read = read_zone_file(path, ZoneFileOptions(crs=TOWGS84))
    assert off(read) < 1e-5 and read.doubts == ()


@pytest.mark.parametrize(
    ("name", "scale"), [("VN_2000_TPHCM", "0.9999"), ("Ban_do_phuong", "0.9999"), ("vn2000", "1.0")]
)
def test_vn2000_drawn_on_wgs84_is_refused(name: str, scale: str, tmp_path: Path) -> None:
    path = write_gpkg(tmp_path / "z.gpkg", moved("EPSG:9210"), {"code": CODES, "name": CODES}, "EPSG:9210")
    wkt = ESRI_TM3.format(name=name, scale=scale)
    assert codes(path, ZoneFileOptions(crs=wkt)) == ["vn2000_without_datum"]
    read = read_zone_file(path, ZoneFileOptions(crs=wkt))
    assert "--crs EPSG:9210" in read.doubts[0].vi
    assert admit(read, service="fire", name="x", trust_crs=True).zones


def test_northing_first_is_refused(tmp_path: Path) -> None:
    turned = [shapely.transform(it, lambda c: c[:, ::-1]) for it in moved("EPSG:3405")]
    path = write_gpkg(tmp_path / "z.gpkg", turned, {"code": CODES, "name": CODES}, "EPSG:3405")
    assert "northing_first" in codes(path)


def test_a_file_of_metres_that_says_degrees_is_told_what_fits(tmp_path: Path) -> None:
    features = [feature(it, code=c, name=c) for it, c in zip(moved(9210), CODES, strict=True)]
    path = write_geojson(tmp_path / "z.geojson", features)
    with pytest.raises(ZoneGateRefusal) as caught:
        admit(read_zone_file(path), service="fire", name="x")
    assert [it.code for it in caught.value.report.problems] == ["projected"]
    assert "EPSG:9210" in caught.value.vi


def test_nothing_fits_nonsense() -> None:
    assert likely(1.0, 1.0) == () and likely(float("nan"), 5.0) == ()


# --- beside the zones that serve --------------------------------------------------------------------------------------

SERVING = dict(zip(CODES, SQUARES, strict=True))


def beside(candidate: list[Any], crs: str = "EPSG:4326") -> list[str]:
    return [it.code for it in shifted(dict(zip(CODES, candidate, strict=True)), SERVING, crs)]


def test_vn2000_in_degrees_read_as_wgs84_is_seen_beside_the_zones_that_serve() -> None:
    candidate = moved("EPSG:4756")
    found = shifted(dict(zip(CODES, candidate, strict=True)), SERVING, "EPSG:4326")
    assert [it.code for it in found] == ["vn2000_read_as_wgs84"]
    assert "EPSG:4756" in found[0].vi
    (utm,) = shifted(dict(zip(CODES, candidate, strict=True)), SERVING, "EPSG:32648")
    assert "--crs EPSG:3405" in utm.en


def test_wgs84_read_as_vn2000_is_seen_too() -> None:
    way = Transformer.from_crs("EPSG:4756", "EPSG:4326", always_xy=True)
    twice = [shapely.transform(it, lambda c: np.column_stack(way.transform(c[:, 0], c[:, 1]))) for it in SQUARES]
    assert beside(twice, "EPSG:4756") == ["wgs84_read_as_vn2000"]


def test_another_shift_is_told_and_none_is_none() -> None:
    assert beside([shapely.transform(it, lambda c: c + (0.0, 0.004)) for it in SQUARES]) == ["all_shifted"]
    assert beside(SQUARES) == []
    assert beside([shapely.transform(it, lambda c: c + 1e-5) for it in SQUARES]) == []
    redrawn = [shapely.buffer(it, 0.001 * (k - 2)) for k, it in enumerate(SQUARES)]
    assert beside(redrawn) == [], "zones that were redrawn say nothing"
    assert shifted({"9": SQUARES[0]}, SERVING, "EPSG:4326") == []


def test_doubts_refuse_a_sound_file() -> None:
    doubted = replace(raw(*SQUARES), doubts=tuple(shifted(dict(zip(CODES, moved(4756), strict=True)), SERVING, "x")))
    with pytest.raises(ZoneGateRefusal):
        admit(doubted, service="fire", name="x")
    assert admit(doubted, service="fire", name="x", trust_crs=True).zones
