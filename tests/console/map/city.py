"""A made-up city for the map's tests: the same one every time for a seed."""

from __future__ import annotations

import json
import random
from typing import Any

from dispatch_core.domain.state import Alarm, Assignment, Incident, Site, State, Unit
from dispatch_core.domain.vocabulary import (
    AlarmLevel,
    IncidentState,
    IncidentType,
    Location,
    LocationSource,
    Service,
    Station,
    UnitStatus,
)

CENTRE = (10.785, 106.695)
SERVICES = {
    "police": Service(code="police", vi="Công an", en="Police", glyph="CA", hue="#0072B2"),
    "fire": Service(code="fire", vi="PCCC & CNCH", en="Fire and rescue", glyph="CC", hue="#D55E00"),
    "ambulance": Service(code="ambulance", vi="Cấp cứu", en="Ambulance", glyph="YT", hue="#009E73"),
}
SITE = Site(services=SERVICES)
TYPES = {"crash": IncidentType(code="crash", vi="Tai nạn giao thông, có kẹt", en="Traffic accident, trapped")}
WARDS = ("Thạnh Mỹ Tây", "Bình Lợi Trung", "Đông Hưng Thuận", "Thủ Dầu Một", "Phước Long", "Nhiêu Lộc", "Xóm Chiếu")


def unit(sign: str, lat: float, lon: float, **more: Any) -> Unit:
    return Unit(call_sign=sign, lat=lat, lon=lon, **{"service": "ambulance", "station": "S1", **more})


def incident(number: int, lat: float | None, lon: float | None, **more: Any) -> Incident:
    place = Location(label="Ngã tư Hàng Xanh", source=LocationSource.AML, lat=lat, lon=lon, uncertainty_m=31.0)
    return Incident(
        id=f"20261123-{number:05d}",
        **{"state": IncidentState.WORKING, "type": "crash", "location": place, "services": ("ambulance",), **more},
    )


def state(units: list[Unit], incidents: list[Incident], **more: Any) -> State:
    return State(
        site=SITE, types=TYPES, units={it.call_sign: it for it in units}, incidents={it.id: it for it in incidents},
        **more,
    )  # fmt: skip


def _sent(incident_id: str, service: str) -> Assignment:
    return Assignment(incident=incident_id, service=service, at=1, by="t")


def crowded_state(units: int, incidents: int, seed: int = 1) -> State:
    """Half the units at their stations; the rest, and the incidents, thick in the middle and thin at the edge."""
    chance = random.Random(seed)
    lat, lon = CENTRE
    stations = {}
    for index in range(60):
        service = tuple(SERVICES)[index % 3]
        stations[f"S{index}"] = Station(
            id=f"S{index}", service=service, name=f"Công an phường {WARDS[index % len(WARDS)]}",
            lat=lat + chance.gauss(0, 0.06), lon=lon + chance.gauss(0, 0.06),
        )  # fmt: skip
    made = []
    for number in range(incidents):
        made.append(incident(
            number + 1, lat + chance.gauss(0, 0.04), lon + chance.gauss(0, 0.04),
            priority=chance.choice((1, 2, 2, 3, 3, 3, 4, 5)),
            services=tuple(chance.sample(tuple(SERVICES), chance.choice((1, 1, 2, 3)))),
        ))  # fmt: skip
    crews = []
    for number in range(units):
        home = stations[f"S{number % 60}"]
        away = 0.0 if number % 2 else 0.02
        status = UnitStatus.AVAILABLE if number % 2 else chance.choice(tuple(UnitStatus))
        busy = status not in (UnitStatus.AVAILABLE, UnitStatus.OUT_OF_SERVICE) and made
        crews.append(unit(
            f"{home.service[0].upper()}{number}", home.lat + chance.gauss(0, 1) * away,
            home.lon + chance.gauss(0, 1) * away, service=home.service, station=home.id, status=status,
            assignment=_sent(chance.choice(made).id, home.service) if busy else None,
        ))  # fmt: skip
    alarms = {
        it.id: Alarm(key=it.id, kind="late", subject=it.id, level=AlarmLevel.HIGH, raised_at=1) for it in made[::9]
    }
    return state(crews, made, stations=stations, alarms=alarms)


def square_zones(side: int = 13, step: float = 0.03, approximate: bool = True, corner: int = 40) -> bytes:
    """``side`` x ``side`` wards as squares with ``corner`` points on each edge, in the shape that the core sends."""
    features = []
    south, west = CENTRE[0] - side * step / 2, CENTRE[1] - side * step / 2
    for row in range(side):
        for column in range(side):
            low, left = south + row * step, west + column * step
            edge = [step * index / corner for index in range(corner)]
            ring = (
                [[left + e, low] for e in edge] + [[left + step, low + e] for e in edge]
                + [[left + step - e, low + step] for e in edge] + [[left, low + step - e] for e in edge]
            )  # fmt: skip
            name = f"Phường {WARDS[(row * side + column) % len(WARDS)]} {row * side + column}"
            features.append({
                "type": "Feature", "properties": {"code": f"{row}-{column}", "name": name, "station": ""},
                "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            })  # fmt: skip
    return json.dumps({
        "type": "FeatureCollection", "features": features, "approximate": approximate,
        "note_vi": "Ranh gần đúng, để minh họa", "note_en": "Approximate, for demonstration",
    }).encode()  # fmt: skip
