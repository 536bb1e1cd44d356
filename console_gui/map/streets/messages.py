"""What the console and the worker say to each other: msgpack, one message a frame; a picture's bytes follow its head as
a frame of their own."""

from __future__ import annotations

import msgspec
from msgspec import Struct


class TileWanted(Struct, frozen=True, array_like=True):
    """``pixels`` of the screen, square."""

    z: int
    x: int
    y: int
    pixels: int
    ratio: float
    dark: bool


class NamesWanted(Struct, frozen=True, array_like=True):
    """Of a picture ``width`` by ``height`` around world point (x, y) at ``scale`` pixels to the world. ``taken``: boxes
    in its pixels that something else covers."""

    x: float
    y: float
    scale: float
    width: int
    height: int
    ratio: float
    dark: bool
    taken: tuple[tuple[float, float, float, float], ...] = ()


class Draw(Struct, frozen=True, tag=True):
    """All that is wanted now, the first first; it replaces what was wanted before. ``archive``: a path, "" for none."""

    number: int
    archive: str
    tiles: tuple[TileWanted, ...] = ()
    names: NamesWanted | None = None


class Near(Struct, frozen=True, tag=True):
    """Which street is at this place?"""

    number: int
    archive: str
    lat: float
    lon: float


class Took(Struct, frozen=True, tag=True):
    """The request of this number was read."""

    number: int


class TilePainted(Struct, frozen=True, tag=True):
    """Its picture follows: RGB32, ``pixels`` square. ``unreadable`` says why it is empty."""

    tile: TileWanted
    archive: str
    unreadable: str = ""
    ms: float = 0.0


class NamesPainted(Struct, frozen=True, tag=True):
    """Its picture follows: ARGB32 premultiplied. ``placed``: each name with where its middle is, in its pixels."""

    names: NamesWanted
    archive: str
    width: int
    height: int
    placed: tuple[tuple[str, float, float], ...] = ()
    ms: float = 0.0


class NearFound(Struct, frozen=True, tag=True):
    """The nearest street with a name, "" where none is near; ``metres`` away."""

    number: int
    street: str
    metres: float


class Refused(Struct, frozen=True, tag=True):
    """The archive cannot be used."""

    archive: str
    why: str


Request = Draw | Near
Answer = Took | TilePainted | NamesPainted | NearFound | Refused

encode = msgspec.msgpack.Encoder().encode
read_request = msgspec.msgpack.Decoder(Request).decode
read_answer = msgspec.msgpack.Decoder(Answer).decode
