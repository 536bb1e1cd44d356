"""What a person asks of the form: back to words that are not sent, coordinates to copy, who has called before."""

from __future__ import annotations

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Wrong, wrong
from console_gui.command_line.tokens import Line, target_last
from console_gui.translations.formats import short


def unsaved(line: Line, context: Context) -> Outcome:
    return Screen(Act.UNSAVED)


def coordinates(line: Line, context: Context) -> Outcome:
    """``toado #42``: into the clipboard."""
    _, named = target_last(line.words())
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    place = incident.location
    if place is None or place.lat is None or place.lon is None:
        return wrong("premise_place", number=short(incident.id))
    return Screen(Act.COPY, f"{place.lat:.5f}, {place.lon:.5f}")


def callers_history(line: Line, context: Context) -> Outcome:
    return Screen(Act.HISTORY)
