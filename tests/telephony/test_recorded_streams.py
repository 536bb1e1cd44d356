"""Every recorded stream of a real Asterisk ends in the state that was written down beside the recordings."""

from __future__ import annotations

import pytest
from recorded_streams import STREAMS, Outcome, read_all, replay, stream

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.vocabulary import CallState, Direction, EndedBy, LocationSource
from telephony.link.messages import AmiEvent, Forgery, Parked


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    return {}


@pytest.fixture
def ended(outcomes: dict[str, Outcome]):
    """The outcome of a stream, computed once."""

    def of(name: str) -> Outcome:
        if name not in outcomes:
            outcomes[name] = replay(name)
        return outcomes[name]

    return of


def happened(outcome: Outcome, kind: type) -> list[tuple[float, e.Event]]:
    return [(outcome.seconds(it.at), it.event) for it in outcome.story if isinstance(it.event, kind)]


def test_there_are_as_many_streams_as_were_recorded():
    assert len(STREAMS) == 27


def test_01_answered_and_ended_by_the_caller(ended):
    outcome = ended("01")
    call = outcome.call
    assert (call.dialled, call.services, call.carrier) == ("113", ("police",), "trunk1")
    assert (call.number, call.name) == ("0912345678", "Nguyễn Văn An")
    assert call.queue == "q113"
    assert outcome.seconds(call.queued_at) == 0.5
    assert outcome.seconds(call.answered_at) == 0.6
    assert call.positions == ("agent1",)
    assert (call.state, call.ended_by, outcome.seconds(call.ended_at)) == (CallState.ENDED, EndedBy.CALLER, 2.6)
    assert round((call.ended_at - call.answered_at) / 1000, 1) == 2.0
    assert call.recording == "/srv/asterisk/spool/monitor/113-psap1-1795444135.0.wav"
    assert [it.position for _, it in happened(outcome, e.CallRinging)] == ["agent1"]


def test_02_ended_by_the_position(ended):
    outcome = ended("02")
    call = outcome.call
    assert (outcome.seconds(call.answered_at), call.positions) == (0.6, ("agent1",))
    assert (call.state, call.ended_by, outcome.seconds(call.ended_at)) == (CallState.ENDED, EndedBy.POSITION, 1.6)


def test_03_abandoned_while_it_rang(ended):
    outcome = ended("03")
    call = outcome.call
    assert call.state is CallState.ABANDONED
    assert (call.answered_at, call.positions, call.cause) == (0, (), 0)
    assert outcome.seconds(call.ended_at) == 3.5
    assert round((call.ended_at - call.queued_at) / 1000) == 3
    assert [it.position for _, it in happened(outcome, e.CallRinging)] == ["agent1"]


def test_04_called_back_and_reached(ended):
    outcome = ended("04")
    call = outcome.call
    assert (call.direction, call.number, call.positions) == (Direction.OUTGOING, "0987000001", ("agent1",))
    assert call.answered_at > 0
    assert (call.state, outcome.seconds(call.ended_at)) == (CallState.ENDED, 1.7)
    assert call.ended_by is not EndedBy.UNREACHED
    assert outcome.state.incidents == {}


def test_04c_called_back_and_the_position_did_not_pick_up(ended):
    outcome = ended("04c")
    call = outcome.call
    assert (call.direction, call.number, call.answered_at) == (Direction.OUTGOING, "0987000001", 0)
    assert (call.state, call.ended_by, outcome.seconds(call.ended_at)) == (CallState.ENDED, EndedBy.UNREACHED, 2.0)
    assert len(outcome.told(c.CallBackStarted)) == 1


def test_05_overflow_is_not_an_abandonment(ended):
    outcome = ended("05")
    first, second = sorted(outcome.calls, key=lambda call: call.arrived_at)
    assert {first.dialled, second.dialled} == {"114"}
    assert (second.overflowed, second.queue, second.positions) == (True, "q113", ("agent1",))
    assert outcome.seconds(second.queued_at) == 1.5
    assert (first.overflowed, first.queue, first.positions) == (True, "q113", ("agent2",))
    queues = [(seconds, it.queue) for seconds, it in happened(outcome, e.CallQueued) if it.call == first.id]
    assert queues == [(0.5, "q114"), (6.5, "q113")]
    assert [call.state for call in (first, second)] == [CallState.ENDED, CallState.ENDED]


