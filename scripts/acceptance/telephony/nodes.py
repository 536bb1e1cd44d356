"""Two Asterisks, one queue view and one set of phones; and silence as an alarm: of a number, of a carrier."""

from __future__ import annotations

import atexit
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis

from dispatch_core.settings import PROBE_SEEN_S
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import LiveValue, decode
from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, until
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from scripts.stage.secret_files import read_secret
from telephony.dialplan_contexts import PROBE_HEADER, PROBE_IN
from tests.system.voice_stage import RawLine

FIRST, SECOND = "pbx1", "pbx2"
EVERY_S = 2.0
SLACK_S = 3.0
LOST_S = 18.0  # given up after 15 s away; the clocks are looked at once a second
NUMBERS = ("113", "114", "115")

_made: list[Rig] = []


def two() -> Rig:
    """The system with two nodes, whole at every call; ended with this process or by the last row."""
    if not _made:
        rig = Rig(Path(tempfile.mkdtemp(prefix="dispatch-two-", dir="/tmp")), (FIRST, SECOND), EVERY_S, qualify=True)
        _made.append(rig)
        atexit.register(end)
        rig.up()
    _made[0].ready()
    return _made[0]


def end() -> None:
    while _made:
        rig = _made.pop()
        rig.down()
        rig.layout.remove()


def _alarms(console: Console, kind: str) -> list[str]:
    return [key for key in console.report()["alarms"] if key.startswith(kind)]


def _shown(r: Rig, kind: str) -> dict[str, dict[str, Any]]:
    """The last values of a kind, as every console reads them."""
    server = r.system.redis
    password = read_secret(server.password_file)
    with redis.Redis(unix_socket_path=str(server.socket), username=server.user, password=password) as client:
        every: list[bytes] = client.hvals(names.LIVE_LAST)  # type: ignore[assignment]
        values = [decode(data, LiveValue) for data in every]
    return {it.key: it.value for it in values if it.kind == kind}


def _took(held: Callable[[], Any], what: str, seconds: float) -> float:
    began = time.monotonic()
    until(held, what, seconds)
    return time.monotonic() - began


def one_queue() -> str:
    r = two()
    lan = r.console("lan")
    older, newer = r.number(), r.number()
    with r.calling(Caller("113", older), node=SECOND, second=True):
        r.shown(lan, older, "queued", "ringing")
        with r.calling(Caller("113", newer), node=FIRST):
            r.shown(lan, newer, "queued", "ringing")
            until(lambda: _waiting(r) == {FIRST: 1, SECOND: 1}, f"a caller waiting at each node, {_waiting(r)}")
            lan.do("a")
            first = r.shown(lan, older, "answered")
            need({"vnpt", "B01"} <= r.talking(SECOND) and not r.talking(FIRST), "not where the older call is")
            lan.do(f"h {older}")
            r.shown(lan, older, "ended")
            lan.do("a")
            second = r.shown(lan, newer, "answered")
            need({"viettel", "B01"} <= r.talking(FIRST) and not r.talking(SECOND), "not where the newer call is")
            lan.do(f"h {newer}")
            r.shown(lan, newer, "ended")
    need((first["call"][:4], second["call"][:4]) == (SECOND, FIRST), f"{first['call']}, {second['call']}")
    return f"the next key took {first['call']} first, then {second['call']}, both at B01"


def _waiting(r: Rig) -> dict[str, int]:
    return {value["node"]: value["waiting"] for key, value in _shown(r, "queue").items() if key.startswith("q-police@")}


def busy_phone() -> str:
    r = two()
    lan = r.console("lan")
    talks, waits, later = r.number(), r.number(), r.number()
    with r.calling(Caller("113", talks), node=FIRST), r.calling(Caller("113", waits), node=SECOND, second=True):
        until(lambda: "B01" in r.ringing(FIRST) and "B01" in r.ringing(SECOND), "both nodes ringing B01")
        r.answered(lan, talks)
        stopped = _took(lambda: "B01" not in r.ringing(SECOND), f"{SECOND} leaving B01 alone", 3.0)
        others: set[str] = set()
        watched = time.monotonic() + 4.0
        while time.monotonic() < watched:  # past the overflow: every other phone rings for the second caller
            ringing = r.ringing(SECOND)
            need("B01" not in ringing, f"B01 talks at {FIRST} and is rung by {SECOND}")
            others |= ringing
        need(len(others) >= 2, f"for the second caller rang only {sorted(others)}")
        r.system.core.kill9()
        need({"viettel", "B01"} <= r.talking(FIRST), "the talk ended with the core")
        need(r.ringing(SECOND), "without the core nobody rings for the second caller")
    r.ready()
    lan = r.console("lan")
    with r.calling(Caller("113", later), node=SECOND, second=True):
        until(lambda: "B01" in r.ringing(SECOND), f"{SECOND} ringing B01 again when it is free")
    return f"left alone {stopped:.2f} s after it picked up; {sorted(others)} rang; with the core dead too; then again"


