"""An archive's bytes: read where they are right, refused within limits where they are anything else."""

from __future__ import annotations

import contextlib
import gzip
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mapbox_vector_tile.Mapbox import vector_tile_pb2

from console_gui.map.mercator import to_world
from console_gui.map.streets import archive as archives
from console_gui.map.streets.archive import Archive, Unreadable, unpacked
from console_gui.map.streets.limits import TILE_BYTES_MOST
from console_gui.map.streets.tile import AREA, LINE, POINT, Tile, read_tile
from tests.console.map.streets import MIDDLE
from tests.domain.examples import tries


def at(zoom: int) -> tuple[int, int, int]:
    x, y = to_world(*MIDDLE)
    return zoom, int(x * 2**zoom), int(y * 2**zoom)


def test_streets_have_their_names_classes_and_directions(archive: Path) -> None:
    opened = Archive(archive)
    assert (opened.from_zoom, opened.to_zoom) == (10, 16)
    tile = read_tile(opened.tile(*at(16)))
    roads = [line for line in tile.lines if line.layer == "road"]
    assert {line.kind for line in roads} >= {"street"} and any(line.name.startswith("Đường số") for line in roads)
    assert any(line.oneway == 1 for line in roads)
    assert {area.layer for area in tile.areas} >= {"building"}
    assert all(-0.1 < x < 1.1 and -0.1 < y < 1.1 for line in roads for part in line.parts for x, y in part)
    far = read_tile(opened.tile(*at(10)))
    assert {line.kind for line in far.lines if line.layer == "road"} == {"primary"}


def test_where_there_is_nothing_there_are_no_bytes(archive: Path) -> None:
    assert Archive(archive).tile(16, 3, 3) == b""


@tries(300, 20_000)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_tile_or_are_refused(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert isinstance(read_tile(data), Tile)


def test_a_damaged_tile_is_a_tile_or_is_refused(archive: Path) -> None:
    whole, chance, read = Archive(archive).tile(*at(14)), random.Random(7), 0
    for _ in range(120):
        data = bytearray(whole[: chance.randrange(1, len(whole))] if chance.random() < 0.3 else whole)
        for _ in range(chance.randrange(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(Unreadable):
            read += isinstance(read_tile(bytes(data)), Tile)
    assert 0 < read < 120


def test_a_damaged_archive_is_read_or_is_refused(archive: Path, tmp_path: Path) -> None:
    whole, chance, refused = archive.read_bytes(), random.Random(11), 0
    for number in range(60):
        data = bytearray(whole[: chance.randrange(len(whole))] if number % 3 == 0 else whole)
        for _ in range(40):
            if data:
                data[chance.randrange(min(len(data), 4_000 if number % 2 else len(data)))] = chance.randrange(256)
        file = tmp_path / f"{number}.pmtiles"
        file.write_bytes(data)
        try:
            opened = Archive(file)
            for zoom in range(10, 17):
                read_tile(opened.tile(*at(zoom)))
        except Unreadable:
            refused += 1
    assert refused, "none of them was damaged enough to be told"


@pytest.mark.parametrize("data", [b"", b"PMTiles", b"\x00" * 127, b"<html>" * 40])
def test_what_is_no_archive_is_refused(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "none.pmtiles"
    file.write_bytes(data)
    with pytest.raises(Unreadable):
        Archive(file)


def test_an_archive_of_pictures_is_refused(archive: Path, tmp_path: Path) -> None:
    data = bytearray(archive.read_bytes())
    data[99] = 2  # the header's kind of tile: PNG
    file = tmp_path / "png.pmtiles"
    file.write_bytes(data)
    with pytest.raises(Unreadable, match="no vector tiles"):
        Archive(file)


def test_directories_that_lead_to_one_another_end(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Archive(archive)

    class Round:
        run_length, offset, length = 0, 0, 10

    monkeypatch.setattr(archives, "find_tile", lambda entries, ident: Round())
    monkeypatch.setattr(opened, "_directory", lambda offset, length: [])
    with pytest.raises(Unreadable, match="too deep"):
        opened.tile(*at(14))


def test_what_unpacks_without_end_is_cut() -> None:
    bomb = gzip.compress(bytes(TILE_BYTES_MOST + 1))
    assert len(bomb) < 100_000
    with pytest.raises(Unreadable, match="too large"):
        unpacked(bomb)
    with pytest.raises(Unreadable):
        unpacked(gzip.compress(b"whole")[:-6])
    assert unpacked(gzip.compress(b"whole")) == b"whole"


def made(kind: int, *geometry: int, extent: int = 4096, layer: str = "road") -> bytes:
    tile = vector_tile_pb2.tile()
    one = tile.layers.add()
    one.name, one.version, one.extent = layer, 2, extent
    feature = one.features.add()
    feature.type = kind
    feature.geometry.extend(geometry)
    return bytes(tile.SerializeToString())


def test_geometry_that_lies_is_refused() -> None:
    assert read_tile(made(LINE, 9, 0, 0, 10, 2, 2)).lines[0].parts == [[(0.0, 0.0), (1 / 4096, 1 / 4096)]]
    assert read_tile(made(AREA, 9, 0, 0, 18, 2, 2, 0, 2, 15, layer="water")).areas[0].parts[0][0] == (0.0, 0.0)
    for lie in (
        made(LINE, 9, 0, 0, 0x7FFFFFF2),  # more points than there are
        made(LINE, 9, 2_000_000_000, 0, 10, 2, 2),  # far outside
        made(LINE, 12, 1, 1),  # no such command
        made(LINE, 9, 0, 0, 10, 2, 2, extent=1),
    ):
        with pytest.raises(Unreadable):
            read_tile(lie)
    assert read_tile(made(POINT, 9, 0, 0)).lines == []  # a point among roads
    assert read_tile(made(LINE, 9, 0, 0, 10, 2, 2, layer="secrets")) == Tile()


def test_more_than_a_tile_may_have_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console_gui.map.streets.tile._Left.__init__", lambda self: _few(self))
    with pytest.raises(Unreadable, match="too much"):
        read_tile(made(LINE, 9, 0, 0, 10, 2, 2))


def _few(left: object) -> None:
    left.features, left.numbers = 0, 100  # type: ignore[attr-defined]


def test_a_cut_off_copy_is_not_read_beyond_its_end(archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "cut.pmtiles"
    shutil.copy(archive, file)
    with file.open("r+b") as opened:
        opened.truncate(archive.stat().st_size // 2)
    cut = Archive(file)
    unread = 0
    for zoom in range(10, 17):
        try:
            cut.tile(*at(zoom))
        except Unreadable:
            unread += 1
    assert unread
