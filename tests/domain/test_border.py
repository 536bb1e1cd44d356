"""A place in two zones alerts both stations; one beyond the border says whom it concerns; each is told once."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import ZoneAnswer
from tests.domain.world import World, on_the_border, place, zone


def asked(world: World) -> Incident:
    incident = world.talk()
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    return incident


def answer(world: World, incident: Incident, police: ZoneAnswer) -> Incident:
    version = world.state.incidents[incident.id].location_version
    world.core(
        c.RouteFound(incident=incident.id, location_version=version, answers={"police": police}, reaches={})
    )
    return world.state.incidents[incident.id]


def told(incident: Incident, kind: str) -> list[tuple[str, ...]]:
    return [note.about for note in incident.notes if note.kind == kind]


def test_both_stations_are_alerted_and_told_once(world: World) -> None:
    incident = asked(world)
    between = on_the_border(zone("police"))
    now = answer(world, incident, between)
    assert (now.legs["police"].station, now.legs["police"].also) == ("S-P", ("S-P2",))
    assert told(now, "also_alerted") == [("police", "S-P", "S-P2")]
    assert told(now, "beyond_border") == [("police", "province", "Tây Ninh", "Tay Ninh", "0276 113")]
    again = answer(world, incident, between)
    assert len(told(again, "also_alerted")) == len(told(again, "beyond_border")) == 1
    elsewhere = replace(between, also=("S-P3",))
    assert len(told(answer(world, incident, elsewhere), "also_alerted")) == 2


def test_a_plain_answer_alerts_one_station_and_tells_nothing(world: World) -> None:
    now = answer(world, asked(world), zone("police"))
    assert now.legs["police"].also == () and not told(now, "also_alerted") and not told(now, "beyond_border")


def test_another_place_takes_the_second_station_back(world: World) -> None:
    incident = asked(world)
    answer(world, incident, on_the_border(zone("police")))
    world.person("lan", c.Locate(incident=incident.id, location=place("khác"), seen=1))
    assert world.state.incidents[incident.id].legs["police"].also == ()


def test_who_chose_a_station_chose_it_alone(world: World) -> None:
    incident = asked(world)
    between = on_the_border(zone("police"))
    answer(world, incident, between)
    world.person("hoa", c.ReassignLeg(incident=incident.id, service="police", reason="a", station="S-P2"))
    assert world.state.incidents[incident.id].legs["police"].also == ()
    now = answer(world, incident, between)
    assert (now.legs["police"].station, now.legs["police"].also) == ("S-P2", ())
    assert now.legs["police"].zone == between


def test_both_stations_are_asked_at_once(world: World) -> None:
    incident = asked(world)
    answer(world, incident, on_the_border(zone("police")))
    world.person("lan", c.OfferStation(incident=incident.id, service="police"))
    offers = world.state.incidents[incident.id].legs["police"].offers
    assert [it.station for it in offers] == ["S-P", "S-P2"]


def test_a_place_in_one_zone_asks_one_station(world: World) -> None:
    incident = asked(world)
    answer(world, incident, zone("police"))
    world.person("lan", c.OfferStation(incident=incident.id, service="police"))
    assert [it.station for it in world.state.incidents[incident.id].legs["police"].offers] == ["S-P"]
