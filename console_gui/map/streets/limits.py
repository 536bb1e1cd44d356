"""Limits of the streets' layer: sizes in bytes, times in seconds, lengths in pixels."""

from __future__ import annotations

MB = 1024 * 1024

ARCHIVE_BYTES_MOST = 4 * 1024 * MB
PART_BYTES = 256 * 1024
"""Of an archive in one answer: an address asked for meanwhile waits for one of these at most."""

ARCHIVES_KEPT = 2
FETCH_AGAIN_S = 5.0

TILE_PACKED_MOST, TILE_BYTES_MOST = 4 * MB, 32 * MB
TILE_FEATURES_MOST = 60_000
TILE_POINTS_MOST = 1_000_000
TILE_VALUES_MOST = 200_000
NAME_MOST = 120
DIRECTORIES_KEPT = 64
DECODED_KEPT = 160
"""Tiles that the worker keeps decoded: three screens full."""

WORKER_MEMORY = 1536 * MB
"""Of address space (it really uses about 90 MB): a tile that would take more is one that cannot be read."""

WANTED_MOST = 400
IMAGE_PX_MOST = 8_192
SHELF_BYTES = 96 * MB
"""Painted tiles that the console keeps: about twelve screens full."""

ANSWER_S = 10.0
"""A worker that is asked and says nothing for this long is ended."""

RESTARTS, RESTARTS_WITHIN_S = 4, 60.0
"""So many times within this it is started again at once; then it rests for as long."""

DIED_AT_MOST = 2
"""A tile at which the worker ended so often stays empty."""

NAMES_MARGIN_PX = 96
"""Names are placed for this much more than is in sight, so that a small move keeps them."""
