"""What hangs together on the map: the ways of one street, the points of one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from gis.addresses.osm import Named, Point, metres, spots

ONE_PIECE_M = 250.0  # ways of one name with a gap up to this are one street


def central(points: Sequence[Point]) -> Point:
    """The point of a line that lies nearest to its middle."""
    lat = sum(p[0] for p in points) / len(points)
    lon = sum(p[1] for p in points) / len(points)
    return min(points, key=lambda it: metres(it, (lat, lon)))


def pieces(named: Named) -> Iterable[tuple[list[Point], set[int]]]:
    """Connected pieces of all ways of one name, in a fixed order: their points and node ids."""
    points = [it for _, path in named.ways for it in spots(path)]
    of_way = [n for n, (_, path) in enumerate(named.ways) for _ in spots(path)]
    for cluster in clusters(points, ONE_PIECE_M):
        ways = {of_way[i] for i in cluster}
        yield [points[i] for i in cluster], {ref for n in ways for ref in named.ways[n][0]}


def clusters(points: Sequence[Point], within_m: float) -> list[list[int]]:
    """Which points hang together by steps of at most ``within_m``, each cluster in the order of the points."""
    if len(points) == 1:
        return [[0]]
    flat = np.asarray(points)
    scale = np.asarray([111_000.0, 111_000.0 * np.cos(np.radians(flat[0, 0]))])
    pairs = cKDTree(flat * scale).query_pairs(within_m, output_type="ndarray")
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points), len(points)))
    count, label = connected_components(graph, directed=False)
    return [np.flatnonzero(label == n).tolist() for n in range(count)]
