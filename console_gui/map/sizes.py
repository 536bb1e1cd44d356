"""How large the marks are, in pixels: shared by what arranges them and what paints them."""

from __future__ import annotations

from console_gui.map.marks import IncidentMark

UNIT_PX, STATION_PX = 20.0, 9.0
INCIDENT_PX, URGENT_PX = 20.0, 28.0
INCIDENTS_HEIGHT_PX = 20.0
RING_PX = URGENT_PX / 2 + 5
"""Radius of the ring around the selected incident."""

GROUP_WIDTH_PX, GROUP_ROW_PX = 60.0, 15.0
LABEL_PX = 16.0
CHIP_PX = 17.0
"""The room of one service's glyph in the label of an incident."""


def incident_size(mark: IncidentMark) -> float:
    return URGENT_PX if mark.urgent else INCIDENT_PX


def incidents_width(count: int) -> float:
    return 24.0 + 8.0 * len(str(count))
