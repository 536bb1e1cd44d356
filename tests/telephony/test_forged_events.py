"""Lines that a caller wrote into the event stream: they harm no call but his own, and name the carrier they came by."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace
from recorded_streams import NAMING, NODE, ami_event, began, pieces, read_all, run, stream, whole_events

from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import CallState, EndedBy
from telephony.link.messages import AmiEvent, Forgery, Parked
from telephony.translate import Tracker, Translator

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


def test_an_id_under_another_channels_name_is_not_believed():
    tracker = Tracker(NODE, NAMING)
    facts = []
    for one in whole_events("01"):
        if one.name == "HangupRequest":
            break
        facts += tracker.apply(one)
    lie = {"Channel": "PJSIP/trunk1-00000009", "Uniqueid": "psap1-1795444135.0", "Cause": "16"}
    assert tracker.apply(ami_event("Hangup", one.stamp, **lie)) == []
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
    lie = ami_event("QueueCallerJoin", whole_events("03")[7].stamp, CALL_UUID=victim.id, **own)
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
