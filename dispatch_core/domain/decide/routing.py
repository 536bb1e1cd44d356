"""What the geography found for an incident: zones and stations for its legs, and who could go."""

from __future__ import annotations

from dispatch_core.domain.commands import RouteFound
from dispatch_core.domain.decide.offers import resume
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import IncidentRouted
from dispatch_core.domain.recommending import recommend
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.vocabulary import IncidentState


@rule(RouteFound)
def route_found(story: Story, body: RouteFound) -> Refusal | None:
    """An answer for an older place is ignored: the newer one is being worked on; so is one that was overtaken by an
    answer that knew more (of a road that was closed meanwhile). Who is recommended is decided on the
    units as they are now, not as they were when the question was asked."""
    incident = story.state.incidents.get(body.incident)
    if incident is None or incident.state is IncidentState.CLOSED:
        return refuse("nothing_new")
    if body.location_version != incident.location_version:
        return refuse("stale_answer")
    late = frozenset(service for service, leg in incident.legs.items() if body.seen < leg.routed_seen)
    answers = {service: answer for service, answer in body.answers.items() if service not in late}
    reaches = {service: reach for service, reach in body.reaches.items() if service not in late}
    if late and not answers and not reaches:
        return refuse("stale_answer")
    found = {
        service: recommend(story.state, incident, service, reach, story.now) for service, reach in reaches.items()
    }
    waited = {service: leg.then for service, leg in incident.legs.items() if leg.then is not None and service in found}
    story.happen(
        IncidentRouted(
            incident=body.incident,
            location_version=body.location_version,
            answers=answers,
            candidates={service: ranking.candidates for service, ranking in found.items()},
            passed={service: ranking.passed for service, ranking in found.items()},
            asked=body.asked,
            seen=body.seen,
        )
    )
    resume(story, body.incident, waited)
    return None
