"""The site that every run has: three services, four positions, a handful of units and the people who sign in."""

from __future__ import annotations

from dispatch_core.domain.commands import Command, ConfigureSite, LoadResources, LoadTypes
from dispatch_core.domain.state import Site, Unit
from dispatch_core.domain.vocabulary import (
    IncidentType,
    Need,
    OfferRules,
    Reason,
    Role,
    SafetyRules,
    Service,
    Station,
)

Positions = dict[str, tuple[str, tuple[str, ...]]]
"""What the site's file says of each position: label and services."""

NODE = "hcm1"

SERVICES = {
    "police": Service(code="police", vi="Công an", en="Police"),
    "fire": Service(code="fire", vi="Chữa cháy", en="Fire"),
    "ambulance": Service(code="ambulance", vi="Cấp cứu", en="Ambulance"),
}
NUMBERS: dict[str, tuple[str, ...]] = {"113": ("police",), "114": ("fire",), "115": ("ambulance",)}
POSITIONS: Positions = {
    "B01": ("Bàn 1", ("police", "fire")),
    "B02": ("Bàn 2", ("ambulance",)),
    "B03": ("Bàn 3", ("ambulance", "fire")),
    "B04": ("Bàn 4", ("police", "fire", "ambulance")),
}
TYPES = {
    "crash": IncidentType(
        code="crash", vi="Tai nạn giao thông", en="Road crash", priority=1,
        needs=(Need(service="ambulance"), Need(service="police", count=2)),
    ),
    "fire": IncidentType(
        code="fire", vi="Cháy nhà", en="House fire", priority=1, needs=(Need(service="fire"), Need(service="ambulance"))
    ),
    "theft": IncidentType(code="theft", vi="Trộm cắp", en="Theft", priority=4),
}  # fmt: skip
STATIONS = {
    "S-A": Station(id="S-A", service="ambulance", name="Trung tâm Cấp cứu 115", lat=10.77, lon=106.66),
    "S-F": Station(id="S-F", service="fire", name="PCCC Quận 1", lat=10.78, lon=106.70),
    "S-P": Station(id="S-P", service="police", name="Công an phường Bến Thành", lat=10.77, lon=106.69),
    "S-Q": Station(id="S-Q", service="police", name="Công an phường Sài Gòn", lat=10.78, lon=106.69),
}
UNITS = tuple(
    Unit(call_sign=call_sign, service=STATIONS[station].service, station=station, lat=10.77 + 0.002 * place, lon=106.68)
    for place, (call_sign, station) in enumerate(
        (("A1", "S-A"), ("A2", "S-A"), ("F1", "S-F"), ("F2", "S-F"), ("P1", "S-P"), ("P2", "S-Q"))
    )
)
PEOPLE = {
    "lan": ("Nguyễn Thị Lan", Role.DISPATCHER),
    "minh": ("Trần Văn Minh", Role.DISPATCHER),
    "hoa": ("Lê Thị Hoa", Role.SUPERVISOR),
    "tuan": ("Phạm Anh Tuấn", Role.TELEPHONY_ADMIN),
}

SITE = Site(
    name="TP.HCM", services=SERVICES, numbers=NUMBERS, reasons={"meal": Reason(code="meal", vi="ăn cơm", en="meal")},
    wrap_up_ms=3_000, unattended_ms=20_000, again_ms=60_000,
    offers=OfferRules(
        crew_s=(3,) * 5, station_s=(4,) * 5, reasons={"far": Reason(code="far", vi="quá xa", en="too far")}
    ),
    safety=SafetyRules(offered_s=8, acknowledged_s=10, en_route_s=12, on_scene_s=10),
)  # fmt: skip


def start_commands(positions: Positions) -> tuple[Command, ...]:
    """What a core brings into the state from the site's files at its start."""
    return (
        ConfigureSite(site=SITE, positions=dict(positions)),
        LoadTypes(types=TYPES),
        LoadResources(stations=STATIONS, units=UNITS),
    )
