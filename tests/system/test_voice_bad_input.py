"""What callers may put into every header that they control, at the real Asterisk: nothing of it becomes an event, the
call is answered, the core notices.

What Asterisk's own parser refuses is said in REFUSED: it drops the packet without an answer, and a well-formed call
beside it comes through.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from dispatch_core.domain.commands import CallCame, IdentityOdd, TextCame
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.ports import LOOPBACK
from telephony.dialplan_events import ARRIVED, ENDED, HEADERS, MESSAGE
from telephony.oddities import odd_header
from tests.system.patience import PATIENCE
from tests.system.raw_line import RawLine
from tests.system.switch_stage import Board
from tests.system.test_voice_forgery import FORGED, forged, well_formed
from tests.system.voice_stage import SECRET, Voice, told

ENCODED = "x" + quote(FORGED, safe="")
PAYLOADS = {
    "encoded line breaks": ENCODED,
    "encoded NUL": "x%00Event%3A%20Hangup",
    "folded lines": "x\r\n Event: Hangup\r\n Uniqueid: victim-1",
    "bare LF": "x\nEvent: Hangup\nUniqueid: victim-1",
    "bare CR": "x\rEvent: Hangup\rUniqueid: victim-1",
    "NUL": "x\0Event: Hangup",
    "8 kB": "A" * 8000,
    "right to left": "\u202e\u2067cba\u200f",
    "broken UTF-8": "x\udcff\udcc3(\udc80",
}
# Where SIP's own grammar (RFC 3261) has no place for it, Asterisk drops the packet.
_STRUCTURED = {"From name", "From user", "To", "Contact", "Via", "Call-ID"}
REFUSED = {
    "folded lines": _STRUCTURED,
    "bare LF": _STRUCTURED - {"Call-ID"},
    "bare CR": {"From user"},
    "NUL": {
        "From user", "P-Asserted-Identity", "Remote-Party-ID", "Diversion", "History-Info", "Call-Info", "Geolocation",
        "Reason", "Call-ID", "Subject", "User-Agent", "X-Anything",
    },
    "8 kB": {"From name", "From user", "To", "Via", "Call-ID"},
    "right to left": {"From user"},
    "broken UTF-8": {"From user"},
}  # fmt: skip
# Where these can be read, what is left is ordinary: Asterisk unfolds lines, ends a header at a bare CR or LF and takes
# what follows for headers of their own, and hands no header of more than 4 kB to the dialplan.
UNNOTICED = {"8 kB", "bare LF", "bare CR", "folded lines"}


def with_header(header: str, value: str) -> dict[str, str]:
    """The arguments of RawLine.invite that put the value into the header."""
    party = f'"{value}" <sip:0911222333@carrier>'
    special = {
        "From name": {"sender": f'"{value}" <sip:0912345678@carrier>'},
        "From user": {"sender": f"<sip:0912{value}@carrier>"},
        "To": {"to": f'"{value}" <sip:115@{LOOPBACK}>'},
        "Contact": {"extra": f'Contact: "{value}" <sip:raw@{LOOPBACK}>\r\n'},
        "Call-ID": {"call_id": f"@{value}"},
        "P-Asserted-Identity": {"extra": f'P-Asserted-Identity: "{value}" <sip:0911222333{value}@carrier>\r\n'},
        "Remote-Party-ID": {"extra": f"Remote-Party-ID: {party};party=calling\r\n"},
        "Diversion": {"extra": f"Diversion: {party};reason=unknown\r\n"},
        "History-Info": {"extra": f"History-Info: {party};index=1\r\n"},
        "Call-Info": {"extra": f"Call-Info: <http://x/{value}>;purpose=info\r\n"},
        "Geolocation": {"extra": f"Geolocation: <cid:{value}@carrier>\r\nGeolocation-Routing: yes\r\n"},
        "Reason": {"extra": f'Reason: SIP;text="{value}"\r\n'},
        "Via": {"extra": f'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKx;x="{value}"\r\n'},
    }
    return special.get(header, {"extra": f"{header}: {value}\r\n"})


HEADERS_OF_A_CALLER = (
    "From name", "From user", "To", "Contact", "P-Asserted-Identity", "Remote-Party-ID", "Diversion", "History-Info",
    "Call-Info", "Geolocation", "Reason", "Via", "Call-ID", "Subject", "User-Agent", "X-Anything",
)  # fmt: skip


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


def _goes_out(line: RawLine, header: str, payload: str) -> int:
    return line.invite(talk=0, **with_header(header, PAYLOADS[payload]))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _silence(voice: Voice) -> Iterator[None]:
    """No call of the test before is left: some of these let no BYE follow them."""
    yield
    deadline = time.monotonic() + PATIENCE
    while "0 active channels" not in voice.asterisk.ask("core show channels"):
        voice.asterisk.ask("channel request hangup all")
        assert time.monotonic() < deadline, voice.asterisk.ask("core show channels concise")
        time.sleep(0.02)


SLOW = {"NUL", "8 kB", "bare LF", "bare CR", "folded lines"}  # what is dropped is waited for


@pytest.mark.parametrize(
    "payload", [pytest.param(it, marks=[pytest.mark.long] if it in SLOW else []) for it in PAYLOADS]
)
def test_no_header_writes_an_event_and_the_call_is_answered(voice: Voice, payload: str) -> None:
    ear = voice.listen()
    with voice.line() as line:
        refused = {header for header in HEADERS_OF_A_CALLER if _goes_out(line, header, payload) != 200}
        assert refused == REFUSED.get(payload, set())
        assert line.invite(sender="<sip:0911111111@carrier>", talk=0) == 200  # beside them, as ever
    ear.told(ARRIVED, Caller="0911111111")
    assert not forged(ear) and well_formed(ear)
    for arrived in ear.all_told(ARRIVED):
        assert set(told(arrived)["Caller"]) <= set("0123456789+")
        assert (arrived.headers["CallerIDName"], arrived.headers["Context"]) == ("115", "arrival")


def test_every_header_is_told_as_it_came_or_not_at_all(voice: Voice) -> None:
    ear = voice.listen()
    with voice.line() as line:
        for header in HEADERS_OF_A_CALLER:
            since = len(ear.heard)
            assert _goes_out(line, header, "encoded line breaks") == 200
            arrived = told(ear.told(ARRIVED, since=since))
            ear.told(ENDED, since=since)
            others = [told(it)["Text"] for it in ear.all_told(HEADERS, since)]
            assert any(map(odd_header, (arrived["From"], arrived["Asserted"], arrived["SipCallId"], *others))), header


@pytest.mark.parametrize("header", ["From user", "P-Asserted-Identity", "X-Anything"])
def test_the_attempt_is_noticed_and_names_the_carrier(voice: Voice, header: str) -> None:
    with Board(voice.site, SECRET) as board, voice.line() as line:
        board.wait(lambda: board.up)
        assert _goes_out(line, header, "encoded line breaks") == 200
        board.wait(lambda: board.told(CallCame) and list(board.state.alarms) == ["odd_identity:viettel"])
        assert board.told(IdentityOdd) == [IdentityOdd(node="pbx1", trunk="viettel")]
        board.wait(lambda: not board.live)
        assert not board.problems


@pytest.mark.parametrize("payload", [it for it in PAYLOADS if it not in UNNOTICED])
def test_every_kind_of_it_is_noticed(voice: Voice, payload: str) -> None:
    ear = voice.listen()
    with Board(voice.site, SECRET) as board, voice.line() as line:
        board.wait(lambda: board.up)
        header = "From name" if payload == "NUL" else "Subject"  # where such a packet is not dropped
        assert _goes_out(line, header, payload) == 200
        board.wait(lambda: board.told(IdentityOdd), say=lambda: [told(it) for it in ear.all_told(HEADERS)])


def test_an_ordinary_call_says_nothing_more(voice: Voice) -> None:
    ear = voice.listen()
    with Board(voice.site, SECRET) as board, voice.line() as line:
        board.wait(lambda: board.up)
        line.invite(sender='"Nguyễn Văn An" <sip:0912345678@carrier>', extra="User-Agent: IMS 1.0\r\nSubject: cháy\r\n")
        board.wait(lambda: board.told(CallCame))
        ear.told(ENDED)
        assert "cháy" in told(ear.told(HEADERS))["Text"]
        assert board.told(CallCame)[0].name == "Nguyễn Văn An"
        assert not board.told(IdentityOdd) and not board.state.alarms


def test_a_message_of_the_switch_s_own_lines_is_text_and_is_noticed(voice: Voice) -> None:
    ear = voice.listen()
    with Board(voice.site, SECRET) as board, voice.line() as line:
        board.wait(lambda: board.up)
        assert line.message("Cháy nhà\r\nsố 5") == 202
        board.wait(lambda: board.told(TextCame))
        assert not board.told(IdentityOdd)
        assert line.message(f"cháy{FORGED}") == 202
        board.wait(lambda: board.told(IdentityOdd))
        assert [it.text for it in board.told(TextCame)] == ["Cháy nhà\nsố 5", f"cháy{FORGED}".replace("\r\n", "\n")]
    assert ear.all_told(MESSAGE) and not forged(ear) and well_formed(ear)
