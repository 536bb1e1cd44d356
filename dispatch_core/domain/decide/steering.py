"""Steering a call that talks: hold, mute, hand over, ask somebody, talk as three.

Each is an intent: the event commits first, the switch is asked once, and what came of it is a fact. One thing is asked
of a call at a time. Only the position that talks may, or a supervisor in its stead.
"""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.decide.story import Story, live_call, rule
from dispatch_core.domain.decide.switch import NOTHING, fact, live
from dispatch_core.domain.decide.targets import Target, target_of
from dispatch_core.domain.events import SteerAsked, SteerDropped, VoiceMuted
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import CallState, Direction, Role, SteerAct, TargetKind
from dispatch_core.domain.words import STEER_ACTS

PARTIES_AT_MOST = 8
"""Besides the caller and the position that talks."""


def _own_position(story: Story) -> str:
    return story.state.people[story.user].position


def _talking(story: Story, ident: str, *, asked_too: bool = False) -> Call | Refusal:
    """The call if the asker may steer it now. ``asked_too``: while somebody is being rung for a consultation, too."""
    call = live_call(story.state, ident)
    if isinstance(call, Refusal):
        return call
    person = story.state.people[story.user]
    if not person.position:
        return refuse("no_position")
    if not call.position:
        return refuse("nobody_talks")
    if call.position != person.position and person.role is not Role.SUPERVISOR:
        return refuse("not_yours_to_steer", position=call.position)
    return _not_busy(call, asked_too) or call


def _not_busy(call: Call, asked_too: bool) -> Refusal | None:
    if call.hang_up_asked:
        return refuse("being_ended")
    wish = call.steer
    if wish is None or (asked_too and wish.act is SteerAct.CONSULT):
        return None
    return refuse("being_steered", act=STEER_ACTS[wish.act])


def _ask(story: Story, call: Call, act: SteerAct, target: Target | None = None, *, position: str = "") -> None:
    to = target or Target(TargetKind.NONE)
    story.happen(
        SteerAsked(
            call=call.id,
            act=act,
            position=position or call.position,
            user=story.user,
            kind=to.kind,
            target=to.name,
            number=to.number,
            channel=f"invite-{story.asked.id}" if act is SteerAct.INVITE else "",
        )
    )


# --- hold and voice ---------------------------------------------------------------------------------------------------


@rule(c.HoldCall)
def hold(story: Story, body: c.HoldCall) -> Refusal | None:
    call = _talking(story, body.call)
    if isinstance(call, Refusal):
        return call
    if call.state is CallState.HELD:
        return refuse("already_held")
    if call.parties:
        return refuse("in_conference")
    _ask(story, call, SteerAct.HOLD)
    return None


@rule(c.ResumeCall)
def resume(story: Story, body: c.ResumeCall) -> Refusal | None:
    call = _talking(story, body.call)
    if isinstance(call, Refusal):
        return call
    if call.state is not CallState.HELD:
        return refuse("not_on_hold")
    _ask(story, call, SteerAct.BACK if call.parties else SteerAct.RESUME)
    return None


def _mine(story: Story, ident: str) -> tuple[Call, str] | Refusal:
    """The call, and the asker's own position in it: the one that talks or one that came in later."""
    call = live_call(story.state, ident)
    if isinstance(call, Refusal):
        return call
    own = _own_position(story)
    if not own:
        return refuse("no_position")
    if own not in (call.position, *call.parties):
        return refuse("not_in_call")
    return _not_busy(call, False) or (call, own)


@rule(c.MuteCall)
def mute(story: Story, body: c.MuteCall) -> Refusal | None:
    """Everybody has only the own voice to keep; somebody who came into the call later, too."""
    found = _mine(story, body.call)
    if isinstance(found, Refusal):
        return found
    call, own = found
    if body.on and own in call.muted:
        return refuse("already_muted")
    if not body.on and own not in call.muted:
        return refuse("not_muted")
    _ask(story, call, SteerAct.MUTE if body.on else SteerAct.UNMUTE, position=own)
    return None


# --- handing over, asking ---------------------------------------------------------------------------------------------


@rule(c.TransferCall)
def transfer(story: Story, body: c.TransferCall) -> Refusal | None:
    call = _talking(story, body.call)
    if isinstance(call, Refusal):
        return call
    if call.parties:
        return refuse("in_conference")
    if call.direction is not Direction.INCOMING:
        return refuse("our_own_call")
    target = target_of(story, call, body.kind, body.target)
    if isinstance(target, Refusal):
        return target
    _ask(story, call, SteerAct.TRANSFER, target)
    return None


