"""What the switch reports. Facts are not refused for want of permission; one that changes nothing is "nothing new".

Every rule is idempotent and tolerates the orders in which the switch really sends things: a duplicate is nothing new,
a fact about a call that is over is nothing new, and a fact about an unknown call waits for the next look
(``SwitchLooked``), which brings the call in.
"""

from __future__ import annotations

from datetime import timedelta, timezone

from dispatch_core.domain import commands as c
from dispatch_core.domain.decide.instants import local_day
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import (
    AlarmHandled,
    AlarmRaised,
    AnswerDropped,
    CallAnswered,
    CallArrived,
    CallEnded,
    CallHeld,
    CallJoined,
    CallLocated,
    CallParted,
    CallQueued,
    CallResumed,
    CallRinging,
    CallRingStopped,
    IncidentReceived,
    IncidentTaken,
    NodeConnected,
    NodeLost,
    PositionReleased,
    RecordingStarted,
    TextReceived,
)
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import AlarmLevel, CallState, Direction, EndedBy, Instant

NOTHING = refuse("nothing_new")

LOOK_GRACE_MS = 2_000
"""A call that arrived within this of a look may be missing from it without being gone."""


def _live(story: Story, call: str) -> Call | None:
    known = story.state.calls.get(call)
    return known if known is not None and known.state.live else None


def _arrive(story: Story, body: c.CallCame | c.LiveCall, node: str, at: Instant) -> None:
    """A call opens an incident in *receiving*, in the same decision: nobody can see one without the other."""
    story.happen(
        CallArrived(
            call=body.call, node=node, at=at, direction=Direction.INCOMING, dialled=body.dialled,
            services=body.services, carrier=body.carrier, number=body.number, name=body.name,
        )
    )  # fmt: skip
    state = story.state
    day = local_day(story.now, timezone(timedelta(minutes=state.site.utc_offset_min)))
    count = state.day_count + 1 if day == state.day else 1
    story.happen(
        IncidentReceived(
            incident=f"{day}-{count:05d}", day=day, count=count, call=body.call, services=body.services
        )
    )


def _answered(story: Story, call: str, position: str, at: Instant) -> None:
    story.happen(CallAnswered(call=call, position=position, at=at))
    incident = story.state.incidents.get(story.state.calls[call].incident)
    seat = story.state.positions.get(position)
    if incident is not None and not incident.owner and seat is not None and seat.user:
        story.happen(IncidentTaken(incident=incident.id, user=seat.user))


def _end(story: Story, call: Call, at: Instant, by: EndedBy, cause: int) -> None:
    if call.hang_up_asked and by is EndedBy.US:
        by = EndedBy.POSITION  # the position asked for it from the console
    story.happen(CallEnded(call=call.id, at=at, by=by, cause=cause))


def _alarm(story: Story, kind: str, subject: str, level: AlarmLevel) -> Refusal | None:
    key = f"{kind}:{subject}"
    if key in story.state.alarms:
        return NOTHING  # one alarm until somebody handles it
    story.happen(AlarmRaised(key=key, kind=kind, subject=subject, level=level))
    return None


@rule(c.NodeUp)
def node_up(story: Story, body: c.NodeUp) -> Refusal | None:
    """A changed start time means that the node restarted: every call that it had is dead, its incident stays."""
    known = story.state.nodes.get(body.node)
    if known is not None and known.up and known.booted == body.booted:
        return NOTHING
    restarted = known is not None and known.booted and known.booted != body.booted
    story.happen(NodeConnected(node=body.node, booted=body.booted))
    if restarted:
        for call in list(story.state.calls.values()):
            if call.node == body.node and call.state.live:
                _end(story, call, story.now, EndedBy.SWITCH_LOST, 0)
    if f"telephony_blind:{body.node}" in story.state.alarms:
        story.happen(AlarmHandled(key=f"telephony_blind:{body.node}"))
    return None


@rule(c.NodeDown)
def node_down(story: Story, body: c.NodeDown) -> Refusal | None:
    known = story.state.nodes.get(body.node)
    if known is not None and not known.up:
        return NOTHING
    story.happen(NodeLost(node=body.node, why=body.why))
    _alarm(story, "telephony_blind", body.node, AlarmLevel.CRITICAL)
    return None


@rule(c.CallCame)
def call_came(story: Story, body: c.CallCame) -> Refusal | None:
    if body.call in story.state.calls:
        return NOTHING
    _arrive(story, body, body.node, body.at)
    return None


@rule(c.CallBackStarted)
def call_back_started(story: Story, body: c.CallBackStarted) -> Refusal | None:
    if body.call in story.state.calls:
        return NOTHING
    story.happen(
        CallArrived(
            call=body.call, node=body.node, at=body.at, direction=Direction.OUTGOING, dialled=body.number,
            services=(), number=body.number,
        )
    )  # fmt: skip
    return None


@rule(c.CallPlaced)
def call_placed(story: Story, body: c.CallPlaced) -> Refusal | None:
    call = story.state.calls.get(body.call)
    if call is None or (call.location == body.location and call.location_note == body.note):
        return NOTHING
    story.happen(CallLocated(call=body.call, location=body.location, note=body.note))
    return None


@rule(c.CallQueuedAt)
def call_queued(story: Story, body: c.CallQueuedAt) -> Refusal | None:
    call = _live(story, body.call)
    if call is None or (call.queue == body.queue and call.state.waiting and call.state is not CallState.ARRIVING):
        return NOTHING
    story.happen(CallQueued(call=body.call, queue=body.queue, at=body.at, overflow=body.overflow))
    return None


