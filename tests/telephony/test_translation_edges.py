"""What the recordings do not show: a clock set back, forgers who know the order of headers, bounds, odd names."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace
from recorded_streams import NAMING, NODE, Outcome, began, pieces, read_all, run, stream, whole_events

from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import CallState, EndedBy
from telephony.link.messages import AmiEvent, Forgery, Parked
from telephony.translate import Naming, Tracker, Translator
from telephony.translate.dialplan import digits
from telephony.translate.naming import endpoint_of
from telephony.translate.wiring import Wiring

HOUR = 3_600_000_000


def event(name: str, stamp: int, **headers: str) -> AmiEvent:
    variables = {key: headers.pop(key) for key in ("CALL_UUID", "DestCALL_UUID") if key in headers}
    return AmiEvent(name, stamp, {"Event": name, **headers}, variables)


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


VICTIM = "psap1-1795444157.13"
VICTIMS_CHANNEL = "PJSIP/trunk1-0000000b"
ORDERED = "Privilege: call,all\r\nTimestamp: 1795444159.700000\r\nSystemName: psap1\r\n"
ENDS_EARLY = [  # what a caller may write into his number, and whether his own call can still be followed
    (f"\r\n\r\nEvent: Hangup\r\nUniqueid: {VICTIM}\r\nCause: 16\r\n\r\nX: ", True),
    (f"\r\n\r\nEvent: Hangup\r\nPrivilege: call,all\r\nUniqueid: {VICTIM}\r\n\r\nX: ", True),
    (
        f"\r\n\r\nEvent: Hangup\r\n{ORDERED}Channel: {VICTIMS_CHANNEL}\r\nUniqueid: {VICTIM}\r\nCause: 16\r\n\r\nX: ",
        True,
    ),
    (
        f"\r\n\r\nEvent: QueueCallerJoin\r\n{ORDERED}Channel: {VICTIMS_CHANNEL}\r\nUniqueid: {VICTIM}\r\n"
        f"ChanVariable: CALL_UUID={VICTIM}\r\nQueue: q-none\r\n\r\nX: \r\nY: ",
        True,
    ),
    ("\r\n\r\nX: ", True),
    (f"\r\n\r\nX: 1\r\nUniqueid: {VICTIM}\r\n\r\nY: ", False),
    (f"\r\n\r\nX: 1\r\nUniqueid: {VICTIM}\r\nChanVariable: CALL_UUID={VICTIM}\r\nCause: 16\r\n\r\nY: ", False),
    (f"\r\nUniqueid: {VICTIM}\r\n\r\nX: ", False),
    (f"\r\nUniqueid: {VICTIM}", False),
    (f"\r\nChanVariable: CALL_UUID={VICTIM}\r\nX: ", False),
    (f"\r\n\r\nEvent: Hangup\r\n{ORDERED}Channel: {VICTIMS_CHANNEL}\r\nX: ", False),
]


def attacked(lie: str) -> bytes:
    """The two calls of stream 05, and between them the call of stream 01, whose caller wrote `lie` into his number."""

    def later(stamp: re.Match[bytes]) -> bytes:
        return b"Timestamp: %.6f" % (float(stamp[1]) + 22.3)

    messages = [(piece.seconds, 0, piece.data) for piece in pieces("05")]
    for piece in pieces("01"):
        data = re.sub(rb"Timestamp: (\S+)", later, piece.data)
        data = re.sub(rb"PJSIP/(trunk1|agent1)-0000000", rb"PJSIP/\1-000000f", data)
        messages.append((piece.seconds, 1, data.replace(b"0912345678", b"09" + lie.encode())))
    return b"".join(data for _, _, data in sorted(messages, key=lambda one: one[:2]))


@pytest.mark.parametrize("lie", [lie for lie, _ in ENDS_EARLY if not (ORDERED in lie and VICTIM in lie)])
def test_nor_where_each_piece_comes_alone(lie):
    """Nothing can be held back for long; what is handed on must still be of the caller's own call.

    Whoever knows order, time, names and ids could still lie where a dialplan tells raw text, as that of the recordings
    does and ours does not."""
    plain = run(read_all(stream("05")), began("05"))
    pieces_of_it = [part + b"\r\n\r\n" for part in attacked(lie).split(b"\r\n\r\n")]
    outcome = run(read_all(pieces_of_it), began("05"))
    for ident, call in plain.state.calls.items():
        assert replace(outcome.state.calls[ident], incident=call.incident) == call
    assert set(outcome.state.calls) <= {*plain.state.calls, "psap1-1795444135.0"}


@pytest.mark.parametrize(("lie", "followed"), ENDS_EARLY)
def test_whoever_ends_an_event_early_harms_nobody_else(lie, followed):
    """Also one who knows in which order Asterisk's headers come, and whose channels there are."""
    plain = run(read_all(stream("05")), began("05"))
    reads = read_all(attacked(lie))
    outcome = run(reads, began("05"))
    for ident, call in plain.state.calls.items():
        assert replace(outcome.state.calls[ident], incident=call.incident) == call
    assert set(outcome.state.calls) <= {*plain.state.calls, "psap1-1795444135.0"}
    assert "forged_event:trunk1" in outcome.state.alarms
    if followed:
        own = outcome.state.calls["psap1-1795444135.0"]
        assert (own.state, own.positions, own.ended_by) == (CallState.ENDED, ("agent1",), EndedBy.CALLER)
        assert list(outcome.state.alarms) == ["forged_event:trunk1"]
        assert not any(isinstance(read, Parked) for read in reads)


