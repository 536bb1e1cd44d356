"""The streets of a city as arrays, and their file (``roads.npz``).

A *piece* is a stretch of street between two junctions. Its two directions are the *edges* ``2 * piece`` (along its
points, from ``u`` to ``v``) and ``2 * piece + 1`` (back). Whom a piece lets pass are bits (``tags``); metres, km/h and
tonnes are 0 where the map says nothing.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gis.errors import MapImportError

ROADS_FILE = "roads.npz"
FORM = 1
"""Of the file: one of another form is refused, and the map has to be imported again."""

ROUNDABOUT, BRIDGE = 1, 2


@dataclass(frozen=True, slots=True)
class RoadData:
    """Points are degrees; those of piece ``p`` are ``first[p]:first[p + 1]`` of ``lat`` and ``lon``."""

    node_lat: NDArray[np.float64]
    node_lon: NDArray[np.float64]
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    road_class: NDArray[np.uint8]
    allow: NDArray[np.uint8]
    enter: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    name: NDArray[np.int32]
    metres: NDArray[np.float64]
    kmh: NDArray[np.float32]
    width_m: NDArray[np.float32]
    height_m: NDArray[np.float32]
    weight_t: NDArray[np.float32]
    first: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    names: NDArray[np.str_]
    turn_from: NDArray[np.int32]
    turn_to: NDArray[np.int32]
    turn_bits: NDArray[np.uint8]
    """Edges: whoever has one of the bits and comes by ``turn_from`` must not go on by ``turn_to``."""

    @property
    def pieces(self) -> int:
        return len(self.u)

    @property
    def nodes(self) -> int:
        return len(self.node_lat)

    def points(self, piece: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Latitudes and longitudes along a piece."""
        part = slice(int(self.first[piece]), int(self.first[piece + 1]))
        return self.lat[part], self.lon[part]

    def street(self, piece: int) -> str:
        """Its name, "" where it has none."""
        return str(self.names[self.name[piece]])


def write_roads(data: RoadData, file: Path) -> None:
    np.savez(file, form=np.array(FORM), **{field.name: getattr(data, field.name) for field in fields(data)})


def read_roads(file: Path) -> RoadData:
    """Raises MapImportError for a file that is not what ``write_roads`` wrote."""
    try:
        with np.load(file, allow_pickle=False) as stored:
            if int(stored["form"]) != FORM:
                raise ValueError(f"form {int(stored['form'])}")
            return RoadData(**{field.name: stored[field.name] for field in fields(RoadData)})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as problem:
        raise MapImportError(
            "roads_unreadable",
            f"Không đọc được mạng đường {file}: {problem}; hãy nhập lại bản đồ.",
            f"Cannot read the streets {file}: {problem}; import the map again.",
            file=str(file),
        ) from None
