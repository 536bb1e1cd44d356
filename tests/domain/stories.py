"""Stories that the fixed journal was written from; one that has events of a new kind is added to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from dispatch_core.domain import commands as c
from dispatch_core.domain.events import Event, Happened, Recorded
from dispatch_core.domain.route_clocks import ROUTE_LIMIT_MS, ROUTE_TRIES
from dispatch_core.domain.vocabulary import MapRef, UnitStatus
from tests.domain.test_kept import RARE
from tests.domain.test_offers import it, leg, offer_crew, offer_station, pending, routed, say_no
from tests.domain.test_route_clocks import WITHOUT, waiting
from tests.domain.test_triage import carded, say
from tests.domain.world import T0, UNITS, busy


def handshake() -> list[Recorded]:
    """Crews and stations that say no, are silent, say yes, turn back; until nobody is left."""
    world = routed()
    offer_crew(world)
    say_no(world)
    world.later(60_000).core(c.OfferExpired(offer=pending(leg(world))[0].id))
    (asked,) = pending(leg(world))
    for status in (UnitStatus.EN_ROUTE, UnitStatus.RETURNING, UnitStatus.AVAILABLE):
        world.later(1_000).person("lan", c.ReportStatus(unit=asked.unit, status=status))
    for offer in pending(leg(world)):
        world.person("lan", c.WithdrawOffer(offer=offer.id))
    offer_station(world, "S-P2")
    world.person("lan", c.AcceptOffer(offer=pending(leg(world))[0].id))
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1",)))
    for status in (UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE, UnitStatus.AVAILABLE):
        world.later(60_000).person("lan", c.ReportStatus(unit="P1", status=status))
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1",)))
    world.later(1_000).person("lan", c.ReleaseUnit(unit="P1"))
    return world.story


def unanswered() -> list[Recorded]:
    """The geography does not answer; then a station leaves the list, and another map comes."""
    world = waiting()
    for _ in range(ROUTE_TRIES + 1):
        world.later(ROUTE_LIMIT_MS + 1).core(c.RouteOverdue(incident=it(world).id))
    world.person("hoa", c.ReassignLeg(incident=it(world).id, service="police", reason="x", station="S-P"))
    world.core(c.LoadResources(stations=WITHOUT, units=UNITS))
    world.core(c.PublishMap(ref=MapRef(name="tp", version=3, dated=T0)))
    return world.story


def handed() -> list[Recorded]:
    """Reassigned and taken back: an incident, a leg's dispatcher and its station, a unit."""
    world = routed()
    incident = it(world).id
    other = world.talk("c2").id
    world.person("hoa", c.ReassignIncident(incident=incident, to="minh", reason="x"))
    world.later(5_000).person("hoa", c.UndoReassign(incident=incident))
    for to in ({"dispatcher": "minh"}, {"station": "S-P2"}):
        world.person("hoa", c.ReassignLeg(incident=incident, service="police", reason="x", **to))
        world.later(5_000).person("hoa", c.UndoReassign(incident=incident))
    world.person("lan", c.AssignUnits(incident=incident, units=("P1",)))
    world.person("lan", c.ReportStatus(unit="P1", status=UnitStatus.EN_ROUTE))
    world.person("hoa", c.RedirectUnit(unit="P1", incident=other, reason="x"))
    world.later(5_000).person("hoa", c.UndoReassign(unit="P1"))
    return world.story


def carded_answers() -> list[Recorded]:
    """What a card sets, what a person decides otherwise, and an answer that is changed."""
    world = carded()
    say(world, "awake", "no")
    say(world, "breathes", "yes")
    say(world, "many", "few")
    world.person("minh", c.SetPriority(incident=it(world).id, priority=2, seen=1))
    say(world, "awake", "stuck")
    world.person("minh", c.SetType(incident=it(world).id, type="theft", seen="trapped"))
    return world.story


STORIES: dict[str, Callable[[], list[Recorded]]] = {
    "busy": lambda: busy().story,
    "handshake": handshake,
    "unanswered": unanswered,
    "handed": handed,
    "cards": carded_answers,
}

LONE: dict[type[Happened], Event] = {kind: event for kind, event in RARE.items() if kind in get_args(Event)}
