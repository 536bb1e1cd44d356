"""A vector tile's bytes as lines, areas and points, within limits. Without Qt.

Coordinates are shares of the tile: 0 to 1 from west to east and from north to south, a little more at the edges, so
that a line goes on into the next tile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError

from console_gui.map.streets.archive import Unreadable
from console_gui.map.streets.limits import NAME_MOST, TILE_FEATURES_MOST, TILE_POINTS_MOST, TILE_VALUES_MOST


def _shape_of_tiles() -> Any:
    """The messages of the package alone: beside them it loads what only writers of tiles need (numpy, shapely), 40 MB
    that this process would keep."""
    package = find_spec("mapbox_vector_tile")
    if package is None or not package.submodule_search_locations:
        raise ImportError("mapbox_vector_tile is not installed")
    file = Path(package.submodule_search_locations[0]) / "Mapbox" / "vector_tile_pb2.py"
    spec = spec_from_file_location("vector_tile_pb2", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no module")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


vector_tile_pb2 = _shape_of_tiles()

Line = list[tuple[float, float]]
POINT, LINE, AREA = 1, 2, 3
MOVE, DRAW, CLOSE = 1, 2, 7
OUTSIDE = 4.0
"""So many tiles beyond its own a coordinate may lie; farther out it is nonsense."""

AREAS = frozenset({"water", "green", "ground", "building"})
LINES = frozenset({"road", "rail", "waterway"})
POINTS = frozenset({"place", "poi", "house"})


@dataclass(frozen=True, slots=True)
class Feature:
    layer: str
    kind: str
    name: str
    parts: list[Line]
    oneway: int = 0
    link: bool = False
    bridge: bool = False
    tunnel: bool = False


@dataclass(slots=True)
class Tile:
    areas: list[Feature] = field(default_factory=list)
    lines: list[Feature] = field(default_factory=list)
    points: list[Feature] = field(default_factory=list)


def read_tile(data: bytes) -> Tile:
    """Raises Unreadable, whatever the bytes are."""
    parsed = vector_tile_pb2.tile()
    try:
        parsed.ParseFromString(data)
        return _tile(parsed)
    except (DecodeError, ValueError, TypeError, LookupError, OverflowError, RecursionError, MemoryError) as problem:
        raise Unreadable(f"a tile that cannot be read: {problem!r}"[:300]) from problem


def _tile(parsed: Any) -> Tile:
    tile, left = Tile(), _Left()
    for layer in parsed.layers:
        name = layer.name
        holder = (
            tile.areas if name in AREAS else tile.lines if name in LINES else tile.points if name in POINTS else None
        )
        if holder is None:
            continue
        extent = layer.extent or 4096
        if not 256 <= extent <= 65_536 or len(layer.values) > TILE_VALUES_MOST:
            raise ValueError(f"layer {name}: extent {extent}, {len(layer.values)} values")
        keys = list(layer.keys)
        values = [_value(value) for value in layer.values]
        wanted = AREA if name in AREAS else LINE if name in LINES else POINT
        for one in layer.features:
            left.take(1, len(one.geometry))
            if one.type == wanted:
                holder.append(_feature(name, one, keys, values, extent))
    return tile


@dataclass(slots=True)
class _Left:
    """What a tile may still cost."""

    features: int = TILE_FEATURES_MOST
    numbers: int = 2 * TILE_POINTS_MOST

    def take(self, features: int, numbers: int) -> None:
        self.features -= features
        self.numbers -= numbers
        if self.features < 0 or self.numbers < 0:
            raise ValueError("too much in one tile")


def _value(value: Any) -> str | int:
    """Texts and whole numbers are all that the layers have."""
    if value.HasField("string_value"):
        if not isinstance(value.string_value, str):  # protobuf gives bytes that are no UTF-8 as they are
            raise ValueError("a text that is no UTF-8")
        text: str = value.string_value[:NAME_MOST]
        return text if text.isprintable() else "".join(char for char in text if char.isprintable())
    for name in ("uint_value", "sint_value", "int_value"):
        if value.HasField(name):
            return int(getattr(value, name))
    if value.HasField("double_value"):
        return 1 if value.double_value > 0 else -1
    return 0


def _feature(layer: str, one: Any, keys: Sequence[str], values: Sequence[str | int], extent: int) -> Feature:
    tags = one.tags
    told = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
    kind, name = told.get("kind", ""), told.get("name", told.get("number", ""))
    way = told.get("oneway", 0)
    return Feature(
        layer, kind if isinstance(kind, str) else "", name if isinstance(name, str) else str(name),
        list(_parts(one.geometry, one.type, extent)), way if isinstance(way, int) else 0,
        "link" in told, "bridge" in told, "tunnel" in told,
    )  # fmt: skip


def _parts(numbers: Sequence[int], shape: int, extent: int) -> Iterator[Line]:
    """The commands of MVT 2: move and draw with zigzag steps, close."""
    at, count = 0, len(numbers)
    x = y = 0
    step = 1.0 / extent
    far = OUTSIDE * extent
    part: Line = []
    while at < count:
        command, times = numbers[at] & 7, numbers[at] >> 3
        at += 1
        if command == CLOSE:
            continue  # an area is filled to its first point anyway
        if command not in (MOVE, DRAW) or at + 2 * times > count:
            raise ValueError(f"command {command} times {times}")
        for _ in range(times):
            dx, dy = numbers[at], numbers[at + 1]
            at += 2
            x += (dx >> 1) ^ -(dx & 1)
            y += (dy >> 1) ^ -(dy & 1)
            if not (-far <= x <= far and -far <= y <= far):
                raise ValueError("a point far outside")
            if command == MOVE:
                if _whole(part, shape):
                    yield part
                part = []
            part.append((x * step, y * step))
    if _whole(part, shape):
        yield part


def _whole(part: Line, shape: int) -> bool:
    return len(part) >= shape  # a point has one, a line two, an area three
