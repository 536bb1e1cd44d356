"""What the recordings do not show: a clock set back, channels renamed, bounds, odd names."""

from __future__ import annotations

import re

import pytest
from recorded_streams import NAMING, NODE, Outcome, ami_event, began, read_all, run, whole_events

from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import CallState, EndedBy
from telephony.link.messages import AmiEvent, Parked
from telephony.translate import Naming, Tracker
from telephony.translate.dialplan import digits
from telephony.translate.naming import endpoint_of
from telephony.translate.wiring import Wiring

HOUR = 3_600_000_000


@pytest.mark.parametrize("hours", [-1, 1])
@pytest.mark.parametrize("after", [0.5, 1.0, 1.3])
def test_the_clock_steps_in_mid_call(hours, after):
    """Whatever comes after a step is later, though its time may be earlier. The core's clock steps too."""
    start = began("06")
    tracker, outcome = Tracker(NODE, NAMING), Outcome(start=start)
    for one in whole_events("06"):
        if one.at - start > after * 1000:
            one.stamp += hours * HOUR
        for fact in tracker.apply(one):
            outcome.decide(fact, one.at)
    call = outcome.call
    assert (call.state, call.positions) == (CallState.ENDED, ("agent1", "agent2"))
    assert call.ended_by is EndedBy.CALLER
    assert call.arrived_at < call.queued_at < call.talks[0].since < call.talks[1].since < call.ended_at


@pytest.mark.parametrize("hours", [-1, 1])
def test_the_clock_steps_while_a_caller_is_on_hold(hours):
    start = began("09")
    tracker, outcome = Tracker(NODE, NAMING), Outcome(start=start)
    for one in whole_events("09"):
        if one.at - start > 1_800:
            one.stamp += hours * HOUR
        for fact in tracker.apply(one):
            outcome.decide(fact, one.at)
        if one.name == "Unhold":
            assert outcome.call.state is CallState.ANSWERED
    assert outcome.call.state is CallState.ENDED


def test_after_a_step_new_calls_are_told_by_the_new_time():
    tracker = Tracker(NODE, NAMING)
    facts = [fact for one in whole_events("01") for fact in tracker.apply(one)]
    for one in whole_events("02"):
        one.stamp -= HOUR
        facts += tracker.apply(one)
    second = [fact for fact in facts if isinstance(fact, c.CallCame)][1]
    assert second.at == began("02") + 3 - HOUR // 1000


def test_of_two_words_about_a_bridge_the_newer_counts():
    wiring = Wiring(NAMING)
    leg = wiring.see("u.1", "PJSIP/agent1-00000001", 1)
    assert leg is not None
    wiring.enter(leg, "new", 6, 6)
    wiring.enter(leg, "old", 2, 2)
    assert leg.bridge == "new"
    wiring.leave(leg, "old", 5)
    assert leg.bridge == "new"
    wiring.leave(leg, "new", 7)
    wiring.enter(leg, "new", 6, 6)
    assert leg.bridge == ""


def test_a_channel_keeps_its_id_when_it_is_renamed():
    tracker = Tracker(NODE, NAMING)
    facts = []
    for one in whole_events("01"):
        if one.name == "HangupRequest":
            old = one.get("Channel")
            to = {"Channel": old, "Newname": "AsyncGoto/" + old, "Uniqueid": one.get("Uniqueid")}
            facts += tracker.apply(ami_event("Rename", one.stamp - 1, **to))
        if one.get("Channel") == "PJSIP/trunk1-00000000" and one.get("Uniqueid") in tracker.wiring.channels:
            one.headers["Channel"] = tracker.wiring.channels[one.get("Uniqueid")].name
        facts += tracker.apply(one)
    assert isinstance(facts[-1], c.CallOver)
    assert facts[-1].by is EndedBy.CALLER


def test_an_event_without_a_readable_time_is_set_aside():
    (read,) = read_all(b"Event: Hangup\r\nPrivilege: call,all\r\nTimestamp: \r\nUniqueid: 1\r\n\r\n")
    assert isinstance(read, Parked)