def node_killed() -> str:
    r = two()
    lan, minh = r.console("lan"), r.console("minh")
    dies, waits, lives, after = (r.number() for _ in range(4))
    killed = r.system.asterisks[FIRST]
    with r.calling(Caller("113", dies), Caller("115", waits), node=FIRST):
        incident = r.answered(lan, dies)["incident"]
        r.shown(lan, waits, "queued", "ringing")
        with r.calling(Caller("114", lives), node=SECOND, second=True):
            r.answered(minh, lives)
            killed.kill9()
            blind = _took(lambda: f"telephony_blind:{FIRST}" in lan.report()["alarms"], "an alarm that names it", 5.0)
            lost = _took(lambda: r.shown(lan, dies, "ended", seconds=LOST_S), "its calls given up", LOST_S)
            missed = r.shown(lan, waits, "abandoned")["call"]
            listed = "SELECT 1 FROM journal WHERE type = 'CallMissed' AND payload::text LIKE %s"
            need(r.sql(listed, f"%{missed}%"), f"{missed} waited there and is not listed to be called back")
            need({"vnpt", "B02"} <= r.talking(SECOND), f"the call at {SECOND} did not go on")
            r.shown(minh, lives, "answered", seconds=1.0)
            rows = dict(r.sql("SELECT number, ended_by FROM calls WHERE ended_by IS NOT NULL"))
            need((rows.get(dies), rows.get(waits), rows.get(lives)) == ("switch_lost", "switch_lost", None), f"{rows}")
            need(lan.incidents[incident]["state"] != "closed", "its incident was closed")
            need(f"telephony_blind:{SECOND}" not in lan.report()["alarms"], "the other node is alarmed")
            minh.do(f"h {lives}")
    with r.calling(Caller("113", after), node=SECOND, second=True):
        r.answered(lan, after)  # the phone that talked on the dead node
        lan.do(f"h {after}")
        r.shown(lan, after, "ended")
    killed.start()
    back = _took(lambda: not _alarms(lan, "telephony_blind"), "the alarm gone", 15.0)
    with r.calling(Caller("113", number := r.number()), node=FIRST):
        r.answered(lan, number)
        lan.do(f"h {number}")
        r.shown(lan, number, "ended")
    return (
        f"alarm after {blind:.1f} s, its two calls lost after {lost:.1f} s more, who waited is listed to be called "
        f"back, {incident} stays, the other call went on, B01 answered at {SECOND}; back {back:.1f} s after its start"
    )


def probes() -> str:
    r = two()
    hung = r.console("hung")
    calls, incidents = (r.sql(f"SELECT count(*) FROM {table}")[0][0] for table in ("calls", "incidents"))
    files = [sum(1 for _ in r.system.site.home_of(node).rglob("*.wav")) for node in (FIRST, SECOND)]
    wanted = {f"{number}@{node}" for number in NUMBERS for node in (FIRST, SECOND)}
    before = {key: value["at"] for key, value in _shown(r, "probe").items()}

    def heard() -> bool:
        now = _shown(r, "probe")
        return set(now) == wanted and all(it["heard"] and it["at"] > before.get(key, 0) for key, it in now.items())

    until(heard, f"all of {sorted(wanted)} heard anew", 3 * EVERY_S + SLACK_S)
    until(heard, "all heard", EVERY_S)
    ms = [value["ms"] for value in _shown(r, "probe").values()]
    after = [r.sql(f"SELECT count(*) FROM {table}")[0][0] for table in ("calls", "incidents")]
    need(after == [calls, incidents], f"calls and incidents {calls}, {incidents} became {after}")
    now = [sum(1 for _ in r.system.site.home_of(node).rglob("*.wav")) for node in (FIRST, SECOND)]
    need(now == files, f"recordings {files} became {now}")
    need(not _alarms(hung, "number_silent"), f"{_alarms(hung, 'number_silent')}")
    return f"{len(ms)} of {len(wanted)} heard in {min(ms)} to {max(ms)} ms; no call, incident or recording of it"


def broken_number() -> str:
    r = two()
    lan, hung = r.console("lan"), r.console("hung")
    asterisk = r.system.asterisks[FIRST]
    until(lambda: not _alarms(lan, "number_silent"), "no number silent at first")
    wanted = [f"number_silent:114@{FIRST}"]
    asterisk.ask("dialplan remove extension 114@from-carrier")
    try:
        alarmed = _took(lambda: _alarms(lan, "number_silent"), "the alarm", EVERY_S + PROBE_SEEN_S + SLACK_S)
        until(lambda: _alarms(hung, "number_silent") == wanted, "the alarm at the telephony admin's")
        until(lambda: _shown(r, "probe")[f"114@{FIRST}"]["heard"] is False, "shown as silent", SLACK_S)
        deadline = time.monotonic() + EVERY_S
        while time.monotonic() < deadline:
            need(_alarms(lan, "number_silent") == wanted, f"{_alarms(lan, 'number_silent')}")
            time.sleep(0.2)
    finally:
        asterisk.ask("dialplan reload")
    gone = _took(lambda: not _alarms(lan, "number_silent"), "the alarm gone", EVERY_S + PROBE_SEEN_S + SLACK_S)
    return f"{wanted} alone after {alarmed:.1f} s; mended, it went by itself after {gone:.1f} s"


