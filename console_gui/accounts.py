"""Calls and incidents as plain values, for the drill's lines."""

from __future__ import annotations

from typing import Any

from console_gui.translations.formats import one_line
from dispatch_core.domain.conversations import Conversation
from dispatch_core.domain.state import Call, Incident, Missed
from dispatch_core.domain.vocabulary import Location


def account_of_call(call: Call) -> dict[str, Any]:
    return {
        "call": call.id, "number": call.number, "dialled": call.dialled,
        "state": call.state.value, "position": call.position, "ringing": list(call.ringing),
        "back": call.back.outcome.value if call.back is not None and call.back.outcome is not None else "",
        "incident": call.incident, "parties": list(call.parties), "muted": list(call.muted),
        "name": one_line(call.name, 80),
        "location": _location(call.location) if call.location is not None else None,
        "location_note": call.location_note, "location_link": call.location_link,
        "other_locations": len(call.other_locations),
        "keys": "".join(it.digit for it in call.silence.keys), "sounds": call.silence.sounds,
        "cannot_speak": bool(call.silence.cannot_speak_at), "prompted": bool(call.silence.prompted_at),
    }  # fmt: skip


def _location(place: Location) -> dict[str, Any]:
    return {
        "label": place.label, "source": place.source.value, "lat": place.lat, "lon": place.lon,
        "uncertainty_m": place.uncertainty_m, "confidence": place.confidence, "shape": place.shape,
        "corners": len(place.outline), "floor": place.floor, "doubt": place.doubt,
    }  # fmt: skip


def account_of_conversation(it: Conversation) -> dict[str, Any]:
    return {
        "conversation": it.id, "number": it.number, "dialled": it.dialled, "owner": it.owner, "incident": it.incident,
        "open": it.open, "waits": bool(it.waits_since),
        "lines": [{"text": line.text, "state": line.state.value, "by": line.by} for line in it.lines],
    }  # fmt: skip


def account_of_incident(incident: Incident) -> dict[str, Any]:
    return {
        "incident": incident.id, "state": incident.state.value, "type": incident.type, "priority": incident.priority,
        "owner": incident.owner, "located": incident.location is not None, "disposition": incident.disposition,
        "calls": list(incident.calls), "folded": incident.folded.into if incident.folded is not None else "",
        "legs": {
            service: {
                "state": leg.state.value, "station": leg.station, "zone": leg.zone.zone if leg.zone is not None else "",
                "also": list(leg.also), "dispatcher": leg.dispatcher, "units": list(leg.units),
                "candidates": [it.unit for it in leg.candidates],
            }
            for service, leg in incident.legs.items()
        },
    }  # fmt: skip


def account_of_missed(line: Missed) -> dict[str, Any]:
    return {
        "line": line.id, "number": line.number, "count": line.count, "cut": line.cut, "tries": line.tries,
        "outcome": line.outcome.value if line.outcome is not None else "", "incident": line.incident,
    }  # fmt: skip
