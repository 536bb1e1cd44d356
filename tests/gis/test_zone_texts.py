"""What a Shapefile's bytes say, what is no format at all, and parts that are not of one file."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from gis.errors import ZoneFileError
from gis.zones.file import ZoneFileOptions, read_zone_file
from gis.zones.texts import AS_BYTES, codec, decoded, fitting, plausible
from tests.gis.zone_samples import feature, square, write_geojson, write_gpkg

NAMES = ("Phường Bến Nghé", "Phường Đa Kao", "Xã Cần Giờ")
CP1258 = (b"Ph\xfd\xf5\xccng B\xea\xecn Ngh\xe9", b"Ph\xfd\xf5\xccng \xd0a Kao", b"Xa\xde C\xe2\xccn Gi\xf5\xcc")
TCVN3 = (b"Ph\xad\xeang B\xd5n Ngh\xd0", b"Ph\xad\xeang \xa7a Kao", b"X\xb7 C\xc7n Gi\xea")
ROOM = 40


def shp(path: Path, names: tuple[bytes, ...], cpg: str | None = None, rows: int = 3) -> Path:
    """Squares with these bytes as their names."""
    pyogrio.raw.write(
        path,
        geometry=np.array([shapely.to_wkb(square(i, 0)) for i in range(rows)], dtype=object),
        field_data=[np.array(it, dtype=object) for it in ([f"Z{i}" for i in range(rows)], ["X" * ROOM] * rows)],
        fields=["code", "name"], geometry_type="Polygon", crs="EPSG:4326", driver="ESRI Shapefile", encoding="UTF-8",
    )  # fmt: skip
    table = path.with_suffix(".dbf")
    data = table.read_bytes()
    for name in names:
        data = data.replace(b"X" * ROOM, name.ljust(ROOM), 1)
    table.write_bytes(data)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path


def names(path: Path, encoding: str | None = None) -> tuple[str, ...]:
    return tuple(it.name for it in read_zone_file(path, ZoneFileOptions(encoding=encoding)).zones)


def refused(path: Path, encoding: str | None = None) -> ZoneFileError:
    with pytest.raises(ZoneFileError) as caught:
        read_zone_file(path, ZoneFileOptions(encoding=encoding))
    return caught.value


@pytest.mark.parametrize("told", ["1258", "CP1258", "windows-1258", "ANSI 1258"])
def test_windows_1258_loses_no_letter_and_is_composed(tmp_path: Path, told: str) -> None:
    assert names(shp(tmp_path / "a.shp", CP1258, told)) == NAMES
    assert names(shp(tmp_path / "b.shp", CP1258), told) == NAMES
    assert [it.code for it in read_zone_file(tmp_path / "a.shp").zones] == ["Z0", "Z1", "Z2"]


def test_tcvn3(tmp_path: Path) -> None:
    path = shp(tmp_path / "a.shp", TCVN3)
    error = refused(path)
    assert error.code == "zone_file.encoding" and "fit: tcvn3" in error.en and "hợp với: tcvn3" in error.vi
    assert names(path, "TCVN3") == NAMES
    assert "fit: cp1258" in refused(shp(tmp_path / "b.shp", CP1258)).en


@pytest.mark.parametrize(
    ("raw", "cpg", "code"),
    [
        (TCVN3, "1252", "zone_file.letters"),
        (CP1258, "ISO-8859-1", "zone_file.letters"),
        (CP1258, "JUNK-99", "zone_file.encoding"),
        (CP1258, "", "zone_file.encoding"),
    ],
)
def test_a_cpg_that_lies_is_not_believed(tmp_path: Path, raw: tuple[bytes, ...], cpg: str, code: str) -> None:
    error = refused(shp(tmp_path / "a.shp", raw, cpg))
    assert error.code == code and "--encoding" in error.vi and "--encoding" in error.en


def tcvn3(byte: int) -> str:
    try:
        return decoded(chr(byte), "tcvn3")
    except UnicodeDecodeError:
        return ""


def test_every_byte_comes_through_and_every_letter_of_tcvn3_is_one() -> None:
    every = "".join(map(chr, range(256)))
    assert every.encode(AS_BYTES) == bytes(range(256))
    letters = [it for it in map(tcvn3, range(0x80, 0x100)) if it]
    small = {it for it in letters if it.islower()}
    assert len(letters) == 74 and len(small) == 67 and all(map(plausible, letters)) and tcvn3(ord("a")) == "a"
    assert codec("65001") == codec(" UTF-8\n") == "utf-8" and codec("88591") == "iso8859-1"
    assert codec("base64") == codec("nonsense") == codec("a\0b") == ""
    assert not plausible("PhýõÌng") and not plausible("Ngheù¸") and plausible("TP.HCM Đường số 7 – Ấp Đông")
    assert fitting(["\xff\xfe\x81"]) == ""


def test_parts_of_different_exports_and_deleted_rows(tmp_path: Path) -> None:
    few, many = shp(tmp_path / "few.shp", ()), shp(tmp_path / "many.shp", (), rows=6)
    shutil.copy(few.with_suffix(".dbf"), many.with_suffix(".dbf"))
    assert "6 shapes" in refused(many).en and "3 rows" in refused(many).en
    table = bytearray(few.with_suffix(".dbf").read_bytes())
    table[int.from_bytes(table[8:10], "little")] = ord("*")
    few.with_suffix(".dbf").write_bytes(table)
    assert refused(few).code == "zone_file.deleted_rows"


def test_a_file_is_of_the_format_that_its_name_says_or_nothing_of_it_is_read(tmp_path: Path) -> None:
    """GDAL would follow it to the other file."""
    write_geojson(tmp_path / "other.geojson", [feature(square(0, 0), code="A", name="A")])
    link = (
        f"<OGRVRTDataSource><OGRVRTLayer name='other'><SrcDataSource>{tmp_path}/other.geojson</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    (tmp_path / "a.gpkg").write_text(link, encoding="utf-8")
    assert refused(tmp_path / "a.gpkg").code == "zone_file.broken"
    path = shp(tmp_path / "b.shp", ())
    path.write_text(link, encoding="utf-8")
    assert refused(path).code == "zone_file.broken"
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        for suffix in (".shp", ".shx", ".dbf", ".prj"):
            archive.write(path.with_suffix(suffix), f"b{suffix}")
    assert refused(tmp_path / "c.zip").code == "zone_file.broken"
    assert refused(tmp_path / ("n" * 300 + ".gpkg")).code == "zone_file.missing"


def test_a_zip_of_a_mac(tmp_path: Path) -> None:
    path = shp(tmp_path / "a.shp", CP1258, "1258")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            archive.write(path.with_suffix(suffix), f"Địa bàn/a{suffix}")
            archive.writestr(f"__MACOSX/Địa bàn/._a{suffix}", b"x")
    assert names(tmp_path / "a.zip") == NAMES


def test_a_layer_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = write_gpkg(tmp_path / "v.gpkg", [square(0, 0)], {"code": ["A"], "name": ["A"]}, "EPSG:4326")
    with sqlite3.connect(path) as db:
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{trigger}"')
        db.execute("ALTER TABLE v RENAME TO t")
        db.execute(
            "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)"
            " SELECT n.i AS fid, t.geom AS geom, t.code AS code, t.name AS name FROM n, t"
        )
        db.execute("UPDATE gpkg_contents SET table_name = 'v'")
        db.execute("UPDATE gpkg_geometry_columns SET table_name = 'v'")
    db.close()
    assert refused(path).code == "zone_file.too_many"


@pytest.mark.parametrize("crs", [{"properties": [1]}, {"properties": {"name": "\ud800"}}, [1], {"properties": {}}])
def test_a_crs_member_of_any_form(tmp_path: Path, crs: object) -> None:
    path = write_geojson(tmp_path / "z.geojson", [feature(square(0, 0), code="A", name="A")], crs=crs)
    assert refused(path).code in ("zone_file.crs_member", "zone_file.crs")