def test_a_channel_keeps_its_id_when_it_is_renamed():
    tracker = Tracker(NODE, NAMING)
    facts = []
    for one in whole_events("01"):
        if one.name == "HangupRequest":
            old = one.get("Channel")
            to = {"Channel": old, "Newname": "AsyncGoto/" + old, "Uniqueid": one.get("Uniqueid")}
            facts += tracker.apply(event("Rename", one.stamp - 1, **to))
        if one.get("Channel") == "PJSIP/trunk1-00000000" and one.get("Uniqueid") in tracker.wiring.channels:
            one.headers["Channel"] = tracker.wiring.channels[one.get("Uniqueid")].name
        facts += tracker.apply(one)
    assert isinstance(facts[-1], c.CallOver)
    assert facts[-1].by is EndedBy.CALLER


def test_an_id_under_another_channels_name_is_not_believed():
    tracker = Tracker(NODE, NAMING)
    facts = []
    for one in whole_events("01"):
        if one.name == "HangupRequest":
            break
        facts += tracker.apply(one)
    lie = {"Channel": "PJSIP/trunk1-00000009", "Uniqueid": "psap1-1795444135.0", "Cause": "16"}
    assert tracker.apply(event("Hangup", one.stamp, **lie)) == []
    assert tracker.caller_of("psap1-1795444135.0")


@pytest.mark.parametrize("kind", ["Hangup", "Newstate"])
def test_an_event_behind_one_that_was_cut_short_waits_for_what_follows(kind):
    """Also where the bytes end between the two."""
    in_order = "Privilege: call,all\r\nTimestamp: 1.0\r\nChannel: PJSIP/trunk1-0000000"
    cut = f"Event: {kind}\r\n{in_order}1\r\nCallerIDNum: 09\r\n\r\n"
    lie = f"Event: Hangup\r\n{in_order}2\r\nUniqueid: victim\r\n\r\n"
    rest = "X: \r\nUniqueid: own\r\n\r\n"
    events = [read for read in read_all(part.encode() for part in (cut, lie, rest)) if isinstance(read, AmiEvent)]
    assert [(one.get("Uniqueid"), one.mended) for one in events] == ([("own", True)] if kind == "Hangup" else [])


def test_a_mended_event_speaks_of_its_own_call_alone():
    tracker = Tracker(NODE, NAMING)
    for one in whole_events("03")[:6]:
        tracker.apply(one)
    (victim,) = tracker.calls.values()
    queue, own = victim.seen.queue, {"Channel": "PJSIP/trunk1-00000099", "Uniqueid": "own.1", "Queue": "q-none"}
    lie = event("QueueCallerJoin", whole_events("03")[7].stamp, CALL_UUID=victim.id, **own)
    lie.mended = True
    assert tracker.apply(lie) == []
    assert (victim.seen.queue, "own.1" in victim.legs) == (queue, False)


