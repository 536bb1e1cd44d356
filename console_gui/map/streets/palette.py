"""The greys of the streets by day and by night. Quieter than anything that stands on them: the marks must win.

Water and green have a breath of their colour, no more; hospitals, fire stations and the police have the hues of their
services, as everywhere on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """``roads`` and ``casings`` by class; ``name`` by class, with ``halo`` behind every name."""

    ground: str
    water: str
    green: str
    grounds: str
    square: str
    building: str
    building_edge: str
    rail: str
    arrow: str
    roads: dict[str, str]
    casings: dict[str, str]
    names: dict[str, str]
    halo: str


NIGHT = Palette(
    ground="#12161c", water="#0b2130", green="#141f1c", grounds="#191f27", square="#1d242d",
    building="#181e26", building_edge="#1f2731", rail="#39434f", arrow="#8e9aa8",
    roads={"motorway": "#4a5563", "trunk": "#4a5563", "primary": "#465160", "secondary": "#3c4653",
           "tertiary": "#333d49", "street": "#29323d", "alley": "#232b35", "path": "#2b343f"},
    casings={"motorway": "#0c0f14", "trunk": "#0c0f14", "primary": "#0c0f14", "secondary": "#0c0f14",
             "tertiary": "#0d1116", "street": "#0e1218", "alley": "#0e1218", "path": ""},
    names={"major": "#eef2f6", "minor": "#c9d2dc", "alley": "#9fabb8", "place": "#aeb9c5", "water": "#6f9ab5",
           "house": "#8793a0", "poi": "#a9b4c0", "hospital": "#3cc49a", "fire_station": "#f08a4a", "police": "#5aa9e6"},
    halo="#12161c",
)  # fmt: skip
DAY = Palette(
    ground="#eef0f3", water="#c5d9e6", green="#dfe8df", grounds="#e5e7eb", square="#f4f4f2",
    building="#e2e4e8", building_edge="#d3d7dd", rail="#a9b1bb", arrow="#6b7683",
    roads={"motorway": "#ffffff", "trunk": "#ffffff", "primary": "#ffffff", "secondary": "#ffffff",
           "tertiary": "#ffffff", "street": "#ffffff", "alley": "#fafbfc", "path": "#cfd4db"},
    casings={"motorway": "#9aa4b0", "trunk": "#9aa4b0", "primary": "#a5aeb9", "secondary": "#b3bbc5",
             "tertiary": "#bfc6cf", "street": "#c9cfd7", "alley": "#d5dae1", "path": ""},
    names={"major": "#12181f", "minor": "#2c3641", "alley": "#535e6b", "place": "#46515d", "water": "#2d6486",
           "house": "#66717e", "poi": "#4a5561", "hospital": "#00664a", "fire_station": "#8f3f00", "police": "#00517f"},
    halo="#f8f9fb",
)  # fmt: skip
PALETTES = {True: NIGHT, False: DAY}
"""By ``dark``."""
