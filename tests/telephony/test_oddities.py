"""What counts as odd in a header or a message, and that it is told of the carrier, once in a while."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded_streams import NAMING, NODE, ami_event

from dispatch_core.domain.commands import CallCame, IdentityOdd, TextCame
from dispatch_core.settings import ODDITY_TOLD_EVERY_S
from telephony.dialplan_events import SHIELD
from telephony.oddities import HEADER_BYTES, odd_header, odd_headers, odd_message, odd_sender
from telephony.translate import Tracker

ORDINARY = [
    '"Nguyễn Văn An" <sip:0912345678@carrier>;tag=1',
    "<sip:+84912345678;cpc=ordinary@carrier;user=phone>;tag=x%20y%3d",
    '"Ali (علي)" <sip:0912345678@carrier>',
    "",
]
ODD = [
    "<sip:0912%0d%0aEvent:%20Hangup@carrier>",
    "<sip:0912%00@carrier>",
    '"a\r\n Event: Hangup" <sip:0912@carrier>',
    '"\u202emoc" <sip:0912@carrier>',
    '"a\u200fb" <sip:0912@carrier>',
    '"a\ufffdb" <sip:0912@carrier>',
    "x\0",
    "A" * HEADER_BYTES,
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_headers(text: str) -> None:
    assert not odd_header(text) and not odd_headers(text)


@pytest.mark.parametrize("text", ODD)
def test_odd_headers(text: str) -> None:
    assert odd_header(text)


def test_a_sender_who_is_nobody() -> None:
    assert odd_sender('"x') and odd_sender(ODD[0])
    assert not odd_sender("") and not odd_sender(ORDINARY[0])


def test_a_cut_through_a_character_is_not_odd() -> None:
    assert not odd_headers("Subject ngườ\ufffd")


@pytest.mark.parametrize("body", ["Cháy nhà\r\nsố 5; tab\there", "Event hôm nay: cháy", "1) Sự kiện: x", "‏שלום"])
def test_ordinary_messages(body: str) -> None:
    assert not odd_message(body)


@pytest.mark.parametrize("body", ["cháy\r\n\r\nEvent: Hangup\r\n", "Response: Success", "a\n  Action: Logoff", "a\0b"])
def test_odd_messages(body: str) -> None:
    assert odd_message(body)


@given(st.text(max_size=400))
def test_every_text_is_answered_for(text: str) -> None:
    assert {odd_header(text), odd_headers(text), odd_message(text)} <= {True, False}


def _base64(text: str) -> str:
    return base64.b64encode((SHIELD + text).encode()).decode()


def _arrival(second: int, sender: str, number: int) -> dict[str, str]:
    uid = f"{NODE}-{second}.{number}"
    return {"UserEvent": "DispatchArrived", "Channel": f"PJSIP/trunk1-{number:08x}", "Uniqueid": uid, "CALL_UUID": uid,
            "Number": "113", "Services": "police", "Caller": "0912", "Carrier": "trunk1", "SipCallId": _base64("c"),
            "From": _base64(sender), "Asserted": _base64("")}  # fmt: skip


def test_it_is_told_once_in_a_while_and_the_call_goes_on() -> None:
    tracker = Tracker(NODE, NAMING)
    facts = []
    for number, second in enumerate((100, 101, 101 + ODDITY_TOLD_EVERY_S)):
        facts += tracker.apply(ami_event("UserEvent", second * 1_000_000, **_arrival(second, ODD[0], number)))
    assert [type(it) for it in facts] == [CallCame, IdentityOdd, CallCame, CallCame, IdentityOdd]
    assert facts[1] == IdentityOdd(node=NODE, trunk="trunk1")


def test_headers_and_messages_tell_it_too() -> None:
    tracker = Tracker(NODE, NAMING)
    headers = {"UserEvent": "DispatchHeaders", "Carrier": "trunk1", "Text": _base64("x <sip:a%0d%0aEvent>")}
    assert tracker.apply(ami_event("UserEvent", 1, **headers)) == [IdentityOdd(node=NODE, trunk="trunk1")]
    assert tracker.apply(ami_event("UserEvent", 2, **{**headers, "Text": _base64("Subject: ngườ%41")})) == []
    message = {"UserEvent": "DispatchMessage", "Number": "113", "Carrier": "trunk2", "From": _base64("<sip:0912@x>"),
               "ContentType": _base64("text/plain"), "Body": _base64("cháy\r\n\r\nEvent: Hangup")}  # fmt: skip
    facts = tracker.apply(ami_event("UserEvent", 3, **message))
    assert [type(it) for it in facts] == [TextCame, IdentityOdd]
