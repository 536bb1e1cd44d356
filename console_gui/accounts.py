"""Calls and incidents as plain values, for the drill's lines."""

from __future__ import annotations

from typing import Any

from console_gui.translations.formats import one_line
from dispatch_core.domain.state import Call, Incident


def account_of_call(call: Call) -> dict[str, Any]:
    return {
        "call": call.id, "state": call.state.value, "position": call.position, "ringing": list(call.ringing),
        "incident": call.incident, "parties": list(call.parties), "name": one_line(call.name, 80),
    }  # fmt: skip


def account_of_incident(incident: Incident) -> dict[str, Any]:
    return {
        "incident": incident.id, "state": incident.state.value, "type": incident.type, "priority": incident.priority,
        "owner": incident.owner, "located": incident.location is not None, "disposition": incident.disposition,
        "calls": list(incident.calls),
        "legs": {
            service: {
                "state": leg.state.value, "station": leg.station, "zone": leg.zone.zone if leg.zone is not None else "",
                "dispatcher": leg.dispatcher, "units": list(leg.units),
                "candidates": [it.unit for it in leg.candidates],
            }
            for service, leg in incident.legs.items()
        },
    }  # fmt: skip
