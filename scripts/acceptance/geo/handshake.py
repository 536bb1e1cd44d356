"""The handshake through the running core and real consoles: three legs, three stations, three clocks; who says no or
nothing is passed over by itself; every step stands in the incident's log."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from scripts.stage.headless.operators import short
from scripts.stage.secret_files import read_secret

CLOCKS = ("crew_seconds = [30, 45, 60, 90, 120]", "station_seconds = [45, 60, 90, 120, 180]")
SHORT_S = 5
ON_SCENE_S = 3
AT_TWICE = "10.8035,106.6943"
"""At the hospital of Gia Định, whose ambulance station has two crews with advanced life support."""


def legs_of(console: Console, incident: str) -> dict[str, dict[str, Any]]:
    legs: dict[str, dict[str, Any]] = console.incidents[incident]["legs"]
    return legs


def asked(console: Console, incident: str, service: str) -> list[dict[str, Any]]:
    """The offers of a leg that wait for an answer."""
    return [it for it in legs_of(console, incident)[service]["offers"] if it["outcome"] == "pending"]


def offers(console: Console, incident: str, service: str) -> list[tuple[str, str]]:
    return [(it["station"], it["outcome"]) for it in legs_of(console, incident)[service]["offers"]]


def located(r: Rig, console: Console, kind: str = "tngt ket", place: str = "chợ Bến Thành") -> str:
    """An incident of this type at this place, its legs routed and with candidates; its caller has hung up."""
    number = r.number()
    with r.calling(Caller("113", number)):
        incident: str = r.answered(console, number)["incident"]
        console.do(f"@ {place} {short(incident)}")
        console.do(f"t {kind} {short(incident)}")
        console.do(f"h {number}")
        r.shown(console, number, "ended")
    until(lambda: _routed(console, incident), f"routing of {incident}")
    console.type(f"#{int(incident.rpartition('-')[2])}")
    return incident


def _routed(console: Console, incident: str) -> bool:
    legs = legs_of(console, incident).values()
    return bool(legs) and all(leg["zone"] and leg["candidates"] for leg in legs)


@contextmanager
def site_with(r: Rig, *changes: tuple[str, str]) -> Iterator[None]:
    """The core on a site's file with these changes, and afterwards on the old one."""
    file = r.system.site.file
    was = file.read_text("utf-8")
    text = was
    for old, new in changes:
        need(old in text, f"the site has no {old!r}")
        text = text.replace(old, new)
    try:
        file.write_text(text, "utf-8")
        _anew(r)
        yield
    finally:
        file.write_text(was, "utf-8")
        _anew(r)


def _anew(r: Rig) -> None:
    r.system.core.kill9()
    r.start_core()
    r.system.wait_for_core()
    r.in_step(*[user for user, it in r.consoles.items() if it.alive], seconds=25.0)


def short_clocks() -> tuple[tuple[str, str], ...]:
    return tuple((old, f"{old.partition(' ')[0]} = {[SHORT_S] * 5}") for old in CLOCKS)


def said(console: Console, *parts: str) -> list[str]:
    """The lines of the log; each of `parts` stands in one of them."""
    story: list[str] = []

    def told() -> bool:
        story[:] = console.story()
        return all(any(part in line for line in story) for part in parts)

    try:
        until(told, "the log")
    finally:
        for line in story:
            print(f"        {line}", flush=True)
    return story


# --- the rows ---------------------------------------------------------------------------------------------------------


def three_clocks() -> str:
    """A crash with a trapped rider: one key asks three stations."""
    r = rig()
    lan = r.console("lan")
    incident = located(r, lan)
    legs = legs_of(lan, incident)
    need(set(legs) == {"ambulance", "fire", "police"}, f"legs {sorted(legs)}")
    lan.do("dn")
    until(lambda: all(asked(lan, incident, it) for it in legs), "three offers")
    standing = {it: asked(lan, incident, it)[0] for it in legs}
    stations = {it["station"] for it in standing.values()}
    need(len(stations) == 3 and all(it["to"] == "station" for it in standing.values()), f"asked {standing}")
    now = time.time() * 1000
    left = {service: (it["until"] - now) / 1000 for service, it in standing.items()}
    need(all(30 < seconds <= 46 for seconds in left.values()), f"seconds left: {left}")
    for service, offer in standing.items():
        lan.do(f"nhan {offer['station']} {offer['unit']}")
        until(lambda it=service: legs_of(lan, incident)[it]["units"], f"a unit on the {service} leg")
    sql = "SELECT count(*) FROM assignments WHERE incident = %s AND released_at IS NULL"
    until(lambda: r.sql(sql, incident)[0][0] == 3, "three live assignments in the rows")
    said(lan, "trả lời trong 45 s", "nhận, cử")
    return f"asked {sorted(stations)}, {min(left.values()):.0f} s on each clock; each named its crew"


