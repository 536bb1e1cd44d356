"""Questions to the notes about places: what touches an incident, and that the notes have changed."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.effects.effect import Effect, on
from dispatch_core.domain.events import IncidentLocated, PremiseRemoved, PremiseUndone, PremiseWritten, Recorded
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.vocabulary import IncidentState


class FindPremises(Effect, frozen=True):
    """A question: what is known about a version of an incident's place."""

    DOER: ClassVar[str] = "premises"

    incident: str
    location_version: int
    lat: float
    lon: float
    uncertainty_m: float


class ReadPremises(Effect, frozen=True):
    """The notes are others now; what is open is asked again."""

    DOER: ClassVar[str] = "premises"


def about(incident: Incident | None) -> tuple[FindPremises, ...]:
    """The question of one incident; none where it has no place or is over."""
    if incident is None or incident.state is IncidentState.CLOSED or incident.folded is not None:
        return ()
    place = incident.location
    if place is None or place.lat is None or place.lon is None:
        return ()
    return (FindPremises(incident.id, incident.location_version, place.lat, place.lon, place.uncertainty_m),)


def about_all(state: State) -> tuple[FindPremises, ...]:
    return tuple(question for _, incident in sorted(state.incidents.items()) for question in about(incident))


@on(IncidentLocated)
def located(event: IncidentLocated, _: Recorded, state: State) -> tuple[Effect, ...]:
    return about(state.incidents.get(event.incident))


@on(PremiseWritten, PremiseRemoved, PremiseUndone)
def changed(_: PremiseWritten | PremiseRemoved | PremiseUndone, __: Recorded, ___: State) -> tuple[Effect, ...]:
    return (ReadPremises(),)
