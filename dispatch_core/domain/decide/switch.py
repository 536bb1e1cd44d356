"""What the switch reports of calls. Facts are not refused for want of permission; one that changes nothing is
"nothing new".

Every rule is idempotent and tolerates the orders in which the switch really sends things: ``evolve`` puts each fact in
its place by the switch's own time, a fact about a call that is over only completes its history, and a fact about an
unknown call waits for the next look (``SwitchLooked``), which brings the call in.
"""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.decide.aftermath import after_answer, after_end, wrap_up
from dispatch_core.domain.decide.instants import next_incident
from dispatch_core.domain.decide.locations import claim_early
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import (
    CallAnswered,
    CallArrived,
    CallBackDialling,
    CallEnded,
    CallHeld,
    CallJoined,
    CallParted,
    CallQueued,
    CallRangAgain,
    CallResumed,
    CallRinging,
    CallRingStopped,
    Event,
    IncidentReceived,
    IncidentTaken,
    PositionReleased,
    RecordingStarted,
    WatchEnded,
)
from dispatch_core.domain.made_up import apart
from dispatch_core.domain.numbers import same_subscriber
from dispatch_core.domain.plain_text import CALLER_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import Direction, EndedBy, IncidentState, Instant

NOTHING = refuse("nothing_new")


def live(story: Story, call: str) -> Call | None:
    known = story.state.calls.get(call)
    return known if known is not None and known.state.live else None


def changes(story: Story, call: str, event: Event) -> bool:
    """Whether the event would change a call that we know."""
    known = story.state.calls.get(call)
    return known is not None and story.foresee(event).calls[call] != known


def fact(story: Story, call: str, event: Event) -> Refusal | None:
    """Let the event of a call happen, unless it would change nothing."""
    if not changes(story, call, event):
        return NOTHING
    story.happen(event)
    return None


def arrive(story: Story, body: c.CallCame | c.LiveCall, node: str, at: Instant) -> None:
    """A call opens an incident in *receiving*, in the same decision: nobody can see one without the other."""
    outgoing = isinstance(body, c.LiveCall) and body.outgoing
    story.happen(_arrival(body, node, at, Direction.OUTGOING if outgoing else _coming(body)))
    if outgoing or body.test:
        return  # a call-back whose intent we do not know is nobody's incident, nor is a test call
    earlier = _rang_before(story, body.call)
    if earlier is not None:
        story.happen(
            CallRangAgain(call=body.call, of=earlier.id, incident=earlier.incident, services=body.services)
        )
    else:
        day, count, incident = next_incident(story.state, story.now)
        story.happen(
            IncidentReceived(incident=incident, day=day, count=count, call=body.call, services=body.services)
        )
    claim_early(story, body.call)


def _rang_before(story: Story, ident: str) -> Call | None:
    """The newest call of the same number whose incident is still open, if it is not too long over: the line dropped, or
    somebody has more to say. One that still waits to be answered is another telephone behind the same number; a
    call-back that rings is about the same matter, as is who calls while it does."""
    state, call = story.state, story.state.calls[ident]
    found: list[Call] = []
    for other in state.calls.values():
        if other.id == ident or (other.state.waiting and other.direction is Direction.INCOMING):
            continue
        if apart(state, other.node, call.node):
            continue
        if not same_subscriber(other.number, call.number, state.site.country_code):
            continue
        incident = state.incidents.get(other.incident)
        recent = other.state.live or abs(story.now - other.ended_at) <= state.site.again_ms
        if state.site.again_ms and recent and incident is not None and incident.state is not IncidentState.CLOSED:
            found.append(other)
    return max(found, key=lambda it: (it.arrived_at, it.id), default=None)


def _coming(body: c.CallCame | c.LiveCall) -> Direction:
    return Direction.TEST if body.test else Direction.INCOMING


def _arrival(body: c.CallCame | c.LiveCall, node: str, at: Instant, direction: Direction) -> CallArrived:
    return CallArrived(
        call=body.call,
        node=node,
        at=at,
        direction=direction,
        dialled=one_line(body.dialled, CALLER_LIMIT),
        services=body.services,
        carrier=body.carrier,
        number=one_line(body.number, CALLER_LIMIT),
        name=one_line(body.name, CALLER_LIMIT),
    )


def answered(story: Story, call: str, position: str, at: Instant) -> None:
    """The position talks with the caller; whoever sits there takes an incident that is nobody's."""
    before = story.state.calls[call].position
    story.happen(CallAnswered(call=call, position=position, at=at))
    incident = story.state.incidents.get(story.state.calls[call].incident)
    seat = story.state.positions.get(position)
    if incident is not None and not incident.owner and seat is not None and seat.user:
        story.happen(IncidentTaken(incident=incident.id, user=seat.user))
    after_answer(story, call, position)
    wrap_up(story, before)


