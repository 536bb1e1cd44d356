"""An incident that a person opens at a place."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import Location, LocationSource
from tests.domain.world import World

PLACE = Location(label="Ngã tư Hàng Xanh", source=LocationSource.MAP_PIN, lat=10.8013, lon=106.7113)


def test_it_is_theirs_and_asks_for_the_services_of_their_position(world: World) -> None:
    before = set(world.state.incidents)
    world.person("lan", c.OpenIncident(location=PLACE))
    (ident,) = world.state.incidents.keys() - before
    made = world.state.incidents[ident]
    seat = world.state.positions[world.state.people["lan"].position]
    assert (made.owner, made.services, made.calls) == ("lan", seat.services, ())
    assert made.location == PLACE and made.location_version == 1


def test_without_a_position_it_asks_for_none_yet(world: World) -> None:
    world.person("lan", c.LeavePosition())
    before = set(world.state.incidents)
    world.person("lan", c.OpenIncident(location=PLACE))
    (ident,) = world.state.incidents.keys() - before
    assert world.state.incidents[ident].services == ()


def test_a_place_needs_words_and_must_be_on_the_earth(world: World) -> None:
    nowhere = Location(label="ở đâu đó", source=LocationSource.MAP_PIN, lat=91.0, lon=106.7)
    assert world.person_no("lan", c.OpenIncident(location=nowhere)) == "bad_location"
    wordless = Location(label=" ", source=LocationSource.MAP_PIN, lat=10.8, lon=106.7)
    assert world.person_no("lan", c.OpenIncident(location=wordless)) == "empty_text"
