"""A small made-up city as an OpenStreetMap file: a few streets, alleys, houses and places, none of them surveyed."""

from __future__ import annotations

from pathlib import Path

import osmium

LAT, LON = 10.7720, 106.6980  # in Phường Bến Thành by any reckoning
STEP = 0.001  # some 110 m


def write_city(file: Path) -> Path:
    """Lê Lợi runs east, Pasteur and Nguyễn Huệ cross it north to south; Hẻm 65 leaves Lê Lợi; Đường số 7 lies apart."""
    file.unlink(missing_ok=True)
    nodes: list[tuple[int, float, float, dict[str, str]]] = []
    ways: list[tuple[list[int], dict[str, str]]] = []

    def line(first: int, points: list[tuple[float, float]], tags: dict[str, str]) -> None:
        nodes.extend((first + n, lat, lon, {}) for n, (lat, lon) in enumerate(points))
        ways.append(([first + n for n in range(len(points))], tags))

    def at(north: float, east: float) -> tuple[float, float]:
        return LAT + north * STEP, LON + east * STEP

    line(100, [at(0, n) for n in range(8)], {"highway": "primary", "name": "Đường Lê Lợi", "old_name": "Rue Bonard"})
    line(200, [at(n, 2.5) for n in (2, 1)], {"highway": "residential", "name": "Pasteur"})
    ways.append(([201, 102, 203], {"highway": "residential", "name": "Pasteur"}))
    nodes.append((203, *at(-1, 2.5), {}))
    line(300, [at(n, 5) for n in (3, 2, 1)], {"highway": "secondary", "name": "Nguyễn Huệ"})
    ways.append(([302, 105], {"highway": "secondary", "name": "Nguyễn Huệ"}))
    line(400, [at(0.1, 3), at(0.6, 3)], {"highway": "service", "name": "Hẻm 65 Lê Lợi"})
    line(420, [at(0.6, 3), at(0.6, 3.4)], {"highway": "service", "name": "Hẻm 65/4 Đường Lê Lợi"})
    line(500, [at(-9, 0), at(-9, 2)], {"highway": "residential", "name": "Đường số 7"})
    line(520, [at(-9, 1), at(-11, 1)], {"highway": "residential", "name": "Ðinh Tiên Hoàng"})
    line(540, [at(-6, 0), at(-6, 2)], {"highway": "residential", "name": "Xô Viết Nghệ Tĩnh"})
    for n, number in enumerate(("1", "11", "21", "31")):
        nodes.append((600 + n, *at(0.1, n * 2), {"addr:housenumber": number, "addr:street": "Lê Lợi"}))
    nodes.append((610, *at(0.5, 3.1), {"addr:housenumber": "12", "addr:street": "Hẻm 65 Lê Lợi"}))
    building = {"addr:housenumber": "22-36", "addr:street": "Đường Lê Lợi", "name": "Times Square"}
    nodes.append((611, *at(-0.1, 6), building))
    nodes.append((612, *at(-0.1, 7), {"addr:housenumber": "59 Bis", "addr:street": "Lê Lợi"}))
    nodes.append((700, *at(1.5, 4), {"amenity": "hospital", "name": "Bệnh viện Thử Nghiệm"}))
    nodes.append((701, *at(2.5, 4), {"amenity": "marketplace", "name": "Chợ Mẫu", "alt_name": "Chợ Nhà Lồng"}))
    with osmium.SimpleWriter(str(file)) as out:
        for number, lat, lon, tags in sorted(nodes, key=lambda it: it[0]):
            out.add_node(osmium.osm.mutable.Node(id=number, location=(lon, lat), tags=tags, version=1))
        for n, (refs, tags) in enumerate(ways, 1):
            out.add_way(osmium.osm.mutable.Way(id=n, nodes=refs, tags=tags, version=1))
    return file
