"""Whose phone rings and about what: calls that drop and ring again, folding, readiness, wrap-up."""

from __future__ import annotations

import time
from typing import Any

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import OVERFLOW_S, Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from scripts.stage.headless.operators import short

POLICE = {"B01", "B02", "B06"}
WRAP_UP_S = 4


def calls_of(console: Console, number: str) -> list[dict[str, Any]]:
    return [it for it in list(console.calls.values()) if it.get("number") == number]


def _second(console: Console, number: str, first: str) -> dict[str, Any] | None:
    """Another call of the number, once it is known what it is about."""
    return next((it for it in calls_of(console, number) if it["call"] != first and it["incident"]), None)


def dropped() -> str:
    """A line that drops in mid-talk: the number rings again and is the same incident; split undoes."""
    r = rig()
    lan = r.console("lan")
    number = r.number()
    with r.calling(Caller("113", number, patience=6.0)) as carrier:
        first = r.answered(lan, number)
        need(carrier.wait(20.0), "the first call never ended")
    with r.calling(Caller("113", number)):
        again = until(lambda: _second(lan, number, first["call"]), "the second call")
        need(again["incident"] == first["incident"], f"the second call opened {again['incident']}")
        until(lambda: any(it["code"] == "rang_again" for it in lan.notices), "its owner told that it rang again")
        lan.do(f"a {again['call']}")
        until(lambda: lan.report()["form"] == first["incident"], "the form of that incident")
        lan.do("tach")
        until(lambda: lan.calls[again["call"]]["incident"] != first["incident"], "an incident of its own")
        own = lan.calls[again["call"]]["incident"]
    stored = dict(r.sql("SELECT id, incident FROM calls WHERE number = %s", number))
    need(stored == {first["call"]: first["incident"], again["call"]: own}, f"stored as {stored}")
    r.in_step("lan")
    return f"joined {first['incident']} and popped there; split into {own} by one key"


def folded() -> str:
    """Two callers about one fire: folded into one, and out again, on every screen and in the rows."""
    r = rig()
    lan, thao = r.console("lan"), r.console("thao")
    one, other = r.number(), r.number()
    with r.calling(Caller("113", one), Caller("113", other)):
        first = r.shown(lan, one, "queued", "ringing")
        second = r.shown(lan, other, "queued", "ringing")
        into, source = first["incident"], second["incident"]
        lan.do(f"a {one}")
        lan.do(f"n {short(source)} khói đen ở tầng ba")
        lan.do(f"leg 114 {short(source)}")
        lan.do(f"gop {short(source)} {short(into)}")
        for console in (lan, thao):
            until(lambda it=console: it.incidents[source]["folded"] == into, f"folded on {console.user}'s console")
            need(set(lan.incidents[into]["calls"]) == {first["call"], second["call"]}, "both calls in one")
        need(lan.incidents[into]["legs"]["fire"]["state"] == "open", "the leg that was wanted went along")
        sql = "SELECT incident FROM calls WHERE id = %s"
        need(r.sql(sql, second["call"]) == [(into,)], f"stored as {r.sql(sql, second['call'])}")
        no = lan.type(f"gop {short(into)} {short(into)}")
        need(no.code == "same_incident", f"folded into itself: {no}")
        lan.do(f"bogop {short(source)}")
        until(lambda: lan.incidents[source]["calls"] == [second["call"]], "the second call back in its own incident")
        need(r.sql(sql, second["call"]) == [(source,)], f"stored as {r.sql(sql, second['call'])}")
    r.in_step("lan", "thao")
    return f"{short(source)} into {short(into)} with its caller, note and leg; undone: each as it was"