def test_06_blind_transfer_is_one_call_with_two_positions(ended):
    outcome = ended("06")
    call = outcome.call
    assert call.positions == ("agent1", "agent2")
    assert [outcome.seconds(talk.since) for talk in call.talks] == [0.6, 1.4]
    assert [seconds for seconds, _ in happened(outcome, e.PositionReleased)] == [1.3]
    assert (call.state, outcome.seconds(call.ended_at)) == (CallState.ENDED, 2.4)


def test_06c_redirected_to_another_position(ended):
    outcome = ended("06c")
    call = outcome.call
    assert call.positions == ("agent1", "agent3")
    assert [seconds for seconds, _ in happened(outcome, e.PositionReleased)] == [1.3]
    assert (call.state, outcome.seconds(call.ended_at)) == (CallState.ENDED, 2.4)


def test_06x_the_wrong_channel_was_transferred(ended):
    outcome = ended("06x")
    call = outcome.call
    assert (call.state, call.ended_by, outcome.seconds(call.ended_at)) == (CallState.ENDED, EndedBy.US, 1.3)
    assert call.positions == ("agent1",)


def test_07_attended_transfer_holds_consults_and_hands_over(ended):
    outcome = ended("07")
    call = outcome.call
    assert call.positions == ("agent1", "agent4")
    assert [outcome.seconds(talk.since) for talk in call.talks] == [0.6, 5.9]
    assert [(seconds, it.call) for seconds, it in happened(outcome, e.CallHeld)] == [(1.5, call.id)]
    assert [it.party for _, it in happened(outcome, e.CallJoined)] == ["agent4"]
    assert outcome.seconds(call.ended_at) == 6.9
    assert not any("Local" in str(it) for it in outcome.facts)


def test_08_a_conference_goes_on_without_who_began_it(ended):
    outcome = ended("08")
    call = outcome.call
    assert call.positions[0] == "agent1"
    assert [(seconds, it.party) for seconds, it in happened(outcome, e.CallJoined)] == [(1.9, "agent4")]
    assert [(seconds, it.position) for seconds, it in happened(outcome, e.CallAnswered)] == [
        (0.6, "agent1"),
        (3.4, "agent4"),
    ]
    assert (call.state, call.ended_by, outcome.seconds(call.ended_at)) == (CallState.ENDED, EndedBy.CALLER, 4.1)


def test_09_on_hold_and_off(ended):
    outcome = ended("09")
    assert [seconds for seconds, _ in happened(outcome, e.CallHeld)] == [1.3]
    assert [seconds for seconds, _ in happened(outcome, e.CallResumed)] == [2.3]
    assert (outcome.call.state, outcome.seconds(outcome.call.ended_at)) == (CallState.ENDED, 3.3)


def test_10_a_circle_came_with_the_call(ended):
    call = ended("10").call
    assert call.state is CallState.ABANDONED
    assert call.location is not None
    assert (call.location.lat, call.location.lon, call.location.uncertainty_m) == (21.0285, 105.8542, 50.0)
    assert call.location.source is LocationSource.PIDF_LO


def test_10b_a_civic_address_in_vietnamese(ended):
    outcome = ended("10b")
    assert outcome.call.location is not None
    assert outcome.call.location.label == "12 Tràng Tiền, Hoàn Kiếm, Hà Nội"
    assert outcome.call.location.lat is None
    assert (outcome.call.state, outcome.seconds(outcome.call.ended_at)) == (CallState.ABANDONED, 0.5)


def test_10d_a_truncated_location_is_unknown(ended):
    call = ended("10d").call
    assert (call.state, call.location) == (CallState.ABANDONED, None)


def test_11_text_messages_and_a_forgery_that_stays_text(ended):
    outcome = ended("11")
    assert outcome.calls == []
    (conversation,) = outcome.state.conversations.values()
    assert (conversation.dialled, conversation.number) == ("113", "0912345678")
    first, second, third = conversation.lines
    assert first.text == "Cháy nhà số 5 ngõ 12 Tràng Tiền, có người bị thương"
    assert second.text == "line1\nEvent: Hangup\nUniqueid: 1\n\nEvent: FakeEvent\nX: y"
    assert third.text == ""


def test_12_a_hostile_name_is_text(ended):
    outcome = ended("12")
    assert outcome.call.state is CallState.ABANDONED
    assert outcome.call.number == "0912"
    assert outcome.call.name.startswith('x"${SHELL(id)}')
    assert "\n" not in outcome.call.name