def stranger() -> str:
    r = two()
    lan = r.console("lan")
    number = r.number()
    header = f"{PROBE_HEADER}: {'ab' * 16}\r\n"
    seen = []
    before = r.sql("SELECT count(*) FROM calls")[0][0]
    for node in (FIRST, SECOND):
        sip = r.system.site.site.at(node).ports.sip
        with RawLine(0, sip) as line:
            seen += [line.invite("114", f"<sip:{PROBE_IN}@x>", header), line.message("x", "114", f"<sip:{PROBE_IN}@x>")]
    need(seen == [401] * 4, f"answered {seen}")
    need(r.sql("SELECT count(*) FROM calls")[0][0] == before, "a stranger's call came in")
    with RawLine(r.second_carrier, r.system.site.site.at(SECOND).ports.sip) as line:
        asserted = f"P-Asserted-Identity: <sip:{number}@x>\r\n"
        said = line.invite("114", f"<sip:{PROBE_IN}@x>", header + asserted)
    need(said == 200, f"a carrier that says so was answered {said}")
    call = r.shown(lan, number, "abandoned", "ended")
    need(not _alarms(lan, "number_silent"), "a number was called silent")
    return f"strangers: 401 each, no call; a carrier with the probe's name and token: an ordinary call, {call['call']}"


def added_position() -> str:
    """From the admin's screen to both nodes; and refused, with its reason, while one of them is away."""
    r = two()
    hung = r.console("hung")
    position = f"N{r.number()[-3:]}"
    hung.do(f'addpos {position} "Bàn thêm" 115')
    asterisks = r.system.asterisks.values()
    until(lambda: all(position in it.ask("queue show") for it in asterisks), f"{position} in queues of both", 20.0)
    confirmed = "SELECT 1 FROM journal WHERE type = 'PositionAdded' AND payload::text LIKE %s"
    until(lambda: r.sql(confirmed, f"%{position}%"), "the confirmation in the journal")
    r.system.asterisks[SECOND].kill9()
    until(lambda: f"telephony_blind:{SECOND}" in hung.report()["alarms"], f"{SECOND} away")
    before = r.system.site.file.read_text("utf-8")
    hung.do('addpos N99 "Bàn 99" 115')
    told = until(lambda: [it for it in hung.notices if it["code"] == "position_refused"], "the admin told", 20.0)
    need(SECOND in told[-1]["sentence"], told[-1]["sentence"])
    need(r.system.site.file.read_text("utf-8") == before, "the site file was changed")
    need("N99" not in r.system.asterisks[FIRST].ask("queue show"), f"{FIRST} has it nevertheless")
    return f"{position} at both; with {SECOND} away: “{told[-1]['sentence']}”"


def carrier_off() -> str:
    r = two()
    lan = r.console("lan")
    wanted = [f"trunk_down:viettel@{node}" for node in (FIRST, SECOND)]

    def down() -> list[str]:
        return sorted(_alarms(lan, "trunk_down:viettel"))

    with r.calling():
        back = _took(lambda: not down(), "no alarm while the carrier answers", 20.0)
    alarmed = _took(lambda: down() == wanted, f"{wanted}, seen {down()}", 20.0)
    reach = {key: value["reachable"] for key, value in _shown(r, "trunk").items() if key.startswith("viettel")}
    need(set(reach.values()) == {False}, f"shown as {reach}")
    with r.calling():
        again = _took(lambda: not down(), "gone by themselves", 20.0)
    end()
    return f"off the line: {wanted} after {alarmed:.1f} s; on it again: gone after {again:.1f} s, {back:.1f} s at first"


SCENARIOS = [
    Scenario("two nodes, one queue", "the next caller is who has waited longest, on whichever node", one_queue),
    Scenario(
        "a phone that talks at one node", "the other does not ring it, also without the core, and does when it is free",
        busy_phone,
    ),
    Scenario(
        "kill -9 of one node of two", "only its calls end, incidents stay, the other's call goes on; alarm and return",
        node_killed,
    ),
    Scenario("synthetic calls", "all numbers are heard at all nodes; nothing comes of it", probes),
    Scenario("the dialplan of 114 broken alone", "an alarm for 114 at that node alone, gone by itself", broken_number),
    Scenario("a stranger plays the probe", "401; a carrier that does is an ordinary caller", stranger),
    Scenario("a position for two nodes", "both have it, or neither and the reason is said", added_position),
    Scenario("a carrier off the line", "an alarm for each node, gone by itself", carrier_off),
]  # fmt: skip
