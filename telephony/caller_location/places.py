"""From a shape or a civic address to the `Location` that is kept: its words and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch_core.domain.vocabulary import Location, LocationSource
from telephony.caller_location.reasons import NoLocation
from telephony.caller_location.shapes import Shape

LABEL_LIMIT = 200
OLD_MS = 3_600_000
"""A location that was measured longer ago is doubted: the caller may be anywhere by now."""

AHEAD_MS = 120_000
"""A phone's clock may be ahead of ours by this much."""

# The parts of a civic address (RFC 5139) in the order in which a Vietnamese address is said.
HOUSE = ("HNO", "HNS")
STREET = ("PRD", "RD", "A6", "STS", "POD")
AREAS = ("LMK", "LOC", "NAM", "BLD", "A5", "A4", "A3", "A2", "A1")


@dataclass(frozen=True)
class Measured:
    """What a source says beside the place itself. `came`, `at`: when it came and was measured, ms; `at` 0: not said."""

    source: LocationSource
    came: int
    at: int = 0
    confidence: int = 0
    method: str = ""
    floor: str = ""

    def moment(self) -> tuple[int, str]:
        """When the place was measured, and "old" where that is too long ago. A time to come is the time it came."""
        if self.at <= 0 or self.at > self.came + AHEAD_MS:
            return self.came, ""
        return min(self.at, self.came), "old" if self.came - self.at > OLD_MS else ""


def of_shape(shape: Shape, told: Measured, doubt: str = "") -> Location:
    """The label is what can be read out over the radio."""
    at, old = told.moment()
    return Location(
        label=f"{shape.lat:.5f}, {shape.lon:.5f}",
        source=told.source,
        lat=shape.lat,
        lon=shape.lon,
        uncertainty_m=shape.metres,
        confidence=told.confidence,
        at=at,
        shape=_NAMES.get(shape.kind, shape.kind),
        outline=shape.outline,
        altitude_m=shape.altitude,
        floor=told.floor,
        method=told.method,
        doubt=doubt or old,
    )


_NAMES = {"arcband": "arc_band"}


def of_civic(parts: Mapping[str, str], told: Measured) -> Location:
    """"12 Tràng Tiền, Hoàn Kiếm, Hà Nội": words without coordinates. NoLocation("empty")."""
    house = " ".join(parts[name] for name in HOUSE if parts.get(name))
    street = " ".join(parts[name] for name in STREET if parts.get(name))
    said = [f"{house} {street}".strip(), *(parts.get(name, "") for name in AREAS)]
    label = ", ".join(part.strip() for part in said if part.strip())[:LABEL_LIMIT]
    if not label:
        raise NoLocation("empty")
    at, old = told.moment()
    return Location(
        label=label,
        source=told.source,
        confidence=told.confidence,
        at=at,
        shape="civic",
        floor=parts.get("FLR", "").strip() or told.floor,
        method=told.method,
        doubt=old,
    )
