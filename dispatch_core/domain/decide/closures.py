"""Closing streets on the map, and opening them again."""

from __future__ import annotations

from dispatch_core.domain.closing_roads import (
    CLOSURES_MOST,
    OUTLINE_ACROSS_MOST_M,
    OUTLINE_POINTS_MOST,
    UNTIL_MOST_MS,
    is_outline,
)
from dispatch_core.domain.commands import DrawClosure, EndClosure
from dispatch_core.domain.decide.incidents import too_long
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import ClosureDrawn, ClosureEnded
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse


@rule(DrawClosure)
def draw_closure(story: Story, body: DrawClosure) -> Refusal | None:
    no = _cannot_draw(story, body)
    if no is not None:
        return no
    count = story.state.closure_count + 1
    story.happen(
        ClosureDrawn(
            closure=f"D{count}",
            kind=body.kind,
            outline=body.outline,
            vehicles=tuple(sorted(set(body.vehicles))),
            until=body.until,
            user=story.user,
            count=count,
            reason=one_line(body.reason.strip(), REASON_LIMIT),
        )
    )
    return None


def _cannot_draw(story: Story, body: DrawClosure) -> Refusal | None:
    if len(story.state.closures) >= CLOSURES_MOST:
        return refuse("too_many_closures", limit=CLOSURES_MOST)
    area = story.state.site.area
    if not is_outline(body.outline) or (area and not any(area.holds(lat, lon) for lon, lat in body.outline)):
        return refuse("bad_outline", points=OUTLINE_POINTS_MOST, km=round(OUTLINE_ACROSS_MOST_M / 1000))
    if body.until and not story.now < body.until <= story.now + UNTIL_MOST_MS:
        return refuse("bad_until", days=UNTIL_MOST_MS // 86_400_000)
    known = {unit.vehicle for unit in story.state.units.values()} - {""}
    for vehicle in body.vehicles:
        if vehicle not in known:
            return refuse("unknown_vehicle", vehicle=vehicle, known=", ".join(sorted(known)))
    return too_long(body.reason, REASON_LIMIT)


@rule(EndClosure)
def end_closure(story: Story, body: EndClosure) -> Refusal | None:
    closure = story.state.closures.get(body.closure)
    if closure is None:
        return refuse("unknown_closure", closure=body.closure)
    story.happen(ClosureEnded(closure=closure.id, kind=closure.kind, outline=closure.outline))
    return None
