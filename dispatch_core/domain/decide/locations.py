"""Where a caller is, from whichever side it comes: with the call, or beside it by SMS or HTTPS, before, during or
shortly after.

One that came before its call waits for it; one that nobody's call claims is forgotten. Every location of a call is
kept (``placing.KEPT``) and the best one shows, so the order in which they come does not matter. An incident's own
place is a person's word and never changed here; that a better one came is a line of its story.
"""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.deadlines import EARLY_LOCATION_MS
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import CallLocated, LocationDropped, LocationKept
from dispatch_core.domain.made_up import apart, made_up_beside_real
from dispatch_core.domain.placing import fit, plain_number
from dispatch_core.domain.plain_text import LABEL_LIMIT, REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import Direction, Location

AFTER_CALL_MS = 5 * 60_000
"""A location still goes to a call that is over for less than this."""

EARLY_KEPT = 500
"""Locations that wait for a call; with more, the oldest goes."""

NOTHING = refuse("nothing_new")


@rule(c.CallPlaced)
def call_placed(story: Story, body: c.CallPlaced) -> Refusal | None:
    return _place(story, body.call, body.location, body.note, one_line(body.link, LABEL_LIMIT))


@rule(c.LocationCame)
def location_came(story: Story, body: c.LocationCame) -> Refusal | None:
    """To the newest live call of the number, else to the one that just ended, else it waits for a call."""
    number = plain_number(body.number, story.state.site.country_code)
    call = _call_of(story, number)
    if call is not None:
        return _place(story, call.id, body.location, body.note)
    place = fit(body.location, story.state.site.area) if body.location is not None else None
    early = story.state.early_locations
    if place is None or not number or body.ident in early:
        return NOTHING
    if len(early) >= EARLY_KEPT:
        oldest = min(early.values(), key=lambda it: (it.at, it.id))
        story.happen(LocationDropped(ident=oldest.id))
    story.happen(LocationKept(ident=body.ident, at=story.now, number=number, location=place))
    return None


@rule(c.ForgetLocation)
def forget_location(story: Story, body: c.ForgetLocation) -> Refusal | None:
    if body.ident not in story.state.early_locations:
        return NOTHING
    story.happen(LocationDropped(ident=body.ident))
    return None


def claim_early(story: Story, call: str) -> None:
    """The call takes the locations that waited for its number; and who rings again is where they were a moment ago."""
    if made_up_beside_real(story.state, story.state.calls[call].node):
        return
    number = plain_number(story.state.calls[call].number, story.state.site.country_code)
    for place in _of_earlier_calls(story, call, number):
        story.happen(CallLocated(call=call, location=place))
    for ident, early in sorted(story.state.early_locations.items()):
        in_time = abs(story.now - early.at) <= EARLY_LOCATION_MS
        if number and early.number == number and early.location is not None and in_time:
            story.happen(CallLocated(call=call, location=early.location))
            story.happen(LocationDropped(ident=ident, call=call))


def _of_earlier_calls(story: Story, call: str, number: str) -> list[Location]:
    code = story.state.site.country_code
    places = [
        other.location for ident, other in sorted(story.state.calls.items())
        if number and ident != call and other.location is not None and plain_number(other.number, code) == number
        and not apart(story.state, other.node, story.state.calls[call].node)
    ]  # fmt: skip
    known = story.state.calls[call]
    mine = {known.location, *known.other_locations}
    return [place for place in places if place not in mine and abs(story.now - place.at) <= EARLY_LOCATION_MS]


def _call_of(story: Story, number: str) -> Call | None:
    """The call that a location of this number belongs to."""
    code = story.state.site.country_code
    own = [
        call for call in story.state.calls.values()
        if number and call.direction is Direction.INCOMING and plain_number(call.number, code) == number
        and (call.state.live or story.now - call.ended_at <= AFTER_CALL_MS)
        and not made_up_beside_real(story.state, call.node)
    ]  # fmt: skip
    return max(own, key=lambda call: (call.state.live, call.arrived_at, call.id), default=None)


def _place(story: Story, call: str, location: Location | None, note: str, link: str = "") -> Refusal | None:
    """One that could not be read never hides one that could."""
    known = story.state.calls.get(call)
    place = fit(location, story.state.site.area) if location is not None else None
    if known is None or (place is None and known.location is not None and not link):
        return NOTHING
    if location is not None and place is None:
        note = "bad_coordinates"
    event = CallLocated(call=call, location=place, note=one_line(note, REASON_LIMIT), link=link)
    if story.foresee(event).calls[call] == known:
        return NOTHING
    story.happen(event)
    return None
