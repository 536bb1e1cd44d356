"""A made-up city as an OpenStreetMap file, the same for the same seed: for tests, and for pictures that may be shown.

Its streets have the names that streets have everywhere in Viet Nam; where they run is invented.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path

import osmium
from osmium.osm import mutable

PEOPLE = (
    "Nguyễn Huệ", "Trần Hưng Đạo", "Lê Lợi", "Hai Bà Trưng", "Lý Thường Kiệt", "Phan Đình Phùng", "Nguyễn Trãi",
    "Đinh Tiên Hoàng", "Võ Thị Sáu", "Phạm Ngũ Lão", "Bùi Thị Xuân", "Lê Thánh Tôn", "Ngô Quyền", "Trần Quang Khải",
    "Nguyễn Thái Học", "Phan Bội Châu", "Phan Chu Trinh", "Hoàng Hoa Thám", "Lê Văn Sỹ", "Nguyễn Đình Chiểu",
    "Trương Định", "Nguyễn Thị Minh Khai", "Cách Mạng Tháng Tám", "Điện Biên Phủ", "Đặng Văn Ngữ", "Huỳnh Thúc Kháng",
    "Tôn Thất Tùng", "Lê Hồng Phong", "Nguyễn Văn Cừ", "Trần Phú", "An Dương Vương", "Hùng Vương", "Âu Cơ",
    "Lạc Long Quân",
)  # fmt: skip
LENGTH_M = 111_320.0


@dataclass(frozen=True, slots=True)
class Extent:
    """South, west, north, east in degrees."""

    south: float
    west: float
    north: float
    east: float


INNER_CITY = Extent(10.745, 106.655, 10.825, 106.735)


def write_city(file: Path, extent: Extent = INNER_CITY, *, block_m: float = 150.0, seed: int = 2025) -> None:
    """A jittered grid: every fifth line a greater street, some one-way; a river, parks, blocks of houses, hospitals."""
    chance = random.Random(seed)
    file.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(file)) as writer:
        _City(writer, extent, block_m, chance).write()


class _City:
    def __init__(self, writer: osmium.SimpleWriter, extent: Extent, block_m: float, chance: random.Random) -> None:
        self._writer, self._extent, self._chance = writer, extent, chance
        middle = math.cos(math.radians((extent.south + extent.north) / 2))
        self._dy, self._dx = block_m / LENGTH_M, block_m / LENGTH_M / middle
        self._rows = int((extent.north - extent.south) / self._dy)
        self._columns = int((extent.east - extent.west) / self._dx)
        self._ident = 0
        self._nodes: list[tuple[int, float, float, dict[str, str]]] = []
        self._ways: list[tuple[list[int], dict[str, str]]] = []
        self._grid: dict[tuple[int, int], int] = {}

    def write(self) -> None:
        self._corners()
        for row in range(self._rows):
            self._street([(row, column) for column in range(self._columns)], row, 0)
        for column in range(self._columns):
            self._street([(row, column) for row in range(self._rows)], column, len(PEOPLE) // 2)
        self._blocks()
        self._river()
        for ident, lat, lon, tags in self._nodes:
            self._writer.add_node(mutable.Node(id=ident, version=1, location=(lon, lat), tags=tags))
        for number, (refs, tags) in enumerate(self._ways, 1):
            self._writer.add_way(mutable.Way(id=number, version=1, nodes=refs, tags=tags))

    def _node(self, lat: float, lon: float, **tags: str) -> int:
        self._ident += 1
        self._nodes.append((self._ident, round(lat, 7), round(lon, 7), tags))
        return self._ident

    def _corners(self) -> None:
        for row in range(self._rows):
            for column in range(self._columns):
                off_y, off_x = (self._chance.uniform(-0.22, 0.22) for _ in range(2))
                lat = self._extent.south + (row + 0.5 + off_y) * self._dy
                lon = self._extent.west + (column + 0.5 + off_x) * self._dx
                self._grid[row, column] = self._node(lat, lon)

    def _street(self, course: list[tuple[int, int]], number: int, first: int) -> None:
        """In pieces of eight blocks, as streets in OpenStreetMap are; a name for all of them."""
        great = number % 5 == 0
        kind = ("primary" if number % 15 == 0 else "secondary") if great else "residential"
        name = PEOPLE[(number // 5 + first) % len(PEOPLE)] if great else f"Đường số {number}"
        tags = {"highway": kind, "name": name}
        if not great and number % 3 == 0:
            tags["oneway"] = "yes"
        for begin in range(0, len(course) - 1, 8):
            refs = [self._grid[at] for at in course[begin : begin + 9]]
            if len(refs) > 1:
                self._ways.append((refs, tags))

    def _blocks(self) -> None:
        """Houses, an alley here and there, a park, something to go to."""
        where = {ident: (lat, lon) for ident, lat, lon, _ in self._nodes}
        for (row, column), corner in list(self._grid.items()):
            other = self._grid.get((row + 1, column + 1))
            if other is None:
                continue
            (south, west), (north, east) = where[corner], where[other]
            drawn = self._chance.random()
            if drawn < 0.04:
                self._area(south, west, north, east, 0.12, {"leisure": "park", "name": f"Công viên {row}-{column}"})
            elif drawn < 0.5:
                self._houses(south, west, north, east)
            if drawn > 0.93:
                number = self._chance.randrange(1, 400)
                middle, start = (south + north) / 2, self._node((south + north) / 2, west + (east - west) * 0.2)
                end = self._node(middle, west + (east - west) * 0.8)
                self._ways.append(([start, end], {"highway": "service", "name": f"Hẻm {number} {PEOPLE[number % 30]}"}))
            if drawn > 0.995:
                tags = {"amenity": "hospital", "name": f"Bệnh viện Quận {row % 12 + 1}"}
                self._node((south + north) / 2, (west + east) / 2, **tags)

    def _houses(self, south: float, west: float, north: float, east: float) -> None:
        high, wide = north - south, east - west
        for part in range(3):
            left = west + wide * (0.14 + part * 0.26)
            self._area(south + high * 0.16, left, south + high * 0.42, left + wide * 0.2, 0.0, {"building": "yes"})
            number = {"addr:housenumber": str(self._chance.randrange(1, 600))}
            self._node(south + high * 0.29, left + wide * 0.1, **number)

    def _area(self, south: float, west: float, north: float, east: float, margin: float, tags: dict[str, str]) -> None:
        dy, dx = (north - south) * margin, (east - west) * margin
        corners = ((south + dy, west + dx), (south + dy, east - dx), (north - dy, east - dx), (north - dy, west + dx))
        refs = [self._node(lat, lon) for lat, lon in corners]
        self._ways.append(([*refs, refs[0]], tags))

    def _river(self) -> None:
        extent = self._extent
        high, wide = extent.north - extent.south, extent.east - extent.west
        west_bank, east_bank = [], []
        for step in range(41):
            share = step / 40
            lon = extent.west + wide * (0.86 + 0.06 * math.sin(share * 7))
            west_bank.append(self._node(extent.south + high * share, lon))
            east_bank.append(self._node(extent.south + high * share, lon + wide * 0.05))
        refs = [*west_bank, *reversed(east_bank), west_bank[0]]
        self._ways.append((refs, {"natural": "water", "name": "Sông Cả"}))
