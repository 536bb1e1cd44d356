"""Out of a map file the streets as a graph: ``roads.npz``.

A street is cut at every point that it shares with another, at its ends and at barriers that not everybody passes. A
barrier becomes a piece of its own without length, with one node on each side of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray

from gis.geodesy import metres_per_degree
from gis.travel.classes import BARRIER, CLASSES
from gis.travel.data import BRIDGE, ROADS_FILE, ROUNDABOUT, RoadData, write_roads
from gis.travel.forbidden_turns import Crossings, Restriction, bans, read_restriction
from gis.travel.tags import EVERYBODY, Street, read_street, through_barrier

_OSM = osmium.osm


@dataclass(slots=True)
class _Read:
    """What was read of the file: streets with the numbers and places of their points."""

    streets: list[tuple[int, Street, list[int], list[tuple[float, float]]]] = field(default_factory=list)
    barriers: dict[int, int] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    unread: int = 0


def build(source: Path, into: Path, say: Callable[[str], None]) -> Mapping[str, int]:
    """A builder of ``gis.map_import``: writes ``roads.npz`` and gives the counts."""
    read = _read(source)
    say(f"{len(read.streets)} con đường đi được / streets that can be driven")
    data = assemble(read)
    write_roads(data, into / ROADS_FILE)
    counts = Counter(CLASSES[number] for number in data.road_class.tolist())
    return {
        "road_nodes": data.nodes,
        "road_pieces": data.pieces,
        "road_km": round(float(data.metres.sum()) / 1000),
        "alley_pieces": counts["alley"],
        "one_way_pieces": int(np.count_nonzero(data.allow != data.enter)),
        "turn_bans": len(data.turn_from),
        "turn_restrictions_unread": read.unread,
    }


def _read(source: Path) -> _Read:
    read = _Read()
    wanted = osmium.filter.KeyFilter("highway", "route", "barrier", "type")
    for it in osmium.FileProcessor(str(source)).with_locations().with_filter(wanted):
        if isinstance(it, _OSM.Way):
            street = read_street(dict(it.tags))
            if street is not None:
                _take(read, it, street)
        elif isinstance(it, _OSM.Relation):
            _take_restriction(read, it)
        elif isinstance(it, _OSM.Node) and "barrier" in it.tags:
            bits = through_barrier(dict(it.tags))
            if bits != EVERYBODY:
                read.barriers[it.id] = bits
    return read


def _take(read: _Read, way: osmium.osm.Way, street: Street) -> None:
    """The points that the file has; where it lacks some the street is in parts."""
    numbers: list[int] = []
    places: list[tuple[float, float]] = []
    for node in [*way.nodes, None]:
        if node is not None and node.location.valid():
            if not numbers or numbers[-1] != node.ref:
                numbers.append(node.ref)
                places.append((node.location.lat, node.location.lon))
            continue
        if len(numbers) > 1:
            read.streets.append((way.id, street, numbers, places))
        numbers, places = [], []


def _take_restriction(read: _Read, relation: osmium.osm.Relation) -> None:
    tags = dict(relation.tags)
    if not tags.get("type", "").startswith("restriction"):
        return
    found = read_restriction(tags, [(it.type, it.role, it.ref) for it in relation.members])
    if found is not None:
        read.restrictions.append(found)
    else:
        read.unread += 1


class _Pieces:
    """Grows the arrays."""

    def __init__(self) -> None:
        self.node_of: dict[int, int] = {}
        self.node_places: list[tuple[float, float]] = []
        self.ends: list[tuple[int, int]] = []
        self.streets: list[Street] = []
        self.names: dict[str, int] = {"": 0}
        self.first: list[int] = [0]
        self.places: list[tuple[float, float]] = []

    def node(self, number: int, place: tuple[float, float]) -> int:
        known = self.node_of.get(number)
        if known is None:
            known = self.node_of[number] = self.new_node(place)
        return known

    def new_node(self, place: tuple[float, float]) -> int:
        self.node_places.append(place)
        return len(self.node_places) - 1

    def add(self, u: int, v: int, street: Street, places: list[tuple[float, float]]) -> int:
        self.ends.append((u, v))
        self.streets.append(street)
        self.names.setdefault(street.name, len(self.names))
        self.places += places
        self.first.append(len(self.places))
        return len(self.ends) - 1


def assemble(read: _Read) -> RoadData:
    """Cut the streets into pieces."""
    uses: Counter[int] = Counter()
    for _, _, numbers, _ in read.streets:
        uses.update(numbers)
        uses.update((numbers[0], numbers[-1]))
    vias = {it.via for it in read.restrictions}
    crossings = Crossings({it: [] for it in vias}, {it: [] for it in vias})
    pieces = _Pieces()
    for way, street, numbers, places in read.streets:
        begin = 0
        for at in range(1, len(numbers)):
            if at < len(numbers) - 1 and uses[numbers[at]] < 2 and numbers[at] not in read.barriers:
                continue
            tail, head = numbers[begin], numbers[at]
            u = _end(pieces, read, tail, places[begin])
            v = _end(pieces, read, head, places[at])
            piece = pieces.add(u, v, street, places[begin : at + 1])
            crossings.add(2 * piece, way, tail, head)
            crossings.add(2 * piece + 1, way, head, tail)
            begin = at
    return _arrays(pieces, bans(read.restrictions, crossings))


def _end(pieces: _Pieces, read: _Read, number: int, place: tuple[float, float]) -> int:
    """The node at the end of a piece; at a barrier one of its own, joined to the barrier's by the step through."""
    hub = pieces.node(number, place)
    bits = read.barriers.get(number)
    if bits is None:
        return hub
    side = pieces.new_node(place)
    pieces.add(side, hub, Street(BARRIER, bits, bits, ""), [place, place])
    return side