def test_a_caller_who_holds_us_is_still_with_us():
    events = whole_events("09")
    outcome = run(
        [
            AmiEvent(one.name, one.stamp, {**one.headers, "Uniqueid": "psap1-1795444415.28"}, one.variables)
            if one.name in ("Hold", "Unhold")
            else one
            for one in events
        ],
        began("09"),
    )
    assert not outcome.told(c.CallOnHold)


def test_more_calls_than_are_followed_are_refused_and_the_others_go_on(monkeypatch):
    monkeypatch.setattr("telephony.translate.tracker.CALLS_FOLLOWED", 2)
    tracker = Tracker(NODE, NAMING)
    join = {"Channel": "PJSIP/trunk1-0000000a", "Queue": "q113"}
    for number in (1, 2):
        tracker.apply(ami_event("QueueCallerJoin", number, Uniqueid=f"u.{number}", CALL_UUID=f"u.{number}", **join))
    with pytest.raises(ValueError, match="2 calls"):
        tracker.apply(ami_event("QueueCallerJoin", 3, Uniqueid="u.3", CALL_UUID="u.3", **join))
    assert set(tracker.calls) == {"u.1", "u.2"}


def test_nothing_is_kept_of_a_call_that_is_over():
    tracker = Tracker(NODE, NAMING)
    for name in ("01", "02", "03", "05", "06", "06c", "07", "09", "10"):
        for one in whole_events(name):
            tracker.apply(one)
    assert tracker.calls == {}
    assert tracker.wiring.channels == {}


def test_what_is_remembered_of_the_past_is_bounded(monkeypatch):
    monkeypatch.setattr("telephony.translate.tracker.ENDED_REMEMBERED", 3)
    monkeypatch.setattr("telephony.translate.wiring.ENDED_REMEMBERED", 3)
    tracker = Tracker(NODE, NAMING)
    for name in ("01", "02", "03", "06", "06c", "07", "09", "10"):
        for one in whole_events(name):
            tracker.apply(one)
    assert len(tracker._ended) == 3
    assert len(tracker.wiring._gone) == 3


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("PJSIP/B01-0000002a", "B01"),
        ("PJSIP/viettel-sip-0000002a", "viettel-sip"),
        ("PJSIP/B-01", "B-01"),
        ("PJSIP/B01", "B01"),
        ("Local/904@from-agent-00000000;1", ""),
        ("Message/ast_msg_queue", ""),
        ("", ""),
    ],
)
def test_the_endpoint_in_a_channels_name(channel, name):
    assert endpoint_of(channel) == name


def test_an_endpoint_is_a_carrier_or_a_position():
    naming = Naming(frozenset({"viettel"}))
    assert (naming.carrier("PJSIP/viettel-00000001"), naming.position("PJSIP/viettel-00000001")) == ("viettel", "")
    assert (naming.carrier("PJSIP/B01-00000001"), naming.position("PJSIP/B01-00000001")) == ("", "B01")


@pytest.mark.parametrize(
    ("text", "number"),
    [("+84 912-345-678", "+84912345678"), ("0912\nEvent", "0912"), ("anonymous", ""), ("1" * 50, "1" * 20)],
)
def test_a_number_is_digits_and_plus(text, number):
    assert digits(text) == number


def test_our_own_arrival_names_services_and_carrier():
    """From the node's own dialplan the number table is not needed."""
    tracker = Tracker("pbx1", Naming(frozenset({"viettel"}), {"112": ("police",)}))
    arrived = {
        "Channel": "PJSIP/viettel-00000001",
        "Uniqueid": "pbx1-1.0",
        "UserEvent": "DispatchArrived",
        "Number": "112",
        "Services": "fire+ambulance",
        "Caller": "0912345678",
        "Carrier": "viettel",
    }
    (fact,) = tracker.apply(ami_event("UserEvent", 5_000, CALL_UUID="pbx1-1.0", **arrived))
    assert isinstance(fact, c.CallCame)
    assert (fact.services, fact.dialled, fact.carrier, fact.at) == (("fire", "ambulance"), "112", "viettel", 5)


def test_every_recorded_timestamp_is_read_to_the_microsecond():
    for one in whole_events("01"):
        seconds, micro = re.fullmatch(r"(\d+)\.(\d{6})", one.headers["Timestamp"]).groups()
        assert one.stamp == int(seconds) * 1_000_000 + int(micro)
