"""Callers who send what was made to be taken for something else, through the whole system.

A call that lives meanwhile is the witness: it must be what it was, at the switch, on the consoles and in the database.
The attacks come through the second carrier, so that an alarm that names it means them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import SECOND_CARRIER, Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from scripts.stage.secret_files import read_secret
from tests.system.test_voice_bad_input import HEADERS_OF_A_CALLER, PAYLOADS, REFUSED, with_header
from tests.system.voice_stage import Ear, RawLine

ODD = f"odd_identity:{SECOND_CARRIER}"
FORGED = f"forged_event:{SECOND_CARRIER}"
ALARM_WITHIN_S = 30.0


@dataclass(frozen=True)
class Witness:
    """A call that is answered at B01 while others attack: its number, incident, channel's name and unique id."""

    number: str
    incident: str
    channel: str
    unique: str


@contextmanager
def _witness(r: Rig) -> Iterator[Witness]:
    lan = r.console("lan")
    r.console("thao")
    number = r.number()
    with r.calling(Caller("113", number, patience=200.0)):
        call = r.answered(lan, number)
        fields = next(it for it in r.channels() if it[0].startswith("PJSIP/viettel"))
        yield Witness(number, call["incident"], fields[0], fields[-1])


def _unhurt(r: Rig, witness: Witness) -> None:
    lan = r.console("lan")
    r.in_step("lan", "thao")
    state = r.shown(lan, witness.number, "answered", "ended", "abandoned")
    need(state["state"] == "answered" and {"viettel", "B01"} <= r.talking(), f"the witness: {state}, {r.talking()}")
    stored = r.sql("SELECT state, position FROM calls WHERE number = %s", witness.number)
    need(stored == [("answered", "B01")], f"stored as {stored}")
    bad = r.sql("SELECT number FROM calls WHERE number !~ '^[0-9+]*$'")
    need(not bad, f"a number as it was sent: {bad}")
    need(lan.incidents[witness.incident]["state"] != "closed", "its incident was closed")


def _alarms(console: Console) -> list[str]:
    return list(console.report()["alarms"])


def _handled(r: Rig, key: str) -> None:
    if key in _alarms(r.console("lan")):
        r.console("lan").do(f"alarm {key}")
        until(lambda: key not in _alarms(r.console("lan")), f"{key} handled")


def _alarmed(r: Rig, key: str, again: Callable[[], object]) -> None:
    """Until the alarm is on both consoles; it is told once in a while, so the attack goes on until then."""
    for console in (r.console("lan"), r.console("thao")):
        deadline = time.monotonic() + ALARM_WITHIN_S
        while key not in _alarms(console):
            need(time.monotonic() < deadline, f"no {key} on {console.user}'s console: {_alarms(console)}")
            again()
            time.sleep(0.5)


def _line(r: Rig) -> RawLine:
    return RawLine(r.second_carrier, r.system.site.site.ports.sip)


# --- bad input --------------------------------------------------------------------------------------------------------


def bad_input(*payloads: str) -> str:
    """Every payload in every header that a caller controls. What Asterisk's parser drops was written down before."""
    r = rig()
    seen = []
    with _witness(r) as witness, _line(r) as line:
        _handled(r, ODD)
        for payload in payloads:
            answers = {it: line.invite(talk=0, **with_header(it, PAYLOADS[payload])) for it in HEADERS_OF_A_CALLER}
            dropped = {it for it, status in answers.items() if status != 200}
            need(dropped == REFUSED.get(payload, set()), f"{payload}: dropped in {sorted(dropped)}")
            beside = r.number()
            need(line.invite(sender=f"<sip:{beside}@carrier>", talk=0) == 200, f"{payload}: the next call not answered")
            r.shown(r.console("thao"), beside, "abandoned", "ended")
            seen.append(f"{payload} {len(answers) - len(dropped)} of {len(answers)} answered")
        if any(it not in ("bare LF", "8 kB") for it in payloads):
            _alarmed(r, ODD, lambda: line.invite(talk=0, **with_header("From name", PAYLOADS[payloads[-1]])))
        _unhurt(r, witness)
        need(FORGED not in _alarms(r.console("lan")), "something reached AMI")
        _handled(r, ODD)
    return f"{'; '.join(seen)}; alarm {ODD}; the witness unhurt"


def names() -> str:
    """Names that would turn a row round, or are no text: kept as they came, shown so that nothing else is touched."""
    r = rig()
    lan = r.console("lan")
    sent = {
        "turned \u202egnuhc iaH\u202c": "turned gnuhc iaH",
        "\u2067Hải\u2069 \u200fx": "Hải x",
        "An%0d%0aEvent: Hangup": "An%0d%0aEvent: Hangup",
        "Nguyễn Thị \udcff\udcfe": "Nguyễn Thị \ufffd\ufffd",
    }
    with _line(r) as line:
        for name, shown in sent.items():
            number = r.number()
            need(line.invite(sender=f'"{name}" <sip:{number}@carrier>', talk=0.3) == 200, f"{name!r} not answered")
            call = r.shown(lan, number, "ringing", "queued", "abandoned", "ended")
            need(call["name"] == shown, f"{name!r} shown as {call['name']!r}")
            r.in_step("lan")
            kept = r.sql("SELECT name FROM calls WHERE number = %s", number)[0][0]
            came = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            need(kept == came, f"{name!r} kept as {kept!r}")
    return f"{len(sent)} names kept as they came, shown as {list(sent.values())}"


# --- forged events ----------------------------------------------------------------------------------------------------


