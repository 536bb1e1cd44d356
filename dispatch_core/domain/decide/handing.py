"""Handing a shift over: it stays his who hands it until it is taken, all or in part."""

from __future__ import annotations

from dispatch_core.domain.commands import ActorKind, DropShift, HandShift, ShiftWaits, TakeShift
from dispatch_core.domain.decide.alarms import clear_alarm, raise_alarm
from dispatch_core.domain.decide.incidents import not_a_desk, too_long
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.decide.switch import NOTHING
from dispatch_core.domain.events import DraftLeft, ShiftEnded, ShiftHanded, ShiftLate, ShiftTaken
from dispatch_core.domain.handing import WAITS_MS, in_hand, left, named, part_of
from dispatch_core.domain.plain_text import NOTE_LIMIT, REASON_LIMIT, plain
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import ShiftHandOver
from dispatch_core.domain.vocabulary import AlarmLevel, Role

WAITS = "shift_waits"


@rule(HandShift)
def hand_shift(story: Story, body: HandShift) -> Refusal | None:
    """A newer one takes the place of one that nobody took."""
    no = not_a_desk(story, body.to) or too_long(body.text, REASON_LIMIT)
    if no is not None:
        return no
    if body.to == story.user:
        return refuse("shift_to_self")
    hand = in_hand(story.state, story.user)
    for incident in body.incidents:
        if incident not in named(hand):
            return refuse("not_in_hand", incident=incident)
    if body.incidents:
        hand = part_of(story.state, hand, body.incidents)
    if not hand:
        return refuse("nothing_in_hand")
    _end(story, story.user)
    story.happen(
        ShiftHanded(
            user=story.user, to=body.to, incidents=hand.incidents, legs=hand.legs, conversations=hand.conversations,
            missed=hand.missed, text=plain(body.text.strip(), REASON_LIMIT),
        )
    )  # fmt: skip
    for incident in named(hand):
        draft = body.drafts.get(incident, "").strip()
        if draft:
            story.happen(DraftLeft(incident=incident, user=story.user, text=plain(draft, NOTE_LIMIT)))
    return None


@rule(TakeShift)
def take_shift(story: Story, body: TakeShift) -> Refusal | None:
    over = story.state.hand_overs.get(body.user)
    if over is None:
        return refuse("no_shift", user=body.user)
    if over.to != story.user:
        return refuse("shift_for_another", user=over.to)
    hand = left(story.state, over)
    for incident in body.incidents:
        if incident not in named(hand):
            return refuse("not_handed", incident=incident)
    taken = part_of(story.state, hand, body.incidents) if body.incidents else hand
    story.happen(
        ShiftTaken(
            user=over.user, to=over.to, incidents=taken.incidents, legs=taken.legs, conversations=taken.conversations
        )
    )
    over = story.state.hand_overs[body.user]
    if not body.incidents or not left(story.state, over):
        _end(story, body.user)
    return None


@rule(DropShift)
def drop_shift(story: Story, body: DropShift) -> Refusal | None:
    """Who hands it takes it back, who is to take it declines, or a supervisor ends it; by itself once it is empty."""
    over = story.state.hand_overs.get(body.user)
    if over is None:
        return refuse("no_shift", user=body.user)
    if story.asked.actor.kind is ActorKind.CORE:
        if left(story.state, over):
            return NOTHING
    elif story.user not in (over.user, over.to) and story.state.people[story.user].role is not Role.SUPERVISOR:
        return refuse("shift_for_another", user=over.to)
    _end(story, body.user)
    return None


@rule(ShiftWaits)
def shift_waits(story: Story, body: ShiftWaits) -> Refusal | None:
    over = story.state.hand_overs.get(body.user)
    if over is None or over.late_at or story.now - over.at <= WAITS_MS:
        return NOTHING
    story.happen(ShiftLate(user=over.user))
    raise_alarm(story, WAITS, over.user, AlarmLevel.HIGH)
    return None


def _end(story: Story, user: str) -> None:
    over: ShiftHandOver | None = story.state.hand_overs.get(user)
    if over is not None:
        story.happen(ShiftEnded(user=user, to=over.to, left=named(left(story.state, over))))
        clear_alarm(story, WAITS, user)