@rule(c.CallRings)
def call_rings(story: Story, body: c.CallRings) -> Refusal | None:
    call = _live(story, body.call)
    if call is None or body.position in call.ringing or call.position == body.position:
        return NOTHING
    story.happen(CallRinging(call=body.call, position=body.position))
    return None


@rule(c.CallRingsNoMore)
def call_rings_no_more(story: Story, body: c.CallRingsNoMore) -> Refusal | None:
    call = _live(story, body.call)
    if call is None or body.position not in call.ringing:
        return NOTHING
    story.happen(CallRingStopped(call=body.call, position=body.position))
    return None


@rule(c.CallTakenAt)
def call_taken_at(story: Story, body: c.CallTakenAt) -> Refusal | None:
    call = _live(story, body.call)
    if call is None or (call.position == body.position and call.state is not CallState.HELD):
        return NOTHING
    _answered(story, body.call, body.position, body.at)
    return None


@rule(c.CallOnHold)
def call_on_hold(story: Story, body: c.CallOnHold) -> Refusal | None:
    call = _live(story, body.call)
    if call is None or call.state is not CallState.ANSWERED:
        return NOTHING
    story.happen(CallHeld(call=body.call, at=body.at))
    return None


@rule(c.CallOffHold)
def call_off_hold(story: Story, body: c.CallOffHold) -> Refusal | None:
    call = _live(story, body.call)
    if call is None or call.state is not CallState.HELD:
        return NOTHING
    story.happen(CallResumed(call=body.call))
    return None


@rule(c.PartyJoined)
def party_joined(story: Story, body: c.PartyJoined) -> Refusal | None:
    call = _live(story, body.call)
    if call is None or body.party in call.parties or body.party == call.position:
        return NOTHING
    story.happen(CallJoined(call=body.call, party=body.party))
    return None


@rule(c.PartyLeft)
def party_left(story: Story, body: c.PartyLeft) -> Refusal | None:
    call = _live(story, body.call)
    if call is None or body.party not in call.parties:
        return NOTHING
    story.happen(CallParted(call=body.call, party=body.party))
    return None


@rule(c.PositionLet)
def position_let(story: Story, body: c.PositionLet) -> Refusal | None:
    call = _live(story, body.call)
    if call is None or call.position != body.position:
        return NOTHING
    story.happen(PositionReleased(call=body.call, position=body.position))
    return None


@rule(c.AnswerNotTaken)
def answer_not_taken(story: Story, body: c.AnswerNotTaken) -> Refusal | None:
    call = _live(story, body.call)
    if call is None or call.intent is None or call.intent.position != body.position:
        return NOTHING
    story.happen(AnswerDropped(call=body.call, position=body.position, why="not_picked_up"))
    return None


@rule(c.AnswerFailed)
def answer_failed(story: Story, body: c.AnswerFailed) -> Refusal | None:
    call = _live(story, body.call)
    if call is None or call.intent is None or call.intent.position != body.position:
        return NOTHING
    story.happen(AnswerDropped(call=body.call, position=body.position, why=body.why))
    return None


@rule(c.CallOver)
def call_over(story: Story, body: c.CallOver) -> Refusal | None:
    call = _live(story, body.call)
    if call is None:
        return NOTHING
    _end(story, call, body.at, body.by, body.cause)
    return None


@rule(c.RecordingRuns)
def recording_runs(story: Story, body: c.RecordingRuns) -> Refusal | None:
    call = story.state.calls.get(body.call)
    if call is None or call.recording == body.file:
        return NOTHING
    story.happen(RecordingStarted(call=body.call, file=body.file))
    return None


@rule(c.TextCame)
def text_came(story: Story, body: c.TextCame) -> Refusal | None:
    if body.text_id in story.state.texts:
        return NOTHING
    story.happen(
        TextReceived(
            text_id=body.text_id, node=body.node, at=body.at, dialled=body.dialled, number=body.number, text=body.text
        )
    )  # fmt: skip
    return None


@rule(c.ForgerySeen)
def forgery_seen(story: Story, body: c.ForgerySeen) -> Refusal | None:
    return _alarm(story, "forged_event", body.trunk or body.node, AlarmLevel.CRITICAL)


@rule(c.MessageParked)
def message_parked(story: Story, body: c.MessageParked) -> Refusal | None:
    return _alarm(story, "message_parked", body.node, AlarmLevel.HIGH)


@rule(c.SwitchLooked)
def switch_looked(story: Story, body: c.SwitchLooked) -> Refusal | None:
    """Repair what events did not tell: end what is gone, bring in what is new, follow who talks."""
    seen = {call.call for call in body.calls}
    for call in list(story.state.calls.values()):
        gone = call.node == body.node and call.state.live and call.id not in seen
        if gone and call.arrived_at < body.asked_at - LOOK_GRACE_MS:
            _end(story, call, body.asked_at, EndedBy.SWITCH_LOST, 0)
    for live in body.calls:
        known = story.state.calls.get(live.call)
        if known is None:
            _arrive(story, live, body.node, live.arrived_at or body.asked_at)
            known = story.state.calls[live.call]
        if not known.state.live:
            continue  # its end is on the way, or it ended while we looked
        if live.recording and known.recording != live.recording:
            story.happen(RecordingStarted(call=live.call, file=live.recording))
        if live.position and known.position != live.position:
            _answered(story, live.call, live.position, body.asked_at)
        elif not live.position and live.queue and known.queue != live.queue and known.state.waiting:
            story.happen(CallQueued(call=live.call, queue=live.queue, at=body.asked_at, overflow=False))
    return None if story.events else NOTHING
