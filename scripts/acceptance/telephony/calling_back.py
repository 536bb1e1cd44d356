"""Missed calls and calling back: over real SIP, from a real console, with the switch's own events counted."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.callers import ANSWERS, Caller
from scripts.stage.consoles import Console
from scripts.stage.phones import Habit
from telephony.dialplan_events import CALLBACK_DIALLING, CALLBACK_ENDED, CALLBACK_REACHED
from tests.system.voice_stage import Ear

SOON = Habit(lift_after=0.3, talk=1.0)
GIVES_UP_S = 1.5
UNANSWERED_S = 35.0
"""A caller whom the switch does not take at all cancels before that."""

SAYS_AGAIN_S = 20.0
"""So long a caller says that it has hung up, until the switch says yes."""

POSITION = "B01"


def missed(r: Rig, console: Console, number: str) -> dict[str, Any]:
    """The line of this number on the console's list, or nothing."""
    lines: list[dict[str, Any]] = console.report()["missed"]
    return next((line for line in lines if line["number"] == number), {})


def given_up(r: Rig, console: Console, number: str, dial: str = "113", **more: Any) -> dict[str, Any]:
    """A caller who gave up; the line. The carrier stays there until the switch itself has hung up: taken off the line
    sooner, it would not say again what a busy switch has not heard."""
    node = more.get("node", "")
    before = {fields[0] for fields in r.channels(node)}
    with r.calling(Caller(dial, number, patience=GIVES_UP_S), **more) as carrier:
        need(carrier.wait(UNANSWERED_S + GIVES_UP_S), "the caller never gave up")
        until(lambda: {fields[0] for fields in r.channels(node)} <= before, "the switch's own hang-up", SAYS_AGAIN_S)
    return listed(r, console, number)


def listed(r: Rig, console: Console, number: str, **wanted: Any) -> dict[str, Any]:
    def line() -> dict[str, Any]:
        found = missed(r, console, number)
        return found if found and all(found[name] == value for name, value in wanted.items()) else {}

    found: dict[str, Any] = until(line, f"the line of {number} with {wanted}, seen {missed(r, console, number)}", 25.0)
    return found


def on_its_way(console: Console) -> str:
    ours = (it for it in list(console.calls.values()) if it["call"].startswith("cb"))
    return next((it["call"] for it in ours if it["state"] == "arriving"), "")


def off(r: Rig, console: Console, number: str, seconds: float = 15.0) -> None:
    until(lambda: not missed(r, console, number), f"{number} off the list", seconds)


@contextmanager
def ear(r: Rig) -> Iterator[Ear]:
    """A second reader of the switch's events."""
    secret = r.system.site.ami_secret.read_text("utf-8").strip()
    heard = Ear(r.system.site.site.at(r.system.site.node).ports.ami, secret)
    try:
        yield heard
    finally:
        heard.close()


def begun(heard: Ear) -> list[str]:
    """The first channels of call-backs that the switch made, in order."""
    made = [one.headers for one in heard.heard if one.name == "Newchannel"]
    return [it["Uniqueid"] for it in made if it["Uniqueid"].startswith("cb")]


def dialled(heard: Ear) -> int:
    """Calls that the switch made to a carrier."""
    return sum(one.name == "Newchannel" and one.headers["Channel"].startswith("PJSIP/v") for one in heard.heard)


def reached() -> str:
    """Trace 04, live: the position's phone picks up by itself, the number is dialled, answered, and hung up there."""
    r = rig()
    lan, thao = r.console("lan"), r.console("thao")
    number = r.number()
    line = given_up(r, lan, number)
    with ear(r) as heard, r.calling(called=SOON):
        lan.do(f"gl {number}")
        heard.told(CALLBACK_DIALLING, 15.0, Position=POSITION, Number=number)
        heard.told(CALLBACK_REACHED, 15.0)
        off(r, lan, number)
        off(r, thao, number)
        heard.told(CALLBACK_ENDED, 15.0, Outcome="ANSWER")
        made = begun(heard)
    need(len(made) == 1, f"channels of call-backs: {made}")
    rows = "SELECT state, answered_at, incident, recording FROM calls WHERE id = %s AND state = 'ended'"
    stored = until(lambda: r.sql(rows, made[0]), "the call-back as ended in the database")[0]
    need(stored[1] and stored[2] == line["incident"] and made[0] in stored[3], f"stored as {stored}")
    row = r.sql("SELECT ended, calls, tries, by_call FROM missed WHERE id = %s", line["line"])[0]
    need(row == ("called_back", 1, 1, made[0]), f"the line is stored as {row}")
    r.in_step("lan", "thao")
    return f"reached by {made[0][:8]}…, recorded, of incident {line['incident']}; off both lists; one order"


