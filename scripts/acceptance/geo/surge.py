"""Calls about one thing: proposed with reasons, folded with one key and back; a surge told to those who wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import SEATS, Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from scripts.stage.headless.operators import short
from scripts.stage.key_caller import KeyCaller

CROSSING = (10.80160, 106.71170, 25.0)  # Hàng Xanh
NEAR = (10.80290, 106.71170, 40.0)  # 145 m north of it
FAR = (10.77210, 106.69830, 25.0)  # Chợ Bến Thành
WORDS_S = 3.0  # without a pause; a ring lasts one second
WITHIN_S = 12.0  # the switch looks every three seconds; asking for it takes a little


def _report(console: Console) -> dict[str, Any]:
    return console.report()


def _alike(console: Console, incident: str) -> dict[str, Any] | None:
    return next((it for it in _report(console)["alike"] if it["other"] == incident), None)


@contextmanager
def _taken(r: Rig, console: Console, dial: str, where: tuple[float, float, float]) -> Iterator[dict[str, Any]]:
    """A caller from there whom the console answers; its form shows the call."""
    number = r.number()
    with r.calling(Caller(dial, number, patience=60, location=where)):
        call = r.answered(console, number)
        until(lambda: _report(console)["form"] == call["incident"], "the form of the call")
        yield call
        console.do("h")
        r.shown(console, number, "ended")


def folded() -> str:
    r = rig()
    lan, minh = r.console("lan"), r.console("minh")
    r.console("thao")  # who closes what is left over
    with _taken(r, lan, "115", CROSSING) as call:
        first = call["incident"]
        lan.do("t tngt")
        lan.do("n xe tải đụng xe máy")
    with _taken(r, minh, "113", NEAR) as call:
        second = call["incident"]
        found = until(lambda: _alike(minh, first), "the proposal, before anything is typed")
        need(found["kind"] == "same" and 100 < found["metres"] < 200, f"{found}")
        minh.do("n xe tải cán xe máy")
        until(lambda: "xe" in " ".join((_alike(minh, first) or {"words": ()})["words"]), "the same words")
        shown = _report(minh)["same"]
        need(short(first) in shown, f"the form says “{shown}”")
        minh.key("F4")
        until(lambda: minh.incidents[second]["folded"] == first, "folded with one key")
        until(lambda: _report(minh)["form"] == first, "the form of what it is part of")
        need(len(minh.incidents[first]["calls"]) == 2, f"calls {minh.incidents[first]['calls']}")
        until(lambda: "2" in _callers(lan, first), "two callers on the other console")
        minh.key("Alt+Z")
        until(lambda: minh.incidents[second]["folded"] == "", "undone with one key")
        need(len(minh.incidents[first]["calls"]) == 1, f"calls {minh.incidents[first]['calls']}")
    return f"proposed at {found['metres']:.0f} m with {found['score']} points; folded with F4, two callers, undone"


def _callers(console: Console, incident: str) -> str:
    return str(len(console.incidents[incident]["calls"]))


def differs() -> str:
    """Far, or of another type: not proposed; what somebody says to differ is asked of nobody again."""
    r = rig()
    lan, minh = r.console("lan"), r.console("minh")
    with _taken(r, lan, "115", CROSSING) as call:
        first = call["incident"]
        lan.do("t tngt")
    with _taken(r, minh, "115", FAR):
        minh.do("t tngt")
        need(_alike(minh, first) is None, "proposed from the other side of the city")
    with _taken(r, minh, "113", NEAR) as call:
        third = call["incident"]
        until(lambda: _alike(minh, first), "the proposal without a type")
        minh.do("t trom")
        until(lambda: _alike(minh, first) is None, "no proposal with another type")
    with _taken(r, minh, "115", CROSSING) as call:
        fourth = call["incident"]
        until(lambda: _alike(minh, first), "the proposal of the fourth")
        minh.key("Alt+K")
        until(lambda: _alike(minh, first) is None, "no proposal after “not the same”")
        lan.do(f"{short(fourth)}")
        until(lambda: _report(lan)["form"] == fourth, "the other console at it")
        until(lambda: _alike(lan, first) is None, "nor on that one")
    need(minh.incidents[third]["folded"] == "", "folded by itself")
    return "far and another type: none; Alt+K hides the pair on both consoles"


@contextmanager
def _crowd(r: Rig, lan: Console) -> Iterator[str]:
    """Twelve call about a fire; one is answered and told of, the others wait. The fire's incident."""
    numbers = [r.number() for _ in range(12)]
    where = [(CROSSING[0] + n * 0.0002, CROSSING[1], 30.0) for n in range(12)]
    callers = [Caller("114", number, patience=110, location=at) for number, at in zip(numbers, where, strict=True)]
    with r.calling(*callers, rate=6.0):
        call = r.answered(lan, numbers[0])
        until(lambda: _report(lan)["form"] == call["incident"], "the form of the call")
        lan.do("t chay_xuong")
        lan.do("n cháy chợ, khói đen")
        yield call["incident"]


