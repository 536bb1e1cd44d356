"""Incidents that are the same, or are not, and words to those who wait during a surge."""

from __future__ import annotations

from console_gui.alike import folded_in, way
from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Context, Outcome, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target, target_last
from dispatch_core.domain import commands as c
from dispatch_core.domain.duplicates import proposals


def proposed(context: Context) -> str:
    """The incident that is likeliest the same as the open one, "" where none is."""
    incident = context.state.incidents.get(context.current)
    found = proposals(context.state, incident, 1) if incident is not None else ()
    return found[0].other if found else ""


def fold_incident(line: Line, context: Context) -> Outcome:
    """``gop``: the open incident and the one that is proposed are one; ``gop #42``: the open one is part of #42;
    ``gop #43 #42``: 43 is."""
    named = [target(word) for word in line.words()]
    if not named:
        other = proposed(context)
        if not other:
            return wrong("nothing_alike", syntax="gop #42")
        source, into = way(context.state, context.current, other)
        return Send(c.FoldIncident(incident=source, into=into))
    if len(named) > 2 or None in named:
        return wrong("usage", syntax="gop #42")
    first = resolve.incident(context, named[0] if len(named) == 2 else None)
    if isinstance(first, Wrong):
        return first
    last = resolve.incident(context, named[-1])
    return last if isinstance(last, Wrong) else Send(c.FoldIncident(incident=first.id, into=last.id))


def unfold_incident(line: Line, context: Context) -> Outcome:
    """``bogop #43``: what was folded is an incident of its own again; without a number the newest folded into this."""
    _, named = target_last(line.words())
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    if incident.folded is None and named is None:
        incident = next(iter(folded_in(context.state, incident.id)), incident)
    return Send(c.UnfoldIncident(incident=incident.id))


def not_the_same(line: Line, context: Context) -> Outcome:
    """``khac``: the open incident is not the one that is proposed; ``khac #42``, ``khac #43 #42`` name them."""
    named = [target(word) for word in line.words()]
    if len(named) > 2 or None in named:
        return wrong("usage", syntax="khac #42")
    one = resolve.incident(context, named[0] if len(named) == 2 else None)
    if isinstance(one, Wrong):
        return one
    if not named:
        other = proposed(context)
        if not other:
            return wrong("nothing_alike", syntax="khac #42")
        return Send(c.MarkDifferent(incident=one.id, other=other))
    last = resolve.incident(context, named[-1])
    return last if isinstance(last, Wrong) else Send(c.MarkDifferent(incident=one.id, other=last.id))


SURGE_SYNTAX = ("caodiem [#42] [PHÚT] LÝ DO", "surge [#42] [MINUTES] REASON")


def surge_on(line: Line, context: Context) -> Outcome:
    """``caodiem #42 45 cháy chợ``; without a number of an incident the one that is proposed, else the open one."""
    words = line.rest.split(" ")
    named = target(words[0])
    if named is not None:
        words = words[1:]
    minutes = int(words[0]) if len(words) > 1 and words[0].isdecimal() and len(words[0]) < 5 else 0
    reason = " ".join(words[1:] if minutes else words).strip()
    if not reason:
        return wrong("usage", syntax=SURGE_SYNTAX)
    proposal = context.state.surge_proposal
    if named is None and proposal is not None and context.state.surge is None:
        return Send(c.SurgeOn(incident=proposal.incident, reason=reason, minutes=minutes))
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    return Send(c.SurgeOn(incident=incident.id, reason=reason, minutes=minutes))


def surge_off(line: Line, context: Context) -> Outcome:
    if not line.rest:
        return wrong("usage", syntax=("caodiem- LÝ DO", "surge- REASON"))
    return Send(c.SurgeOff(reason=line.rest))
