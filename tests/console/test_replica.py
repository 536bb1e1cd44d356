"""The replica: equal to the core at every sequence, or saying why not; no bytes stop it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from console_gui.changes import difference
from console_gui.replica import CHECKSUM, GAP, GENERATION, NO_SNAPSHOT, UNREADABLE, Replica
from dispatch_core.domain.canonical import checksum, encode_state
from dispatch_core.domain.events import CallMissed, Recorded, UnitAssigned
from dispatch_core.domain.state import EVOLVE_VERSION, State
from dispatch_core.domain.views import View
from dispatch_core.wire.envelopes import Beat, Snapshot, encode
from dispatch_core.wire.names import WIRE_VERSION
from tests.console.scenario import Night, busy_night

NIGHT = busy_night()


def replayed(night: Night, view: View = View.OPERATIONS) -> Replica:
    """A replica that started before anything happened and saw every event."""
    replica = Replica()
    empty = Snapshot(
        wire=WIRE_VERSION, evolve=EVOLVE_VERSION, generation=night.generation, epoch=1, seq=0, at=0,
        state=encode_state(State()),
    )  # fmt: skip
    assert replica.take_snapshot(encode(empty))
    for seq, payload in night.entries(0, view):
        replica.take_event(seq, payload)
    return replica


@pytest.mark.parametrize("view", list(View))
def test_early_late_and_restarted_agree_with_the_core(view: View) -> None:
    night = busy_night()
    early = replayed(night, view)
    late = Replica()
    assert late.take_snapshot(night.snapshot(view))
    night.ring("113", "0909")
    for replica in (early, late):
        for seq, payload in night.entries(0, view):
            replica.take_event(seq, payload)
        assert replica.in_step
        assert replica.seq == night.state.seq
        assert replica.checksum() == checksum(night.shown(view))


def test_the_telephony_view_has_no_personal_data() -> None:
    replica = replayed(NIGHT, View.TELEPHONY)
    assert not replica.state.incidents
    assert all(call.number == "" and call.name == "" for call in replica.state.calls.values())


def test_one_field_changes_the_checksum() -> None:
    replica = replayed(NIGHT)
    before = replica.checksum()
    unit = replica.state.units["A1"]
    units = {**replica.state.units, "A1": replace(unit, label=unit.label + ".")}
    replica.state = replace(replica.state, units=units)
    assert replica.checksum() != before


def test_a_gap_asks_for_a_snapshot_and_waits_for_one_that_helps() -> None:
    night = busy_night()
    replica = Replica()
    old = night.snapshot()
    replica.take_snapshot(old)
    night.ring("113", "0909")
    (_, _), second, *_ = night.entries(replica.seq)
    assert replica.take_event(*second) is None
    assert replica.needs_snapshot == GAP
    assert not replica.take_snapshot(old)
    assert replica.needs_snapshot == GAP
    assert replica.take_snapshot(night.snapshot())
    assert replica.in_step
    assert replica.seq == night.state.seq


def test_a_pulse_names_what_never_came() -> None:
    night = busy_night()
    replica = Replica()
    replica.take_snapshot(night.snapshot())
    night.ring("113", "0909")
    replica.take_beat(night.beat(), 1.0)
    replica.prove()
    replica.settle()
    assert replica.needs_snapshot == GAP


def test_a_new_generation_forces_a_snapshot_even_an_older_one() -> None:
    night = busy_night()
    replica = replayed(night)
    night.generation = "night-2"
    replica.take_beat(night.beat(), 1.0)
    replica.prove()
    assert replica.needs_snapshot == GENERATION
    assert replica.take_snapshot(night.snapshot())
    assert replica.generation == "night-2"


def test_a_checksum_that_differs_forces_a_snapshot() -> None:
    night = busy_night()
    replica = replayed(night)
    replica.state = replace(replica.state, day_count=99)
    replica.take_beat(night.beat(), 1.0)
    replica.prove()
    assert replica.needs_snapshot == CHECKSUM
    assert replica.take_snapshot(night.snapshot())
    replica.take_beat(night.beat(), 2.0)
    replica.prove()
    assert replica.in_step


def test_a_checksum_is_compared_when_its_sequence_is_reached() -> None:
    night = busy_night()
    replica = replayed(night)
    replica.state = replace(replica.state, day_count=99)
    night.must(night.person("lan"), _note(night))
    replica.take_beat(night.beat(), 1.0)
    replica.prove()
    assert replica.in_step
    for entry in night.entries(replica.seq):
        replica.take_event(*entry)
    assert replica.in_step and replica.proving, "it is compared in steps"
    replica.prove()
    assert replica.needs_snapshot == CHECKSUM


def test_what_comes_while_a_checksum_is_compared_does_not_wait() -> None:
    night = busy_night()
    replica = replayed(night)
    replica.take_beat(night.beat(), 1.0)
    taken = iter((False, True))
    replica.prove(lambda: next(taken))
    assert replica.proving
    night.must(night.person("lan"), _note(night))
    for entry in night.entries(replica.seq):
        replica.take_event(*entry)
    assert replica.seq == night.state.seq
    replica.prove()
    assert not replica.proving and replica.in_step, "the state of then was compared, not the one of now"


def _note(night: Night):  # type: ignore[no-untyped-def]
    from dispatch_core.domain.commands import AddNote

    return AddNote(incident=next(iter(night.state.incidents)), text="thêm")


@pytest.mark.parametrize("other", [EVOLVE_VERSION - 1, EVOLVE_VERSION + 1])
def test_another_evolve_version_is_not_compared(other: int) -> None:
    """A console that is older or newer than the core does not ask for a snapshot at every pulse."""
    night = busy_night()
    replica = replayed(night)
    beat = Beat(
        wire=WIRE_VERSION, evolve=other, generation=night.generation, epoch=1, seq=replica.seq, at=0,
        checksum="0" * 32,
    )  # fmt: skip
    replica.take_beat(encode(beat), 1.0)
    replica.prove()
    assert replica.in_step


def test_a_foreign_wire_version_is_refused_in_clear_words() -> None:
    replica = Replica()
    shot = Snapshot(
        wire=WIRE_VERSION + 7, evolve=EVOLVE_VERSION, generation="g", epoch=1, seq=0, at=0, state=encode_state(State())
    )
    assert not replica.take_snapshot(encode(shot))
    assert replica.wrong_version is not None
    assert str(WIRE_VERSION + 7) in replica.wrong_version.sentence("vi")
    assert replica.needs_snapshot == NO_SNAPSHOT


def test_duplicates_and_older_events_change_nothing() -> None:
    replica = replayed(NIGHT)
    before = replica.state
    for entry in NIGHT.entries():
        replica.take_event(*entry)
    assert replica.state is before
    assert replica.in_step


def test_age_and_staleness() -> None:
    night = busy_night()
    replica = Replica()
    assert replica.age(5.0) is None
    assert replica.stale(5.0)
    replica.take_snapshot(night.snapshot())
    replica.take_beat(night.beat(), 5.0)
    replica.prove()
    assert replica.age(5.4) == pytest.approx(0.4)
    assert not replica.stale(7.9)
    assert replica.stale(8.0)
    assert replica.now(6.5) == night.now + 1500


@settings(max_examples=200, deadline=None)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("event"), st.integers(-5, 200), st.binary(max_size=60)),
            st.tuples(st.just("snapshot"), st.just(0), st.binary(max_size=60)),
            st.tuples(st.just("beat"), st.just(0), st.binary(max_size=60)),
        ),
        max_size=30,
    )
)
def test_no_bytes_stop_it(steps: list[tuple[str, int, bytes]]) -> None:
    replica = replayed(NIGHT)
    for kind, seq, data in steps:
        dropped = replica.dropped_count
        if kind == "event":
            replica.take_event(seq, data)
        elif kind == "snapshot":
            assert not replica.take_snapshot(data)
            assert replica.dropped_count > dropped
        else:
            replica.take_beat(data, 1.0)
            replica.prove()
            assert replica.dropped_count > dropped
    later = replace(NIGHT.shown(View.OPERATIONS), seq=1_000)
    shot = Snapshot(
        wire=WIRE_VERSION, evolve=EVOLVE_VERSION, generation=NIGHT.generation, epoch=1, seq=1_000, at=0,
        state=encode_state(later),
    )  # fmt: skip
    assert replica.in_step or replica.take_snapshot(encode(shot))


def test_a_pulse_that_proves_us_right_ends_the_doubt() -> None:
    night = busy_night()
    replica = replayed(night)
    replica.take_event(replica.seq + 7, b"")
    assert replica.needs_snapshot == GAP
    assert not replica.take_snapshot(night.snapshot())
    replica.take_beat(night.beat(with_checksum=False), 1.0)
    replica.prove()
    assert replica.needs_snapshot == GAP
    replica.take_beat(night.beat(), 2.0)
    replica.prove()
    assert replica.in_step


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_one_damaged_byte_is_noticed_or_harmless(data: st.DataObject) -> None:
    """Flip one byte of one event: the replica asks for a snapshot, or its checksum tells, or nothing changed."""
    entries = NIGHT.entries()
    victim = data.draw(st.integers(0, len(entries) - 1))
    seq, payload = entries[victim]
    place = data.draw(st.integers(0, len(payload) - 1))
    flip = data.draw(st.integers(1, 255))
    entries[victim] = (seq, payload[:place] + bytes([payload[place] ^ flip]) + payload[place + 1 :])
    replica = Replica()
    start = Snapshot(
        wire=WIRE_VERSION, evolve=EVOLVE_VERSION, generation=NIGHT.generation, epoch=1, seq=0, at=0,
        state=encode_state(State()),
    )  # fmt: skip
    replica.take_snapshot(encode(start))
    for entry in entries:
        replica.take_event(*entry)
    replica.take_beat(NIGHT.beat(), 1.0)
    replica.prove()
    replica.settle()
    if replica.in_step:
        assert replica.checksum() == checksum(NIGHT.shown(View.OPERATIONS))
    else:
        assert replica.needs_snapshot in (UNREADABLE, CHECKSUM, GAP)
        assert replica.take_snapshot(NIGHT.snapshot())


def test_an_event_that_no_core_decided_is_dropped_and_asks_for_a_snapshot() -> None:
    """A year that no calendar has, one flipped bit away: the reader goes on."""
    night = busy_night()
    replica = replayed(night)
    call = night.ring("113", "0909")
    seq = night.state.seq + 1
    far = Recorded(seq=seq, at=2**62, by="core", command="", event=CallMissed(call=call, line=call))
    for entry in (*night.entries(replica.seq), (seq, encode(far))):
        replica.take_event(*entry)
    assert replica.needs_snapshot == UNREADABLE and "year" in replica.dropped[-1]
    assert replica.take_snapshot(night.snapshot()) and replica.in_step


@pytest.mark.parametrize("after_a_gap", [False, True])
def test_a_state_that_cannot_be_written_down_is_doubted(after_a_gap: bool) -> None:
    """A moment before all time: ``evolve`` takes it, the canonical form does not."""
    night = busy_night()
    replica = replayed(night)
    seq = replica.seq + 1
    incident, unit = next(iter(replica.state.incidents)), next(iter(replica.state.units))
    sent = UnitAssigned(incident=incident, service="fire", unit=unit)
    replica.take_event(seq, encode(Recorded(seq=seq, at=-(2**63), by="core", command="", event=sent)))
    assert replica.in_step
    if after_a_gap:
        replica.take_event(seq + 5, b"x")
    beat = Beat(
        wire=WIRE_VERSION, evolve=EVOLVE_VERSION, generation=night.generation, epoch=1, seq=seq, at=0, checksum="0" * 32
    )
    replica.take_beat(encode(beat), 1.0)
    replica.prove()
    assert replica.needs_snapshot == (GAP if after_a_gap else CHECKSUM) and "Overflow" in replica.dropped[-1]
    assert replica.take_snapshot(night.snapshot()) and replica.in_step, "any snapshot is better"


def test_a_snapshot_ends_the_proof_of_what_was_before() -> None:
    night = busy_night()
    replica = replayed(night)
    replica.state = replace(replica.state, day_count=99)
    replica.take_beat(night.beat(), 1.0)
    once = iter((False, True))
    replica.prove(lambda: next(once))
    replica._ask(GENERATION, doubted=True)
    assert replica.take_snapshot(night.snapshot()) and not replica.proving
    replica.prove()
    assert replica.in_step


def test_a_proof_that_fails_after_a_gap_is_not_forgotten() -> None:
    night = busy_night()
    replica = replayed(night)
    replica.state = replace(replica.state, day_count=99)
    replica.take_beat(night.beat(), 1.0)
    replica.take_event(replica.seq + 5, b"x")
    replica.prove()
    assert replica.needs_snapshot == GAP and replica.take_snapshot(night.snapshot()), "of the same sequence"


def test_differences_name_exactly_what_changed() -> None:
    night = busy_night()
    before = night.state
    call = night.ring("113", "0909", queue=False)
    changes = difference(before, night.state)
    assert changes.of("calls").changed == (call,)
    assert changes.of("incidents").changed == (night.state.calls[call].incident,)
    assert not changes.of("units")
    gone = difference(night.state, before)
    assert gone.of("calls").removed == (call,)
    assert not difference(before, before)
    again = Replica()
    again.take_snapshot(night.snapshot())
    assert not difference(night.shown(View.OPERATIONS), again.state)


@pytest.mark.parametrize(("other", "code"), [(EVOLVE_VERSION + 1, "core_newer"), (EVOLVE_VERSION - 1, "core_older")])
def test_a_snapshot_of_other_rules_is_refused_in_words_that_say_what_to_do(other: int, code: str) -> None:
    replica = Replica()
    state = encode_state(NIGHT.shown(View.OPERATIONS))
    shot = Snapshot(
        wire=WIRE_VERSION, evolve=other, generation="g", epoch=1, seq=NIGHT.state.seq, at=0, state=state
    )
    for _ in range(3):
        assert not replica.take_snapshot(encode(shot))
    assert replica.wrong_version is not None and replica.wrong_version.code == code
    for language, act in (("vi", "cập nhật"), ("en", "updat")):
        sentence = replica.wrong_version.sentence(language)
        assert act in sentence and str(other) in sentence and str(EVOLVE_VERSION) in sentence
    assert replica.state == State() and replica.needs_snapshot == NO_SNAPSHOT
    assert replica.dropped_count == 1, "said once, not at every look"
    assert replica.take_snapshot(NIGHT.snapshot()), "a core of our version is followed at once"
    replica.take_beat(NIGHT.beat(), 1.0)
    replica.prove()
    assert replica.wrong_version is None
