"""Several calls about one incident: by itself for a number that rings again, by hand otherwise, and back."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.deadlines import CLOSED_KEPT_MS, due
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.overdue import UNFOLD_WITHIN_MS
from dispatch_core.domain.vocabulary import IncidentState, LegState
from tests.domain.test_call_back import NUMBER, missed
from tests.domain.world import FULL_SITE, NODE, World, place, staffed


def rings(world: World, ident: str, number: str = NUMBER, service: str = "ambulance") -> str:
    world.switch(c.CallCame(call=ident, node=NODE, at=world.now, dialled="115", services=(service,), number=number))
    return world.the(ident).incident


def test_who_rings_again_joins_the_open_incident() -> None:
    world = staffed(FULL_SITE)
    first = rings(world, "c1")
    assert rings(world, "c2") != first  # the first still waits: another telephone behind the same number
    world.switch(c.CallTakenAt(call="c1", position="B02", at=world.now + 10))
    world.later(1_000)
    assert rings(world, "c3", "+84912345678", "police") == first  # it talks, or so the switch still believes
    incident = world.state.incidents[first]
    assert (incident.calls, incident.services) == (("c1", "c3"), ("ambulance", "police"))
    assert (incident.notes[-1].kind, incident.notes[-1].about) == ("rang_again", ("c3", "c1"))
    assert world.state.day_count == 2


def test_too_late_closed_or_unknown_it_is_a_new_incident() -> None:
    world = staffed(FULL_SITE)
    first = missed(world, "c1")
    assert rings(world, "c2", "") != first and rings(world, "c3", "0988") != first
    world.later(FULL_SITE.again_ms)
    assert rings(world, "c4") != first
    second = missed(world, "c5", "0977")
    world.person("lan", c.CloseEmpty(incident=second))
    assert rings(world, "c6", "0977") != second


def test_a_wrong_join_is_undone() -> None:
    world = staffed(FULL_SITE)
    first = missed(world, "c1")
    assert rings(world, "c2") == first
    told = world.person("hoa", c.SplitCall(call="c2"))
    own = world.the("c2").incident
    assert [type(it) for it in told] == [e.CallSplit, e.IncidentTaken]
    assert world.state.incidents[first].calls == ("c1",) and world.state.incidents[own].calls == ("c2",)
    assert world.state.incidents[own].owner == "hoa" and world.state.incidents[own].services == ("ambulance",)
    assert world.person_no("hoa", c.SplitCall(call="c2")) == "only_call"
    assert world.person_no("hoa", c.SplitCall(call="c9")) == "unknown_call"
    world.person("hoa", c.CloseEmpty(incident=first))
    assert world.person_no("hoa", c.SplitCall(call="c1")) == "incident_closed"


def test_folding_loses_nothing_and_is_undone(world: World) -> None:
    into = rings(world, "c1", "0901")
    world.later(1_000)
    source = rings(world, "c2", "0902", "fire")
    world.person("lan", c.SetType(incident=source, type="crash", seen=""))
    world.person("lan", c.Locate(incident=source, location=place("Hàng Xanh"), seen=0))
    world.person("lan", c.AddNote(incident=source, text="hai xe máy"))
    world.person("minh", c.CloseLeg(incident=source, service="police"))
    told = world.person("hoa", c.FoldIncident(incident=source, into=into))
    assert [type(it) for it in told] == [e.IncidentFolded, e.IncidentLocated, e.TypeSet, e.LegOpened, e.IncidentTaken]
    one, other = world.state.incidents[into], world.state.incidents[source]
    assert one.calls == ("c1", "c2") and world.the("c2").incident == into
    assert one.services == ("ambulance", "fire") and set(one.legs) == {"ambulance"} and one.priority == 1
    assert [note.text for note in one.notes if note.kind == "note"] == ["hai xe máy"]
    assert (other.state, other.disposition, other.calls) == (IncidentState.CLOSED, "folded", ())
    assert world.person_no("hoa", c.FoldIncident(incident=source, into=into)) == "incident_closed"
    world.later(CLOSED_KEPT_MS + 1)
    assert [it for it in due(world.state, world.now) if isinstance(it, c.ArchiveIncident)] == []  # it may be undone

    world.person("lan", c.UnfoldIncident(incident=source))
    one, other = world.state.incidents[into], world.state.incidents[source]
    assert one.calls == ("c1",) and other.calls == ("c2",) and world.the("c2").incident == source
    assert other.legs["ambulance"].state is LegState.OPEN and other.legs["police"].state is LegState.CLOSED
    assert not [note for note in one.notes if note.kind == "note"]
    assert [note.text for note in other.notes if note.kind == "note"] == ["hai xe máy"]
    assert other.state is IncidentState.OPEN and not other.closed_at
    assert world.person_no("lan", c.UnfoldIncident(incident=source)) == "not_folded"
    assert world.person_no("lan", c.UnfoldIncident(incident="x")) == "unknown_incident"


def test_what_was_entered_on_both_stays_the_one_that_is_kept(world: World) -> None:
    into, source = rings(world, "c1", "0901"), rings(world, "c2", "0902")
    world.person("lan", c.SetType(incident=into, type="theft", seen=""))
    world.person("lan", c.SetType(incident=source, type="crash", seen=""))
    world.person("lan", c.TakeIncident(incident=into))
    for incident in (into, source):
        world.person("lan", c.Locate(incident=incident, location=place(incident), seen=0))
    told = world.person("lan", c.FoldIncident(incident=source, into=into))
    assert [type(it) for it in told] == [e.IncidentFolded, e.PrioritySet, e.LegOpened]
    assert world.state.incidents[into].type == "theft" and world.state.incidents[into].priority == 1


def test_what_cannot_be_folded(world: World) -> None:
    into = rings(world, "c1", "0901")
    source = world.at_work_on(rings(world, "c2", "0902"))
    no = world.refusal("lan", c.FoldIncident(incident=source, into=into))
    assert (no.code, no.details["units"]) == ("leg_at_work", "A1")
    assert world.person_no("lan", c.FoldIncident(incident=into, into=into)) == "same_incident"
    assert world.person_no("lan", c.FoldIncident(incident="x", into=into)) == "unknown_incident"
    assert world.person_no("lan", c.FoldIncident(incident=into, into="x")) == "unknown_incident"


def test_a_chain_is_undone_from_its_end(world: World) -> None:
    a, b, last = (rings(world, f"c{number}", f"090{number}") for number in (1, 2, 3))
    world.person("lan", c.FoldIncident(incident=a, into=b))
    world.person("lan", c.FoldIncident(incident=b, into=last))
    assert world.state.incidents[last].calls == ("c3", "c2", "c1")
    assert world.person_no("lan", c.UnfoldIncident(incident=a)) == "incident_closed"
    world.later(CLOSED_KEPT_MS + 1)
    assert due(world.state, world.now) == ()
    world.person("lan", c.SplitCall(call="c1"))  # it was about something else after all
    world.person("lan", c.UnfoldIncident(incident=b))
    world.person("lan", c.UnfoldIncident(incident=a))
    assert world.state.incidents[a].calls == () and world.state.incidents[b].calls == ("c2",)
    world.person("lan", c.FoldIncident(incident=a, into=b))
    world.person("lan", c.FoldIncident(incident=b, into=last))
    for call in ("c1", "c2", "c3"):
        world.over(call)
    world.person("lan", c.CloseEmpty(incident=last))
    world.later(CLOSED_KEPT_MS + 1)
    while due(world.state, world.now):
        for body in due(world.state, world.now):
            world.core(body)
    assert not {a, b, last} & set(world.state.incidents)


def test_events_about_what_has_been_archived_change_nothing(world: World) -> None:
    into, source = rings(world, "c1", "0901"), rings(world, "c2", "0902")
    world.person("lan", c.FoldIncident(incident=source, into=into))
    event = e.IncidentUnfolded(incident=into, into=source)
    recorded = e.Recorded(seq=world.state.seq + 1, at=world.now, by="person:lan", command="c", event=event)
    assert evolve(world.state, recorded).incidents == world.state.incidents


def test_what_was_folded_into_something_that_is_gone_may_go_too(world: World) -> None:
    into, source = rings(world, "c1", "0901"), rings(world, "c2", "0902")
    world.person("lan", c.FoldIncident(incident=source, into=into))
    gone = e.IncidentArchived(incident=into, calls=("c1", "c2"))
    recorded = e.Recorded(seq=world.state.seq + 1, at=world.now, by="core:timer", command="c", event=gone)
    world.state = evolve(world.state, recorded)
    world.later(CLOSED_KEPT_MS + 1)
    assert due(world.state, world.now) == (c.ArchiveIncident(incident=source),)
    assert world.person_no("lan", c.UnfoldIncident(incident=source)) == "unknown_incident"


def test_a_fold_may_be_undone_for_some_hours_and_leaves_the_state_then(world: World) -> None:
    """A flood of calls folds thousands into an incident that stays open: they do not stay with it."""
    into, source = rings(world, "c1", "0901"), rings(world, "c2", "0902")
    world.person("lan", c.FoldIncident(incident=source, into=into))
    archive = c.ArchiveIncident(incident=source)
    assert archive not in due(world.state, world.now + UNFOLD_WITHIN_MS)
    world.later(UNFOLD_WITHIN_MS + 1)
    assert archive in due(world.state, world.now)
    world.core(archive)
    assert source not in world.state.incidents and world.state.incidents[into].calls == ("c1", "c2")
    assert world.the("c2").incident == into
    assert world.person_no("lan", c.UnfoldIncident(incident=source)) == "unknown_incident"
