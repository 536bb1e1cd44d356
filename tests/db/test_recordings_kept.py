"""Recordings in the store: written with the events they come from, found by call, incident, number, age and hold."""

from __future__ import annotations

import pytest

from db.erasure import erase
from db.errors import DatabaseError, ErasureRefused
from db.recordings import RecordingStore
from dispatch_core.domain import commands as c
from dispatch_core.domain.recorded import RecordedFile
from dispatch_core.domain.vocabulary import EndedBy
from tests.contracts.night import CORE, HUNG, LAN, SWITCH, Night
from tests.db.journals import ask, written

NUMBER = "0987654321"


def file(name: str, **more: object) -> RecordedFile:
    values: dict[str, object] = {"bytes": 16_044, "ms": 1_000, "sha256": "ab" * 32, **more}
    return RecordedFile(file=name, **values)  # type: ignore[arg-type]


class Shift:
    """Nights of work that remember what they made."""

    def __init__(self) -> None:
        self.calls: dict[str, str] = {}
        self.incidents: dict[str, str] = {}

    def recorded(self, night: Night, name: str, *files: RecordedFile, number: str = NUMBER) -> None:
        """A call that was talked in, recorded in these files and is over and closed."""
        call, incident = night.call(number)
        self.calls[name], self.incidents[name] = call, incident
        for one in files:
            night.must(SWITCH, c.RecordingRuns(call=call, file=f"/var/spool/{one.file}"))
        night.must(SWITCH, c.CallTakenAt(call=call, position="B01", at=night.now))
        night.must(SWITCH, c.CallOver(call=call, at=night.now, by=EndedBy.CALLER, cause=16))
        night.must(LAN, c.CloseIncident(incident=incident, disposition="no_content"))
        night.ask(CORE, c.RecordingSummed(call=call, files=files))


@pytest.fixture
def shift() -> Shift:
    return Shift()


@pytest.mark.parametrize("at_once", [True, False], ids=["one batch", "a batch each"])
def test_from_its_beginning_to_its_sums(migrated: str, shift: Shift, at_once: bool) -> None:
    def runs(night: Night) -> None:
        call, incident = night.call(NUMBER)
        shift.calls["a"], shift.incidents["a"] = call, incident
        night.must(SWITCH, c.RecordingRuns(call=call, file="/var/spool/a-1.wav"))

    def again(night: Night) -> None:
        night.must(SWITCH, c.RecordingRuns(call=shift.calls["a"], file="/var/spool/a-2.wav"))

    def ends(night: Night) -> None:
        night.must(SWITCH, c.CallOver(call=shift.calls["a"], at=night.now, by=EndedBy.CALLER, cause=16))
        quiet = file("a-1.wav", silences=((1_000, 9_000),))
        night.must(CORE, c.RecordingSummed(call=shift.calls["a"], files=(quiet, file("a-2.wav", found=False))))

    def whole(night: Night) -> None:
        for part in (runs, again, ends):
            part(night)

    def look(night: Night) -> None:
        night.call()  # a batch is never empty
        (running,) = store.of_call(shift.calls["a"])
        assert (running.state, running.file, running.node, running.ended_at) == ("running", "a-1.wav", "hcm1", 0)
        assert running.incident == shift.incidents["a"]

    store = RecordingStore(migrated)
    written(migrated, *([whole] if at_once else [runs, look, again, ends]))
    first, second = store.of_call(shift.calls["a"])
    assert (first.file, first.state, first.faults) == ("a-1.wav", "faulty", ("missing",))
    assert (first.bytes, first.ms, first.silences) == (16_044, 1_000, ((1_000, 9_000),))
    assert first.began_at <= second.began_at <= first.ended_at
    assert store.of_incident(shift.incidents["a"]) == [first, second] == store.of_number(NUMBER)
    assert store.of_number(NUMBER, first.ended_at + 1) == [] == store.of_call("none")


def test_a_call_that_was_never_recorded_has_a_row_that_says_so(migrated: str, shift: Shift) -> None:
    written(migrated, lambda night: shift.recorded(night, "a"))
    (row,) = RecordingStore(migrated).of_call(shift.calls["a"])
    assert (row.file, row.state, row.faults) == ("", "faulty", ("missing",))


