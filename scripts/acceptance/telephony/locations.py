"""Where the caller is: with the INVITE in every shape, by SMS and by HTTPS, and what means harm."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage import presence as p
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from tests.system.voice_stage import RawLine

HARMLESS_S = 0.05
SEEN_WITHIN_S = 1.0
TRIES = 4

V2 = 'A"ML=2;en=115;et={et};lo={lat:.5f},{lon:.5f},{sure};lt={age};lc=68;lz=12.0,3.0;ls=W;ei=358239059042542;lg=vi-VN'


def v1(lat: float, lon: float, sure: int) -> str:
    """An SMS of the first version that says its own length."""
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    text = (
        f'A"ML=1;lt=+{lat:.5f};lg=+{lon:.5f};rd={sure};top={stamp};lc=95;pm=G;si=452040000000000;ei=123456789012345;'
        "mcc=452;mnc=04;ml="
    )
    return f"{text}{len(text) + 3}"


@contextmanager
def line(r: Rig) -> Iterator[RawLine]:
    with RawLine(r.second_carrier, r.system.site.site.ports.sip) as raw:
        yield raw


def calls_once(r: Rig, raw: RawLine, *documents: str, uris: tuple[str, ...] = ()) -> str:
    """Somebody calls with these presence documents and hangs up; their number."""
    number = r.number()
    wanted = uris or tuple(f"cid:l{place}@here" for place in range(len(documents)))
    status = raw.invite(sender=f"<sip:{number}@carrier>", extra=p.headers(*wanted), body=p.body(*documents))
    need(status == 200, f"the call was answered with {status}")
    return number


def placed(console: Console, number: str, what: str = "location") -> dict[str, Any]:
    """The caller's call once the console has this of it."""

    def found() -> dict[str, Any] | None:
        return next((it for it in list(console.calls.values()) if it["number"] == number and it.get(what)), None)

    call: dict[str, Any] = until(found, f"{what} of {number} on {console.name}")
    return call


def shapes() -> str:
    r = rig()
    lan = r.console("lan")
    seen = []
    with line(r) as raw:
        for name, shape in p.SHAPES.items():
            if name in ("civic", "swapped"):
                continue
            place = placed(lan, calls_once(r, raw, p.presence(shape)))["location"]
            near = abs(place["lat"] - p.LAT) < 0.02 and abs(place["lon"] - p.LON) < 0.02
            need(near and not place["doubt"], f"{name}: {place}")
            round_one = place["shape"] in ("point", "circle", "sphere")
            need((place["corners"] == 0) == round_one, f"{name}: {place}")
            seen.append(f"{name} ±{place['uncertainty_m']:.0f} m")
    return f"{len(seen)} of {len(p.SHAPES) - 2}: {', '.join(seen)}"


def address() -> str:
    r = rig()
    lan = r.console("lan")
    with line(r) as raw:
        place = placed(lan, calls_once(r, raw, p.presence(p.SHAPES["civic"])))["location"]
    wanted = "12 Lê Lợi, Chợ Bến Thành, Phường Sài Gòn, Thành phố Hồ Chí Minh"
    need((place["label"], place["floor"], place["lat"]) == (wanted, "3", None), str(place))
    return f"“{place['label']}”, tầng {place['floor']}"


def several() -> str:
    r = rig()
    lan = r.console("lan")
    with line(r) as raw:
        link = "https://lis.example/who?call=7"
        number = calls_once(r, raw, uris=(link,))
        call = placed(lan, number, "location_link")
        need((call["location_link"], call["location_note"]) == (link, "by_reference"), str(call))
        need(call["location"] is None, f"something was fetched: {call}")
        number = calls_once(
            r, raw, p.presence(p.SHAPES["civic"]), p.presence(p.SHAPES["ellipse"]),
            uris=(link, "cid:l0@here", "cid:l1@here"),
        )  # fmt: skip
        until(lambda: placed(lan, number)["other_locations"] == 1, "both documents")
        call = placed(lan, number)
        need(call["location"]["shape"] == "ellipse" and call["location_link"] == link, str(call))
        turned = placed(lan, calls_once(r, raw, p.presence(p.SHAPES["swapped"])))["location"]
        need((turned["lat"], turned["doubt"]) == (p.LAT, "swapped"), str(turned))
        paris = p.SHAPES["circle"].replace("10.7769 106.7009", "48.85 2.35")
        away = placed(lan, calls_once(r, raw, p.presence(paris)))["location"]
        need(away["doubt"] == "outside", str(away))
    return "the link is text; the shape goes before the address, both kept; swapped axes turned, they and Paris doubted"


