"""Cut anywhere, told twice, a little out of order, or damaged: the same messages, the same end, never an exception."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from recorded_streams import STREAMS, Outcome, began, in_pieces, read_all, run, stream, whole_events

from dispatch_core.settings import AMI_MESSAGE_BYTES
from telephony.link.messages import AmiEvent, Forgery, Parked
from telephony.link.reading import Reader
from telephony.translate import WANTED

CLEAN = [name for name in STREAMS if name.split("_")[0] not in ("11", "12", "12b")]
WINDOW = 3
FEW = settings(max_examples=200, deadline=None)


@cache
def events_of(name: str) -> tuple[AmiEvent, ...]:
    return tuple(whole_events(name))


@cache
def in_order(name: str) -> object:
    return end_of(run(events_of(name), began(name)))


def end_of(outcome: Outcome) -> object:
    """What must not depend on how the stream came; incidents only repeat it. A conversation is named after the message
    that was told first, which is a name and nothing more: everything else of it is compared."""
    texts = outcome.state.conversations
    assert all(it.id in {line.id for line in it.lines} for it in texts.values())
    written = sorted((replace(it, id="") for it in texts.values()), key=lambda it: (it.dialled, it.number))
    return (outcome.state.calls, written, set(outcome.state.alarms))


def nothing_is_left(outcome: Outcome) -> bool:
    """No channel of a call that is over is followed on. (In stream 06x two positions talk on when it ends.)"""
    return outcome.tracker is not None and not outcome.tracker.wiring.channels


def raws(reads: list[object]) -> list[bytes]:
    return [read.raw for read in reads if isinstance(read, AmiEvent)]


@pytest.mark.parametrize("name", ["13_trunk_down_up", "04c_callback_agent_noanswer"])
def test_cut_at_every_offset_gives_the_same_messages(name):
    data = stream(name)
    whole = read_all(data)
    for cut in range(len(data)):
        assert read_all(in_pieces(data, [cut])) == whole, cut


@pytest.mark.parametrize("name", CLEAN)
def test_a_byte_at_a_time_gives_the_same_messages(name):
    data = stream(name)
    assert read_all(data[place : place + 1] for place in range(len(data))) == read_all(data)


@pytest.mark.parametrize("name", ["11_sip_message", "12_injection_caller_headers", "12b_injection_forged_event"])
def test_a_byte_at_a_time_the_forged_streams_end_alike(name):
    data = stream(name)
    single = run(read_all(data[place : place + 1] for place in range(len(data))), began(name))
    assert end_of(single) == end_of(run(read_all(data), began(name)))


@FEW
@given(data=st.data(), name=st.sampled_from(["01_answered_caller_hangup", "12d_utf8_hardened_trunk"]))
def test_cut_into_any_pieces_gives_the_same_messages(name, data):
    whole = stream(name)
    cuts = data.draw(st.lists(st.integers(0, len(whole)), max_size=40))
    assert read_all(in_pieces(whole, cuts)) == read_all(whole)


@FEW
@given(data=st.data(), name=st.sampled_from(STREAMS))
def test_duplicates_change_nothing(name, data):
    """Any subset of the events comes again, at once or a few events later."""
    told = events_of(name)
    again = data.draw(st.lists(st.tuples(st.integers(0, len(told) - 1), st.integers(0, 6)), max_size=30))
    mixed = [(float(place), event) for place, event in enumerate(told)]
    mixed += [(place + late + 0.5, told[place]) for place, late in again]
    mixed.sort(key=lambda pair: pair[0])
    outcome = run([event for _, event in mixed], began(name))
    assert end_of(outcome) == in_order(name)
    assert name.startswith("06x") or nothing_is_left(outcome)


@FEW
@given(data=st.data(), name=st.sampled_from(STREAMS))
def test_a_little_out_of_order_ends_alike(name, data):
    told = events_of(name)
    late = data.draw(st.lists(st.floats(0, WINDOW), min_size=len(told), max_size=len(told)))
    mixed = sorted(range(len(told)), key=lambda place: place + late[place])
    outcome = run([told[place] for place in mixed], began(name))
    assert end_of(outcome) == in_order(name)
    assert name.startswith("06x") or nothing_is_left(outcome)


@FEW
@given(st.binary(max_size=2000))
def test_any_bytes_are_read_without_an_exception(data):
    for read in read_all(b"Event: Hangup\r\n" + data + b"\r\n\r\n"):
        assert isinstance(read, AmiEvent | Forgery | Parked)


@FEW
@given(
    data=st.data(),
    name=st.sampled_from(["01_answered_caller_hangup", "10b_geo_pidf_civic_vi", "11_sip_message"]),
)
def test_damaged_bytes_cost_at_most_the_messages_they_are_in(name, data):
    """Overwriting bytes inside one message never loses the messages before it or two after it."""
    whole = stream(name)
    messages = whole.split(b"\r\n\r\n")
    victim = data.draw(st.integers(1, len(messages) - 5))
    noise = data.draw(st.binary(min_size=1, max_size=300))
    place = data.draw(st.integers(0, len(messages[victim])))
    messages[victim] = messages[victim][:place] + noise + messages[victim][place:]
    before, after = raws(read_all(whole)), raws(read_all(b"\r\n\r\n".join(messages)))
    untouched = [raw for raw in before if raw not in (messages[victim], whole.split(b"\r\n\r\n")[victim])]
    lost = [raw for raw in untouched if raw not in after]
    assert len(lost) <= 1


def test_bytes_that_are_not_utf8_stay_visible():
    (event,) = read_all(
        b"Event: Hangup\r\nPrivilege: call,all\r\nTimestamp: 1.0\r\nCallerIDName: Nguy\xe1\xbb\r\nUniqueid: 1\r\n\r\n"
    )
    assert isinstance(event, AmiEvent)
    assert event.headers["CallerIDName"] == "Nguy\ufffd"


def test_a_message_without_end_is_set_aside_once_and_the_next_is_read():
    reader = Reader(WANTED, {})
    reads = []
    for _ in range(40):
        reads += reader.feed(b"Event: Hangup\r\nX: " + b"x" * 8_000)
        assert len(reader._rest) <= AMI_MESSAGE_BYTES + 8_100
    reads += reader.feed(b"\r\n\r\nEvent: FullyBooted\r\nPrivilege: system,all\r\n\r\n")
    assert [type(read) for read in reads] == [Parked, AmiEvent]
    assert len(reads[0].raw) <= AMI_MESSAGE_BYTES
    assert reads[1].name == "FullyBooted"


def test_too_many_headers_are_set_aside():
    lines = b"".join(b"H%d: x\r\n" % number for number in range(600))
    (parked,) = read_all(
        b"Event: Hangup\r\nPrivilege: call,all\r\nTimestamp: 1.0\r\nUniqueid: 1\r\n" + lines + b"\r\n\r\n"
    )
    assert isinstance(parked, Parked)