@rule(c.ConsultCall)
def consult(story: Story, body: c.ConsultCall) -> Refusal | None:
    call = _talking(story, body.call)
    if isinstance(call, Refusal):
        return call
    if call.parties:
        return refuse("in_conference")
    target = _to_ring(story, call, body.kind, body.target)
    if isinstance(target, Refusal):
        return target
    _ask(story, call, SteerAct.CONSULT, target)
    return None


def _to_ring(story: Story, call: Call, kind: TargetKind, typed: str) -> Target | Refusal:
    return refuse("not_a_service") if kind is TargetKind.SERVICE else target_of(story, call, kind, typed)


def _consulting(story: Story, ident: str, *, asked_too: bool = False) -> Call | Refusal:
    call = _talking(story, ident, asked_too=asked_too)
    if isinstance(call, Refusal):
        return call
    rings = asked_too and call.steer is not None
    return call if rings or (call.state is CallState.HELD and call.parties) else refuse("nobody_asked")


@rule(c.CompleteConsult)
def complete(story: Story, body: c.CompleteConsult) -> Refusal | None:
    call = _consulting(story, body.call)
    if isinstance(call, Refusal):
        return call
    if call.direction is Direction.OUTGOING:
        return refuse("our_own_call")
    _ask(story, call, SteerAct.COMPLETE)
    return None


@rule(c.JoinConsult)
def join(story: Story, body: c.JoinConsult) -> Refusal | None:
    call = _consulting(story, body.call)
    if isinstance(call, Refusal):
        return call
    _ask(story, call, SteerAct.JOIN)
    return None


@rule(c.BackToCaller)
def back(story: Story, body: c.BackToCaller) -> Refusal | None:
    call = _consulting(story, body.call, asked_too=True)
    if isinstance(call, Refusal):
        return call
    _ask(story, call, SteerAct.BACK)
    return None


# --- more than two ----------------------------------------------------------------------------------------------------


@rule(c.InviteToCall)
def invite(story: Story, body: c.InviteToCall) -> Refusal | None:
    call = _talking(story, body.call)
    if isinstance(call, Refusal):
        return call
    if call.state is CallState.HELD:
        return refuse("already_held")
    if len(call.parties) >= PARTIES_AT_MOST:
        return refuse("too_many_parties", limit=PARTIES_AT_MOST)
    target = _to_ring(story, call, body.kind, body.target)
    if isinstance(target, Refusal):
        return target
    _ask(story, call, SteerAct.INVITE, target)
    return None


@rule(c.LeaveConference)
def leave(story: Story, body: c.LeaveConference) -> Refusal | None:
    found = _mine(story, body.call)
    if isinstance(found, Refusal):
        return found
    call, own = found
    if call.state is CallState.HELD or not {call.position, *call.parties} - {own, ""}:
        return refuse("not_a_conference")
    if call.direction is Direction.OUTGOING and own == call.position:
        return refuse("our_own_call")
    _ask(story, call, SteerAct.LEAVE, position=own)
    return None


# --- outcomes ---------------------------------------------------------------------------------------------------------


@rule(c.TargetNotReached)
def target_not_reached(story: Story, body: c.TargetNotReached) -> Refusal | None:
    return _dropped(story, body.call, body.act, body.why)


@rule(c.SteerFailed)
def steer_failed(story: Story, body: c.SteerFailed) -> Refusal | None:
    return _dropped(story, body.call, body.act, body.why)


def _dropped(story: Story, ident: str, act: SteerAct, why: str) -> Refusal | None:
    call = live(story, ident)
    wish = call.steer if call is not None else None
    if wish is None or wish.act is not act:
        return NOTHING
    why = one_line(why, REASON_LIMIT)
    story.happen(SteerDropped(call=ident, act=act, why=why, user=wish.user, to=wish.target))
    return None


@rule(c.VoiceKept)
def voice_kept(story: Story, body: c.VoiceKept) -> Refusal | None:
    call = live(story, body.call)
    if call is None or (not body.at and (body.position in call.muted) is body.on):
        return NOTHING
    at = body.at or max(story.now, call.mute_told_at + 1)
    return fact(story, body.call, VoiceMuted(call=body.call, position=body.position, on=body.on, at=at))