def hostile() -> str:
    r = rig()
    lan = r.console("lan")
    costs: dict[str, float] = {}
    whys = []
    victim = r.number()
    before = r.system.asterisk.ask("core show uptime seconds").split("Last reload")[0]
    with r.calling(Caller("113", victim)), line(r) as raw:
        r.answered(lan, victim)
        for name, document in {**p.HOSTILE, "XInclude": p.INCLUDE}.items():
            for _ in range(TRIES):
                number = calls_once(r, raw, document)
                took = raw.took
                raw.invite(sender=f"<sip:{r.number()}@carrier>")
                costs[name] = min(costs.get(name, 9.0), took - raw.took)
                if costs[name] < HARMLESS_S:
                    break
            if name == "XInclude":
                label = placed(lan, number)["location"]["label"]
                need(label == "xy", f"a file came through: {label!r}")
            else:
                whys.append(placed(lan, number, "location_note")["location_note"])
        need(r.shown(lan, victim, "answered")["state"] == "answered", "the call beside them was hurt")
    slow = {name: cost for name, cost in costs.items() if cost >= HARMLESS_S}
    need(not slow, f"slower than {HARMLESS_S * 1000:.0f} ms: {slow}")
    leaked = r.sql("SELECT count(*) FROM journal_personal WHERE fields::text LIKE %s", "%root:%")
    need(leaked == [(0,)], f"a file of the machine is in {leaked} rows")
    need(r.system.asterisk.alive and before, "the switch ended")
    worst = max(costs, key=lambda name: costs[name])
    told = ", ".join(sorted(set(whys)))
    return f"{len(costs)} bodies: {told}; at most {costs[worst] * 1000:.1f} ms more than a call without ({worst})"


def before_the_call() -> str:
    r = rig()
    lan = r.console("lan")
    number = r.number()
    with line(r) as raw:
        need(raw.message(v1(10.77213, 106.69827, 14), "8113", f"<sip:+84{number[1:]}@carrier>") < 300, "SMS refused")
        texts = len(lan.told("text"))
        with r.calling(Caller("115", number, patience=1.5)):
            place = placed(lan, number)["location"]
    need((place["lat"], place["lon"], place["uncertainty_m"]) == (10.77213, 106.69827, 14.0), str(place))
    need((place["source"], place["confidence"], place["doubt"]) == ("aml", 95, ""), str(place))
    stored = r.sql("SELECT count(*) FROM journal_personal WHERE fields::text LIKE %s", "%123456789012345%")
    need(stored == [(0,)], "the phone's IMEI was stored")
    need(len(lan.told("text")) == texts, "it became a conversation")
    return f"from +84{number[1:]} to 8113 before the call of {number}: ±14 m, 95%, on the console with the call"


def during_the_call() -> str:
    r = rig()
    lan = r.console("lan")
    number = r.number()
    with r.calling(Caller("115", number, location=(10.80, 106.65, 1_500))), line(r) as raw:
        r.answered(lan, number)
        need(placed(lan, number)["location"]["source"] == "pidf_lo", "the network's own location")
        text = V2.format(et=int(time.time()) - 9, lat=10.77213, lon=106.69827, sure="18.4", age=4)
        began = time.monotonic()
        need(raw.message(text, "115", f"<sip:{number}@carrier>") < 300, "SMS refused")
        until(lambda: placed(lan, number)["location"]["source"] == "aml", "the phone's location")
        took = time.monotonic() - began
        call = placed(lan, number)
        need((call["location"]["lat"], call["location"]["uncertainty_m"]) == (10.77213, 18.4), str(call))
        need(call["other_locations"] == 1, f"the network's own was not kept: {call}")
        need(took < SEEN_WITHIN_S, f"seen after {took:.2f} s")
        incident = call["incident"]
        lan.do("@!Chợ Bến Thành")
        until(lambda: lan.incidents[incident]["located"], "the place that was set")
        nearer = V2.format(et=int(time.time()), lat=10.7725, lon=106.6981, sure="5.0", age=0)
        raw.message(nearer, "115", f"<sip:{number}@carrier>")
        until(lambda: placed(lan, number)["location"]["uncertainty_m"] == 5.0, "the nearer one")
        told = r.sql(
            "SELECT count(*) FROM journal WHERE type = 'IncidentLocated' AND incident = %s", incident
        )
        need(told == [(1,)], f"the place that a person set was changed: {told}")
    return f"±1500 m of the network, then ±18.4 m of the phone after {took * 1000:.0f} ms; the place that was set stays"