def twice() -> str:
    """The zone's station says no for its first crew, is asked for the second, says no: passed over by itself."""
    r = rig()
    lan, thao = r.console("lan"), r.console("thao")
    incident = located(r, lan, place=AT_TWICE)
    lan.do("dn 115")
    (first,) = until(lambda: asked(lan, incident, "ambulance"), "an offer")
    lan.do(f"tc {first['station']} xe hong")
    (second,) = until(lambda: _other(lan, incident, "ambulance", first), "the next offer")
    need(second["station"] == first["station"] and second["unit"] != first["unit"], f"then {second} after {first}")
    lan.do(f"tc {second['station']} het nguoi")
    (third,) = until(lambda: _other(lan, incident, "ambulance", second), "the one after")
    need(third["station"] != first["station"], f"then {third}")
    until(lambda: offers(thao, incident, "ambulance")[-1] == (third["station"], "pending"), "on the other console")
    story = said(lan, "từ chối: xe hỏng", "từ chối: het nguoi", "trạm đã từ chối nhiều lần")
    passed = next(line for line in story if "trạm đã từ chối" in line)
    return f"{first['station']} for {first['unit']} and {second['unit']}: no; then {third['station']} | {passed}"


def _other(console: Console, incident: str, service: str, than: dict[str, Any]) -> list[dict[str, Any]]:
    return [it for it in asked(console, incident, service) if it["offer"] != than["offer"]]


def run_out() -> str:
    """Nobody answers: the clock passes on, and keeps its end over a restart of the core in mid-offer."""
    r = rig()
    lan = r.console("lan")
    with site_with(r, *short_clocks()):
        lan = r.console("lan")
        incident = located(r, lan)
        lan.do("dn 113 xe")
        (first,) = until(lambda: asked(lan, incident, "police"), "an offer")
        r.system.core.kill9()
        r.start_core()
        r.system.wait_for_core()
        (second,) = until(lambda: _other(lan, incident, "police", first), "the next crew", 20.0)
        late = time.time() - first["until"] / 1000
        one = next(it for it in legs_of(lan, incident)["police"]["offers"] if it["offer"] == first["offer"])
        need(one["outcome"] == "expired" and one["until"] == first["until"], f"{one}")
        until(lambda: lan.report()["in_step"] and not lan.report()["stale"], "the console in step")
        lan.do(f"nhan {second['unit']}")
        said(lan, "hết giờ, không trả lời")
        free = r.sql("SELECT count(*) FROM assignments WHERE unit = %s AND released_at IS NULL", first["unit"])[0][0]
        need(free == 0, f"{first['unit']} is still assigned")
    return f"{first['unit']} asked for {SHORT_S} s, core killed meanwhile; {second['unit']} asked {late:.1f} s after"


def race() -> str:
    """More crews are asked than there are places, as the plan says; two say yes at the same moment to the last one:
    one goes, the other is told who was first."""
    r = rig()
    lan, minh = r.console("lan"), r.console("minh")
    incident = located(r, lan)
    lan.do(f"cap 2 {short(incident)} nhiều người bị thương")
    until(lambda: legs_of(lan, incident)["ambulance"]["candidates"][5:], "six ambulances to ask")
    lan.do("dn 115 xe")
    until(lambda: len(asked(minh, incident, "ambulance")) == 6, "six asked for three places, on both consoles")
    *first, one, other = (it["unit"] for it in asked(minh, incident, "ambulance")[:4])
    best = (one, other)
    for unit in first:
        lan.do(f"nhan {unit}")
    until(lambda: len(asked(minh, incident, "ambulance")) == 4, "one place left, four asked")
    numbers = lan.post(f"nhan {best[0]}"), minh.post(f"nhan {best[1]}")
    answers = lan.outcome(numbers[0]), minh.outcome(numbers[1])
    yes = [it.accepted for it in answers]
    need(yes.count(True) == 1, f"accepted: {answers}")
    loser = answers[yes.index(False)]
    need(loser.code in ("offer_over", "no_offer"), f"told {loser}")
    until(lambda: not asked(lan, incident, "ambulance"), "nobody else is asked")
    units = legs_of(lan, incident)["ambulance"]["units"]
    need(sorted(units) == sorted([*first, best[yes.index(True)]]), f"units on the leg: {units}")
    live = r.sql("SELECT unit FROM assignments WHERE incident = %s AND released_at IS NULL", incident)
    need(sorted(row[0] for row in live) == sorted(units), f"live assignments {live}")
    return f"{' and '.join(first)}, then {best[yes.index(True)]} goes; the other: “{loser.sentence}”"


def _post(r: Rig, token: str, path: str, **body: Any) -> tuple[int, Any]:
    address = r.system.site.core_url.removeprefix("https://")
    trust = ssl.create_default_context(cafile=str(r.system.site.certificate.authority))
    link = http.client.HTTPSConnection(address, timeout=5, context=trust)
    try:
        method = "POST" if body else "GET"
        link.request(method, path, json.dumps(body) if body else None, {"Authorization": f"Bearer {token}"})
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        link.close()


