"""Response plans, who is recommended and why the others are not, greater alarms, overrides, positions of units: on the
running system, with a caller, a person at a console, and units that report by HTTPS."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from typing import Any

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from scripts.stage.headless.operators import short
from scripts.stage.secret_files import read_secret

BEN_THANH = (10.7725, 106.6980)
TRAPPED, HOUSE_FIRE = "tngt_ket", "chay_nha"
RUNS_MOST = 8  # of the sample site


def _post(r: Rig, path: str, body: str) -> tuple[int, dict[str, Any]]:
    address = r.system.site.core_url.removeprefix("https://")
    trust = ssl.create_default_context(cafile=str(r.system.site.certificate.authority))
    link = http.client.HTTPSConnection(address, timeout=5, context=trust)
    try:
        token = read_secret(r.system.site.tokens["rosters" if path.endswith("/crew") else "mdt"])
        link.request("POST", path, body, {"Authorization": f"Bearer {token}"})
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        link.close()


def _report(r: Rig, *places: dict[str, Any]) -> dict[str, Any]:
    status, said = _post(r, "/v1/positions", json.dumps(places))
    need(status == 200, f"positions: {status} {said}")
    return said


def _incident(r: Rig, console: Console, kind: str, place: str = f"{BEN_THANH[0]},{BEN_THANH[1]}") -> str:
    """A caller answered, the type and the place typed, every leg ranked; the incident's id."""
    number = r.number()
    with r.calling(Caller("115", number)):
        incident: str = r.answered(console, number)["incident"]
        console.do(f"t {kind} {short(incident)}")
        console.do(f"@ {place} {short(incident)}")
        console.do("h")
        r.shown(console, number, "ended")
    _ranked(console, incident)
    return incident


def _ranked(console: Console, incident: str) -> None:
    until(
        lambda: all(leg["measured"] or leg["lacking"] for leg in _legs(console, incident).values()),
        f"every leg of {incident} ranked",
    )


def _legs(console: Console, incident: str) -> dict[str, Any]:
    legs: dict[str, Any] = console.incidents[incident]["legs"]
    return {service: leg for service, leg in legs.items() if leg["state"] == "open"}


def _again(console: Console, incident: str) -> dict[str, Any]:
    """Measured anew, so that the console tells the legs as they are now."""
    before = {service: leg["ranked_at"] for service, leg in _legs(console, incident).items()}
    console.do(f"dolai {short(incident)}")
    until(lambda: all(it["ranked_at"] > before[key] for key, it in _legs(console, incident).items()), "measured anew")
    return _legs(console, incident)


def _abilities() -> dict[str, set[str]]:
    from gis.resources import read_units
    from scripts.stage.site import DEMO

    return {it.call_sign: set(it.capabilities) for it in read_units(DEMO / "units.csv")}


# --- the rows ---------------------------------------------------------------------------------------------------------


def trapped_rider() -> str:
    r = rig()
    lan = r.console("lan")
    incident = _incident(r, lan, TRAPPED)
    legs, able = _legs(lan, incident), _abilities()
    wanted = {"fire": "rescue", "ambulance": "als", "police": "traffic"}
    need(set(legs) == set(wanted), f"legs: {sorted(legs)}")
    for service, what in wanted.items():
        chosen = legs[service]["chosen"]
        need(len(chosen) == 1 and set(chosen.values()) == {what}, f"{service}: chosen {chosen}")
        (unit,) = chosen
        need(what in able[unit], f"{unit} has no {what}")
        soonest = min(it[1] for it in legs[service]["measured"] if what in able[it[0]])
        need(legs[service]["measured"][0][:2] == [unit, soonest], f"{service}: {legs[service]['measured'][:3]}")
        need(not legs[service]["lacking"], f"{service} lacks {legs[service]['lacking']}")
    lan.do(f"dx {short(incident)}")
    sent = {service: leg["units"] for service, leg in _legs(lan, incident).items()}
    need(sent == {service: list(legs[service]["chosen"]) for service in wanted}, f"one line sent {sent}")
    need(not any(leg["overrides"] for leg in _legs(lan, incident).values()), "a reason is asked of who followed")
    stations = {leg["station"] for leg in legs.values()}
    need(len(stations) == 3, f"stations: {stations}")
    return f"3 legs, 3 stations ({', '.join(sorted(stations))}); one line sent {sent}"


