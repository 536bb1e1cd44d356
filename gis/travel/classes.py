"""Classes of streets, as the tables of vehicles name them and the graph numbers them."""

from __future__ import annotations

from typing import Final

CLASSES: Final = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "service",
    "alley", "pedestrian", "track", "path", "footway", "steps", "ferry", "barrier",
)  # fmt: skip
"""In the order of their numbers; links count as what they link. ``barrier``: the step through a gate or bollard."""

NUMBER: Final = {name: number for number, name in enumerate(CLASSES)}
BARRIER: Final = NUMBER["barrier"]