def test_a_header_that_is_told_twice_is_never_believed():
    twice = (
        b"Event: Hangup\r\nPrivilege: call,all\r\nTimestamp: 1.0\r\nChannel: PJSIP/trunk1-00000001\r\n"
        b"Uniqueid: a\r\nUniqueid: b\r\n\r\n"
    )
    variables = twice.replace(
        b"Uniqueid: a\r\nUniqueid: b", b"Uniqueid: a\r\nChanVariable: CALL_UUID=a\r\nChanVariable: CALL_UUID=b"
    )
    for data in (twice, variables):
        (read,) = read_all(data)
        assert isinstance(read, Forgery)
        assert read.channel == "PJSIP/trunk1-00000001"


def test_an_event_that_never_becomes_whole_was_cut_short_or_is_set_aside():
    cut = b"Event: Hangup\r\nPrivilege: call,all\r\nTimestamp: 1.0\r\nChannel: PJSIP/trunk1-00000001\r\n\r\n"
    odd = b"Event: DeviceStateChange\r\nPrivilege: call,all\r\nTimestamp: 1.0\r\nDevice: PJSIP/trunk1\r\n\r\n"
    after = b"".join(piece.data for piece in pieces("13"))
    for half, told in ((cut, Forgery("PJSIP/trunk1-00000001", cut[:-4])), (odd, Parked(odd[:-4], "not whole"))):
        reads = read_all(half + after)
        assert [read for read in reads if not isinstance(read, AmiEvent)] == [told]
        assert [read for read in reads if isinstance(read, AmiEvent)] == read_all(after)


def test_an_event_without_a_readable_time_is_set_aside():
    (read,) = read_all(b"Event: Hangup\r\nPrivilege: call,all\r\nTimestamp: \r\nUniqueid: 1\r\n\r\n")
    assert isinstance(read, Parked)


def test_forgeries_of_one_carrier_are_told_once_in_a_while():
    translator = Translator(NODE, NAMING)
    lie = Forgery("PJSIP/trunk1-00000001", b"")
    unknown = Forgery("Message/ast_msg_queue", b"")
    assert translator.forged(unknown, 0.0) == [c.ForgerySeen(node=NODE, trunk="")]
    assert translator.forged(lie, 1.0) == [c.ForgerySeen(node=NODE, trunk="trunk1")]
    assert translator.forged(lie, 30.0) == []
    assert translator.forged(unknown, 31.0) == []  # most likely the same caller, through a phone's event
    assert translator.forged(Forgery("PJSIP/trunk2-00000001", b""), 32.0) == [c.ForgerySeen(node=NODE, trunk="trunk2")]
    assert translator.forged(lie, 62.0) == [c.ForgerySeen(node=NODE, trunk="trunk1")]


def test_lines_in_a_phones_event_are_traced_to_the_carrier_of_its_call():
    translator = Translator(NODE, NAMING)
    for one in whole_events("01"):
        if one.name == "BridgeLeave":
            break
        translator.event(one)
    assert translator.tracker.carrier_behind("PJSIP/agent1-00000001") == "trunk1"
    assert translator.tracker.carrier_behind("PJSIP/agent9-00000001") == ""


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
        tracker.apply(event("QueueCallerJoin", number, Uniqueid=f"u.{number}", CALL_UUID=f"u.{number}", **join))
    with pytest.raises(ValueError, match="2 calls"):
        tracker.apply(event("QueueCallerJoin", 3, Uniqueid="u.3", CALL_UUID="u.3", **join))
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
    (fact,) = tracker.apply(event("UserEvent", 5_000, CALL_UUID="pbx1-1.0", **arrived))
    assert isinstance(fact, c.CallCame)
    assert (fact.services, fact.dialled, fact.carrier, fact.at) == (("fire", "ambulance"), "112", "viettel", 5)


def test_every_recorded_timestamp_is_read_to_the_microsecond():
    for one in whole_events("01"):
        seconds, micro = re.fullmatch(r"(\d+)\.(\d{6})", one.headers["Timestamp"]).groups()
        assert one.stamp == int(seconds) * 1_000_000 + int(micro)
