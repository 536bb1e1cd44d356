"""How the names of each kind of street, water, place and point of interest are written, and from which zoom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hand:
    """How the names of one kind are written: colour's key, pixels, strong or not, and from which zoom."""

    colour: str
    pixels: int
    strong: bool
    from_zoom: float
    rank: int


MAJOR, MINOR, ALLEY = "major", "minor", "alley"
STREETS = {
    "motorway": Hand(MAJOR, 13, True, 12.0, 2), "trunk": Hand(MAJOR, 13, True, 12.2, 2),
    "primary": Hand(MAJOR, 13, True, 12.6, 3), "secondary": Hand(MAJOR, 13, True, 13.3, 4),
    "tertiary": Hand(MAJOR, 13, False, 13.9, 5), "street": Hand(MINOR, 12, False, 14.6, 7),
    "alley": Hand(ALLEY, 11, False, 15.7, 9), "path": Hand(ALLEY, 11, False, 17.0, 10),
}  # fmt: skip
WATERS = {"river": Hand("water", 12, False, 12.5, 4), "canal": Hand("water", 11, False, 14.0, 8),
          "stream": Hand("water", 11, False, 15.0, 9)}  # fmt: skip
PLACES = {"city": Hand("place", 15, True, 9.0, 0), "town": Hand("place", 14, True, 10.0, 0),
          "borough": Hand("place", 13, True, 11.0, 0), "suburb": Hand("place", 13, False, 12.0, 1),
          "island": Hand("place", 12, False, 12.0, 1), "village": Hand("place", 12, False, 12.0, 1),
          "quarter": Hand("place", 12, False, 13.0, 6), "neighbourhood": Hand("place", 11, False, 14.5, 8),
          "hamlet": Hand("place", 11, False, 14.5, 8)}  # fmt: skip
POIS = {"hospital": Hand("hospital", 12, True, 13.4, 1), "fire_station": Hand("fire_station", 11, False, 14.0, 6),
        "police": Hand("police", 11, False, 14.6, 6), "station": Hand("poi", 11, True, 13.8, 6),
        "airport": Hand("poi", 12, True, 11.5, 2), "market": Hand("poi", 11, False, 15.0, 8),
        "clinic": Hand("hospital", 11, False, 16.0, 9), "office": Hand("poi", 11, False, 16.9, 9),
        "mall": Hand("poi", 11, False, 16.0, 9), "landmark": Hand("poi", 11, False, 15.6, 9),
        "park": Hand("poi", 11, False, 15.0, 8), "school": Hand("poi", 11, False, 16.3, 10),
        "worship": Hand("poi", 11, False, 16.2, 10), "hotel": Hand("poi", 11, False, 16.8, 11),
        "fuel": Hand("poi", 11, False, 16.2, 10)}  # fmt: skip
HOUSES = Hand("house", 10, False, 17.6, 12)
