"""The voice path: without the core, past the time set for one service, and under a caller who forges events."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from urllib.parse import quote

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import OVERFLOW_S, SECOND_CARRIER, Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from scripts.stage.layout import ROOT
from scripts.stage.phones import Habit
from tests.system.voice_stage import RawLine
from tests.telephony.recorded_streams import STREAMS, TRACES

LIFTS = Habit(lift_after=0.8)
GUARD = f"callerid = {SECOND_CARRIER} <0>\n"
WAV_HEADER = 44  # bytes


def without_software() -> str:
    """Core, PostgreSQL and Redis killed: calls to all three numbers ring a phone, are answered there and recorded."""
    r = rig()
    before = _recordings(r)
    r.system.core.kill9()
    r.system.redis.kill9()
    r.system.postgres.kill9()
    for position in ("B01", "B03", "B05"):
        r.phone(position, LIFTS)
    callers = [Caller(dial, r.number(), patience=4.0) for dial in ("113", "114", "115")]
    with r.calling(*callers):
        until(lambda: {"B01", "B03", "B05"} <= r.talking(), f"three phones talking, seen {r.talking()}")
        until(lambda: not r.talking(), "the callers hanging up")
    made = [file for name, file in _recordings(r).items() if name not in before]
    need(len(made) == 3, f"{len(made)} recordings")
    need(all(size > WAV_HEADER + 8000 for size in made), f"bytes recorded: {made}")
    need(r.system.health()["state"] == "down", "the core was alive")
    r.ready()
    return f"113, 114, 115 answered by phones of their services, recorded: {made} bytes"


def _recordings(r: Rig) -> dict[str, int]:
    return {str(file): file.stat().st_size for file in r.system.site.recordings.rglob("*.wav")}


def overflow() -> str:
    """First the service's own phones; after the set time every service's; answered there."""
    r = rig()
    lan = r.console("lan")
    positions = r.system.site.site.positions
    own = {it.id for it in positions if "police" in it.services}
    others = {it.id for it in positions} - own
    number = r.number()
    with r.calling(Caller("113", number)) as carrier:
        first = set(r.shown(lan, number, "ringing")["ringing"])
        need(first <= own, f"rang at {first} at once, police is {own}")
        ringing = until(lambda: set(r.shown(lan, number, "ringing")["ringing"]) & others, "other services' phones")
        waited = time.monotonic() - carrier.calls[0].invited
        need(abs(waited - OVERFLOW_S) < 2.5, f"overflow after {waited:.1f} s, set to {OVERFLOW_S}")
        until(lambda: others <= set(r.shown(lan, number, "ringing")["ringing"]), f"all of {others} ringing")
        r.phone("B05", LIFTS)  # an ambulance position's phone, which rings anew as the queue tries again
        call = r.shown(lan, number, "answered", seconds=25.0)
    need(call["position"] == "B05", f"answered at {call['position']}")
    stored = r.sql("SELECT overflowed, queue FROM calls WHERE number = %s", number)[0]
    need(stored[0], f"stored as {stored}")
    return f"police alone for {waited:.1f} s (set: {OVERFLOW_S}), then also {sorted(ringing)}; B05 answered"


def forgery() -> str:
    """A caller writes AMI events that end somebody's call. With our configuration nothing reaches AMI; where that guard
    is taken from the switch, the reader refuses them and every console shows the alarm."""
    r = rig()
    lan, thao = r.console("lan"), r.console("thao")
    number = r.number()
    etc = r.system.asterisk.etc / "pjsip.conf"
    guarded = etc.read_text("utf-8")
    need(GUARD in guarded, f"pjsip.conf has no {GUARD!r}")
    with r.calling(Caller("113", number)):
        call = r.answered(lan, number)
        victim = next(fields for fields in r.channels() if fields[0].startswith("PJSIP/viettel"))
        _attack(r, victim)
        _unhurt(r, number, call["incident"])
        need(not _forged_alarms(lan), f"alarms although nothing came through: {_forged_alarms(lan)}")
        try:
            etc.write_text(guarded.replace(GUARD, ""), "utf-8")
            r.system.asterisk.ask("module reload res_pjsip.so")
            _attack(r, victim)
            for console in (lan, thao):
                until(partial(_forged_alarms, console), f"the alarm on {console.user}'s console")
            _unhurt(r, number, call["incident"])
        finally:
            etc.write_text(guarded, "utf-8")
            r.system.asterisk.ask("module reload res_pjsip.so")
    alarms = _forged_alarms(lan)
    for key in alarms:
        lan.do(f"alarm {key}")
    return f"the call went on through both attacks; without the guard: {alarms} on both consoles"


def _attack(r: Rig, victim: list[str]) -> None:
    channel, unique = victim[0], victim[-1]
    hangup = (
        f"\r\n\r\nEvent: Hangup\r\nPrivilege: call,all\r\nTimestamp: {time.time():.6f}\r\nChannel: {channel}\r\n"
        f"Uniqueid: {unique}\r\nLinkedid: {unique}\r\nCause: 16\r\n\r\nX: "
    )
    with RawLine(r.second_carrier, r.system.site.site.ports.sip) as line:
        for sender in (
            f"<sip:0912{quote(hangup, safe='')}@carrier>",
            f'"An{quote(hangup, safe="")}" <sip:0911222333@carrier>',
        ):
            line.invite("113", sender)
            line.message(f"cháy{hangup}", "113", sender)
        line.invite("113", "<sip:0911222444@carrier>")
    time.sleep(1.0)


def _unhurt(r: Rig, number: str, incident: str) -> None:
    lan = r.console("lan")
    r.in_step("lan", "thao")
    state = r.shown(lan, number, "answered", "ended", "abandoned")
    need(state["state"] == "answered" and {"viettel", "B01"} <= r.talking(), f"the attacked call: {state}")
    stored = r.sql("SELECT state FROM calls WHERE number = %s", number)
    need(stored == [("answered",)], f"stored as {stored}")
    bad = r.sql("SELECT number FROM calls WHERE number !~ '^[0-9+]*$'")
    need(not bad, f"a number as it was sent: {bad}")
    need(lan.incidents[incident]["state"] != "closed", "its incident was closed")


def _forged_alarms(console: Console) -> list[str]:
    return [key for key in console.report()["alarms"] if key.startswith("forged_event")]


def _same(first: Path, second: Path) -> bool:
    return second.exists() and first.read_bytes() == second.read_bytes()


def streams() -> str:
    """The runner of the tests' table over the recorded streams, which are those of the shared collection."""
    shared = Path(os.environ.get("DISPATCH_SHARED_DATA", ROOT.parent / "shared" / "data")).parent / "traces"
    originals = sorted(shared.glob("*.txt"))
    need(len(originals) >= 22, f"{len(originals)} recorded streams in {shared}")
    differing = [it.name for it in originals if not _same(it, TRACES / it.name)]
    need(not differing, f"not the recorded ones: {differing}")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/telephony/test_recorded_streams.py"], cwd=ROOT,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    last = ran.stdout.strip().splitlines()[-1]
    need(ran.returncode == 0 and "skipped" not in last, ran.stdout[-600:])
    return f"{len(STREAMS)} streams: {last}"


SCENARIOS = [
    Scenario(
        "every process of ours dead", "a call to 113, 114, 115 rings a phone of its service and is recorded",
        without_software,
    ),
    Scenario(
        "liên thông", f"after {OVERFLOW_S} s, as set, another service's phones ring and answer", overflow,
    ),
    Scenario("a caller forges events", "nothing changes; the alarm is on the consoles", forgery),
    Scenario("recorded streams", "every one ends in the state of the table", streams),
]  # fmt: skip