def absences() -> str:
    """Each staged on its own unit, with the words that the screen has for it."""
    r = rig()
    lan = r.console("lan")
    incident = _incident(r, lan, TRAPPED)
    tag, able = short(incident), _abilities()
    als = [it[0] for it in _legs(lan, incident)["ambulance"]["measured"] if "als" in able[it[0]]]
    need(len(als) >= 7, f"only {als} could go")
    off, empty, rest, work, tired, old, first = als[:7]
    other = _incident(r, lan, "tngt")
    lan.do(f"/st {off} ngung")
    lan.do(f"kip {empty} khong")
    lan.do(f"kip {rest} nghi 30")
    for _ in range(RUNS_MOST):
        lan.do(f"d {tired} {short(other)}")
        lan.do(f"r {tired}")
    lan.do(f"d {work} {short(other)}")
    ago = int(time.time() * 1000) - 20 * 60_000
    _report(r, {"unit": old, "lat": BEN_THANH[0] + 0.01, "lon": BEN_THANH[1], "at": ago})
    legs = _again(lan, incident)
    passed = legs["ambulance"]["passed"]
    expected = {
        off: ("out_of_service", "ngưng trực"), empty: ("not_staffed", "không có kíp từ"),
        rest: ("resting", "kíp nghỉ đến"), work: ("at_work", f"đang đi vụ {short(other)}"),
        tired: ("exhausted", f"đã đi {RUNS_MOST} vụ"), old: ("position_stale", "vị trí báo từ 20 phút trước"),
    }  # fmt: skip
    for unit, (why, words) in expected.items():
        said = passed.get(unit, ["nothing", "nothing"])
        need(said[0] == why and words in said[1], f"{unit}: {said}, expected {why} “{words}”")
    reasons = {why for leg in legs.values() for why, _ in leg["passed"].values()}
    need("not_capable" in reasons, f"of all legs: {sorted(reasons)}")
    need(list(legs["ambulance"]["chosen"]) == [first], f"chosen: {legs['ambulance']['chosen']}, expected {first}")
    lan.do(f"@ 10.41,107.13 {tag}")  # Vũng Tàu: far from most of the city's units
    until(
        lambda: any(it[0] == "out_of_radius" for it in _legs(lan, incident)["police"]["passed"].values()),
        "who is out of the police's radius",
    )
    far = _legs(lan, incident)["police"]
    for unit in (off, empty, rest, work, tired):
        lan.type({off: f"/st {off} ss", empty: f"kip {empty} co", rest: f"kip {rest} co"}.get(unit, f"r {unit}"))
    told = "; ".join(f"{unit} {passed[unit][1]}" for unit in expected)
    km = next(words for why, words in far["passed"].values() if why == "out_of_radius")
    return f"{told}; {first} goes; out of town: {km}, lacking {far['lacking'] or 'nothing'}"


def two_and_more() -> str:
    r = rig()
    lan = r.console("lan")
    incident = _incident(r, lan, HOUSE_FIRE)
    fire, able = _legs(lan, incident)["fire"], _abilities()
    fills = sorted(fire["chosen"].values())
    need(fills == ["pumper", "pumper", "rescue", "tanker"], f"chosen: {fire['chosen']}")
    need(all(what in able[unit] for unit, what in fire["chosen"].items()), f"{fire['chosen']}")
    tankers = [sign for sign, can in able.items() if "tanker" in can]
    for sign in tankers:
        lan.do(f"kip {sign} khong")
    try:
        short_of = _again(lan, incident)["fire"]
        need(short_of["lacking"].startswith("1 xe bồn"), f"lacking: {short_of['lacking']}")
        need(len(short_of["chosen"]) == 3, f"the others stay chosen: {short_of['chosen']}")
    finally:
        for sign in tankers:
            lan.type(f"kip {sign} co")
    return f"{fire['chosen']}; without tankers the leg says it lacks {short_of['lacking']}"


def greater_alarm() -> str:
    r = rig()
    lan = r.console("lan")
    incident = _incident(r, lan, HOUSE_FIRE)
    tag = short(incident)
    before = dict(_legs(lan, incident)["fire"]["chosen"])
    lan.do(f"dx {tag}")
    lan.do(f"cap 2 {tag} cháy lan sang nhà bên")
    until(lambda: len(_legs(lan, incident)["fire"]["chosen"]) == 3, "what the plan adds, chosen")
    added = _legs(lan, incident)["fire"]["chosen"]
    need(sorted(added.values()) == ["ladder", "pumper", "pumper"], f"added: {added}")
    need(lan.incidents[incident]["level"] == 2, f"level {lan.incidents[incident]['level']}")
    need(not set(added) & set(before), f"{added} are on the way already")
    (ladder,) = (unit for unit, what in added.items() if what == "ladder")
    lan.do(f"d {ladder} {tag}")
    refusal = lan.type(f"cap 9 {tag}")
    need(not refusal.accepted and "1 đến 5" in refusal.sentence, f"level 9: {refusal.sentence}")
    lan.do(f"cap 1 {tag}")
    after = _legs(lan, incident)["fire"]
    need(ladder in after["units"] and not after["chosen"], f"after the undo: {after['units']}, {after['chosen']}")
    return f"level 2 adds {added}; taken back: {ladder} stays at work, nothing more is proposed"


