"""A surge: proposed by the core, switched on and off by a supervisor, over by itself; and the callers who say by a key
that they call about it. Who stays on the line is answered in turn, whatever was said here."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.decide.alarms import raise_alarm
from dispatch_core.domain.decide.folding import fold
from dispatch_core.domain.decide.incidents import too_long
from dispatch_core.domain.decide.story import Story, open_incident, rule
from dispatch_core.domain.decide.switch import NOTHING, changes
from dispatch_core.domain.events import (
    CallerNoted,
    IncidentsDiffer,
    SurgeBegan,
    SurgeEnded,
    SurgeHeard,
    SurgePassed,
    SurgeProlonged,
    SurgeProposed,
)
from dispatch_core.domain.plain_text import CALLER_LIMIT, REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.surging import MINUTE_MS, far_from, may_join, pressed_at, said_to_differ, services_of
from dispatch_core.domain.vocabulary import AlarmLevel, Direction, IncidentState

LONGEST_MIN = 240
NOT_TOLD = "surge_not_told"


@rule(c.MarkDifferent)
def mark_different(story: Story, body: c.MarkDifferent) -> Refusal | None:
    one = open_incident(story.state, body.incident)
    if isinstance(one, Refusal):
        return one
    other = open_incident(story.state, body.other)
    if isinstance(other, Refusal):
        return other
    if one.id == other.id:
        return refuse("same_incident")
    if other.id in one.unlike:
        return refuse("already_so")
    story.happen(IncidentsDiffer(incident=one.id, other=other.id))
    return None


@rule(c.SurgeOn)
def surge_on(story: Story, body: c.SurgeOn) -> Refusal | None:
    """One at a time: of two announcements a caller in need would remember neither."""
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    no = _unfit(story.state, body)
    if no is not None:
        return no
    surge, rules = story.state.surge, story.state.site.surge
    until = story.now + (body.minutes or rules.minutes) * MINUTE_MS
    reason = one_line(body.reason.strip(), REASON_LIMIT)
    if surge is not None and surge.incident == incident.id:
        story.happen(SurgeProlonged(incident=incident.id, until=until, user=story.user, reason=reason))
        return None
    if surge is not None:
        return refuse("surge_on_already", incident=surge.incident)
    services = body.services or services_of(story.state, incident)
    if not services:
        return refuse("surge_for_nobody", incident=incident.id)
    story.happen(
        SurgeBegan(
            incident=incident.id, services=tuple(dict.fromkeys(services)), radius_m=rules.radius_m,
            sound=body.sound or rules.sounds[0], until=until, user=story.user, reason=reason,
        )  # fmt: skip
    )
    return None


def _unfit(state: State, body: c.SurgeOn) -> Refusal | None:
    if not body.reason.strip():
        return refuse("reason_missing")
    for service in body.services:
        if service not in state.site.services:
            return refuse("unknown_service", service=service)
    if body.sound and body.sound not in state.site.surge.sounds:
        return refuse("unknown_sound", sound=body.sound, sounds=", ".join(state.site.surge.sounds))
    if not 0 <= body.minutes <= LONGEST_MIN:
        return refuse("surge_too_long", limit=LONGEST_MIN)
    return too_long(body.reason, REASON_LIMIT)


@rule(c.SurgeOff)
def surge_off(story: Story, body: c.SurgeOff) -> Refusal | None:
    surge = story.state.surge
    if surge is None:
        return refuse("no_surge")
    if not body.reason.strip():
        return refuse("reason_missing")
    no = too_long(body.reason, REASON_LIMIT)
    if no is not None:
        return no
    reason = one_line(body.reason.strip(), REASON_LIMIT)
    story.happen(SurgeEnded(incident=surge.incident, why="asked", user=story.user, reason=reason))
    return None


@rule(c.SurgeOver)
def surge_over(story: Story, _: c.SurgeOver) -> Refusal | None:
    surge = story.state.surge
    if surge is None:
        return NOTHING
    incident = story.state.incidents.get(surge.incident)
    gone = incident is None or incident.state is IncidentState.CLOSED
    if not gone and story.now < surge.until:
        return NOTHING
    story.happen(SurgeEnded(incident=surge.incident, why="closed" if gone else "time"))
    return None


@rule(c.ProposeSurge)
def propose_surge(story: Story, body: c.ProposeSurge) -> Refusal | None:
    surge, proposal = story.state.surge, story.state.surge_proposal
    if body.incident in {it.incident for it in (surge, proposal) if it is not None}:
        return NOTHING
    if isinstance(open_incident(story.state, body.incident), Refusal):
        return NOTHING
    story.happen(
        SurgeProposed(incident=body.incident, waiting=body.waiting, arrivals=body.arrivals, alike=body.alike)
    )
    return None


@rule(c.SurgePasses)
def surge_passes(story: Story, _: c.SurgePasses) -> Refusal | None:
    if story.state.surge_proposal is None:
        return NOTHING
    story.happen(SurgePassed())
    return None


@rule(c.SurgeNotTold)
def surge_not_told(story: Story, body: c.SurgeNotTold) -> Refusal | None:
    return raise_alarm(story, NOT_TOLD, one_line(body.node, CALLER_LIMIT), AlarmLevel.HIGH)


@rule(c.CallerTold)
def caller_told(story: Story, body: c.CallerTold) -> Refusal | None:
    heard = SurgeHeard(call=body.call, incident=one_line(body.incident, CALLER_LIMIT), at=body.at)
    if not changes(story, body.call, heard):
        return NOTHING
    story.happen(heard)
    note_caller(story, body.call)
    return None


def note_caller(story: Story, ident: str) -> None:
    """A caller who heard it and pressed the key is counted with the incident, once; his own incident goes there if
    nobody works on it. After both facts, in whatever order they come."""
    surge, call = story.state.surge, story.state.calls.get(ident)
    if surge is None or call is None or not call.state.live or call.direction is not Direction.INCOMING:
        return
    pressed = pressed_at(call)
    if call.surge.incident != surge.incident or call.surge.same_at or not pressed:
        return
    into = story.state.incidents.get(surge.incident)
    if into is None or into.state is IncidentState.CLOSED:
        return
    how = _how(story.state, ident, into)
    story.happen(CallerNoted(call=ident, incident=into.id, at=pressed, how=how))
    if how == "joined":
        fold(story, story.state.incidents[call.incident], story.state.incidents[into.id])


def _how(state: State, ident: str, into: Incident) -> str:
    call = state.calls[ident]
    if call.incident == into.id:
        return "of_it"
    if far_from(state, call):
        return "far"
    if said_to_differ(state, call.incident, into):
        return "unlike"
    return "joined" if may_join(state, call) else "worked_on"