def test_what_is_past_its_time_and_not_held(migrated: str, shift: Shift) -> None:
    def work(night: Night) -> None:
        for name in ("a", "b", "c"):
            shift.recorded(night, name, file(f"{name}.wav"))
        shift.recorded(night, "d")
        night.must(HUNG, c.HoldRecording(incident=shift.incidents["a"], reason="toà án"))
        night.must(HUNG, c.HoldRecording(call=shift.calls["b"], reason="khiếu nại"))

    def release(night: Night) -> None:
        later = night.now + 1
        assert [it.file for it in store.past(later, 10)] == ["c.wav"]
        assert {about: why for about, _, _, why in store.holds()} == {
            shift.incidents["a"]: "toà án", shift.calls["b"]: "khiếu nại",
        }  # fmt: skip
        assert store.of_call(shift.calls["a"])[0].held == shift.incidents["a"]
        assert store.of_call(shift.calls["b"])[0].held == shift.calls["b"]
        night.must(HUNG, c.ReleaseHold(call=shift.calls["b"], reason="xong"))
        night.must(HUNG, c.HoldRecording(call=shift.calls["c"], reason="mới"))
        night.must(HUNG, c.ReleaseHold(call=shift.calls["c"], reason="nhầm"))

    store = RecordingStore(migrated)
    later = written(migrated, work, release).now + 1
    assert [it.file for it in store.past(later, 10)] == ["b.wav", "c.wav"]
    assert [it.file for it in store.past(later, 1)] == ["b.wav"]
    assert store.past(store.of_call(shift.calls["b"])[0].ended_at, 10) == []


def test_what_was_removed(migrated: str, shift: Shift) -> None:
    def work(night: Night) -> None:
        shift.recorded(night, "a", file("a.wav"))
        shift.recorded(night, "b", file("b.wav"))
        night.must(CORE, c.RemoveRecording(call=shift.calls["a"], file="a.wav", incident=shift.incidents["a"]))

    night = written(migrated, work)
    store = RecordingStore(migrated)
    (removed,) = store.removed_since(0)
    assert (removed.file, removed.state) == ("a.wav", "removed") and removed.removed_at
    assert store.removed_since(removed.removed_at + 1) == []
    assert [it.file for it in store.past(night.now + 1, 10)] == ["b.wav"]
    assert [it.file for it in store.summed()] == ["b.wav"] and list(store.summed(shift.calls["a"])) == []
    assert ask(migrated, "SELECT type FROM journal WHERE type = 'RecordingRemoved'") == [("RecordingRemoved",)]


def test_the_calls_of_a_number(migrated: str, shift: Shift) -> None:
    def work(night: Night) -> None:
        for name in ("a", "b", "c"):
            shift.recorded(night, name, file(f"{name}.wav"))
        shift.recorded(night, "x", file("x.wav"), number="0900000000")

    written(migrated, work)
    store = RecordingStore(migrated)
    found = store.calls_of(NUMBER, 0, 10)
    assert [it.id for it in found] == [shift.calls[name] for name in "abc"]
    assert {(it.disposition, it.number, it.dialled) for it in found} == {("no_content", NUMBER, "115")}
    assert [it.id for it in store.calls_of(NUMBER, 0, 2)] == [shift.calls[name] for name in "bc"]
    assert [it.id for it in store.calls_of(NUMBER, found[1].arrived_at, 10)] == [shift.calls[name] for name in "bc"]


def test_sweeps_that_were_asked_for(migrated: str) -> None:
    store = RecordingStore(migrated)
    first, second = store.ask_sweep(10, "quan"), store.ask_sweep(20, "quan")
    assert store.sweeps_asked() == [first, second]
    store.sweep_done(first, 30, removed=4, refused=1)
    assert store.sweeps_asked() == [second]
    done = store.sweep(first)
    assert (done.asked_at, done.done_at, done.removed, done.refused) == (10, 30, 4, 1)
    with pytest.raises(DatabaseError):
        RecordingStore("postgresql://x@/x?host=/nowhere").sweeps_asked()


def test_what_is_held_is_not_erased(migrated: str, shift: Shift) -> None:
    def work(night: Night) -> None:
        shift.recorded(night, "a", file("a.wav"))
        night.must(HUNG, c.HoldRecording(incident=shift.incidents["a"], reason="toà án"))
        night.archive(shift.incidents["a"])

    def release(night: Night) -> None:
        incident = shift.incidents["a"]
        with pytest.raises(ErasureRefused) as no:
            erase(migrated, at=1, by="quan", reason="yêu cầu", incident=incident)
        assert no.value.code == "recording_held" and incident in no.value.vi
        night.must(HUNG, c.ReleaseHold(incident=incident, reason="xong"))

    written(migrated, work, release)
    incident = shift.incidents["a"]
    assert erase(migrated, at=1, by="quan", reason="yêu cầu", incident=incident).events
    assert ask(migrated, "SELECT count(*) FROM journal_personal WHERE fields::text LIKE '%toà án%'") == [(0,)]
