"""Which ways of units teach something, read from the journal's events."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain import events as e
from dispatch_core.domain.past_runs import INCIDENTS_REMEMBERED, PastRun, PastRuns
from dispatch_core.domain.vocabulary import Candidate, Measured, UnitStatus

T0 = 1_795_442_400_000


class Journal:
    def __init__(self) -> None:
        self.reading = PastRuns()
        self.now = T0

    def happens(self, event: e.Event, after_s: float = 0.0) -> PastRun | None:
        self.now += int(after_s * 1000)
        return self.reading.feed(e.Recorded(seq=1, at=self.now, by="person:lan", command="x", event=event))

    def routed(self, seconds: float = 300.0, incident: str = "i1", unit: str = "A1", **more: Measured) -> None:
        measured = more.get("measured", Measured.ROAD)
        candidate = Candidate(unit=unit, metres=2_000, seconds=seconds, measured=measured)
        found = {"ambulance": (candidate,)}
        self.happens(e.IncidentRouted(incident=incident, location_version=1, answers={}, candidates=found))

    def assigned(self, incident: str = "i1", unit: str = "A1") -> None:
        self.happens(e.UnitAssigned(incident=incident, service="ambulance", unit=unit))

    def reports(self, status: UnitStatus, after_s: float = 0.0, unit: str = "A1") -> PastRun | None:
        return self.happens(e.UnitStatusSet(unit=unit, status=status), after_s)


def test_from_setting_out_to_arriving() -> None:
    journal = Journal()
    journal.routed(300)
    journal.assigned()
    assert journal.reports(UnitStatus.ACKNOWLEDGED, 30) is None
    assert journal.reports(UnitStatus.EN_ROUTE, 60) is None
    assert journal.reports(UnitStatus.ON_SCENE, 450) == PastRun("A1", T0 + 90_000, 300.0, 450.0)
    assert journal.reports(UnitStatus.ON_SCENE) is None  # once


def test_what_teaches_nothing() -> None:
    straight = Journal()
    straight.routed(measured=Measured.STRAIGHT)
    straight.assigned()
    straight.reports(UnitStatus.EN_ROUTE)
    assert straight.reports(UnitStatus.ON_SCENE, 300) is None
    unsaid = Journal()
    unsaid.assigned()
    unsaid.reports(UnitStatus.EN_ROUTE)
    assert unsaid.reports(UnitStatus.ON_SCENE, 300) is None
    never_set_out = Journal()
    never_set_out.routed()
    never_set_out.assigned()
    assert never_set_out.reports(UnitStatus.ON_SCENE, 300) is None
    recalled = Journal()
    recalled.routed()
    recalled.assigned()
    recalled.reports(UnitStatus.EN_ROUTE)
    recalled.happens(e.UnitReleased(incident="i1", service="ambulance", unit="A1"))
    assert recalled.reports(UnitStatus.ON_SCENE, 300) is None
    over = Journal()
    over.routed()
    over.happens(e.IncidentClosed(incident="i1", disposition="xong"))
    over.assigned()
    over.reports(UnitStatus.EN_ROUTE)
    assert over.reports(UnitStatus.ON_SCENE, 300) is None


def test_the_newest_word_counts_and_others_stay() -> None:
    journal = Journal()
    journal.routed(300)
    journal.routed(400, unit="A2")
    journal.routed(350)
    for unit in ("A1", "A2"):
        journal.assigned(unit=unit)
        journal.reports(UnitStatus.EN_ROUTE, unit=unit)
    first, second = (journal.reports(UnitStatus.ON_SCENE, 100, unit=unit) for unit in ("A1", "A2"))
    assert first is not None and second is not None and (first.said_s, second.said_s) == (350.0, 400.0)


def test_memory_is_bounded() -> None:
    journal = Journal()
    for number in range(INCIDENTS_REMEMBERED + 1):
        journal.routed(incident=f"i{number}")
    journal.assigned("i0")
    journal.reports(UnitStatus.EN_ROUTE)
    assert journal.reports(UnitStatus.ON_SCENE, 300) is None
    journal.assigned(f"i{INCIDENTS_REMEMBERED}")
    journal.reports(UnitStatus.EN_ROUTE)
    assert journal.reports(UnitStatus.ON_SCENE, 300) is not None


def test_other_events_are_nothing_to_it() -> None:
    recorded = e.Recorded(seq=1, at=T0, by="x", command="x", event=e.IncidentTaken(incident="i1", user="lan"))
    assert PastRuns().feed(recorded) is None and PastRuns().feed(replace(recorded, seq=2)) is None
