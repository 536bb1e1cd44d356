"""An incident: what, how urgent, where, notes, whose, legs, closing."""

from __future__ import annotations

import re

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Context, FindPlace, Outcome, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target_first_of, target_last, target_last_of
from console_gui.folding import fold
from console_gui.translations.formats import short
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import Location, LocationSource

PRIORITIES = ("1", "2", "3", "4", "5")
_COORDINATES = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


SURE = ("chac", "sure")
"""The word without which a caller who cannot speak is not closed as "no content"."""


def set_type(line: Line, context: Context) -> Outcome:
    text, named = target_last_of(line.rest)
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    if not text:
        return wrong("usage", syntax="t tngt #42")
    kind = resolve.incident_type(context.state, text)
    if isinstance(kind, Wrong):
        return kind
    return Send(c.SetType(incident=incident.id, type=kind.code, seen=incident.type))


def set_priority(line: Line, context: Context) -> Outcome:
    parts, named = target_last(line.words())
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    typed = parts[0].casefold().removeprefix("p") if len(parts) == 1 else ""
    if typed not in PRIORITIES:
        return wrong("priority")
    return Send(c.SetPriority(incident=incident.id, priority=int(typed), seen=incident.priority))


def locate(line: Line, context: Context) -> Outcome:
    """Coordinates are taken as a pin on the map; anything else is looked up."""
    text, named = target_last_of(line.rest)
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    if not text:
        return wrong("place")
    pair = _COORDINATES.fullmatch(text)
    if pair is None:
        return FindPlace(text, incident.id, incident.location_version)
    lat, lon = float(pair[1]), float(pair[2])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return wrong("coordinates", text=text)
    pin = Location(label=f"{lat:.5f}, {lon:.5f}", source=LocationSource.MAP_PIN, lat=lat, lon=lon)
    return Send(c.Locate(incident=incident.id, location=pin, seen=incident.location_version))


def locate_in_words(line: Line, context: Context) -> Outcome:
    """``@! words``: the place as it was said, without coordinates."""
    text, named = target_last_of(line.rest)
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    if not text:
        return wrong("place")
    said = Location(label=text, source=LocationSource.SPOKEN)
    return Send(c.Locate(incident=incident.id, location=said, seen=incident.location_version))


def locate_at_caller(line: Line, context: Context) -> Outcome:
    """``@@``: where the newest call that brought a location says it is."""
    _, named = target_last(line.words())
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    calls = (context.state.calls.get(ident) for ident in reversed(incident.calls))
    places = [it.location for it in calls if it is not None and it.location is not None and it.location.lat is not None]
    if not places:
        return wrong("no_caller_place")
    return Send(c.Locate(incident=incident.id, location=places[0], seen=incident.location_version))


def add_note(line: Line, context: Context) -> Outcome:
    """An incident is named first here, so that a note may itself end in ``#42``."""
    text, named = target_first_of(line.rest)
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    return Send(c.AddNote(incident=incident.id, text=text)) if text else wrong("note")


def take(line: Line, context: Context) -> Outcome:
    _, named = target_last(line.words())
    incident = resolve.incident(context, named)
    return incident if isinstance(incident, Wrong) else Send(c.TakeIncident(incident=incident.id))


def _leg(line: Line, context: Context, body: type[c.OpenLeg] | type[c.CloseLeg], syntax: str) -> Outcome:
    parts, named = target_last(line.words())
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    if not parts:
        return wrong("usage", syntax=syntax)
    service = resolve.service(context.state, " ".join(parts))
    return service if isinstance(service, Wrong) else Send(body(incident=incident.id, service=service))


def open_leg(line: Line, context: Context) -> Outcome:
    return _leg(line, context, c.OpenLeg, "leg 113 #42")


def close_leg(line: Line, context: Context) -> Outcome:
    return _leg(line, context, c.CloseLeg, "leg- 113 #42")


def close(line: Line, context: Context) -> Outcome:
    text, named = target_last_of(line.rest)
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    disposition = resolve.disposition(text)
    if isinstance(disposition, Wrong):
        return disposition
    return Send(c.CloseIncident(incident=incident.id, disposition=disposition))


def close_empty(line: Line, context: Context) -> Outcome:
    """The one key for a call without content; a slip on an incident with units at work is caught here."""
    words, named = target_last(line.words())
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    sure = bool(words) and fold(words[0]) in SURE
    units = [unit for leg in incident.legs.values() for unit in leg.units]
    if units:
        return wrong("units_at_work", incident=short(incident.id), units=resolve.listed(units))
    return Send(c.CloseEmpty(incident=incident.id, confirmed=sure))