def not_reached() -> str:
    """Busy, then nobody there: the line stays and says so."""
    r = rig()
    lan = r.console("lan")
    number = r.number()
    given_up(r, lan, number)
    said = []
    with r.calling(called=Habit(busy=True)):
        lan.do(f"gl {number}")
        said.append(listed(r, lan, number, outcome="busy", tries=1)["outcome"])
    with r.calling(called=Habit(lift_after=None)) as _:
        lan.do(f"gl {number}")
        ident = until(lambda: on_its_way(lan), "the call-back on its way")
        time.sleep(1.5)  # it rings there
        lan.do(f"h {ident}")
        said.append(listed(r, lan, number, outcome="given_up", tries=2)["outcome"])
    notices = [it["code"] for it in lan.notices]
    need(notices.count("call_back_ended") >= 2, f"told: {notices}")
    return f"{said}, each told to who called; still on the list"


def rings_again() -> str:
    """The same number rings again: nothing changes until it is answered; then the line is gone."""
    r = rig()
    lan, thao = r.console("lan"), r.console("thao")
    number = r.number()
    line = given_up(r, lan, number)
    with r.calling(Caller("113", number)):
        until(
            lambda: any(it["number"] == number and it["state"] in ("queued", "ringing") for it in lan.calls.values()),
            "the number ringing again",
        )
        need(missed(r, lan, number), "off the list while it only rang")
        no = lan.type(f"gl {number}")
        need(no.code == "caller_is_live", f"a call-back while the caller rings: {no}")
        lan.do(f"a {number}")
        off(r, lan, number)
        off(r, thao, number)
    row = r.sql("SELECT ended, ended_by FROM missed WHERE id = %s", line["line"])[0]
    need(row == ("rang_again", "lan"), f"stored as {row}")
    joined = r.sql("SELECT count(*) FROM calls WHERE incident = %s", line["incident"])[0][0]
    need(joined == 2, f"{joined} calls in the incident")
    return "a call-back was refused while it rang; answered, it was off both lists, in the same incident"


def phone_not_lifted() -> str:
    """Trace 04c, live: the position's own phone is not lifted; the number was never dialled."""
    r = rig()
    lan = r.console("lan")
    number = r.number()
    given_up(r, lan, number)
    r.phone(POSITION, Habit(auto_answer=False))
    with ear(r) as heard, r.calling(called=ANSWERS):
        lan.do(f"gl {number}")
        listed(r, lan, number, outcome="no_pick_up", tries=1)
        need(len(begun(heard)) == 1 and not dialled(heard), f"{begun(heard)}, {dialled(heard)} calls to the carrier")
    r.phone(POSITION, Habit())
    return "after 15 s: our own phone was not lifted; nothing went to the carrier; still on the list"


def core_killed() -> str:
    """Between the intent and its outcome the core is killed; the call goes on without it, and is found."""
    r = rig()
    lan = r.console("lan")
    number = r.number()
    given_up(r, lan, number)
    r.phone(POSITION, Habit(auto_answer=False, lift_after=6.0))
    with ear(r) as heard, r.calling(called=Habit(lift_after=1.0, talk=8.0)):
        lan.do(f"gl {number}")
        until(lambda: begun(heard), "the order at the switch")
        r.system.core.kill9()
        r.start_core()
        r.system.wait_for_core()
        off(r, lan, number, 25.0)
        made, calls = begun(heard), dialled(heard)
    need(len(made) == 1 and calls == 1, f"ordered {made}, {calls} calls to the carrier")
    return "found at the switch by its id and followed to its end: one order, one call to the carrier"


def switch_killed() -> str:
    """The link hangs after the order, then the switch is gone: whether it rang nobody knows, and that is said."""
    r = rig()
    lan = r.console("lan")
    number = r.number()
    given_up(r, lan, number)
    asterisk = r.system.asterisk
    os.kill(asterisk.pid, signal.SIGSTOP)
    try:
        lan.do(f"gl {number}")
        until(lambda: any(it["code"] == "call_back_unsure" for it in lan.notices), "“not known” told to who called")
    finally:
        asterisk.kill9()
    asterisk.start()
    line = listed(r, lan, number, outcome="unknown", tries=1)
    alarms = [key for key in lan.report()["alarms"] if key.startswith("call_back_unknown")]
    need(len(alarms) == 1, f"alarms: {alarms}")
    with ear(r) as heard, r.calling(called=SOON):
        time.sleep(6.0)  # a look and more: nothing is ordered again by itself
        need(not begun(heard) and not dialled(heard), f"ordered by itself: {begun(heard)}")
        lan.do(f"alarm {alarms[0]}")
        lan.do(f"gl {number}")
        off(r, lan, number)
        need(len(begun(heard)) == 1, f"orders: {begun(heard)}")
    return f"tried {line['tries']} time, unknown, alarm; not ordered again until a person did, then reached"


SCENARIOS = [
    Scenario("called back and reached (trace 04)", "one order under its own id; off every list; recorded", reached),
    Scenario("called back, not reached", "the line stays and says why, each time", not_reached),
    Scenario("the same number rings again", "off the list when it is answered, not before", rings_again),
    Scenario("our own phone is not lifted (trace 04c)", "said; nobody was dialled; on the list", phone_not_lifted),
    Scenario("the core killed in mid-call-back", "never ordered twice; found by its id", core_killed),
    Scenario("the switch lost after the order", "unknown, said, an alarm; never again by itself", switch_killed),
]
