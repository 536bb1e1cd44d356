"""What a zone's answer means for a leg, and what of it the story tells."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import Recorded
from dispatch_core.domain.evolve.rules import tell
from dispatch_core.domain.state import Incident, Leg
from dispatch_core.domain.vocabulary import ZoneAnswer


def in_zone(leg: Leg, answer: ZoneAnswer) -> Leg:
    """Whoever chose a station chose it alone: no other is alerted beside it by itself."""
    if leg.station_fixed:
        return replace(leg, zone=answer, also=())
    return replace(leg, zone=answer, station=answer.station, also=answer.also)


def tell_zone(incident: Incident, recorded: Recorded, leg: Leg, answer: ZoneAnswer) -> Incident:
    """What a reader of the story must know of an answer, once: who is alerted beside the station, whom it concerns
    where it is not ours."""
    if answer.also and answer.also != leg.also and not leg.station_fixed:
        incident = tell(incident, recorded, "also_alerted", leg.service, answer.station, *answer.also)
    beyond = answer.hand_over
    if beyond is not None and (leg.zone is None or leg.zone.hand_over != beyond):
        incident = tell(
            incident, recorded, "beyond_border", leg.service, beyond.kind, beyond.vi, beyond.en, beyond.contact
        )
    return incident
