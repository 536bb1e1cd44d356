"""The map: draw where nobody can pass, open it again, a unit's way, what is reached in some minutes, layers, undo."""

from __future__ import annotations

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target_last
from console_gui.folding import fold
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import ClosureKind

LAYERS = {
    "duong": "streets", "streets": "streets", "dia ban": "zones", "zones": "zones", "cam": "closures",
    "closures": "closures", "lo trinh": "route", "route": "route", "tam": "reach", "reach": "reach",
    "ho": "holes", "holes": "holes", "don vi": "units", "units": "units", "vu viec": "incidents",
    "incidents": "incidents", "tram": "stations", "stations": "stations", "benh vien": "hospitals",
    "hospitals": "hospitals",
}  # fmt: skip
NEAR_LAYERS = (
    "lop duong, lop dia ban, lop don vi, lop vu viec, lop tram, lop benh vien, lop cam, lop lo trinh, lop tam, lop ho",
    "layer streets, layer zones, layer units, layer incidents, layer stations, layer hospitals, layer closures,"
    " layer route, layer reach, layer holes",
)
MINUTES_MOST = 60


def close_road(line: Line, context: Context) -> Outcome:
    """``chan cây đổ``: points are then clicked on the map; the reason may also be told after that."""
    return Screen(Act.DRAW, f"{ClosureKind.CLOSED.value} {line.rest}".strip())


def flood(line: Line, context: Context) -> Outcome:
    return Screen(Act.DRAW, f"{ClosureKind.FLOODED.value} {line.rest}".strip())


def open_road(line: Line, context: Context) -> Outcome:
    """``thong D3``; without a name the only one there is."""
    closures = context.state.closures
    known = ", ".join(resolve.natural(closures)) or "—"
    if not line.rest and len(closures) == 1:
        return Send(c.EndClosure(closure=next(iter(closures))))
    if not line.rest:
        return wrong("closure_which", near=known)
    ident = line.rest.strip().upper()
    return Send(c.EndClosure(closure=ident)) if ident in closures else wrong("closure", text=line.rest, near=known)


def route(line: Line, context: Context) -> Outcome:
    """``duong A12 #42``; without words the way is taken off the map."""
    parts, named = target_last(line.words())
    if not parts:
        return Screen(Act.ROUTE)
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    unit = resolve.unit(context.state, " ".join(parts))
    return unit if isinstance(unit, Wrong) else Screen(Act.ROUTE, f"{incident.id} {unit.call_sign}")


def reach(line: Line, context: Context) -> Outcome:
    """``tam A12 8``, ``tam 115 10``; without words the area is taken off the map."""
    parts = line.words()
    if not parts:
        return Screen(Act.REACH)
    minutes = "8"
    if len(parts) > 1 and parts[-1].isdecimal():
        minutes = parts.pop()
        if not 1 <= int(minutes) <= MINUTES_MOST:
            return wrong("minutes", text=minutes, most=str(MINUTES_MOST))
    whose = " ".join(parts)
    service = resolve.service(context.state, whose)
    if not isinstance(service, Wrong):
        return Screen(Act.REACH, f"{minutes} service {service}")
    unit = resolve.unit(context.state, whose)
    return unit if isinstance(unit, Wrong) else Screen(Act.REACH, f"{minutes} unit {unit.call_sign}")


def layer(line: Line, context: Context) -> Outcome:
    name = LAYERS.get(fold(line.rest))
    return Screen(Act.LAYER, name) if name else wrong("choice", text=line.rest, near=NEAR_LAYERS)


def undo_place(line: Line, context: Context) -> Outcome:
    """``@-``: where the incident was before its pin was moved here."""
    _, named = target_last(line.words())
    incident = resolve.incident(context, named)
    return incident if isinstance(incident, Wrong) else Screen(Act.UNDO_PLACE, incident.id)