def _by_invite(line: RawLine, witness: Witness) -> None:
    """As much of a hang-up as a caller's number can hold: 80 characters."""
    encoded = quote(f"\r\n\r\nEvent: Hangup\r\nUniqueid: {witness.unique}\r\n\r\n", safe="")
    line.invite("113", f"<sip:0912{encoded}@carrier>", talk=0)
    line.invite("113", f'"An{encoded}" <sip:0911222333@carrier>', talk=0)


def _by_message(line: RawLine, witness: Witness) -> None:
    """A whole hang-up in the switch's own order, so that nothing but the guard tells it from a true one."""
    line.message(
        f"cháy\r\n\r\nEvent: Hangup\r\nPrivilege: call\r\nTimestamp: {time.time():.6f}\r\nSystemName: pbx1\r\n"
        f"Channel: {witness.channel}\r\nUniqueid: {witness.unique}\r\nLinkedid: {witness.unique}\r\nCause: 16",
        "113",
        "<sip:0911222333@carrier>",
    )


@contextmanager
def _ear(r: Rig) -> Iterator[Ear]:
    ear = Ear(r.system.site.site.ports.ami, read_secret(r.system.site.ami_secret))
    try:
        yield ear
    finally:
        ear.close()


def _hung_up(ear: Ear, witness: Witness) -> bool:
    """Whether whoever believes what comes out of the switch's socket takes the witness for hung up."""
    return any(it.name == "Hangup" and it.headers.get("Uniqueid") == witness.unique for it in list(ear.heard))


@contextmanager
def _without(r: Rig, file: str, guard: str, instead: str, reload: str) -> Iterator[None]:
    """One guard taken out of the switch's configuration."""
    etc = r.system.asterisk.etc / file
    guarded = etc.read_text("utf-8")
    need(guard in guarded, f"{file} has no {guard!r}")
    try:
        etc.write_text(guarded.replace(guard, instead), "utf-8")
        r.system.asterisk.ask(reload)
        yield
    finally:
        etc.write_text(guarded, "utf-8")
        r.system.asterisk.ask(reload)


def hardened(attack: Callable[[RawLine, Witness], None]) -> str:
    """Nothing of it comes out of the switch's socket; the attempt is an alarm that names the carrier."""
    r = rig()
    with _ear(r) as ear, _witness(r) as witness, _line(r) as line:
        _handled(r, ODD)
        _alarmed(r, ODD, partial(attack, line, witness))
        _unhurt(r, witness)
        need(not _hung_up(ear, witness), "a forged hang-up in the stream")
        need(FORGED not in _alarms(r.console("lan")), "something reached AMI")
        _handled(r, ODD)
        heard = len(ear.heard)
    return f"no forged hang-up in {heard} AMI messages; the witness unhurt; alarm {ODD} on both consoles"


def invite_unguarded() -> str:
    """The same attack where the carrier's caller id is not fixed: the lines come out; our reader refuses them."""
    r = rig()
    reload = "module reload res_pjsip.so"
    with _ear(r) as ear, _witness(r) as witness, _line(r) as line:
        _handled(r, FORGED)
        with _without(r, "pjsip.conf", f"callerid = {SECOND_CARRIER} <0>\n", "", reload):
            _alarmed(r, FORGED, partial(_by_invite, line, witness))
        need(_hung_up(ear, witness), "the attack did nothing even without the guard")
        _unhurt(r, witness)
        _handled(r, FORGED)
    return f"the stream says that the witness hung up; the reader refuses it, alarm {FORGED} on both consoles"


def message_unguarded() -> str:
    """The same attack where a message's body is not encoded: every console takes a call for ended that goes on."""
    r = rig()
    with _ear(r) as ear, _witness(r) as witness, _line(r) as line:
        body = r"Body: ${BASE64_ENCODE(((((((((${MESSAGE(body):0:2000})})"
        with _without(r, "extensions.conf", body, "Body: ${MESSAGE(body):0:2000})", "dialplan reload"):
            _by_message(line, witness)
            shown = [r.shown(r.console(user), witness.number, "ended", "abandoned") for user in ("lan", "thao")]
        need(_hung_up(ear, witness), "the attack did nothing even without the guard")
        need({"viettel", "B01"} <= r.talking(), f"the witness was really hung up: {r.talking()}")
    return f"without the guard the attack works: both consoles say {shown[0]['state']} while caller and B01 still talk"


SCENARIOS = [
    Scenario(
        "bad input: percent-encoded line breaks and NUL", "all answered, nothing injected, an alarm names the trunk",
        partial(bad_input, "encoded NUL", "encoded line breaks"),
    ),
    Scenario(
        "bad input: right-to-left marks, broken UTF-8", "answered where SIP's grammar allows, an alarm names the trunk",
        partial(bad_input, "right to left", "broken UTF-8"),
    ),
    Scenario(
        "bad input: line breaks as they are, NUL, 8 kB", "dropped where Asterisk's parser must, the next call answered",
        partial(bad_input, "bare LF", "folded lines", "8 kB", "bare CR", "NUL"),
    ),
    Scenario("bad input: names", "kept as they came; on screen no row is turned round", names),
    Scenario("forged events over INVITE", "nothing changes; an alarm names the trunk", partial(hardened, _by_invite)),
    Scenario("forged events over MESSAGE", "nothing changes; an alarm names the trunk", partial(hardened, _by_message)),
    Scenario(
        "forged events over INVITE, guard removed", "the lines are in the stream; the reader refuses them and alarms",
        invite_unguarded,
    ),
    Scenario(
        "forged events over MESSAGE, guard removed", "it works: what the guard is for", message_unguarded,
    ),
]  # fmt: skip