@contextmanager
def _one_more(r: Rig, dial: str = "114") -> Iterator[tuple[KeyCaller, str]]:
    """On a carrier of his own, so that what he hears is known."""
    number = r.number()
    with KeyCaller(r.second_carrier, r.system.site.site.ports.sip, dial, number) as one:
        one.wait_connected()
        yield one, number


def _call_of(console: Console, number: str) -> dict[str, Any]:
    it: dict[str, Any] = until(
        lambda: next((it for it in list(console.calls.values()) if it["number"] == number), None), f"{number} shown"
    )
    return it


def _on(console: Console) -> dict[str, Any]:
    found: dict[str, Any] = _report(console)["surge"].get("on", {})
    return found


def surge() -> str:
    r = rig()
    lan, thao = r.console("lan"), r.console("thao")
    with _crowd(r, lan) as fire:
        proposed = until(lambda: _report(thao)["surge"].get("proposed"), "the surge proposed to the supervisor", 20.0)
        need(short(proposed["incident"]) in _report(thao)["surge_bar"], "it is not on the supervisor's screen")
        thao.do(f"caodiem {short(fire)} cháy chợ, rất nhiều người gọi")
        with _one_more(r) as (one, who):
            began = time.monotonic()
            until(lambda: one.longest_s > WORDS_S, "the announcement in a waiting caller's ear", WITHIN_S + 10)
            heard = time.monotonic() - began
            own = _call_of(thao, who)["incident"]
            one.press("1")
            until(lambda: thao.incidents[own]["folded"] == fire, "his incident folded by itself")
            need(_on(thao)["noted"] == 1 and _on(thao)["joined"] == 1, f"{_on(thao)}")
            one.hang_up()
            until(lambda: _call_of(thao, who)["state"] == "abandoned", "he hung up")
        missed = {it["number"] for it in _report(thao)["missed"]}
        need(who not in missed, "counted, and yet among the missed calls")
        with _one_more(r) as (other, stays):
            lan.do("h")
            until(lambda: other.longest_s > WORDS_S, "the announcement again", WITHIN_S + 10)
            call = r.answered(lan, stays)
            need(call["incident"] != fire, "folded without a key")
            lan.do("h")
            r.shown(lan, stays, "ended")
        counts = _on(thao)
        thao.do("caodiem- đã khống chế")
        until(lambda: "/surge/" not in r.system.asterisk.ask("database show surge"), "the switch told that it is over")
    return f"proposed, heard after {heard:.0f} s, one key: counted and folded, not missed; {counts['told']} heard it"


def alone() -> str:
    """On, and then everything of ours is dead: callers hear it and ring phones, and it ends by its time."""
    r = rig()
    lan, thao = r.console("lan"), r.console("thao")
    with _taken(r, lan, "114", CROSSING) as call:
        lan.do("t chay_xuong")
    thao.do(f"caodiem {short(call['incident'])} cháy chợ")
    until(lambda: "/surge/fire" in r.system.asterisk.ask("database show surge"), "the switch told")
    r.system.core.kill9()
    seat = SEATS["minh"]
    with r.system.phones.soft(seat, r.system.site.site.ports.sip) as phone, _one_more(r) as (one, _):
        until(lambda: one.longest_s > WORDS_S, "the announcement with the core dead", WITHIN_S + 10)
        one.press("1")
        ringing = phone.rung()
        ringing.lift()
        until(lambda: seat in r.talking(), "the phone connected")
        ringing.hang_up()
    r.start_core()
    r.system.wait_for_core()
    until(lambda: _on(thao).get("incident") == call["incident"], "the surge still on after the core came back", 20.0)
    r.in_step("thao", seconds=25.0)  # until then a line waits to be confirmed
    thao.do("caodiem- hết")
    return "heard with the core dead, answered by a phone; still on and off again after it came back"


SCENARIOS = [
    Scenario("two callers about one crash", "proposed at once with reasons; F4 folds, Alt+Z undoes", folded),
    Scenario("a far one, another type, and “not the same”", "not proposed, to nobody", differs),
    Scenario("twelve callers about a fire", "a surge: told to who waits; a key counts, who stays is answered", surge),
    Scenario("a surge, and the core dies", "callers hear it, phones ring", alone),
]