def by_https() -> str:
    r = rig()
    lan = r.console("lan")
    number, key = r.number(), r.system.site.aml_key.read_text("utf-8").strip()
    url = urlsplit(r.system.site.core_url)
    trusted = ssl.create_default_context(cafile=str(r.system.site.certificate.authority))

    def post(body: bytes, token: str = key) -> int:
        link = http.client.HTTPSConnection(url.hostname or "", url.port, timeout=8, context=trusted)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Bearer {token}"}
            link.request("POST", "/v1/aml", body, headers)
            return link.getresponse().status
        finally:
            link.close()

    form = (
        f"v=1&device_number=%2B84{number[1:]}&location_latitude=10.77213&location_longitude=106.69827"
        f"&location_time={int(time.time() * 1000)}&location_accuracy=9.6&location_source=wifi&location_certainty=83"
        "&location_floor=7&device_imei=354773072099116"
    ).encode()
    with r.calling(Caller("114", number)):
        r.shown(lan, number, "queued", "ringing")
        need(post(form) == 200, "a whole form")
        place = placed(lan, number)["location"]
        need((place["lat"], place["uncertainty_m"], place["floor"]) == (10.77213, 9.6, "7"), str(place))
    odd = [b"", b"\xff\x00", b"x" * 200_000, b"&" * 9_000, form.replace(b"10.77213", b"nan"), b"device_number=0"]
    answers = [post(body) for body in odd]
    need(all(200 <= status < 300 for status in answers), f"answered {answers}")
    strangers = [post(form, "wrong"), post(b"", "")]
    need(strangers == [401, 401], f"strangers were answered {strangers}")
    counts = {name: count for name, count in r.system.health().items() if name.startswith("aml_")}
    return f"200 and on the console; {len(odd)} bodies that are none: {sorted(set(answers))}; a stranger 401; {counts}"


def of_another() -> str:
    r = rig()
    lan = r.console("lan")
    caller, other = r.number(), r.number()
    with r.calling(Caller("115", caller)), line(r) as raw:
        r.shown(lan, caller, "queued", "ringing")
        raw.message(v1(10.77213, 106.69827, 14), "115", f"<sip:{other}@carrier>")
        raw.message('A"ML=1;lt=+10.7;lg=+106', "115", f"<sip:{caller}@carrier>")
        call = placed(lan, caller, "location_note")
        need(call["location"] is None, f"another's location, or half of one: {call}")
    return f"{other}'s location did not go to {caller}; half a message is “{call['location_note']}”"


SCENARIOS = [
    Scenario("location: every shape of PIDF-LO", "seen on the console with its outline", shapes),
    Scenario("location: a Vietnamese address", "as it is said here, with its floor", address),
    Scenario("location: references, several, swapped, abroad", "the best one; the rest kept; doubts said", several),
    Scenario(
        "location: hostile XML", f"unknown, no file, no call hurt, below {HARMLESS_S * 1000:.0f} ms", hostile,
    ),
    Scenario("location: AML by SMS before the call", "waits and goes to the call, no conversation", before_the_call),
    Scenario(
        "location: AML by SMS during the call", f"better one within {SEEN_WITHIN_S:g} s; a set place stays",
        during_the_call,
    ),
    Scenario("location: AML by HTTPS", "2xx whatever is sent; a stranger 401", by_https),
    Scenario("location: of another number", "not attached", of_another),
]  # fmt: skip
