"""From a map file to the graph: what the tags mean, where streets are cut, which turns are forbidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.errors import DemoDataError, MapImportError
from gis.travel.build import build
from gis.travel.classes import BARRIER, CLASSES
from gis.travel.data import ROADS_FILE, RoadData, read_roads
from gis.travel.speeds import SpeedTable
from gis.travel.tags import BIKE, BIKE_BACK, BIKE_ON, CAR, CAR_BACK, CAR_ON, EVERYBODY, FOOT, read_street, speed
from gis.travel.tags import through_barrier as through
from gis.travel.vehicles import read_vehicles
from tests.gis.road_samples import AT, Tags, answering, place, write_pbf

R = "residential"


@pytest.mark.parametrize(
    ("tags", "allow"),
    [
        ({"highway": R}, EVERYBODY),
        ({"highway": R, "oneway": "yes"}, CAR_ON | BIKE_ON | FOOT),
        ({"highway": R, "oneway": "-1"}, CAR_BACK | BIKE_BACK | FOOT),
        ({"highway": R, "oneway": "yes", "oneway:motorcycle": "no"}, CAR_ON | BIKE | FOOT),
        ({"highway": R, "junction": "roundabout"}, CAR_ON | BIKE_ON | FOOT),
        ({"highway": R, "junction": "roundabout", "oneway": "no"}, EVERYBODY),
        ({"highway": R, "motorcar": "no"}, BIKE | FOOT),
        ({"highway": R, "motor_vehicle": "no"}, FOOT),
        ({"highway": R, "motor_vehicle": "no", "motorcycle": "yes"}, BIKE | FOOT),
        ({"highway": R, "access": "private"}, EVERYBODY),
        ({"highway": R, "access": "no", "emergency": "yes"}, CAR | BIKE),
        ({"highway": "motorway"}, CAR_ON),
        ({"highway": "footway"}, BIKE | FOOT),
        ({"highway": "footway", "footway": "sidewalk"}, FOOT),
        ({"highway": "steps"}, FOOT),
        ({"highway": "pedestrian"}, EVERYBODY),
    ],
)
def test_who_may_pass_which_way(tags: Tags, allow: int) -> None:
    street = read_street(tags)
    assert street is not None and street.allow == allow


@pytest.mark.parametrize(
    "tags", [{"highway": "construction"}, {"building": "yes"}, {"highway": R, "access": "no", "foot": "no"}]
)
def test_what_is_no_street(tags: Tags) -> None:
    assert read_street(tags) is None


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ({"highway": R, "name": "Hẻm 47 Nguyễn Trãi"}, "alley"),
        ({"highway": R, "name": "HẺM 3"}, "alley"),
        ({"highway": "service", "service": "alley"}, "alley"),
        ({"highway": R, "name": "Hemingway"}, R),
        ({"highway": "primary", "name": "Hẻm 1"}, "primary"),
        ({"highway": "trunk_link"}, "trunk"),
        ({"route": "ferry"}, "ferry"),
    ],
)
def test_classes(tags: Tags, name: str) -> None:
    street = read_street(tags)
    assert street is not None and CLASSES[street.road_class] == name


def test_numbers_and_signs() -> None:
    assert [speed(it) for it in ("50", "30 mph", "VN:urban", "fast", "")] == [50, pytest.approx(48.27), 50, 0, 0]
    assert through({"barrier": "bollard"}) == BIKE | FOOT and through({"barrier": "gate"}) == EVERYBODY
    assert through({"barrier": "gate", "locked": "yes"}) == FOOT == through({"barrier": "block"})
    assert through({"barrier": "kerb"}) == EVERYBODY


def made(tmp_path: Path, *arguments: object) -> tuple[RoadData, dict[str, int]]:
    source = write_pbf(tmp_path / "city.osm.pbf", *arguments)  # type: ignore[arg-type]
    counts = dict(build(source, tmp_path, lambda _: None))
    return read_roads(tmp_path / ROADS_FILE), counts


CROSS = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (200.0, 0.0), 4: (100.0, 100.0), 5: (100.0, -400.0), 6: (200.0, -400.0)}
WAYS = [([1, 2], {"highway": R}), ([2, 3], {"highway": R}), ([2, 4], {"highway": R}), ([2, 5, 6, 3], {"highway": R})]


def test_a_forbidden_turn_and_the_only_way_on(tmp_path: Path) -> None:
    members = [("w", 1, "from"), ("n", 2, "via"), ("w", 3, "to")]
    data, counts = made(tmp_path, CROSS, WAYS, [(members, {"type": "restriction", "restriction": "no_left_turn"})])
    assert counts["turn_bans"] == 1 and counts["turn_restrictions_unread"] == 0
    free, bound = answering(made(tmp_path, CROSS, WAYS)[0]), answering(data)
    ends = place(0, 0), place(100, 100)
    ways = [it.route(*ends, "patrol_car", AT) for it in (free, bound)]
    assert ways[0] is not None and ways[1] is not None
    assert ways[0].metres == pytest.approx(200, abs=1) and ways[1].metres > 350
    only = [("w", 1, "from"), ("n", 2, "via"), ("w", 2, "to")]
    data, counts = made(tmp_path, CROSS, WAYS, [(only, {"type": "restriction", "restriction": "only_straight_on"})])
    assert counts["turn_bans"] == 3
    tags = {"type": "restriction", "restriction": "no_left_turn", "except": "motorcycle"}
    data, _ = made(tmp_path, CROSS, WAYS, [(members, tags)])
    bike, car = (answering(data).route(*ends, it, AT) for it in ("motorbike", "patrol_car"))
    assert bike is not None and car is not None and bike.metres < 210 and car.metres > 350
    over_a_way = [("w", 1, "from"), ("w", 2, "via"), ("w", 3, "to")]
    _, counts = made(tmp_path, CROSS, WAYS, [(over_a_way, {"type": "restriction", "restriction": "no_u_turn"})])
    assert counts["turn_restrictions_unread"] == 1


def test_a_bollard_lets_the_motorbike_through(tmp_path: Path) -> None:
    nodes = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (200.0, 0.0), 4: (0.0, 900.0), 5: (200.0, 900.0)}
    ways = [([1, 2, 3], {"highway": R}), ([1, 4, 5, 3], {"highway": R})]
    data, _ = made(tmp_path, nodes, ways, [], {2: {"barrier": "bollard"}})
    assert (data.road_class == BARRIER).sum() == 2
    bike, car = (answering(data).route(place(0, 0), place(200, 0), it, AT) for it in ("motorbike", "patrol_car"))
    assert bike is not None and car is not None and bike.metres < 210 and car.metres > 1_900


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / ROADS_FILE).write_bytes(b"PK\x03\x04 half")
    with pytest.raises(MapImportError, match="import the map again"):
        read_roads(tmp_path / ROADS_FILE)
    table = tmp_path / "vehicles.toml"
    lane = "[vehicle.patrol_car]\nkind='car'\nkmh={lane=3}"
    for text in ("[vehicle.x]\nkind='tank'", lane, "[width]\nalley=2\n[vehicle]"):
        table.write_text(text)
        with pytest.raises(DemoDataError, match=r"vehicles\.toml"):
            read_vehicles(table)


def test_factors_by_hour() -> None:
    table = SpeedTable({"primary": [1.0] * 8 + [2.0] + [1.0] * 15})
    assert table.factor("primary", 8) == 2.0 == table.slowed([1.0] * 24).factor("primary", 8 + 24)
    assert table.slowed([1.5] * 24).factor("residential", 3) == 1.5
    for wrong in ([1.0] * 23, [0.0] * 24):
        with pytest.raises(ValueError, match="24"):
            SpeedTable({"primary": wrong})
    with pytest.raises(ValueError, match="24"):
        table.slowed([1.0] * 23)
