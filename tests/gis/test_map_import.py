"""The frame of the map import: a file is proven whole, built aside, put in force in one step, or nothing changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import osmium
import pytest

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.cli import main
from gis.errors import MapImportError
from gis.map_import.builders import BUILDERS, builder
from gis.map_import.importing import import_map
from gis.map_import.versions import CURRENT, VERSIONS_KEPT, MapVersions

AT = 1_795_410_000_000


def write_net(file: Path, *, lat: float = 10.77, lon: float = 106.69, points: int = 3_000) -> Path:
    """One long street of many points, so that the file has several kilobytes to lose."""
    file.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(file)) as out:
        for n in range(points):
            place = (lon + n * 1e-5, lat + (n * n % 97) * 1e-6)
            out.add_node(osmium.osm.mutable.Node(id=n + 1, location=place, version=1))
        tags = {"highway": "residential", "name": "Đường Thử"}
        for first in range(0, points - 1, 500):
            nodes = list(range(first + 1, min(points, first + 501) + 1 - (first + 501 > points)))
            out.add_way(osmium.osm.mutable.Way(id=first + 1, nodes=nodes, tags=tags, version=1))
    return file


def copies(source: Path, into: Path, say: object) -> Mapping[str, int]:
    (into / "part.bin").write_bytes(source.read_bytes()[:100])
    return {"parts": 1}


def fails(source: Path, into: Path, say: object) -> Mapping[str, int]:
    (into / "half.bin").write_bytes(b"half")
    raise DispatchError("as_told", "không", "no")


@pytest.fixture
def versions(tmp_path: Path) -> MapVersions:
    return MapVersions(tmp_path / "map")


def take(source: Path, versions: MapVersions, name: str = "") -> int:
    return import_map(source, versions, lambda _: None, AT, name, {"part": copies}).version


def test_a_whole_file_becomes_the_version_in_force(tmp_path: Path, versions: MapVersions) -> None:
    source = write_net(tmp_path / "city.osm.pbf")
    assert versions.current() == 0 and versions.numbers() == []
    assert take(source, versions) == 1
    version = versions.load(versions.current())
    assert version.manifest.name == "city" and version.manifest.counts == {"streets": 6, "parts": 1}
    south, west, north, east = version.manifest.bounds
    assert (south, west) == pytest.approx((10.77, 106.69)) and north < 10.78 and east < 106.73
    part = version.part("part.bin")
    assert part is not None and part.is_file() and version.part("none") is None
    assert versions.faults(version) == []
    assert take(source, versions, "lần\nhai") == 2
    assert versions.load(2).ref.name == "lần\ufffdhai"


@pytest.mark.parametrize("cut", [1, 500, 0.3, 0.7, 0.999])
def test_a_half_written_file_changes_nothing(tmp_path: Path, versions: MapVersions, cut: float) -> None:
    take(write_net(tmp_path / "city.osm.pbf"), versions)
    data = (tmp_path / "city.osm.pbf").read_bytes()
    half = tmp_path / "half.osm.pbf"
    half.write_bytes(data[: cut if isinstance(cut, int) else int(cut * len(data))])
    with pytest.raises(MapImportError) as refused:
        take(half, versions)
    assert str(half) in refused.value.vi and str(half) in refused.value.en
    assert versions.current() == 1 and versions.numbers() == [1]
    assert [it.name for it in versions.folder.glob(".importing*")] == []


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "map_unreadable"), (b"hello " * 999, "map_unreadable"), (None, "map_missing")]
)
def test_what_is_no_map(tmp_path: Path, versions: MapVersions, data: bytes | None, code: str) -> None:
    file = tmp_path / "x.osm.pbf"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(MapImportError) as refused:
        take(file, versions)
    assert refused.value.code == code and versions.current() == 0


@pytest.mark.parametrize(
    ("lat", "lon", "points", "code"),
    [
        (21.03, 105.85, 3_000, "map_other_city"),  # Ha Noi
        (9.0, 113.0, 3_000, "map_other_city"),  # at sea
        (10.77, 106.69, 900, "map_smaller"),  # fewer streets
        (10.80, 106.72, 3_000, "map_smaller"),  # beside the ground that is served
    ],
)
def test_another_city_or_less_of_this_one_needs_somebody_who_means_it(
    tmp_path: Path, versions: MapVersions, lat: float, lon: float, points: int, code: str
) -> None:
    take(write_net(tmp_path / "city.osm.pbf"), versions)
    other = write_net(tmp_path / "other.osm.pbf", lat=lat, lon=lon, points=points)
    with pytest.raises(MapImportError) as refused:
        take(other, versions)
    assert refused.value.code == code and "--anyway" in refused.value.vi and versions.numbers() == [1]
    assert import_map(other, versions, lambda _: None, AT, "", {"part": copies}, anyway=True).version == 2


def test_older_data_than_in_force(tmp_path: Path, versions: MapVersions) -> None:
    def dated(name: str, day: int) -> Path:
        header = osmium.io.Header()
        header.set("osmosis_replication_timestamp", f"2026-11-{day:02d}T00:00:00Z")
        plain = write_net(tmp_path / "plain.osm.pbf")
        (tmp_path / name).unlink(missing_ok=True)
        with osmium.SimpleWriter(str(tmp_path / name), header=header) as out:
            for thing in osmium.FileProcessor(str(plain)):
                out.add(thing)
        return tmp_path / name

    take(dated("new.osm.pbf", 20), versions)
    with pytest.raises(MapImportError, match="10 days older"):
        take(dated("old.osm.pbf", 10), versions)
    assert take(dated("same.osm.pbf", 20), versions) == 2


def test_a_folder_that_takes_no_file(tmp_path: Path, versions: MapVersions) -> None:
    source = write_net(tmp_path / "city.osm.pbf")
    (tmp_path / "file").write_text("x")
    with pytest.raises(MapImportError, match="room"):
        take(source, MapVersions(tmp_path / "file" / "map"))
    take(source, versions)

    def full(source: Path, into: Path, say: object) -> Mapping[str, int]:
        raise OSError(28, "No space left on device")

    def strange(source: Path, into: Path, say: object) -> Mapping[str, int]:
        raise OverflowError("too large")

    for build, code in ((full, "map_folder"), (strange, "map_not_built")):
        with pytest.raises(MapImportError) as refused:
            import_map(source, versions, lambda _: None, AT, "", {"part": copies, "bad": build})
        assert refused.value.code == code and versions.current() == 1
        assert sorted(it.name for it in versions.folder.iterdir()) == [".lock", CURRENT, "v000001"]


def test_a_file_that_is_still_being_downloaded(tmp_path: Path, versions: MapVersions) -> None:
    source = write_net(tmp_path / "city.osm.pbf")

    def slow(source: Path, into: Path, say: object) -> Mapping[str, int]:
        with source.open("ab") as more:
            more.write(b"more")
        return {}

    with pytest.raises(MapImportError, match="changed"):
        import_map(source, versions, lambda _: None, AT, "", {"part": slow})
    assert versions.current() == 0


def test_what_a_crash_left_and_a_link_for_a_lock(tmp_path: Path, versions: MapVersions) -> None:
    versions.folder.mkdir()
    (versions.folder / ".importing-1").write_text("x")
    (tmp_path / "precious").write_text("precious")
    (versions.folder / ".lock").symlink_to(tmp_path / "precious")
    assert take(write_net(tmp_path / "city.osm.pbf"), versions) == 1
    assert (tmp_path / "precious").read_text() == "precious"


def test_one_slip_of_the_pen_on_the_map_does_not_refuse_the_city(tmp_path: Path, versions: MapVersions) -> None:
    source = tmp_path / "city.osm.pbf"
    with osmium.SimpleWriter(str(source)) as out:
        for n in range(3):
            out.add_node(osmium.osm.mutable.Node(id=n + 1, location=(106.7 + n * 1e-3, 10.77)))
        for n, number in enumerate(("9" * 30, "1-99999999999999999999", "12")):
            tags = {"addr:housenumber": number, "addr:street": "Lê Lợi"}
            out.add_node(osmium.osm.mutable.Node(id=n + 10, location=(106.7, 10.77 + n * 1e-3), tags=tags))
        tags = {"highway": "primary", "name": "Lê Lợi"}
        out.add_way(osmium.osm.mutable.Way(id=1, nodes=[1, 2, 3], tags=tags))
    made = import_map(source, versions, lambda _: None, AT, "", {"addresses": builder("addresses")})
    assert made.manifest.counts["houses"] == 3


def test_a_sum_in_capital_letters(tmp_path: Path, versions: MapVersions) -> None:
    source = write_net(tmp_path / "city.osm.pbf")
    told = hashlib.md5(source.read_bytes(), usedforsecurity=False).hexdigest().upper()
    (tmp_path / "city.osm.pbf.md5").write_text(f"\ufeff{told} *city.osm.pbf\n", encoding="utf-8")
    assert take(source, versions) == 1


def test_a_sum_beside_the_file_is_checked(tmp_path: Path, versions: MapVersions) -> None:
    source = write_net(tmp_path / "city.osm.pbf")
    (tmp_path / "city.osm.pbf.md5").write_text("0" * 32 + "  city.osm.pbf\n")
    with pytest.raises(MapImportError, match="sum"):
        take(source, versions)


def test_streets_of_another_country(tmp_path: Path, versions: MapVersions) -> None:
    with pytest.raises(MapImportError, match="outside Viet Nam"):
        take(write_net(tmp_path / "city.osm.pbf", lat=48.1, lon=11.5), versions)


def test_streets_without_their_points(tmp_path: Path, versions: MapVersions) -> None:
    file = tmp_path / "city.osm.pbf"
    with osmium.SimpleWriter(str(file)) as out:
        out.add_node(osmium.osm.mutable.Node(id=1, location=(106.7, 10.7)))
        out.add_way(osmium.osm.mutable.Way(id=1, nodes=[1, 2, 3, 4], tags={"highway": "primary"}))
    with pytest.raises(MapImportError, match="lacks 3 of their 4"):
        take(file, versions)


def test_a_part_that_cannot_be_built_leaves_nothing(tmp_path: Path, versions: MapVersions) -> None:
    source = write_net(tmp_path / "city.osm.pbf")
    take(source, versions)
    with pytest.raises(DispatchError, match="no"):
        import_map(source, versions, lambda _: None, AT, "", {"part": copies, "bad": fails})
    assert versions.current() == 1 and versions.numbers() == [1]
    assert sorted(it.name for it in versions.folder.iterdir()) == [".lock", CURRENT, "v000001"]


def test_back_and_forth(tmp_path: Path, versions: MapVersions) -> None:
    source = write_net(tmp_path / "city.osm.pbf")
    for number in (1, 2, 3):
        assert take(source, versions) == number
    assert versions.go_back().version == 2 and versions.current() == 2
    assert versions.go_back(1).version == 1
    with pytest.raises(MapImportError, match="no older"):
        versions.go_back()
    with pytest.raises(MapImportError, match="version 9"):
        versions.go_back(9)
    assert take(source, versions) == 4 == versions.current()
    (versions.folder / "v000003" / "part.bin").write_bytes(b"rot")
    with pytest.raises(MapImportError, match="damaged"):
        versions.go_back(3)
    assert versions.current() == 4
    for _ in range(VERSIONS_KEPT):
        take(source, versions)
    assert versions.numbers() == list(range(5, 5 + VERSIONS_KEPT))


def test_two_imports_at_once(tmp_path: Path, versions: MapVersions) -> None:
    source = write_net(tmp_path / "city.osm.pbf")
    with versions.alone(), pytest.raises(MapImportError, match="Somebody"):
        take(source, versions)


def test_an_unreadable_mark(versions: MapVersions) -> None:
    versions.folder.mkdir()
    (versions.folder / CURRENT).write_text("x")
    with pytest.raises(MapImportError, match="current"):
        versions.current()


@pytest.mark.parametrize("part", BUILDERS)
def test_every_builder_is_there(part: str) -> None:
    assert callable(builder(part))


def test_what_an_administrator_sees(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dispatch_core.main.map._versions", lambda _: MapVersions(tmp_path / "map"))
    source = write_net(tmp_path / "city.osm.pbf")
    half = tmp_path / "half.osm.pbf"
    half.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    assert main(["map", "list"]) == 0 and "dispatch map import" in capsys.readouterr().out
    assert main(["map", "check"]) == 0
    assert main(["map", "import", str(half)]) == 1
    assert "vẫn giữ nguyên" in capsys.readouterr().err
    assert main(["map", "import", str(source), "--name", "Thành phố"]) == 0
    assert main(["map", "import", str(source)]) == 0
    assert main(["map", "list"]) == 0
    assert "* v2 city" in capsys.readouterr().out
    assert main(["map", "rollback"]) == 0 and main(["map", "check"]) == 0
    assert "intact: v1 Thành phố" in capsys.readouterr().out
    (tmp_path / "map" / "v000001" / "manifest.json").write_text("{}")
    assert main(["map", "check"]) == 1
