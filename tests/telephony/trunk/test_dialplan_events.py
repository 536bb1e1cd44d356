"""The table of our events: what is written is what is read, for recorded names too."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.dialplan_events import (
    ARRIVED,
    CALLER_HEADERS,
    EVENTS,
    LOCATED,
    MESSAGE,
    RECORDED,
    SHIELD,
    Written,
    read,
)
from telephony.identity_headers import MOST_DIGITS, name_in, number_in

# what Asterisk puts before the headers of a UserEvent (recorded streams)
ASTERISKS_OWN = {
    "Event", "Privilege", "Timestamp", "SystemName", "Channel", "ChannelState", "ChannelStateDesc", "CallerIDNum",
    "CallerIDName", "ConnectedLineNum", "ConnectedLineName", "Language", "AccountCode", "Context", "Exten", "Priority",
    "Uniqueid", "Linkedid", "ChanVariable", "UserEvent",
}  # fmt: skip


def _as_asterisk_writes(value: str) -> str:
    return base64.b64encode((SHIELD + value).encode()).decode()


def test_no_header_has_the_name_of_one_of_asterisks() -> None:
    for event in EVENTS.values():
        assert not ASTERISKS_OWN & set(event.headers)


@given(st.text())
def test_what_a_caller_sends_is_read_as_it_was(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    read_back = read({"UserEvent": MESSAGE.name, "Number": "115", "Body": _as_asterisk_writes(text)})
    assert read_back is not None
    assert read_back == (MESSAGE, {"Number": "115", "Body": text})


@given(st.binary())
def test_bytes_that_are_no_text_are_read_too(raw: bytes) -> None:
    encoded = base64.b64encode(SHIELD.encode() + raw).decode()
    assert Written.BASE64.read(encoded) == raw.decode("utf-8", "replace")


@pytest.mark.parametrize("broken", ["%%%", "a", "Q2g", "Cháy", "Q2g=\r\nEvent: Hangup"])
def test_what_is_not_base64_is_an_error(broken: str) -> None:
    with pytest.raises(ValueError, match="base64"):
        read({"UserEvent": MESSAGE.name, "Body": broken})


def test_percent_encoding_is_never_written() -> None:
    with pytest.raises(ValueError):
        Written.PERCENT.write("${x}")


def test_an_event_of_somebody_else_is_none_of_ours() -> None:
    assert read({"UserEvent": "Other"}) is None
    assert read({"Event": "Hangup"}) is None
    assert read({"UserEvent": "PsapMessage", "Body": "x"}) is None


def test_the_name_is_read_out_of_from() -> None:
    told = read({"UserEvent": ARRIVED.name, "From": _as_asterisk_writes('"Nguyễn Văn An" <sip:0912@x>;tag=1')})
    assert told is not None and told[1]["Name"] == "Nguyễn Văn An"
    recorded = read({"UserEvent": "PsapFrom", "From": quote('"Nguyễn Văn An" <sip:0912@x>;tag=1')})
    assert recorded is not None and recorded[0] is CALLER_HEADERS and recorded[1]["Name"] == "Nguyễn Văn An"
    named = read({"UserEvent": "PsapCallArrived", "CallerName": "An", "Service": "113", "SipCallID": "1@x"})
    assert named is not None and named[0] is ARRIVED
    assert named[1] == {"Name": "An", "Number": "113", "SipCallId": "1@x"}


def test_recorded_names_map_onto_headers_of_ours() -> None:
    computed = {"Name"}
    for recorded in RECORDED.values():
        for ours, _ in recorded.headers.values():
            assert ours in recorded.event.headers or ours in computed
    assert RECORDED["PsapGeo"].event is LOCATED


HEADERS = {
    '"Nguyễn Văn An" <sip:+84912345678@op.example>;tag=1': ("+84912345678", "Nguyễn Văn An"),
    "<sip:0912345678;phone-context=+84@x;user=phone>": ("0912345678", ""),
    "Le Thi B <sip:0912@x>": ("0912", "Le Thi B"),
    "sip:0912@x;tag=77": ("0912", ""),
    "<tel:+84912345678>;tag=99": ("+84912345678", ""),
    '"a \\"b\\" <c>" <sips:113@x>': ("113", 'a "b" <c>'),
    '"x" <sip:anonymous@anonymous.invalid>': ("", "x"),
    '"x" <sip:0912\r\n\r\nEvent: Hangup\r\n@x>': ("0912", "x"),
    "<sip:+84 1@x>, <tel:+8499>": ("+8499", ""),
    '"cut off <sip:0912': ("0912", "cut off <sip:0912"),
    "": ("", ""),
    "<sip:" + "9" * 40 + "@x>": ("9" * MOST_DIGITS, ""),
}


@pytest.mark.parametrize(("header", "said"), HEADERS.items())
def test_identity_headers(header: str, said: tuple[str, str]) -> None:
    assert (number_in(header), name_in(header)) == said


@given(st.text())
def test_any_header_is_answered_for(header: str) -> None:
    assert set(number_in(header)) <= set("0123456789+") and len(number_in(header)) <= MOST_DIGITS
    assert isinstance(name_in(header), str)
