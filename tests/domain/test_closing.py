"""Closing: frees every unit, never over a live caller, and the one key for calls without content."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.decide.closing import NO_CONTENT
from dispatch_core.domain.vocabulary import IncidentState, LegState, UnitStatus
from tests.domain.world import World


def test_closing_frees_every_unit_of_every_leg(world: World) -> None:
    incident = world.at_work(("A1", "P1", "F1", "A2"))
    told = world.person("lan", c.CloseIncident(incident=incident.id, disposition=" đã xử lý "))
    assert [it.unit for it in told if isinstance(it, e.UnitReleased)] == ["A1", "A2", "F1", "P1"]
    closed = world.state.incidents[incident.id]
    assert (closed.state, closed.disposition) == (IncidentState.CLOSED, "đã xử lý")
    assert {leg.state for leg in closed.legs.values()} == {LegState.CLOSED}
    assert all(unit.status is UnitStatus.AVAILABLE and unit.assignment is None for unit in world.state.units.values())


def test_a_leg_that_was_closed_before_keeps_its_time(world: World) -> None:
    incident = world.at_work(("A1",))
    world.person("lan", c.OpenLeg(incident=incident.id, service="fire"))
    world.person("lan", c.CloseLeg(incident=incident.id, service="fire"))
    before = world.state.incidents[incident.id].legs["fire"].closed_at
    world.later(1_000).person("lan", c.CloseIncident(incident=incident.id, disposition="xong"))
    legs = world.state.incidents[incident.id].legs
    assert (legs["fire"].closed_at, legs["ambulance"].closed_at) == (before, before + 1_000)


@pytest.mark.parametrize(
    ("disposition", "code"), [("", "empty_text"), ("  ", "empty_text"), ("x" * 61, "text_too_long")]
)
def test_a_disposition_is_a_few_words(world: World, disposition: str, code: str) -> None:
    incident = world.at_work()
    assert world.person_no("lan", c.CloseIncident(incident=incident.id, disposition=disposition)) == code


def test_nothing_is_closed_over_a_live_caller(world: World) -> None:
    incident = world.call("c1")
    close = c.CloseIncident(incident=incident.id, disposition="xong")
    assert world.person_no("lan", close) == "still_live"
    world.switch(c.CallTakenAt(call="c1", position="B02", at=world.now + 900))
    assert world.person_no("lan", close) == "still_live"
    world.person("lan", c.HangUp(call="c1"))
    world.person("lan", close)  # the call is about to end: no need to wait for it
    assert world.person_no("lan", close) == "incident_closed"
    assert world.person_no("lan", c.CloseEmpty(incident=incident.id)) == "incident_closed"


def test_an_incident_of_nobody_becomes_that_of_who_closes_it(world: World) -> None:
    incident = world.call("c1")
    world.over("c1")
    told = world.person("minh", c.CloseIncident(incident=incident.id, disposition="gọi nhỡ"))
    assert e.IncidentTaken(incident=incident.id, user="minh") in told


def test_one_key_ends_the_call_and_closes(world: World) -> None:
    incident = world.talk("c1", "B02")
    told = world.person("lan", c.CloseEmpty(incident=incident.id))
    assert told == (e.HangUpAsked(call="c1"), e.IncidentClosed(incident=incident.id, disposition=NO_CONTENT))


def test_one_key_closes_open_legs_that_have_no_units(world: World) -> None:
    incident = world.talk("c1", "B02")
    world.person("lan", c.OpenLeg(incident=incident.id, service="fire"))
    world.person("lan", c.CloseEmpty(incident=incident.id))
    assert world.state.incidents[incident.id].legs["fire"].state is LegState.CLOSED


def test_one_key_after_the_caller_has_gone(world: World) -> None:
    incident = world.call("c1")
    world.over("c1")
    told = world.person("lan", c.CloseEmpty(incident=incident.id))
    assert [type(it) for it in told] == [e.IncidentTaken, e.IncidentClosed]


def test_one_key_never_drops_a_caller_who_waits(world: World) -> None:
    incident = world.call("c1")
    assert world.person_no("lan", c.CloseEmpty(incident=incident.id)) == "caller_waits"


def test_one_key_never_cuts_a_colleague_off(world: World) -> None:
    incident = world.talk("c1", "B02")
    assert world.person_no("minh", c.CloseEmpty(incident=incident.id)) == "not_your_call"
    assert not world.the("c1").hang_up_asked
    world.person("hoa", c.CloseEmpty(incident=incident.id))


def test_one_key_never_calls_units_back(world: World) -> None:
    incident = world.at_work(("A1",))
    world.person("lan", c.OpenLeg(incident=incident.id, service="fire"))
    refusal = world.refusal("lan", c.CloseEmpty(incident=incident.id))
    assert refusal.code == "leg_at_work"
    assert "Cấp cứu" in refusal.sentence("vi") and "Ambulance" in refusal.sentence("en")


def test_closing_after_the_calls_have_left_the_state(world: World) -> None:
    """A view or an old journal may hold an incident without its calls: closing still works."""
    incident = world.call("c1")
    world.over("c1")
    bare = World(replace(world.state, calls={}), world.now)
    bare.person("lan", c.CloseEmpty(incident=incident.id))


def test_unknown_incident(world: World) -> None:
    assert world.person_no("lan", c.CloseIncident(incident="20261123-00077", disposition="x")) == "unknown_incident"
    assert world.person_no("lan", c.CloseEmpty(incident="20261123-00077")) == "unknown_incident"
