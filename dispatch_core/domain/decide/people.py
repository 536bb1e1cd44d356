"""Signing in and out, and who sits where."""

from __future__ import annotations

import re

from dispatch_core.domain.commands import (
    AddPosition,
    HandleAlarm,
    LeavePosition,
    PositionFailed,
    PositionInstalled,
    SignIn,
    SignOut,
    TakePosition,
)
from dispatch_core.domain.decide.incidents import too_long
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import (
    AlarmHandled,
    PersonSignedIn,
    PersonSignedOut,
    PositionAdded,
    PositionAsked,
    PositionLeft,
    PositionRefused,
    PositionTaken,
    WatchStopAsked,
)
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.vocabulary import Role

POSITION_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,11}")
POSITION_LABEL_LIMIT = 60


@rule(SignIn)
def sign_in(story: Story, body: SignIn) -> Refusal | None:
    """A second sign-in of the same person replaces the first session and keeps the position, unless the new role has
    no business at one."""
    if body.role is Role.TELEPHONY_ADMIN:
        _leave(story, body.user)
    story.happen(PersonSignedIn(user=body.user, name=body.name, role=body.role, session=body.session))
    return None


def _leave(story: Story, user: str) -> None:
    person = story.state.people.get(user)
    if person is None or not person.position:
        return
    watch = story.state.watches.get(person.position)
    if watch is not None and not watch.stop_asked:  # nobody listens on behalf of who has gone
        story.happen(WatchStopAsked(position=watch.position, channel=watch.channel))
    story.happen(PositionLeft(user=user, position=person.position))


@rule(SignOut)
def sign_out(story: Story, body: SignOut) -> Refusal | None:
    person = story.state.people.get(body.user)
    if person is None or (body.session and body.session != person.session):
        return refuse("nothing_new")
    _leave(story, body.user)
    story.happen(PersonSignedOut(user=body.user))
    return None


@rule(TakePosition)
def take_position(story: Story, body: TakePosition) -> Refusal | None:
    seat = story.state.positions.get(body.position)
    if seat is None:
        return refuse("unknown_position", position=body.position)
    if seat.installing:
        return refuse("position_installing", position=seat.id)
    if seat.user == story.user:
        return refuse("already_so")
    if seat.user:
        return refuse("position_taken", position=seat.id, user=seat.user)
    _leave(story, story.user)
    story.happen(PositionTaken(user=story.user, position=seat.id))
    return None


@rule(LeavePosition)
def leave_position(story: Story, body: LeavePosition) -> Refusal | None:
    if not story.state.people[story.user].position:
        return refuse("no_position")
    _leave(story, story.user)
    return None


@rule(AddPosition)
def add_position(story: Story, body: AddPosition) -> Refusal | None:
    """An intent: the position is usable once the switch has confirmed its phone."""
    if not POSITION_NAME.fullmatch(body.position):
        return refuse("bad_position_name", position=body.position[:40])
    for known in story.state.positions:
        if known.casefold() == body.position.casefold():
            return refuse("position_exists", position=known)
    no = too_long(body.label, POSITION_LABEL_LIMIT)
    if no is not None:
        return no
    if not body.services:
        return refuse("unknown_service", service="")
    for service in body.services:
        if service not in story.state.site.services:
            return refuse("unknown_service", service=service)
    label = one_line(body.label.strip(), POSITION_LABEL_LIMIT) or body.position
    services = tuple(dict.fromkeys(body.services))
    story.happen(PositionAsked(position=body.position, label=label, services=services))
    return None


@rule(PositionInstalled)
def position_installed(story: Story, body: PositionInstalled) -> Refusal | None:
    seat = story.state.positions.get(body.position)
    if seat is None or not seat.installing:
        return refuse("nothing_new")
    story.happen(PositionAdded(position=body.position))
    return None


@rule(PositionFailed)
def position_failed(story: Story, body: PositionFailed) -> Refusal | None:
    seat = story.state.positions.get(body.position)
    if seat is None or not seat.installing:
        return refuse("nothing_new")
    vi, en = one_line(body.vi, REASON_LIMIT), one_line(body.en, REASON_LIMIT)
    story.happen(PositionRefused(position=body.position, vi=vi, en=en))
    return None


@rule(HandleAlarm)
def handle_alarm(story: Story, body: HandleAlarm) -> Refusal | None:
    if body.key not in story.state.alarms:
        return refuse("unknown_alarm")
    story.happen(AlarmHandled(key=body.key))
    return None