def overrides() -> str:
    r = rig()
    lan, thao = r.console("lan"), r.console("thao")
    incident = _incident(r, lan, TRAPPED)
    tag, able = short(incident), _abilities()
    leg = _legs(lan, incident)["ambulance"]
    (best,) = leg["chosen"]
    worse = next(unit for unit, (why, _) in leg["passed"].items() if why == "not_capable" and "als" not in able[unit])
    began = time.monotonic()
    lan.do(f"d {worse} {tag}")
    took = time.monotonic() - began
    (told,) = _legs(lan, incident)["ambulance"]["overrides"]
    need((told["unit"], told["instead"], told["reason"]) == (worse, best, ""), f"told: {told}")
    until(lambda: incident in thao.incidents and thao.incidents[incident]["legs"]["ambulance"]["overrides"], "thao's")
    lan.do(f"vi {worse} xe gần nhất, bệnh nhân ngưng tim {tag}")
    (told,) = _legs(lan, incident)["ambulance"]["overrides"]
    need("ngưng tim" in told["reason"], f"the reason given later: {told}")
    second = _incident(r, lan, TRAPPED)
    far = _legs(lan, second)["ambulance"]["measured"][-1][0]
    lan.do(f"d {far} {short(second)} vì đường kẹt ở cầu")
    (at_once,) = _legs(lan, second)["ambulance"]["overrides"]
    need(at_once["reason"] == "đường kẹt ở cầu" and at_once["sooner_s"] >= 120, f"in one go: {at_once}")
    personal = r.sql("SELECT count(*) FROM journal WHERE type = 'RecommendationOverridden'")
    return (
        f"{worse} went in {took * 1000:.0f} ms although {best} was free; the reason came later; in one go: "
        f"{far} not {at_once['instead']}, {at_once['sooner_s'] / 60:.0f} min sooner; {personal[0][0]} in the journal"
    )


def positions() -> str:
    """A unit far from home reports a place beside the incident: it goes first, also after a kill of the core."""
    r = rig()
    lan = r.console("lan")
    incident = _incident(r, lan, TRAPPED)
    able = _abilities()
    mover = [it[0] for it in _legs(lan, incident)["ambulance"]["measured"] if "als" in able[it[0]]][-1]
    now = int(time.time() * 1000)
    here = {"unit": mover, "lat": BEN_THANH[0] + 0.0005, "lon": BEN_THANH[1], "at": now - 3_000}
    said = _report(r, here, {**here, "lat": BEN_THANH[1], "lon": BEN_THANH[0]}, {**here, "unit": "Z99"},
                   {**here, "at": now + 3_600_000}, {**here, "at": now - 60_000})  # fmt: skip
    codes = [it["code"] for it in said["which"]]
    need((said["taken"], said["older"], codes) == (1, 1, ["swapped", "unknown_unit", "future"]), f"{said}")
    status, bad = _post(r, "/v1/positions", json.dumps([{**here, "lat": float("nan")}]))
    need(status == 200 and bad["which"][0]["code"] == "not_a_place", f"NaN: {status} {bad}")
    need(_post(r, "/v1/positions", "{")[0] == 400, "no list")
    legs = _again(lan, incident)
    need(list(legs["ambulance"]["chosen"]) == [mover], f"chosen {legs['ambulance']['chosen']}, expected {mover}")
    first = legs["ambulance"]["measured"][0]
    time.sleep(3.0)  # the positions are shown to Redis every two seconds
    r.system.core.kill9()
    r.start_core()
    r.system.wait_for_core()
    r.in_step("lan")
    again = _again(lan, incident)["ambulance"]["measured"][0]
    need(again[0] == mover and again[3] > first[3], f"after the restart: {again}, before {first}")
    told = f"{mover} {first[1]:.0f} s away (position {first[3]} ms old) goes first"
    return f"{told}; after a kill still, {again[3]} ms old; {codes} named"


SCENARIOS = [
    Scenario(
        "a crash with a trapped rider", "three legs at three stations, each with the soonest unit that can; one line "
        "sends them", trapped_rider,
    ),
    Scenario(
        "why units are not recommended", "out of service, no crew, resting, at work, exhausted, old position, out of "
        "radius, not capable: each said with its reason", absences,
    ),
    Scenario(
        "a set of several units", "two pumpers, rescue and tanker are chosen; what is lacking is said", two_and_more
    ),
    Scenario(
        "greater alarm", "level 2 adds what the plan says; taken back, units at work stay", greater_alarm
    ),
    Scenario(
        "another unit than the recommended one", "goes at once; the reason is kept, in one go or later", overrides
    ),
    Scenario(
        "positions of units", "measured from at once, bad ones named, kept over a kill of the core", positions
    ),
]  # fmt: skip
