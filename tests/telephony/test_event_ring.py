"""The event view's ring: bounded, in one row over all nodes, and nothing of a caller in it."""

from __future__ import annotations

import re

import pytest
from recorded_streams import STREAMS, read_all, stream

from telephony.dialplan_events import ARRIVED, EVENTS, MESSAGE
from telephony.event_ring import EVENTS_KEPT, PAGE, EventRing
from telephony.link.messages import AmiEvent

CALLERS_OWN = (
    "CallerIDNum", "CallerIDName", "ConnectedLineNum", "ConnectedLineName", "From", "PAI", "Body", "BodyB64", "Caller",
    "CallerName", "URI", "locationinfo", "effectivelocation", "Header", "SipCallID", "File", "DialString", "Info",
)  # fmt: skip
OURS = re.compile(r"trunk\d|<unknown>|Agent \w+|(PJSIP/)?agent\d")


def _personal(events: list[AmiEvent]) -> set[str]:
    """Every text of a caller in the stream, long enough to be told from a word of ours."""
    found = {event.headers.get(name, "") for event in events for name in CALLERS_OWN}
    extens = {event.headers.get("Exten", "") for event in events}
    found |= {it for it in extens if it.lstrip("+").isdigit()}
    return {text for text in found if len(text) > 4 and not OURS.fullmatch(text)}


@pytest.mark.parametrize("name", STREAMS)
def test_a_recorded_stream_leaves_nothing_of_its_callers(name: str) -> None:
    events = [it for it in read_all(stream(name)) if isinstance(it, AmiEvent)]
    ring = EventRing()
    for event in events:
        ring.heard("psap1", event)
    held, missed = ring.after(0, EVENTS_KEPT)
    assert len(held) == len(events) and missed == 0
    told = "\n".join(f"{it.name}|{it.about}|{it.node}|{dict(it.details)}" for it in held)
    for text in _personal(events):
        assert text not in told
    bare = re.sub(r"psap1-\d+\.\d+|'[A-Za-z]*(?:Usec|DurationMs|Duration|Cause)': '\d+'", "", told)
    assert not re.search(r"\d{7,}", re.sub(r"[0-9a-f-]{32,36}|-[0-9a-f]{8}\b", "", bare))
    assert "%" not in told and "<" not in told and "sip:" not in told


def _event(name: str, **headers: str) -> AmiEvent:
    return AmiEvent(name, 1_000_000, headers, {})


def test_no_header_that_a_caller_fills_is_kept_whatever_stands_in_it() -> None:
    ring = EventRing()
    for event in EVENTS.values():
        ring.heard("pbx1", _event("UserEvent", UserEvent=event.name, **dict.fromkeys(event.headers, "Evil0912345678")))
    for told in ring.after(0)[0]:
        caller = set(told.details) & {"Number", "Caller", "Body", "SipCallId", "Asserted", "Info", "Token", "File"}
        assert not caller
    for event in (ARRIVED, MESSAGE):
        ring.heard("pbx1", _event("UserEvent", UserEvent=event.name, From="QWxpY2U", Carrier="viettel"))
        assert dict(ring.after(ring.newest - 1)[0][0].details) == {"UserEvent": event.name, "Carrier": "viettel"}


def test_a_local_channel_is_told_without_the_number_that_stands_in_it() -> None:
    ring = EventRing()
    ring.heard("pbx1", _event("Hangup", Channel="Local/0912345678@dial-out-0000001a;2", Cause="16"))
    ring.heard("pbx1", _event("Hangup", Channel="SIP/0912345678", Cause="16\r\nEvent: Hangup"))
    first, second = ring.after(0)[0]
    assert dict(first.details) == {"Channel": "Local/dial-out", "Cause": "16"} and second.details == {}


def test_it_is_bounded_for_each_node_and_says_what_is_missing() -> None:
    ring = EventRing()
    ring.heard("pbx2", _event("FullyBooted", Status="Fully Booted"))
    for _ in range(EVENTS_KEPT + 10):
        ring.heard("pbx1", _event("Hold", Channel="PJSIP/B01-0000002a"))
    page, missed = ring.after(0, 3)
    assert [it.number for it in page] == [1, 12, 13] and missed == 10
    assert page[0].node == "pbx2" and page[1].about == "B01"
    page, missed = ring.after(page[-1].number)
    assert (page[0].number, len(page), missed) == (14, PAGE, 0)
    assert ring.after(ring.newest) == ([], 0)
    assert ring.after(10**9, 1)[0][0].number == 1  # a number of another core's life
