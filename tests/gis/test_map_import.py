"""The frame of the map import: a file is proven whole, built aside, put in force in one step, or nothing changes."""

from __future__ import annotations

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
