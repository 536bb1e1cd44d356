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


def test_what_was_written_on_paper_is_entered_with_its_time_and_marked(world: World) -> None:
    before = set(world.state.incidents)
    at = world.now - 3 * 3_600_000
    world.person("lan", c.OpenIncident(location=PLACE, happened_at=at, text="cháy bếp, đã dập"))
    (ident,) = world.state.incidents.keys() - before
    made = world.state.incidents[ident]
    assert made.received_at == world.now, "the journal tells when it was entered"
    marks = [note for note in made.notes if note.kind == "afterwards"]
    assert [note.about for note in marks] == [(str(at),)] and marks[0].by == "person:lan"
    assert [note.text for note in made.notes if note.kind == "note"] == ["cháy bếp, đã dập"]


def test_a_time_that_cannot_be_is_refused(world: World) -> None:
    for at in (world.now + 1, world.now - 8 * 86_400_000, -5):
        assert world.person_no("lan", c.OpenIncident(location=PLACE, happened_at=at)) == "not_past"
    for at in (world.now, world.now - 7 * 86_400_000):
        world.person("lan", c.OpenIncident(location=PLACE, happened_at=at))
    assert world.person_no("lan", c.OpenIncident(location=PLACE, text="x" * 4001)) == "text_too_long"
