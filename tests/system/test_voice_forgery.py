"""A caller who writes AMI events into his own SIP headers or message: nothing comes through, with our configuration.

Each attack is shown to work where its one guard is taken away, so that a passing test means something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from scripts.stage.asterisk_prefix import AsteriskPrefix
from telephony.dialplan_events import ARRIVED, ENDED, MESSAGE
from tests.system.raw_line import RawLine
from tests.system.voice_stage import Ear, Voice, told

FORGED = "\r\n\r\nEvent: Hangup\r\nUniqueid: victim-1\r\n\r\nX: "
ENCODED = quote(FORGED, safe="")
FOLDED = FORGED.replace("\r\n\r\n", "\r\n \r\n ").replace("\r\nUni", "\r\n Uni")

HOSTILE_SENDERS = {
    "number": f"<sip:0912{ENCODED}@carrier>",
    "name": f'"An{ENCODED}" <sip:0912345678@carrier>',
    "folded name": '"An\r\n Event: Hangup\r\n Uniqueid: victim-1" <sip:0912345678@carrier>',
    "escaped name": '"An\\\r\\\n\\\r\\\nEvent: Hangup" <sip:0912345678@carrier>',
    "password": f"<sip:0912345678:{ENCODED}@carrier>",
    "host": f"<sip:0912345678@carrier;x={ENCODED}>",
    "parentheses": '"((),${SHELL(id)}$[1+1]):0:1" <sip:0912345678@carrier>',
    "nothing": "<sip:@carrier>",
}
HOSTILE_HEADERS = {
    "asserted": f"P-Asserted-Identity: <sip:0987654321{ENCODED}@carrier>\r\n",
    "folded asserted": "P-Asserted-Identity: <sip:0987654321@carrier>\r\n Event: Hangup\r\n Uniqueid: victim-1\r\n",
    "remote party": f"Remote-Party-ID: \"x\" <sip:0987654321{ENCODED}@carrier>;party=calling\r\n",
    "diversion": f"Diversion: <sip:0987654321{ENCODED}@carrier>\r\n",
    "agent": f"User-Agent: x\r\n Event: Hangup\r\nSubject: {ENCODED}\r\n",
    "location": f"Geolocation: <cid:x{ENCODED}@carrier>\r\nGeolocation-Routing: yes\r\n",
    "location by reference": f"Geolocation: <https://carrier/{ENCODED}>;x=\"{ENCODED}\"\r\n",
    "replaces": "Replaces: x;to-tag=1;from-tag=2\r\n",
}


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


def forged(ear: Ear) -> bool:
    """Whether a line of the stream is one that a caller wrote."""
    return re.search(rb"(?m)^\s*(Uniqueid: victim-1|Event: Hangup\r\nUniqueid: victim-1|X: )", ear.raw) is not None


def well_formed(ear: Ear) -> bool:
    """Whether every message begins as Asterisk begins one, and every line of it is a header."""
    messages = [m for m in ear.raw.split(b"\r\n\r\n") if m]
    return all(
        re.match(rb"(Asterisk Call Manager/.*\r\n)?(Event: \w+\r\nPrivilege: |Response: )", message)
        and all(re.match(rb"[A-Za-z-]+: ?|Asterisk Call Manager/", line) for line in message.split(b"\r\n"))
        for message in messages
    )


@pytest.mark.parametrize("sender", HOSTILE_SENDERS.values(), ids=HOSTILE_SENDERS)
def test_from_writes_no_event(voice: Voice, sender: str) -> None:
    ear = voice.listen()
    with voice.line() as line:
        line.invite(sender=sender)
        line.invite(sender="<sip:0911111111@carrier>")  # the next one comes through as ever
    ear.told(ARRIVED, Caller="0911111111")
    ear.told(ENDED)
    assert not forged(ear) and well_formed(ear)
    for arrived in ear.all_told(ARRIVED):
        assert re.fullmatch(r"[0-9+]{0,20}", told(arrived)["Caller"])
        assert arrived.headers["CallerIDName"] == "115"


@pytest.mark.parametrize("header", HOSTILE_HEADERS.values(), ids=HOSTILE_HEADERS)
def test_no_other_header_does(voice: Voice, header: str) -> None:
    ear = voice.listen()
    with voice.line() as line:
        line.invite(extra=header)
        line.invite(sender="<sip:0911111111@carrier>")
    ear.told(ARRIVED, Caller="0911111111")
    assert not forged(ear) and well_formed(ear)


def test_what_was_sent_is_kept_as_it_was(voice: Voice) -> None:
    ear = voice.listen()
    with voice.line() as line:
        line.invite(
            sender='"Lê Thị B (mẹ), 2): x" <sip:0912345678@carrier>',
            extra='P-Asserted-Identity: "Z" <sip:+84987654321@carrier>\r\n',
        )
    sent = told(ear.told(ARRIVED))
    assert sent["Name"] == "Lê Thị B (mẹ), 2): x"
    assert sent["Caller"] == "+84987654321"  # what the network asserts goes before what the caller says
    assert sent["From"] == '"Lê Thị B (mẹ), 2): x" <sip:0912345678@carrier>;tag=raw'
    assert sent["Asserted"] == '"Z" <sip:+84987654321@carrier>'


def test_without_the_fixed_caller_id_from_does_write_events(
    asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def unguarded(files: dict[str, str]) -> dict[str, str]:
        open_door = re.sub(r"callerid = viettel <0>\n", "", files["pjsip.conf"])
        assert open_door != files["pjsip.conf"]
        return {**files, "pjsip.conf": open_door}

    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice"), spoil=unguarded) as voice:
        ear = voice.listen()
        with voice.line() as line:
            line.invite(sender=HOSTILE_SENDERS["number"])
        ear.wait(lambda one: one.headers.get("Uniqueid") == "victim-1")
        assert forged(ear)


@pytest.mark.parametrize("user", ["116", f"115{ENCODED}", "s", "B01", "answer-at", "h", "115@x", "%31%31%35x"])
def test_a_caller_reaches_nothing_but_the_service_numbers(voice: Voice, user: str) -> None:
    ear = voice.listen()
    with voice.line() as line:
        refused = (0, 400, 404, 416, 484)  # 0: dropped as no SIP
        assert line.invite(user=user) in refused
        assert line.message("x", user=user) in refused
        line.invite(sender="<sip:0911111111@carrier>")
    ear.told(ARRIVED, Caller="0911111111")
    assert len(ear.all_told(ARRIVED)) == 1 and not ear.all_told(MESSAGE)
    assert not forged(ear) and well_formed(ear)


@pytest.mark.parametrize("sender", ["<sip:viettel@carrier>", "<sip:B01@carrier>", "<sip:0912345678@carrier>"])
def test_a_stranger_reaches_nothing_whatever_he_calls_himself(voice: Voice, sender: str) -> None:
    ear = voice.listen()
    with RawLine(0, voice.site.ports.sip) as stranger:
        assert stranger.invite(sender=sender) == 401
        assert stranger.message("x", sender=sender) == 401
    with voice.line() as line:
        line.invite(sender="<sip:0911111111@carrier>")
    ear.told(ARRIVED, Caller="0911111111")
    assert len(ear.all_told(ARRIVED)) == 1 and not ear.all_told(MESSAGE)


BODIES = {
    "forged event": f"cháy{FORGED}",
    "Vietnamese": "Cháy nhà số 5 ngõ 12 Tràng Tiền, có 3 người; khói nhiều",
    "list": "1) cháy nhà: số 5\n2) người mắc kẹt: 3\n(((\n3):0:1",
    "dialplan": "${EPOCH} ${SHELL(id)} $[1+1] \\, \" ' ) ( } {",
    "long": "á" * 500,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_message_arrives_as_it_was_sent_and_writes_no_event(voice: Voice, body: str) -> None:
    ear = voice.listen()
    with voice.line() as line:
        assert line.message(body, sender=f'"x" <sip:0912345678{ENCODED}@carrier>') == 202
    message = told(ear.told(MESSAGE, Number="115", Carrier="viettel"))
    assert message["Body"] == body
    assert message["Caller"] == "0912345678"
    assert message["ContentType"].startswith("text/plain")
    assert not forged(ear) and well_formed(ear)


def test_a_body_that_is_not_encoded_does_write_events(
    asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def unguarded(files: dict[str, str]) -> dict[str, str]:
        encoded = r"Body: \$\{BASE64_ENCODE\(\(+(\$\{MESSAGE\(body\):0:2000\})\)\}"
        raw = re.sub(encoded, r"Body: \1", files["extensions.conf"])
        assert raw != files["extensions.conf"]
        return {**files, "extensions.conf": raw}

    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice"), spoil=unguarded) as voice:
        ear = voice.listen()
        with voice.line() as line:
            line.message(BODIES["forged event"])
        ear.wait(lambda one: one.headers.get("Uniqueid") == "victim-1")
        assert forged(ear)