def end(story: Story, call: Call, at: Instant, by: EndedBy, cause: int) -> None:
    if call.hang_up_asked and by is EndedBy.US:
        by = EndedBy.POSITION  # the position asked for it from the console
    story.happen(CallEnded(call=call.id, at=at, by=by, cause=cause))
    after_end(story, call)


def end_all(story: Story, node: str) -> None:
    """Nothing that the node had is there any more: its calls, and what supervisors heard of them."""
    for _, call in sorted(story.state.calls.items()):
        if call.node == node and call.state.live:
            end(story, call, story.now, EndedBy.SWITCH_LOST, 0)
    for _, watch in sorted(story.state.watches.items()):
        if watch.node == node:
            story.happen(WatchEnded(position=watch.position, channel=watch.channel))


@rule(c.CallCame)
def call_came(story: Story, body: c.CallCame) -> Refusal | None:
    if body.call in story.state.calls:
        no = fact(story, body.call, _arrival(body, body.node, body.at, _coming(body)))
        if no is None and not body.test:
            claim_early(story, body.call)
        return no
    arrive(story, body, body.node, body.at)
    return None


@rule(c.CallBackStarted)
def call_back_started(story: Story, body: c.CallBackStarted) -> Refusal | None:
    """The number is the caller's, so it stands where it can be erased: never in ``dialled``."""
    dialling = CallBackDialling(call=body.call, at=body.at, position=body.position)
    known = story.state.calls.get(body.call)
    if known is not None:
        return fact(story, body.call, dialling) if known.direction is Direction.OUTGOING else NOTHING
    story.happen(
        CallArrived(
            call=body.call,
            node=body.node,
            at=body.at,
            direction=Direction.OUTGOING,
            dialled="",
            services=(),
            number=one_line(body.number, CALLER_LIMIT),
        )
    )
    story.happen(dialling)
    return None


@rule(c.CallQueuedAt)
def call_queued(story: Story, body: c.CallQueuedAt) -> Refusal | None:
    event = CallQueued(call=body.call, queue=body.queue, at=body.at, overflow=body.overflow)
    return fact(story, body.call, event)


@rule(c.CallRings)
def call_rings(story: Story, body: c.CallRings) -> Refusal | None:
    return fact(story, body.call, CallRinging(call=body.call, position=body.position))


@rule(c.CallRingsNoMore)
def call_rings_no_more(story: Story, body: c.CallRingsNoMore) -> Refusal | None:
    return fact(story, body.call, CallRingStopped(call=body.call, position=body.position))


@rule(c.CallTakenAt)
def call_taken_at(story: Story, body: c.CallTakenAt) -> Refusal | None:
    if not changes(story, body.call, CallAnswered(call=body.call, position=body.position, at=body.at)):
        return NOTHING
    answered(story, body.call, body.position, body.at)
    return None


@rule(c.CallOnHold)
def call_on_hold(story: Story, body: c.CallOnHold) -> Refusal | None:
    return fact(story, body.call, CallHeld(call=body.call, at=body.at))


@rule(c.CallOffHold)
def call_off_hold(story: Story, body: c.CallOffHold) -> Refusal | None:
    call = live(story, body.call)
    if call is None or (not body.at and not call.held_at):
        return NOTHING
    at = body.at or max(story.now, call.hold_told_at + 1)
    return fact(story, body.call, CallResumed(call=body.call, at=at))


@rule(c.PartyJoined)
def party_joined(story: Story, body: c.PartyJoined) -> Refusal | None:
    call = live(story, body.call)
    if call is None or body.party == call.position:
        return NOTHING
    return fact(story, body.call, CallJoined(call=body.call, party=body.party))


@rule(c.PartyLeft)
def party_left(story: Story, body: c.PartyLeft) -> Refusal | None:
    return fact(story, body.call, CallParted(call=body.call, party=body.party))


@rule(c.PositionLet)
def position_let(story: Story, body: c.PositionLet) -> Refusal | None:
    no = fact(story, body.call, PositionReleased(call=body.call, position=body.position))
    if no is None:
        wrap_up(story, body.position)
    return no


@rule(c.CallOver)
def call_over(story: Story, body: c.CallOver) -> Refusal | None:
    call = live(story, body.call)
    if call is None:
        return NOTHING
    end(story, call, body.at, body.by, body.cause)
    return None


@rule(c.RecordingRuns)
def recording_runs(story: Story, body: c.RecordingRuns) -> Refusal | None:
    return fact(story, body.call, RecordingStarted(call=body.call, file=body.file))
