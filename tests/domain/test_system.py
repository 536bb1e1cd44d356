"""Configuration that decides, answers of workers, archiving."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.deadlines import CLOSED_KEPT_MS, due
from dispatch_core.domain.vocabulary import UnitStatus, ZoneSetRef
from tests.domain.world import (
    CAPABILITIES,
    NODE,
    PLANS,
    POSITIONS,
    REACHES,
    SITE,
    STATIONS,
    TYPES,
    UNITS,
    World,
    place,
    unit,
    zone,
)


def routed(world: World, version: int = 1) -> c.RouteFound:
    incident = next(iter(world.state.incidents))
    answers = {"ambulance": zone("ambulance"), "moon": zone("moon")}
    return c.RouteFound(incident=incident, location_version=version, answers=answers, reaches=REACHES)


def test_the_geographys_answer_fills_the_open_legs(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    world.person("lan", c.OpenLeg(incident=incident.id, service="fire"))
    world.person("lan", c.CloseLeg(incident=incident.id, service="fire"))
    world.person("hoa", c.ReassignLeg(incident=incident.id, service="ambulance", reason="a", station="S-A"))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    world.core(replace(routed(world), answers={"ambulance": zone("ambulance", station="S-X"), "fire": zone("fire")}))
    legs = world.state.incidents[incident.id].legs
    assert (legs["ambulance"].zone, legs["ambulance"].station) == (zone("ambulance", station="S-X"), "S-A")
    assert [(it.unit, it.capable) for it in legs["ambulance"].candidates] == [("A1", True)]
    assert [(it.unit, it.why) for it in legs["ambulance"].passed] == [
        ("A3", "unreachable"), ("A2", "not_capable"),
    ]  # fmt: skip
    assert [(it.unit, it.metres, it.seconds) for it in legs["police"].candidates] == [("P1", 99.5, 12.0)]
    assert legs["police"].zone is None and legs["fire"].zone is None
    assert world.state.incidents[incident.id].routed_version == 1


def test_an_answer_for_an_older_place_is_ignored(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    world.person("lan", c.Locate(incident=incident.id, location=place("khác"), seen=1))
    assert world.core_no(routed(world, 1)) == "stale_answer"
    assert world.core_no(replace(routed(world, 2), incident="x")) == "nothing_new"
    world.over()
    world.person("lan", c.CloseIncident(incident=incident.id, disposition="xong"))
    assert world.core_no(routed(world, 2)) == "nothing_new"


def test_a_closed_incident_leaves_with_its_calls(world: World) -> None:
    incident = world.talk()
    archive = c.ArchiveIncident(incident=incident.id)
    assert world.core_no(archive) == "nothing_new"
    world.call("c2")
    world.person("lan", c.CloseEmpty(incident=incident.id))
    assert world.core_no(archive) == "still_live"
    world.over()
    (told,) = world.core(archive)
    assert told == e.IncidentArchived(incident=incident.id, calls=("c1",))
    assert list(world.state.calls) == ["c2"] and incident.id not in world.state.incidents
    assert world.core_no(archive) == "nothing_new"


def test_calls_of_no_incident_leave_by_themselves(world: World) -> None:
    """Those that we made ourselves: no incident takes them along, and the state would grow for ever."""
    for ident in ("over", "fresh", "talking"):
        world.switch(c.CallBackStarted(call=ident, node=NODE, at=world.now, number="0903"))
    world.over("over")
    incident = world.talk("c1")
    world.over("c1")
    world.person("lan", c.CloseIncident(incident=incident.id, disposition="done"))
    world.later(CLOSED_KEPT_MS + 61_000)
    world.over("fresh")
    mine = c.ArchiveIncident(incident="")
    assert mine in due(world.state, world.now)
    assert world.core(mine) == (e.IncidentArchived(incident="", calls=("over",)),)
    assert world.core_no(mine) == "nothing_new" and mine not in due(world.state, world.now)
    assert world.core(c.ArchiveIncident(incident=incident.id)) == (
        e.IncidentArchived(incident=incident.id, calls=("c1",)),
    )
    assert set(world.state.calls) == {"fresh", "talking"}


def test_the_same_site_again_is_nothing_new(world: World) -> None:
    assert world.core_no(c.ConfigureSite(site=SITE, positions=POSITIONS)) == "nothing_new"
    world.person("tuan", c.AddPosition(position="B07", label="7", services=("fire",)))
    assert world.core_no(c.ConfigureSite(site=SITE, positions=POSITIONS)) == "nothing_new"
    world.core(c.ConfigureSite(site=replace(SITE, name="mới"), positions=POSITIONS))
    assert world.state.positions["B07"].installing  # what is being installed is not in the file yet


def test_an_answer_that_was_overtaken_by_one_that_knew_more_is_ignored(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.OpenLeg(incident=incident.id, service="ambulance"))
    world.person("lan", c.OpenLeg(incident=incident.id, service="fire"))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    newest = world.state.seq
    answers = {"ambulance": zone("ambulance", station="S-A")}
    world.core(replace(routed(world), answers=answers, reaches={"ambulance": ()}, seen=newest))
    before = world.state.incidents[incident.id].legs["ambulance"]
    late = replace(routed(world), answers={}, reaches={"ambulance": REACHES["ambulance"]}, seen=newest - 1)
    assert world.core_no(late) == "stale_answer"
    both = {"ambulance": zone("ambulance", station="S-X"), "fire": zone("fire")}
    world.core(replace(routed(world), answers=both, reaches=REACHES, seen=newest - 1))
    legs = world.state.incidents[incident.id].legs
    assert legs["ambulance"] == before and legs["fire"].zone == zone("fire")  # which nobody has answered for since
    world.core(replace(routed(world), seen=newest + 1))
    leg = world.state.incidents[incident.id].legs["ambulance"]
    assert [it.unit for it in leg.candidates] == ["A1", "A2"] and leg.routed_seen == newest + 1


@pytest.mark.parametrize("minutes", [1_440, -1_440, 10**9])
def test_an_offset_that_is_none_would_stop_every_call(world: World, minutes: int) -> None:
    site = replace(SITE, utc_offset_min=minutes)
    assert world.core_no(c.ConfigureSite(site=site, positions=POSITIONS)) == "malformed"
    world.core(c.ConfigureSite(site=replace(SITE, utc_offset_min=-1_439), positions=POSITIONS))
    world.call()


def test_a_seat_that_the_site_drops_is_left_by_who_sat_there(world: World) -> None:
    kept = {ident: seat for ident, seat in POSITIONS.items() if ident != "B02"}
    world.core(c.ConfigureSite(site=SITE, positions=kept))
    assert "B02" not in world.state.positions
    assert world.state.people["lan"].position == ""
    assert world.state.positions["B01"].user == "minh"


def test_types(world: World) -> None:
    assert world.core_no(c.LoadTypes(types=TYPES, plans=PLANS, capabilities=CAPABILITIES)) == "nothing_new"
    world.core(c.LoadTypes(types=TYPES))
    assert world.state.plans == ()
    world.core(c.LoadTypes(types={}))
    assert world.state.types == {}


def test_zone_sets(world: World) -> None:
    ref = ZoneSetRef(service="police", name="phường", version=2, zones=168)
    world.core(c.PublishZoneSet(ref=ref))
    assert world.core_no(c.PublishZoneSet(ref=ref)) == "nothing_new"
    assert world.core_no(c.PublishZoneSet(ref=replace(ref, service="moon"))) == "unknown_service"


def test_a_list_of_units_never_says_what_they_do(world: World) -> None:
    incident = world.at_work(("A1",))
    assert world.core_no(c.LoadResources(stations=STATIONS, units=UNITS)) == "nothing_new"
    work = world.state.units["A1"].assignment
    strange = unit("A9", "ambulance", "S-A", status=UnitStatus.ON_SCENE, assignment=work)
    off = unit("A8", "ambulance", "S-A", status=UnitStatus.OUT_OF_SERVICE)
    named = replace(UNITS[1], label="Xe 2", sample=True)
    world.core(c.LoadResources(stations={}, units=(named, strange, off)))
    units = world.state.units
    assert sorted(units) == ["A1", "A2", "A8", "A9"]  # A1 stays until it is free
    assert units["A1"].assignment == work
    assert (units["A9"].status, units["A9"].assignment) == (UnitStatus.AVAILABLE, None)
    assert units["A8"].status is UnitStatus.OUT_OF_SERVICE
    assert (units["A2"].label, units["A2"].sample) == ("Xe 2", True)
    world.person("lan", c.CloseIncident(incident=incident.id, disposition="xong"))
    world.core(c.LoadResources(stations={}, units=(named, strange)))
    assert sorted(world.state.units) == ["A2", "A9"]


def test_a_unit_at_work_keeps_its_work_when_the_list_comes_again(world: World) -> None:
    world.at_work(("A1",))
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.ON_SCENE))
    before = world.state.units["A1"]
    world.core(c.LoadResources(stations=STATIONS, units=(replace(UNITS[0], label="mới"), *UNITS[1:])))
    assert world.state.units["A1"] == replace(before, label="mới")