def _arrays(pieces: _Pieces, banned: list[tuple[int, int, int]]) -> RoadData:
    nodes = np.array(pieces.node_places, dtype=np.float64).reshape(-1, 2)
    places = np.array(pieces.places, dtype=np.float64).reshape(-1, 2)
    first = np.array(pieces.first, dtype=np.int64)
    ends = np.array(pieces.ends, dtype=np.int32).reshape(-1, 2)
    turns = np.array(banned, dtype=np.int32).reshape(-1, 3)
    streets = pieces.streets
    return RoadData(
        node_lat=nodes[:, 0].copy(),
        node_lon=nodes[:, 1].copy(),
        u=ends[:, 0].copy(),
        v=ends[:, 1].copy(),
        road_class=np.array([it.road_class for it in streets], dtype=np.uint8),
        allow=np.array([it.allow for it in streets], dtype=np.uint8),
        enter=np.array([it.enter for it in streets], dtype=np.uint8),
        flags=np.array([it.roundabout * ROUNDABOUT + it.bridge * BRIDGE for it in streets], dtype=np.uint8),
        name=np.array([pieces.names[it.name] for it in streets], dtype=np.int32),
        metres=lengths(places[:, 0], places[:, 1], first),
        kmh=np.array([it.kmh for it in streets], dtype=np.float32),
        width_m=np.array([it.width_m for it in streets], dtype=np.float32),
        height_m=np.array([it.height_m for it in streets], dtype=np.float32),
        weight_t=np.array([it.weight_t for it in streets], dtype=np.float32),
        first=first,
        lat=places[:, 0].copy(),
        lon=places[:, 1].copy(),
        names=np.array(list(pieces.names), dtype=np.str_),
        turn_from=turns[:, 0].copy(),
        turn_to=turns[:, 1].copy(),
        turn_bits=turns[:, 2].astype(np.uint8),
    )


def lengths(
    lat: NDArray[np.float64], lon: NDArray[np.float64], first: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Metres of each line of points; good to 0.1 % anywhere in the country."""
    if len(lat) < 2:
        return np.zeros(len(first) - 1)
    rows = np.unique(np.round(lat, 1))
    north_of, east_of = np.array([metres_per_degree(float(row)) for row in rows]).T
    row = np.searchsorted(rows, np.round((lat[1:] + lat[:-1]) / 2, 1)).clip(0, len(rows) - 1)
    steps = np.hypot(np.diff(lat) * north_of[row], np.diff(lon) * east_of[row])
    steps[first[1:-1] - 1] = 0.0  # from the end of one line to the beginning of the next
    along = np.concatenate([[0.0], np.cumsum(steps)])
    found: NDArray[np.float64] = along[first[1:] - 1] - along[first[:-1]]
    return found