def not_ready() -> str:
    """A position at its meal is not rung; its whole service away, the caller overflows and a supervisor is alarmed."""
    r = rig()
    lan, minh, thao = r.console("lan"), r.console("minh"), r.console("thao")
    try:
        lan.do("nghi com")
        until(lambda: thao.report()["duty"].get("B01") == "not_ready", "the supervisor sees it")
        number = r.number()
        with r.calling(Caller("113", number, patience=4.0)) as carrier:
            first = set(r.shown(thao, number, "ringing")["ringing"])
            need("B01" not in first and first, f"rang at {first}")
            need(carrier.wait(20.0), "the caller stayed")
        minh.do("nghi hop")
        number = r.number()
        with r.calling(Caller("113", number)) as carrier:
            key = until(
                lambda: next((it for it in thao.report()["alarms"] if it == "nobody_ready:police"), ""), "the alarm"
            )
            began = carrier.calls[0].invited
            rung = until(lambda: set(r.shown(thao, number, "ringing", seconds=25.0)["ringing"]) & {"B01"}, "overflow")
            waited = time.monotonic() - began
            lan.do(f"a {number}")  # by key it may still be answered
            r.shown(lan, number, "answered")
            lan.do("h")
        until(lambda: key not in thao.report()["alarms"], "the alarm over by itself")
    finally:
        for console in (lan, minh):
            console.type("ss")
    need(bool(rung), "no overflow")
    return f"rang at {sorted(first)} without B01; all away: alarm, overflow after {waited:.1f} s ({OVERFLOW_S} set)"


def told_again() -> str:
    """The switch starts anew and has forgotten every pause: it is told again who is not ready."""
    r = rig()
    lan = r.console("lan")
    try:
        lan.do("nghi ve sinh")
        until(lambda: _paused(r) >= {"B01"}, "B01 paused at the switch")
        r.system.asterisk.kill9()
        r.system.asterisk.start()
        until(lambda: _paused(r) >= {"B01"}, "B01 paused again after the switch's restart", 25.0)
        r.system.core.kill9()
        r.start_core()
        r.system.wait_for_core()
        until(lambda: lan.report()["duty"].get("B01") == "not_ready", "still not ready after the core's restart", 25.0)
        r.in_step("lan", seconds=25.0)
    finally:
        lan.type("ss")
    until(lambda: "B01" not in _paused(r), "B01 unpaused")
    return "paused in its service's queues again after either restart; ready: rung again"


def _paused(r: Rig) -> set[str]:
    """Positions whose phones the switch does not ring for 113."""
    lines = r.system.asterisk.ask("queue show q-police").splitlines()
    return {it.split()[0] for it in lines if "(PJSIP/" in it and "(paused" in it}


def wrapped_up() -> str:
    """After a call the phone stays silent for the site's time, and one key ends it earlier."""
    r = rig()
    lan = r.console("lan")
    file = r.system.site.file
    was = file.read_text("utf-8")
    need("wrap_up = 0" in was, "the site has no wrap_up")
    try:
        file.write_text(was.replace("wrap_up = 0", f"wrap_up = {WRAP_UP_S}"), "utf-8")
        r.system.core.kill9()
        r.start_core()
        r.system.wait_for_core()
        r.in_step("lan", seconds=25.0)
        took = _one_call(r, lan)
        until(lambda: lan.report()["duty"].get("B01") == "ready", "ready by itself", WRAP_UP_S + 5.0)
        took = time.monotonic() - took
        need(took > WRAP_UP_S - 1.5, f"ready again after {took:.1f} s")
        _one_call(r, lan)
        lan.do("ss")
        need(lan.report()["duty"].get("B01") == "ready", "not ready by key")
    finally:
        file.write_text(was, "utf-8")
        r.system.core.kill9()
        r.start_core()
        r.system.wait_for_core()
    return f"silent for {took:.1f} s ({WRAP_UP_S} set), then ready; the second time by key at once"


def _one_call(r: Rig, console: Console) -> float:
    """A call answered and ended; the moment at which the wrap-up was seen."""
    number = r.number()
    with r.calling(Caller("113", number)):
        r.answered(console, number)
        console.do("h")
        until(lambda: console.report()["duty"].get("B01") == "wrap_up", "the wrap-up")
        seen = time.monotonic()
        need("B01" in _paused(r) or until(lambda: "B01" in _paused(r), "paused"), "not paused")
    return seen


SCENARIOS = [
    Scenario("a call drops and rings again", "the same incident, told; split by one key", dropped),
    Scenario("two callers, one incident", "folded with calls, note and legs; and unfolded", folded),
    Scenario("not ready", "not rung; the caller still rings somewhere; an alarm when nobody is ready", not_ready),
    Scenario("not ready, and everything starts anew", "the switch is told again", told_again),
    Scenario("wrap-up", f"silent for {WRAP_UP_S} s after a call, or until a key", wrapped_up),
]
