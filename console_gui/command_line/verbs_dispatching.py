"""Greater alarms, the recommended set, its travel times measured anew, reasons, crews."""

from __future__ import annotations

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Context, Outcome, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target, target_last, target_last_of
from console_gui.folding import fold
from console_gui.translations.formats import short
from dispatch_core.domain import commands as c
from dispatch_core.domain.recommending import ranked
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import ALARM_LEVELS, CrewState, LegState

BECAUSE = ("vi", "vif", "because")
"""Words after which the reason stands in a line that sends units; "vif" is "vì" without the typing program."""

CREWS: dict[str, CrewState] = {
    "co": CrewState.STAFFED, "on": CrewState.STAFFED,
    "khong": CrewState.UNSTAFFED, "off": CrewState.UNSTAFFED,
    "nghi": CrewState.RESTING, "rest": CrewState.RESTING,
}  # fmt: skip

LEVEL_SYNTAX = ("cap 2 #42 cháy lan", "level 2 #42 it spreads")
CREW_SYNTAX = ("kip A12 nghi 30", "crew A12 rest 30")
WHY_SYNTAX = ("vi A12 đường kẹt #42", "why A12 road blocked #42")


def because(text: str) -> tuple[str, str]:
    """``A12 #42 vì kẹt xe`` in what stands before the word and the reason."""
    parts = text.split(" ")
    for place, word in enumerate(parts):
        if fold(word) in BECAUSE and place:
            return " ".join(parts[:place]).strip(), " ".join(parts[place + 1 :]).strip()
    return text, ""


def send_recommended(line: Line, context: Context) -> Outcome:
    """``dx`` for every open leg, ``dx 114`` for one: exactly the units that the screen proposes now."""
    parts, named = target_last(line.words())
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    services = _services(context, incident, parts)
    if isinstance(services, Wrong):
        return services
    units = [it.unit for service in services for it in ranked(context.state, incident, service, context.now).chosen]
    if not units:
        return wrong("nothing_proposed", incident=short(incident.id))
    return Send(c.AssignUnits(incident=incident.id, units=tuple(units)))


def _services(context: Context, incident: Incident, parts: list[str]) -> list[str] | Wrong:
    if not parts:
        return [service for service, leg in incident.legs.items() if leg.state is LegState.OPEN]
    service = resolve.service(context.state, " ".join(parts))
    return service if isinstance(service, Wrong) else [service]


def rank_again(line: Line, context: Context) -> Outcome:
    parts, named = target_last(line.words())
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    if not parts:
        return Send(c.RankAgain(incident=incident.id))
    service = resolve.service(context.state, " ".join(parts))
    return service if isinstance(service, Wrong) else Send(c.RankAgain(incident=incident.id, service=service))


def alarm_level(line: Line, context: Context) -> Outcome:
    """``cap 2 #42 why``: up or down, by what the incident has now."""
    first, _, rest = line.rest.partition(" ")
    second, _, after = rest.strip().partition(" ")
    named = target(second)
    reason = after if named is not None else rest
    if named is None:
        reason, named = target_last_of(rest)
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    if first not in map(str, range(1, ALARM_LEVELS + 1)):
        return wrong("level", syntax=LEVEL_SYNTAX, limit=ALARM_LEVELS)
    level, reason = int(first), because(f". {reason}")[1] or reason.strip()
    body = c.LowerAlarmLevel if level < incident.level else c.RaiseAlarmLevel
    return Send(body(incident=incident.id, level=level, seen=incident.level, reason=reason))


def next_level(context: Context) -> str:
    """What the key puts into the line: the level above the one that the open incident has."""
    incident = context.state.incidents.get(context.current)
    return f"cap {min(incident.level + 1, ALARM_LEVELS)} " if incident is not None else "cap 2 #"


def explain(line: Line, context: Context) -> Outcome:
    """``vi A12 why [#42]``: of the incident named, else the open one, else the one that the unit is on."""
    word, _, rest = line.rest.partition(" ")
    if not word:
        return wrong("usage", syntax=WHY_SYNTAX)
    unit = resolve.unit(context.state, word)
    if isinstance(unit, Wrong):
        return unit
    reason, named = target_last_of(rest.strip())
    if not reason:
        return wrong("usage", syntax=WHY_SYNTAX)
    if named is None and unit.assignment is not None:
        return Send(c.ExplainOverride(incident=unit.assignment.incident, unit=unit.call_sign, reason=reason))
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    return Send(c.ExplainOverride(incident=incident.id, unit=unit.call_sign, reason=reason))


def set_crew(line: Line, context: Context) -> Outcome:
    word, *told = line.words() or [""]
    if not word or not told:
        return wrong("usage", syntax=CREW_SYNTAX)
    unit = resolve.unit(context.state, word)
    if isinstance(unit, Wrong):
        return unit
    crew = CREWS.get(fold(told[0]))
    minutes = told[1] if len(told) > 1 else "0"
    if crew is None or not (minutes.isascii() and minutes.isdecimal() and len(minutes) <= 4):
        return wrong("crew", text=" ".join(told))
    return Send(c.SetCrew(unit=unit.call_sign, crew=crew, rest_min=int(minutes)))
