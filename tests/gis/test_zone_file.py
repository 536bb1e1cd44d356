"""Zone files are read whole, or refused by file, record and field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from zone_samples import feature, square, write_geojson, write_gpkg

from gis.errors import ZoneFileError
from gis.zones import source as zone_source
from gis.zones import source_table
from gis.zones.file import ZoneFileOptions, read_zone_file
from gis.zones.gate import admit


def refused(path: Path, options: ZoneFileOptions | None = None) -> ZoneFileError:
    with pytest.raises(ZoneFileError) as caught:
        read_zone_file(path, options)
    error = caught.value
    assert error.details["file"] == str(path)
    assert str(path) in error.vi and str(path) in error.en
    return error


def test_geojson_with_common_field_names(tmp_path: Path) -> None:
    path = write_geojson(
        tmp_path / "z.geojson",
        [
            feature(square(0, 0), MA_XA=26743, TEN="  Bến   Thành ", tram="PS02"),
            feature(square(1, 0), MA_XA=26740.0, TEN="Sài Gòn", tram=None),
        ],
    )
    read = read_zone_file(path)
    assert [(z.code, z.name, z.station) for z in read.zones] == [
        ("26743", "Bến Thành", "PS02"),
        ("26740", "Sài Gòn", ""),
    ]
    assert read.zones[0].geometry.equals(square(0, 0))


def test_full_name_is_preferred(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "z.json", [feature(square(0, 0), code="1", name="A", fullName="Phường A")])
    assert read_zone_file(path).zones[0].name == "Phường A"


def test_fields_named_by_the_caller(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "z.geojson", [feature(square(0, 0), k="7", n="Bảy", s="PS01", code="x", name="y")])
    zone = read_zone_file(path, ZoneFileOptions(code_field="k", name_field="n", station_field="s")).zones[0]
    assert (zone.code, zone.name, zone.station) == ("7", "Bảy", "PS01")


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32648", "EPSG:3405", "EPSG:9210", "EPSG:4756", "EPSG:3857"])
def test_any_known_reference_system(tmp_path: Path, crs: str) -> None:
    way = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    moved = shapely.transform(square(0, 0), lambda c: np.column_stack(way.transform(c[:, 0], c[:, 1])))
    path = write_gpkg(tmp_path / "z.gpkg", [moved], {"code": ["1"], "name": ["A"]}, crs)
    read = read_zone_file(path)
    assert shapely.hausdorff_distance(read.zones[0].geometry, square(0, 0)) < 1e-5  # 1 m: the accuracy of VN-2000
    assert read.zones[0].label == "fid 1"


def test_vn2000_is_not_taken_for_wgs84(tmp_path: Path) -> None:
    path = write_gpkg(tmp_path / "z.gpkg", [square(0, 0)], {"code": ["1"], "name": ["A"]}, "EPSG:4756")
    moved = read_zone_file(path).zones[0].geometry
    assert 0.0015 < shapely.hausdorff_distance(moved, square(0, 0)) < 0.0025  # about 200 m


def test_vn2000_by_the_published_parameters(tmp_path: Path) -> None:
    """The seven parameters that the state published in 2007, typed here once more."""
    published = (
        "+proj=longlat +ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,"
        "0.00928836,-0.01975479,0.00427372,0.252906278 +type=crs"
    )
    way = Transformer.from_crs(published, "EPSG:4326", always_xy=True)
    expected = shapely.transform(square(0, 0), lambda c: np.column_stack(way.transform(c[:, 0], c[:, 1])))
    path = write_gpkg(tmp_path / "z.gpkg", [square(0, 0)], {"code": ["1"], "name": ["A"]}, "EPSG:4756")
    assert shapely.hausdorff_distance(read_zone_file(path).zones[0].geometry, expected) < 1e-8  # 1 mm


def test_shared_borders_stay_shared_after_reprojection(tmp_path: Path) -> None:
    way = Transformer.from_crs("EPSG:4326", "EPSG:9210", always_xy=True)
    sheet = [square(c, r) for c in range(6) for r in range(6)]
    moved = [shapely.transform(g, lambda c: np.column_stack(way.transform(c[:, 0], c[:, 1]))) for g in sheet]
    codes = [str(i) for i in range(36)]
    path = write_gpkg(tmp_path / "z.gpkg", moved, {"code": codes, "name": codes}, "EPSG:9210")
    read = np.asarray([z.geometry for z in read_zone_file(path).zones], dtype=object)
    assert shapely.coverage_is_valid(read)


def test_old_crs_member_is_believed(tmp_path: Path) -> None:
    way = Transformer.from_crs("EPSG:4326", "EPSG:32648", always_xy=True)
    moved = shapely.transform(square(0, 0), lambda c: np.column_stack(way.transform(c[:, 0], c[:, 1])))
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32648"}}
    path = write_geojson(tmp_path / "z.geojson", [feature(moved, code="1", name="A")], crs=crs)
    assert shapely.hausdorff_distance(read_zone_file(path).zones[0].geometry, square(0, 0)) < 1e-8


def test_third_dimension_is_dropped(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "z.geojson", [feature(shapely.force_3d(square(0, 0), 5.0), code="1", name="A")])
    assert not read_zone_file(path).zones[0].geometry.has_z


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_geopackage_without_reference_system(tmp_path: Path) -> None:
    path = write_gpkg(tmp_path / "z.gpkg", [square(0, 0)], {"code": ["1"], "name": ["A"]}, None)
    error = refused(path)
    assert (error.code, error.details["field"]) == ("zone_file.no_crs", "crs")
    assert len(read_zone_file(path, ZoneFileOptions(crs="EPSG:4326")).zones) == 1


def test_unknown_reference_system(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "z.geojson", [feature(square(0, 0), code="1", name="A")])
    assert refused(path, ZoneFileOptions(crs="EPSG:999999")).code == "zone_file.crs"
    # PROJ knows no way from these to WGS84 but to call them the same.
    for crs in ("EPSG:4490", "+proj=longlat +ellps=bessel +type=crs"):
        assert refused(path, ZoneFileOptions(crs=crs)).code == "zone_file.crs"


def test_two_layers_need_a_name(tmp_path: Path) -> None:
    path = write_gpkg(tmp_path / "z.gpkg", [square(0, 0)], {"code": ["1"], "name": ["A"]}, "EPSG:4326", layer="one")
    write_gpkg(path, [square(1, 0)], {"code": ["2"], "name": ["B"]}, "EPSG:4326", layer="two", append=True)
    error = refused(path)
    assert error.code == "zone_file.layer" and "one, two" in error.en
    assert read_zone_file(path, ZoneFileOptions(layer="two")).zones[0].code == "2"
    assert refused(path, ZoneFileOptions(layer="three")).code == "zone_file.layer"


@pytest.mark.parametrize(
    ("properties", "field"),
    [
        ({"code": None, "name": "A"}, "code"),
        ({"code": "  ", "name": "A"}, "code"),
        ({"code": "x" * 41, "name": "A"}, "code"),
        ({"code": "1", "name": None}, "name"),
        ({"code": "1", "name": "A\u0000B"}, "name"),
        ({"code": "1", "name": ["A"]}, "name"),
        ({"code": True, "name": "A"}, "code"),
    ],
)
def test_bad_value_names_record_and_field(tmp_path: Path, properties: dict[str, Any], field: str) -> None:
    good = feature(square(0, 0), code="0", name="O")
    error = refused(write_geojson(tmp_path / "z.geojson", [good, feature(square(1, 0), **properties)]))
    assert (error.code, error.details["record"], error.details["field"]) == ("zone_file.value", 1, field)
    assert "feature 1" in error.en and field in error.en


@pytest.mark.parametrize(
    "geometry", [shapely.Point(106.6, 10.7), shapely.Polygon(), shapely.LineString([(0, 0), (1, 1)])]
)
def test_only_polygons(tmp_path: Path, geometry: Any) -> None:
    error = refused(write_geojson(tmp_path / "z.geojson", [feature(geometry, code="1", name="A")]))
    assert (error.code, error.details["record"], error.details["field"]) == ("zone_file.geometry", 0, "geometry")


def test_missing_geometry(tmp_path: Path) -> None:
    nowhere = {"type": "Feature", "properties": {"code": 1, "name": "A"}, "geometry": None}
    path = write_geojson(tmp_path / "z.geojson", [nowhere])
    assert refused(path).code == "zone_file.geometry"


@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_nan_in_a_geopackage(tmp_path: Path) -> None:
    bad = shapely.Polygon([(106.6, 10.7), (106.7, float("nan")), (106.7, 10.8), (106.6, 10.7)])
    path = write_gpkg(tmp_path / "z.gpkg", [square(0, 0), bad], {"code": ["1", "2"], "name": ["A", "B"]}, "EPSG:4326")
    error = refused(path)
    assert (error.code, error.details["record"]) == ("zone_file.geometry", 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"type": "FeatureCollection", "features": [', "zone_file.not_json"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "zone_file.not_json"),
        ("", "zone_file.not_json"),
        ("[" * 100_000, "zone_file.not_json"),
        ('{"type": "Feature"}', "zone_file.not_collection"),
        ("[1, 2]", "zone_file.not_collection"),
        ('{"type": "FeatureCollection", "features": [5]}', "zone_file.feature"),
        ('{"type": "FeatureCollection", "features": [{"properties": []}]}', "zone_file.feature"),
        ('{"type": "FeatureCollection", "features": [], "crs": 4326}', "zone_file.crs_member"),
        (
            '{"type": "FeatureCollection", "features": [{"properties": {"code": 1, "name": "A"},'
            ' "geometry": {"type": "Polygon", "coordinates": [[[106, 10], [107, 10]]]}}]}',
            "zone_file.geometry",
        ),
        ('{"type": "FeatureCollection", "features": [{"properties": {"a": 1}, "geometry": null}]}', "zone_file.field"),
    ],
)
def test_malformed_geojson(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "z.geojson"
    path.write_text(text, encoding="utf-8")
    assert refused(path).code == code


def test_syntax_error_has_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "z.geojson"
    path.write_text('{"type": "FeatureCollection",\n "features": [}', encoding="utf-8")
    assert "2:15" in refused(path).en


def test_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "z.geojson"
    path.write_bytes('{"type": "B\u1ebfn"}'.encode("cp1258", errors="replace") + b"\xff")
    assert refused(path).code == "zone_file.not_utf8"


def test_missing_field_lists_what_there_is(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "z.geojson", [feature(square(0, 0), ident="1", label="A")])
    error = refused(path)
    assert error.code == "zone_file.field" and "ident, label" in error.en and "--code-field" in error.en
    assert refused(path, ZoneFileOptions(code_field="nope")).details["field"] == "nope"


def test_half_written_geopackage(tmp_path: Path) -> None:
    codes = [str(i) for i in range(400)]
    sheet = [square(i % 20, i // 20) for i in range(400)]
    whole = write_gpkg(tmp_path / "whole.gpkg", sheet, {"code": codes, "name": codes}, "EPSG:4326").read_bytes()
    for share in (0.0, 0.1, 0.5, 0.9):
        path = tmp_path / "half.gpkg"
        path.write_bytes(whole[: int(len(whole) * share)])
        assert refused(path).code in ("zone_file.broken", "zone_file.layer")


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")
def test_damaged_bytes_are_refused_or_harmless(tmp_path: Path) -> None:
    """Nothing but ``ZoneFileError`` or ``ZoneGateRefusal`` comes out, whatever a disk or a transfer did to the file."""
    codes = [str(i) for i in range(40)]
    sheet = [square(i % 20, i // 20) for i in range(40)]
    files = [
        write_gpkg(tmp_path / "z.gpkg", sheet, {"code": codes, "name": codes}, "EPSG:4326"),
        write_geojson(tmp_path / "z.geojson", [feature(g, code=c, name=c) for c, g in zip(codes, sheet, strict=True)]),
    ]
    rng = np.random.default_rng(11)
    refusals = 0
    for whole in files:
        data = whole.read_bytes()
        for _ in range(150):
            damaged = bytearray(data)
            for at in rng.integers(0, len(data), rng.integers(1, 40)):
                damaged[at] = rng.integers(0, 256)
            path = tmp_path / f"damaged{whole.suffix}"
            path.write_bytes(damaged)
            try:
                admit(read_zone_file(path), service="police", name="damaged")
            except ZoneFileError:
                refusals += 1
    assert refusals > 50


def test_unknown_format_missing_and_too_big(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(tmp_path / "none.gpkg").code == "zone_file.missing"
    other = tmp_path / "z.kml"
    other.write_text("<kml/>", encoding="utf-8")
    assert refused(other).code == "zone_file.format"
    big = write_geojson(tmp_path / "z.geojson", [feature(square(i, 0), code=str(i), name="A") for i in range(4)])
    monkeypatch.setattr(source_table, "MAX_RECORDS", 3)
    assert refused(big).code == "zone_file.too_many"
    monkeypatch.setattr(zone_source, "MAX_BYTES", 100)
    assert refused(big).code == "zone_file.too_big"
