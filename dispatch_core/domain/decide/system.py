"""What the core itself asks: configuration that decides, answers of workers, archiving."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.commands import (
    ArchiveIncident,
    ConfigureSite,
    LoadResources,
    LoadTypes,
    PublishZoneSet,
)
from dispatch_core.domain.deadlines import calls_of_nobody
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import (
    IncidentArchived,
    ResourcesLoaded,
    SiteConfigured,
    TypesLoaded,
    ZoneSetPublished,
)
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Unit
from dispatch_core.domain.vocabulary import IncidentState, UnitStatus

MINUTES_IN_DAY = 24 * 60


@rule(ArchiveIncident)
def archive_incident(story: Story, body: ArchiveIncident) -> Refusal | None:
    if not body.incident:
        calls = calls_of_nobody(story.state, story.now)
        if not calls:
            return refuse("nothing_new")
        story.happen(IncidentArchived(incident="", calls=calls))
        return None
    incident = story.state.incidents.get(body.incident)
    if incident is None or incident.state is not IncidentState.CLOSED:
        return refuse("nothing_new")
    if any(call in story.state.calls and story.state.calls[call].state.live for call in incident.calls):
        return refuse("still_live", incident=incident.id)
    story.happen(IncidentArchived(incident=body.incident, calls=incident.calls))
    return None


@rule(ConfigureSite)
def configure_site(story: Story, body: ConfigureSite) -> Refusal | None:
    known = {
        ident: (seat.label, seat.services)
        for ident, seat in story.state.positions.items()
        if not seat.installing
    }
    if abs(body.site.utc_offset_min) >= MINUTES_IN_DAY:
        return refuse("malformed", why=f"utc_offset_min = {body.site.utc_offset_min}")
    if body.site == story.state.site and body.positions == known:
        return refuse("nothing_new")
    story.happen(SiteConfigured(site=body.site, positions=body.positions))
    return None


@rule(LoadTypes)
def load_types(story: Story, body: LoadTypes) -> Refusal | None:
    known, told = story.state, (body.types, body.plans, body.capabilities, body.sameness)
    if told == (known.types, known.plans, known.capabilities, known.sameness):
        return refuse("nothing_new")
    story.happen(
        TypesLoaded(types=body.types, plans=body.plans, capabilities=body.capabilities, sameness=body.sameness)
    )
    return None


@rule(LoadResources)
def load_resources(story: Story, body: LoadResources) -> Refusal | None:
    """A list says what units there are, never what they do: work is given by ``AssignUnits`` alone."""
    event = ResourcesLoaded(stations=body.stations, units=tuple(_at_rest(unit) for unit in body.units))
    after = story.foresee(event)
    if after.stations == story.state.stations and after.units == story.state.units:
        return refuse("nothing_new")
    story.happen(event)
    return None


def _at_rest(unit: Unit) -> Unit:
    off = unit.status is UnitStatus.OUT_OF_SERVICE
    return replace(unit, assignment=None, status=unit.status if off else UnitStatus.AVAILABLE)


@rule(PublishZoneSet)
def publish_zone_set(story: Story, body: PublishZoneSet) -> Refusal | None:
    if body.ref.service not in story.state.site.services:
        return refuse("unknown_service", service=body.ref.service)
    if story.state.zone_sets.get(body.ref.service) == body.ref:
        return refuse("nothing_new")
    story.happen(ZoneSetPublished(ref=body.ref))
    return None
