"""Which version of the city's map is in force."""

from __future__ import annotations

from dispatch_core.domain.commands import PublishMap
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import MapPublished
from dispatch_core.domain.refusals import Refusal, refuse


@rule(PublishMap)
def publish_map(story: Story, body: PublishMap) -> Refusal | None:
    if story.state.map == body.ref:
        return refuse("nothing_new")
    story.happen(MapPublished(ref=body.ref))
    return None