def test_12b_forged_events_change_nothing_and_raise_one_alarm(ended):
    outcome = ended("12b")
    call = outcome.call
    assert (call.state, call.dialled, call.ended_by) == (CallState.ABANDONED, "113", EndedBy.CALLER)
    assert outcome.seconds(call.ended_at) == 0.5
    assert list(outcome.state.alarms) == ["forged_event:trunk1"]
    assert len(happened(outcome, e.AlarmRaised)) == 1
    reads = read_all(stream("12b"))
    forged = [it for it in reads if isinstance(it, Forgery) and b"victim-1" in it.raw]
    assert len(forged) == stream("12b").count(b"Event: Hangup\r\nUniqueid: victim-1") > 100
    assert not any(isinstance(it, AmiEvent) and "victim" in str(it.headers) for it in reads)


@pytest.mark.parametrize(
    ("name", "number", "display"), [("12c", "09120000320003201000", ""), ("12d", "+84912345678", "Nguyễn Văn An")]
)
def test_12c_12d_the_hardened_carrier(ended, name, number, display):
    outcome = ended(name)
    call = outcome.call
    assert (call.carrier, call.number, call.name) == ("trunk2", number, display)
    assert (call.state, outcome.seconds(call.ended_at)) == (CallState.ABANDONED, 0.5)
    assert outcome.state.alarms == {}


def test_13_a_carrier_goes_and_comes_back(ended):
    outcome = ended("13")
    assert outcome.calls == []
    told = [(outcome.seconds(now), value["reachable"]) for now, kind, _, value in outcome.values if kind == "trunk"]
    assert told == [(2.3, False), (9.3, True)]
    assert {key for _, kind, key, _ in outcome.values if kind == "trunk"} == {"trunk1@psap1"}


def test_15_sent_to_another_phone_by_the_phone_itself(ended):
    outcome = ended("15")
    assert outcome.call.positions == ("agent1", "agent2")
    rang = [it.position for _, it in happened(outcome, e.CallRinging)]
    assert rang[-1] == "agent2" and len(rang) == 4  # three in the queue, then the one to whom the caller was sent
    assert len(happened(outcome, e.PositionReleased)) == 2


def test_15n_sent_to_a_phone_that_refuses(ended):
    outcome = ended("15n")
    assert outcome.call.positions == ("agent1",)
    assert [talk.position for talk in outcome.call.talks] == ["agent1", "agent1"]
    assert [it.queue for _, it in happened(outcome, e.CallQueued)] == ["q-police", "q-police"]
    assert outcome.call.state is CallState.ENDED


@pytest.mark.parametrize("name", ["16", "16s"])
def test_16_handed_over_by_refer_with_replaces(ended, name):
    outcome = ended(name)
    call = outcome.call
    assert (call.positions, call.parties) == (("agent1", "agent2"), ())
    assert len(happened(outcome, e.CallHeld)) == 1
    assert [it.party for _, it in happened(outcome, e.CallJoined)] == (["agent2"] if name == "16" else [])
    assert call.ended_by is (EndedBy.POSITION if name == "16" else EndedBy.CALLER)
    assert len(outcome.state.incidents) == 1


def test_17_a_third_brought_in_by_the_phone(ended):
    outcome = ended("17")
    assert outcome.call.positions == ("agent1",)
    assert [type(it) for _, it in happened(outcome, e.CallHeld | e.CallJoined | e.CallResumed | e.CallParted)] == [
        e.CallHeld,
        e.CallJoined,
        e.CallResumed,
        e.CallParted,
    ]


def test_18_held_consulted_joined_and_handed_over_from_the_console(ended):
    outcome = ended("18")
    call = outcome.call
    assert call.positions == ("agent1", "agent2", "agent3")
    assert (call.state, call.ended_by) == (CallState.ENDED, EndedBy.POSITION)
    holds = [type(it) for _, it in happened(outcome, e.CallHeld | e.CallResumed)]
    assert holds == [e.CallHeld, e.CallResumed] * 3
    assert {it.party for _, it in happened(outcome, e.CallJoined)} == {"agent2"}
    assert len(outcome.state.incidents) == 1


@pytest.mark.parametrize("name", [name for name in STREAMS if name.split("_")[0] not in ("11", "12", "12b")])
def test_nothing_is_set_aside_and_nobody_accused(name):
    assert not [it for it in read_all(stream(name)) if isinstance(it, Forgery | Parked)]
