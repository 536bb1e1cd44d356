"""What is made of a map file: each part is a module with a builder and the files that it writes.

``build(source, into, say)`` reads the whole, proven file by itself, writes its files into the folder ``into`` and gives
counts for the report. It raises ``DispatchError`` where the data will not do; then nothing of the import stays.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path

Say = Callable[[str], None]
Build = Callable[[Path, Path, Say], Mapping[str, int]]

BUILDERS: Mapping[str, str] = {
    "roads": "gis.travel.build",
    "tiles": "gis.tiles.build",
    "addresses": "gis.addresses.build",
}
"""Part to the module that has its ``build``; only loaded for an import."""


def builder(part: str) -> Build:
    found: Build = importlib.import_module(BUILDERS[part]).build
    return found
