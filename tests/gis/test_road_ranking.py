"""Ranking over the roads against a plain search that knows nothing of the graph's tricks."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import msgspec
import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dispatch_core.domain.vocabulary import Closure, ClosureKind, Measured
from dispatch_core.ports import Mover
from gis.travel.classes import CLASSES as NAMES
from gis.travel.data import RoadData
from gis.travel.driven import closed_pieces, code, metres_of, seconds_of
from gis.travel.forbidden_turns import Restriction
from gis.travel.net import RoadNet
from gis.travel.roads import RoadTimes
from gis.travel.speeds import SpeedTable
from gis.travel.standing import YARD_KMH, stands
from gis.travel.tags import BIKE, CAR
from gis.travel.vehicles import read_vehicles
from tests.gis.gis_tries import tries
from tests.gis.road_samples import AT, answering, grid, place, roads

HOUR = 12
CLASSES = ("residential", "primary", "tertiary", "service", "footway")


@dataclass
class Net:
    nodes: dict[int, tuple[float, float]]
    ways: list[tuple[list[int], dict[str, str]]]
    restrictions: list[Restriction]

    def data(self) -> RoadData:
        return roads(self.nodes, self.ways, self.restrictions)


@st.composite
def nets(draw: st.DrawFn) -> Net:
    """Up to 14 crossings joined at random, some one-way, some narrow, with random turns forbidden."""
    count = draw(st.integers(3, 14))
    spot = st.tuples(st.integers(0, 1_500), st.integers(0, 1_500))
    places = draw(st.lists(spot, min_size=count, max_size=count, unique=True))
    nodes = dict(enumerate(places, 1))
    ends = st.tuples(st.integers(1, count), st.integers(1, count)).filter(lambda it: it[0] != it[1])
    ring = [(n, n % count + 1) for n in range(1, count + 1)]
    pairs = ring + draw(st.lists(ends, max_size=2 * count))
    ways = []
    for pair in pairs:
        tags = {"highway": draw(st.sampled_from(CLASSES)), "name": draw(st.sampled_from(["", "Lê Lợi", "Hẻm 5"]))}
        oneway = draw(st.sampled_from(["", "", "yes", "-1"]))
        if oneway:
            tags["oneway"] = oneway
            if draw(st.booleans()):
                tags["oneway:motorcycle"] = "no"
        if draw(st.integers(0, 5)) == 0:
            tags["maxspeed"] = "10"
        ways.append(([*pair], tags))
    restrictions = []
    for _ in range(draw(st.integers(0, 5))):
        via = draw(st.integers(1, count))
        touching = [n for n, (refs, _) in enumerate(ways, 1) if via in refs]
        come, go = draw(st.sampled_from(touching)), draw(st.sampled_from(touching))
        kind = draw(st.sampled_from(["no_left_turn", "only_straight_on", "no_u_turn"]))
        restrictions.append(Restriction(kind, draw(st.sampled_from([CAR, BIKE, CAR | BIKE])), (come,), via, (go,)))
    return Net(nodes, ways, restrictions)


def plain_seconds(times: RoadTimes, data: RoadData, vehicle: str) -> list[float]:
    """Of each edge, reckoned one by one from what the tables say."""
    profile, vehicles = times.vehicles.profile(vehicle), times.vehicles
    found = []
    for edge in range(2 * data.pieces):
        piece = edge // 2
        name = NAMES[data.road_class[piece]]
        kmh = profile.kmh.get(name, 0.0)
        if data.kmh[piece]:
            kmh = min(kmh, float(data.kmh[piece]) * profile.over)
        bit = {"car": (1, 2), "motorcycle": (4, 8)}[profile.kind][edge % 2]
        narrow = vehicles.width.get(name, math.inf) < profile.width_m
        if not kmh or narrow or not data.allow[piece] & bit:
            found.append(math.inf)
        else:
            found.append(float(data.metres[piece]) / (kmh / 3.6) * times.speeds.factor(name, HOUR))
    return found


def plain_search(
    data: RoadData, seconds: list[float], bits: int, start: tuple[int, float], goal: tuple[int, float]
) -> float:
    """By edges, one turn at a time: the seconds from a place on a piece to another."""
    u, v = data.u.tolist(), data.v.tolist()
    tail = [x for pair in zip(u, v, strict=True) for x in pair]
    head = [x for pair in zip(v, u, strict=True) for x in pair]
    rows = zip(data.turn_from.tolist(), data.turn_to.tolist(), data.turn_bits.tolist(), strict=True)
    banned = {(come, go) for come, go, of in rows if of & bits}
    (piece, part), (last, aim) = start, goal
    best = math.inf
    along = seconds[2 * piece + (0 if aim >= part else 1)]
    if piece == last and along < math.inf:
        best = abs(aim - part) * along
    begun = ((2 * piece, 1 - part), (2 * piece + 1, part))
    queue = [(seconds[edge] * left, edge) for edge, left in begun if seconds[edge] < math.inf]
    heapq.heapify(queue)
    done: set[int] = set()
    while queue:
        took, come = heapq.heappop(queue)
        if come in done:
            continue
        done.add(come)
        for go in range(len(tail)):
            if tail[go] != head[come] or (come, go) in banned or seconds[go] == math.inf:
                continue
            if go // 2 == last:
                best = min(best, took + seconds[go] * (aim if go % 2 == 0 else 1 - aim))
            heapq.heappush(queue, (took + seconds[go], go))
    return best


@given(net=nets(), data=st.data())
@tries(60, 2_000)
def test_the_ranking_is_that_of_a_plain_search(net: Net, data: st.DataObject) -> None:
    roads_ = net.data()
    times = answering(roads_)
    spot = st.tuples(st.integers(0, 1_500), st.integers(0, 1_500)).map(lambda it: place(*it))
    vehicle = data.draw(st.sampled_from(["fire_engine", "patrol_car", "motorbike"]))
    goal = data.draw(spot)
    units = [Mover(f"U{n}", *data.draw(spot), vehicle) for n in range(4)]
    driven = times.in_force.driven[vehicle]  # type: ignore[union-attr]
    seconds = plain_seconds(times, roads_, vehicle)
    assert np.allclose(driven.timed(times.speeds, HOUR, (), vehicle).seconds, seconds)
    x, y = driven.net.plane([goal[0], *(it.lat for it in units)], [goal[1], *(it.lon for it in units)])
    at = stands(driven, x, y)
    every, _ = driven.net.standing
    _, (far,) = every.query_nearest(shapely.Point(x[0], y[0]), return_distance=True, all_matches=False)
    if at.piece[0] < 0 or at.off_m[0] > far + 15:
        return  # it must be walked to: another test
    bits = BIKE if vehicle == "motorbike" else CAR
    for it in times.reaches(*goal, units, AT):
        n = 1 + int(it.unit[1:])
        if at.piece[n] < 0:
            assert it.note == "off_road"
            continue
        way = plain_search(
            roads_, seconds, bits, (int(at.piece[n]), float(at.part[n])), (int(at.piece[0]), float(at.part[0]))
        )
        on_top = float(at.off_m[n]) / (YARD_KMH / 3.6) + float(at.off_m[0]) / (4.5 / 3.6)
        if it.note == "beyond":
            assert way > 899.9 and it.seconds >= 900 and it.measured is Measured.STRAIGHT
        else:
            assert it.measured is Measured.ROAD and abs(it.seconds - way - on_top) < 0.1
        route = times.route((units[n - 1].lat, units[n - 1].lon), goal, vehicle, AT)
        if it.measured is Measured.ROAD:
            assert route is not None and abs(route.seconds - it.seconds) < 0.15
            assert abs(route.metres - it.metres) < 2.0
            named = sum(step.metres for step in route.steps)
            off = float(at.off_m[n]) + (0.0 if route.walk_m else float(at.off_m[0]))
            assert abs(named + off - route.metres) < 2.0


def test_time_and_length_share_a_number() -> None:
    rng = np.random.default_rng(7)
    seconds, metres = rng.uniform(0, 60, 500), rng.uniform(0, 900, 500)
    total = code(seconds, metres).cumsum()
    assert np.allclose(seconds_of(total), seconds.cumsum(), atol=0.3)
    whole = metres.cumsum() < 100_000
    assert np.allclose(metres_of(total)[whole], metres.cumsum()[whole], atol=30)
    exact = code(np.array([1.234, 0.001]), np.array([567.8, 0.1]))
    assert seconds_of(exact).tolist() == [1.234, 0.001] and metres_of(exact).tolist() == [567.8, 0.1]


def unit(vehicle: str, x: float, y: float, name: str = "A") -> Mover:
    return Mover(name, *place(x, y), vehicle)


def alley_net() -> RoadTimes:
    """A big street along the bottom, and from its middle an alley of 160 m northwards with a house at its end."""
    nodes = {1: (0.0, 0.0), 2: (500.0, 0.0), 3: (1_000.0, 0.0), 4: (500.0, 160.0)}
    ways = [
        ([1, 2, 3], {"highway": "primary", "name": "Điện Biên Phủ"}),
        ([2, 4], {"highway": "residential", "name": "Hẻm 47"}),
    ]
    return answering(roads(nodes, ways))


def test_where_the_engine_cannot_go_its_crew_walks() -> None:
    times = alley_net()
    both = [unit("fire_engine", 0, 0, "E"), unit("motorbike", 0, 0, "M")]
    bike, engine = times.reaches(*place(500, 160), both, AT)
    assert (bike.unit, engine.unit) == ("M", "E")
    assert bike.walk_m == 0 and engine.walk_m == 160
    assert abs(engine.seconds - (500 / (40 / 3.6) * 1.2 + 160 / (4.5 / 3.6))) < 0.5
    route = times.route(place(0, 0), place(500, 160), "fire_engine", AT)
    assert route is not None and route.walk_m == 160
    assert [it.turn for it in route.steps] == ["depart", "walk", "arrive"]
    assert route.steps[1].vi == "Xuống xe, đi bộ" and route.steps[1].metres == 160


def test_turn_by_turn_in_both_languages() -> None:
    route = answering(grid()).route(place(100, 0), place(400, 500), "patrol_car", AT)
    assert route is not None and route.measured is Measured.ROAD
    turns = [it.turn for it in route.steps]
    assert turns in (["depart", "left", "arrive"], ["depart", "left", "right", "left", "arrive"])
    assert route.steps[0].vi == "Xuất phát theo Ngang 0" and route.steps[0].en == "Set off on Ngang 0"
    assert route.steps[1].vi.startswith("Rẽ trái vào Dọc ")
    assert abs(route.metres - 800) < 1 and route.line[0] == place(100, 0) and route.line[-1] == place(400, 500)


def test_a_closure_changes_who_comes_first_and_ends() -> None:
    times = answering(grid(6, 2, 300.0))
    movers = [unit("patrol_car", 0, 0, "A"), unit("patrol_car", 1_000, 0, "B")]
    goal = place(400, 0)
    assert [it.unit for it in times.reaches(*goal, movers, AT)] == ["A", "B"]
    across = tuple((lon, lat) for lat, lon in (place(150, -20), place(150, 20)))
    shut = Closure(id="D1", kind=ClosureKind.CLOSED, outline=across)
    assert [it.unit for it in times.reaches(*goal, movers, AT, (shut,))] == ["B", "A"]
    for_engines = Closure(id="D2", kind=ClosureKind.FLOODED, outline=across, vehicles=("fire_engine",))
    assert [it.unit for it in times.reaches(*goal, movers, AT, (for_engines,))] == ["A", "B"]
    ring = [place(*it) for it in ((100, -50), (200, -50), (200, 50), (100, 50), (100, -50))]
    area = Closure(id="D3", kind=ClosureKind.FLOODED, outline=tuple((lon, lat) for lat, lon in ring))
    assert [it.unit for it in times.reaches(*goal, movers, AT, (area,))] == ["B", "A"]


def test_a_line_along_a_street_closes_that_street_and_not_those_that_cross_it() -> None:
    data = grid(4, 4)
    net = RoadNet(data)
    drawn = [place(*it) for it in ((-5, 203), (150, 198), (405, 202))]
    closed = closed_pieces(net, [(lon, lat) for lat, lon in drawn])
    assert {data.street(int(it)) for it in closed} == {"Ngang 1"} and len(closed) == 2


def test_an_incident_in_a_flood_is_walked_to_from_its_edge() -> None:
    times = answering(grid())
    ring = [place(*it) for it in ((310, 310), (490, 310), (490, 490), (310, 490), (310, 310))]
    flood = Closure(id="D1", kind=ClosureKind.FLOODED, outline=tuple((lon, lat) for lat, lon in ring))
    (found,) = times.reaches(*place(400, 395), [unit("patrol_car", 0, 0)], AT, (flood,))
    assert found.measured is Measured.ROAD and 150 < found.walk_m < 230


def test_the_hour_counts() -> None:
    times = answering(grid(tags={"highway": "primary"}))
    night = AT + 12 * 3_600_000
    (day,) = times.reaches(*place(600, 0), [unit("ambulance", 0, 0)], AT)
    (dark,) = times.reaches(*place(600, 0), [unit("ambulance", 0, 0)], night)
    assert abs(day.seconds / dark.seconds - 1.2 / 0.9) < 0.01
    times.use_speeds(SpeedTable({"primary": [2.0] * 24}))
    (slow,) = times.reaches(*place(600, 0), [unit("ambulance", 0, 0)], AT)
    assert abs(slow.seconds / dark.seconds - 2.0 / 0.9) < 0.01


def test_short_pieces_against_the_sign_only_where_a_site_allows_it(tmp_path: object) -> None:
    nodes = {n: at for n, at in enumerate([(0.0, 0.0), (100.0, 0.0), (100.0, 900.0), (0.0, 900.0)], 1)}
    one_way = {"highway": "residential", "oneway": "yes"}
    data = roads(nodes, [([2, 1], one_way), ([2, 3, 4, 1], {"highway": "residential"})])
    asked = [unit("ambulance", 10, 0)]
    (lawful,) = answering(data).reaches(*place(90, 0), asked, AT)
    vehicles = read_vehicles()
    bold = msgspec.structs.replace(vehicles.vehicle["ambulance"], against_m=150.0, against=4.0)
    table = msgspec.structs.replace(vehicles, vehicle={**vehicles.vehicle, "ambulance": bold})
    (against,) = answering(data, vehicles=table).reaches(*place(90, 0), asked, AT)
    assert lawful.metres > 1_500 and abs(against.metres - 80) < 1
    assert abs(against.seconds - 80 / (23 / 3.6) * 1.1 * 4) < 0.5


def test_the_area_within_reach() -> None:
    times = answering(grid(11, 11, 100.0))
    small, large = (
        shapely.MultiPolygon([shapely.Polygon(it[0], it[1:]) for it in found.polygons])
        for found in (times.reachable([place(500, 500)], seconds, "motorbike", AT) for seconds in (30, 60))
    )
    assert large.contains(small.buffer(-0.0005)) and small.is_valid
    reach = 60 / 1.1 * 28 / 3.6
    lat, lon = place(500 + 0.9 * reach, 500)
    assert large.contains(shapely.Point(lon, lat))
    lat, lon = place(500 + reach * 0.75, 500 + reach * 0.75)
    assert not large.contains(shapely.Point(lon, lat))
    assert times.reachable([], 60, "motorbike", AT).polygons == ()
    assert times.reachable([place(0, 0)], 60, "boat", AT).measured is Measured.STRAIGHT
