"""Calls and incidents as plain values, for the drill's lines."""

from __future__ import annotations

from typing import Any

from console_gui.translations import dispatching as said
from console_gui.translations.formats import one_line
from dispatch_core.domain.conversations import Conversation
from dispatch_core.domain.duplicates import Likeness
from dispatch_core.domain.recommending import ranked
from dispatch_core.domain.state import Call, Incident, Missed, Offer, State
from dispatch_core.domain.vocabulary import Instant, Location


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


def account_of_incident(incident: Incident, state: State, now: Instant) -> dict[str, Any]:
    return {
        "incident": incident.id, "state": incident.state.value, "type": incident.type,
        "priority": incident.priority, "level": incident.level,
        "owner": incident.owner, "located": incident.location is not None, "disposition": incident.disposition,
        "place": _location(incident.location) if incident.location is not None else None,
        "calls": list(incident.calls), "folded": incident.folded.into if incident.folded is not None else "",
        "legs": {
            service: {
                "state": leg.state.value, "station": leg.station, "zone": leg.zone.zone if leg.zone is not None else "",
                "also": list(leg.also), "dispatcher": leg.dispatcher, "units": list(leg.units),
                "candidates": [it.unit for it in leg.candidates], **_recommended(incident, service, state, now),
                "offers": [_offer(it) for it in leg.offers], "spent": bool(leg.spent_at),
            }
            for service, leg in incident.legs.items()
        },
    }  # fmt: skip


def _recommended(incident: Incident, service: str, state: State, now: Instant) -> dict[str, Any]:
    """As the screen says it: the set with what each is for, who is passed over and why, what is lacking."""
    ranking = ranked(state, incident, service, now)
    return {
        "chosen": {it.unit: it.fills for it in ranking.chosen},
        "passed": {it.unit: [it.why, said.passed(state, it, "vi")] for it in ranking.passed},
        "lacking": said.needs(state, ranking.lacking, "vi"),
        "overrides": [
            {"unit": it.unit, "instead": it.instead, "sooner_s": it.sooner_s, "reason": it.reason}
            for it in incident.legs[service].overrides
        ],
        "measured": [[it.unit, it.seconds, it.metres, it.age_ms] for it in ranking.candidates],
        "ranked_at": incident.legs[service].ranked_at,
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "offer": offer.id, "to": offer.to.value, "station": offer.station, "unit": offer.unit, "until": offer.until,
        "outcome": offer.outcome.value, "why": offer.why,
    }  # fmt: skip


def account_of_missed(line: Missed) -> dict[str, Any]:
    return {
        "line": line.id, "number": line.number, "count": line.count, "cut": line.cut, "tries": line.tries,
        "outcome": line.outcome.value if line.outcome is not None else "", "incident": line.incident,
    }  # fmt: skip


def account_of_likeness(it: Likeness) -> dict[str, Any]:
    return {
        "other": it.other, "kind": it.kind.value, "score": it.score, "metres": it.metres, "apart_ms": it.apart_ms,
        "type": it.type, "words": list(it.words),
    }  # fmt: skip


def account_of_surge(state: State) -> dict[str, Any]:
    """What is on and what is proposed; empty where nothing is."""
    surge, proposal = state.surge, state.surge_proposal
    told: dict[str, Any] = {}
    if surge is not None:
        told["on"] = {
            "incident": surge.incident, "services": list(surge.services), "told": surge.told, "noted": surge.noted,
            "joined": surge.joined,
        }  # fmt: skip
    if proposal is not None:
        told["proposed"] = {"incident": proposal.incident, "waiting": proposal.waiting, "alike": proposal.alike}
    return told