def over_https() -> str:
    """A station's own system lists what waits, declines and accepts, once for one id; a wrong token does nothing."""
    r = rig()
    lan = r.console("lan")
    token = read_secret(r.system.site.tokens["stations"])
    incident = located(r, lan)
    lan.do("dn 115")
    (first,) = until(lambda: asked(lan, incident, "ambulance"), "an offer")
    status, listed = _post(r, token, "/v1/offers")
    need(status == 200 and first["offer"] in [it["offer"] for it in listed], f"listed {listed}")
    path = f"/v1/offers/{first['offer']}"
    status, no = _post(r, token + "x", f"{path}/decline", id="w", reason="x")
    need((status, no["code"]) == (401, "bad_token"), f"wrong token: {status} {no}")
    declines = [_post(r, token, f"{path}/decline", id=incident, why="vehicle-fault") for _ in range(2)]
    need(declines[0] == declines[1] and declines[0][0] == 200, f"{declines}")
    (second,) = until(lambda: _other(lan, incident, "ambulance", first), "the next offer")
    many: list[tuple[int, Any]] = []
    yes = partial(_post, r, token, f"/v1/offers/{second['offer']}/accept")
    threads = [threading.Thread(target=lambda n=n: many.append(yes(id=f"{incident}-{n}"))) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    need(sorted(it[0] for it in many) == [200, 409, 409, 409], f"four at once: {many}")
    need(all(it[1]["code"] == "offer_over" for it in many if it[0] == 409), f"{many}")
    until(lambda: len(legs_of(lan, incident)["ambulance"]["units"]) == 1, "one unit on the leg")
    said(lan, "từ chối: xe hỏng", "nhận, cử")
    return f"{first['station']}: one no for two requests; {second['station']}: one yes of four at once"


def nobody_left() -> str:
    """Everybody says no: a critical alarm with the supervisor, which goes when somebody is sent."""
    r = rig()
    lan, thao = r.console("lan"), r.console("thao")
    with site_with(r, ("most = 20", "most = 3")):
        lan, thao = r.console("lan"), r.console("thao")
        incident = located(r, lan, "cuop")
        lan.do("dn 113")
        for count in (1, 2, 3):
            (offer,) = until(lambda n=count: _numbered(lan, incident, "police", n), f"offer {count}")
            lan.do(f"tc {offer['station']} qua xa")
        key = f"offers_exhausted:{incident}.police"
        until(lambda: key in thao.report()["alarms"], "the alarm on the supervisor's console")
        told = until(lambda: _alarmed(thao, incident), "the supervisor told")
        need(legs_of(lan, incident)["police"]["spent"], "the leg does not say so")
        said(lan, "không còn ai để đề nghị")
        unit = legs_of(lan, incident)["police"]["candidates"][-1:] or ["C9"]
        lan.do(f"d {unit[0]} {short(incident)}")
        until(lambda: key not in thao.report()["alarms"], "the alarm over by itself")
    return f"after three no: “{told}”; over when {unit[0]} was sent"


def _numbered(console: Console, incident: str, service: str, number: int) -> list[dict[str, Any]]:
    return [it for it in asked(console, incident, service) if it["offer"].endswith(f".{number}")]


def _alarmed(console: Console, incident: str) -> str:
    words = f"{short(incident)} "
    return next(
        (it["sentence"] for it in console.notices if "không còn ai" in it["sentence"] and words in it["sentence"]), ""
    )


def looked_after() -> str:
    """A crew on scene of which nobody hears is an alarm; one key begins its clock anew."""
    r = rig()
    lan, thao = r.console("lan"), r.console("thao")
    with site_with(r, ("on_scene = 1200", f"on_scene = {ON_SCENE_S}")):
        lan, thao = r.console("lan"), r.console("thao")
        incident = located(r, lan, "cuop")
        unit = legs_of(lan, incident)["police"]["candidates"][0]
        lan.do(f"d {unit} {short(incident)}")
        lan.do(f"/st {unit} toi")
        began = time.monotonic()
        key = f"crew_unchecked:{unit}"
        until(lambda: key in thao.report()["alarms"], "the alarm")
        took = time.monotonic() - began
        lan.do(f"at {unit}")
        until(lambda: key not in thao.report()["alarms"], "the alarm over")
        until(lambda: key in thao.report()["alarms"], "the alarm again, as nobody checked since")
        lan.do(f"/st {unit} ve")
        until(lambda: key not in thao.report()["alarms"], "over with another status")
        said(lan, "quá giờ ở trạng thái", "kiểm tra an toàn, ổn")
    return f"alarm {took:.1f} s after arrival ({ON_SCENE_S} set), checked, again, and over with the next status"


SCENARIOS = [
    Scenario(
        "a crash with a trapped rider", "three legs, three stations, three clocks with one key; each names its crew",
        three_clocks,
    ),
    Scenario("a station declines twice", "it is passed over by itself, the next is asked; the log says why", twice),
    Scenario(
        "an offer runs out, the core killed meanwhile", "the clock keeps its end, the next crew is asked by itself",
        run_out,
    ),
    Scenario("two crews accept at once", "one goes, the other is told; one live assignment", race),
    Scenario("answers over HTTPS", "listed, declined and accepted with the token, once for one id", over_https),
    Scenario("nobody is left to ask", "a critical alarm for the supervisor, over when somebody goes", nobody_left),
    Scenario("a crew nobody hears from", "an alarm on time; one key begins the clock anew", looked_after),
]  # fmt: skip
