"""The recorded streams, live: each recording's call made again over real SIP, and its end as the core stored it.

The recordings' dialplan was another one; what happens to the caller, and what must be known of it afterwards, is the
same. One row for each recording or two of a kind, named by its number.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import SECOND_CARRIER, Rig, rig, until
from scripts.acceptance.spine.voice import forgery
from scripts.stage import presence
from scripts.stage.callers import Caller
from scripts.stage.phones import Habit
from tests.system.voice_stage import RawLine

COLUMNS = (
    "state", "ended_by", "positions", "queue", "overflowed", "recording", "carrier", "name", "lat", "lon",
    "uncertainty_m", "location_label", "location_source", "arrived_at", "answered_at", "ended_at",
)  # fmt: skip
VIETNAMESE = "Nguyễn Văn An"
SPOKEN_S = 1.5
RECEIVED = "SELECT count(*) FROM journal WHERE type = 'TextReceived'"


def stored(r: Rig, number: str) -> Mapping[str, Any]:
    """The newest call of this number, as PostgreSQL has it; {} where there is none."""
    rows = r.sql(f"SELECT {', '.join(COLUMNS)} FROM calls WHERE number = %s ORDER BY arrived_at DESC", number)
    return dict(zip(COLUMNS, rows[0], strict=True)) if rows else {}


def over(r: Rig, number: str, state: str, by: str, *positions: str) -> Mapping[str, Any]:
    """Once it is over: as expected, recorded, and shown so on the console."""
    until(lambda: stored(r, number).get("state") in ("ended", "abandoned"), f"the end of {number}'s call")
    call = stored(r, number)
    seen = (call["state"], call["ended_by"], tuple(call["positions"]))
    need(seen == (state, by, positions), f"stored as {seen}")
    need(call["recording"], "no recording")
    lan = r.console("lan")
    until(lambda: state in {it["state"] for it in lan.calls.values() if it["number"] == number}, "the console's row")
    return call


def answered_caller_hangs_up() -> str:
    r = rig()
    lan, number = r.console("lan"), r.number()
    with r.calling(Caller("113", number, VIETNAMESE, patience=SPOKEN_S + 1.5)):
        call = r.answered(lan, number)
        need(call["position"] == "B01" and {"viettel", "B01"} <= r.talking(), f"{call}, talking {r.talking()}")
        end = over(r, number, "ended", "caller", "B01")
    need(end["name"] == VIETNAMESE, f"name {end['name']!r}")
    return f"{VIETNAMESE}, B01 answered, the caller hung up after {(end['ended_at'] - end['answered_at']) / 1000:.1f} s"


def answered_position_hangs_up() -> str:
    r = rig()
    lan, number = r.console("lan"), r.number()
    r.phone("B01", Habit(talk=SPOKEN_S))
    with r.calling(Caller("113", number)):
        r.answered(lan, number)
        end = over(r, number, "ended", "position", "B01")
    return f"B01 answered and hung up after {(end['ended_at'] - end['answered_at']) / 1000:.1f} s"


def abandoned() -> str:
    r = rig()
    number = r.number()
    with r.calling(Caller("113", number, patience=1.2)):
        end = over(r, number, "abandoned", "caller")
    waited = (end["ended_at"] - end["arrived_at"]) / 1000
    need(0.9 < waited < 2.5 and end["answered_at"] is None, f"{end}")
    return f"waited {waited:.1f} s in {end['queue']}, nobody answered: abandoned"


def overflowed() -> str:
    r = rig()
    number = r.number()
    r.phone("B01", Habit(busy=True))
    with r.calling(Caller("113", number, patience=8.5)):
        end = over(r, number, "abandoned", "caller")
    need(end["overflowed"] and end["queue"] == "q-all", f"{end}")
    waited = (end["ended_at"] - end["arrived_at"]) / 1000
    return f"one phone busy, nobody else answered: after the set time in q-all; gave up after {waited:.1f} s"


def held_and_back() -> str:
    r = rig()
    lan, number = r.console("lan"), r.number()
    with (
        r.system.phones.soft("B01", r.system.site.site.ports.sip) as phone,
        r.calling(Caller("113", number, patience=20.0)),
    ):
        phone.rung().lift()
        r.shown(lan, number, "answered")
        dialog = phone.talking()
        dialog.hold()
        r.shown(lan, number, "held")
        dialog.hold(False)
        r.shown(lan, number, "answered")
        dialog.hang_up()
        over(r, number, "ended", "position", "B01")
    return "the console showed held, then answered, then ended"


def circle() -> str:
    r = rig()
    number = r.number()
    with r.calling(Caller("115", number, patience=1.5, location=(10.7769, 106.7009, 50.0))):
        until(lambda: stored(r, number).get("lat") is not None, "the location")
        end = over(r, number, "abandoned", "caller")
    seen = (end["lat"], end["lon"], end["uncertainty_m"])
    need(abs(seen[0] - 10.7769) < 1e-4 and abs(seen[1] - 106.7009) < 1e-4 and seen[2] == 50.0, f"{seen}")
    return f"{seen[0]:.4f}, {seen[1]:.4f}, ±{seen[2]:g} m by {end['location_source']}"


def _with_document(r: Rig, document: str) -> str:
    """A call that brings this document; its number."""
    number = r.number()
    with RawLine(r.second_carrier, r.system.site.site.ports.sip) as line:
        status = line.invite(
            "115", f"<sip:{number}@carrier>", presence.headers("cid:l0@here"), talk=0.6, body=presence.body(document)
        )
    need(status == 200, f"answered with {status}")
    return number


def civic_in_vietnamese() -> str:
    r = rig()
    number = _with_document(r, presence.presence(presence.SHAPES["civic"]))
    end = over(r, number, "abandoned", "caller")
    need((end["location_label"] or "").startswith("12 Lê Lợi"), f"{end['location_label']!r}")
    return f"{end['location_label']}, by {end['location_source']}"


def broken_location() -> str:
    r = rig()
    number = _with_document(r, presence.HOSTILE["half a document"])
    end = over(r, number, "abandoned", "caller")
    need(end["lat"] is None and not end["location_label"], f"{end}")
    return "answered, recorded, and no location"


def text_message() -> str:
    r = rig()
    lan, number = r.console("lan"), r.number()
    known = r.sql(RECEIVED)[0][0]
    lines = "cháy nhà số 5\r\nEvent: Hangup\r\nUniqueid: 1\r\n\r\nEvent: FakeEvent\r\nX: y"
    with RawLine(r.second_carrier, r.system.site.site.ports.sip) as line:
        need(line.message(lines, "113", f"<sip:{number}@carrier>") in (200, 202), "the message was not taken")
    until(lambda: r.sql(RECEIVED)[0][0] > known, "the message in the journal")
    forged = [key for key in lan.report()["alarms"] if key.startswith("forged_event")]
    need(not forged, f"it was taken for forged events: {forged}")
    return "taken as text with its lines as they came; no event was believed"


def _hostile(r: Rig, sender: str) -> None:
    with RawLine(r.second_carrier, r.system.site.site.ports.sip) as line:
        need(line.invite("113", sender, talk=0.4) == 200, "not answered")


def hostile_name() -> str:
    """12, 12c: line breaks, a shell's words and a very long name in From, on the hardened carrier."""
    r = rig()
    number = r.number()
    broken = quote("\r\nEvent: Hangup\r\n\r\n", safe="")
    _hostile(r, f'"x\\"${{SHELL(id)}}{broken}{"a" * 200}" <sip:{number}@carrier>')
    end = over(r, number, "abandoned", "caller")
    need(end["carrier"] == SECOND_CARRIER and "\n" not in end["name"] and "SHELL" in end["name"], f"{end['name']!r}")
    return f"answered; the name is text of {len(end['name'])} characters, nothing ran and nothing was believed"


def vietnamese_name() -> str:
    r = rig()
    number = r.number()
    _hostile(r, f'"{VIETNAMESE}" <sip:{number}@carrier>')
    end = over(r, number, "abandoned", "caller")
    need(end["name"] == VIETNAMESE, f"{end['name']!r}")
    return f"{end['name']} on {end['carrier']}"


def trunk_down_and_up() -> str:
    """The carrier answers, is gone, and answers again: an alarm that comes and goes by itself. On this switch carriers
    are on the line only while they call, so that one of them is asked for its health for this row alone."""
    r = rig()
    lan = r.console("lan")
    etc = r.system.asterisk.etc / "pjsip.conf"
    as_it_is = etc.read_text("utf-8")
    aor = "[viettel]\ntype = aor\n"
    need(aor in as_it_is, "no such section in pjsip.conf")

    def alarms() -> list[str]:
        return [key for key in lan.report()["alarms"] if key.startswith("trunk_down:viettel")]

    def answers() -> bool:
        return "Avail" in r.system.asterisk.ask("pjsip show aor viettel")

    try:
        with r.calling():
            etc.write_text(as_it_is.replace(aor, f"{aor}qualify_frequency = 2\nqualify_timeout = 2\n"), "utf-8")
            r.system.asterisk.ask("module reload res_pjsip.so")
            until(answers, "the carrier answering", 20.0)
            until(lambda: not alarms(), "no alarm while it answers", 20.0)
        began = time.monotonic()
        key = until(alarms, "the alarm", 25.0)[0]
        told = time.monotonic() - began
        with r.calling():
            until(lambda: not alarms(), "the alarm gone by itself", 20.0)
    finally:
        etc.write_text(as_it_is, "utf-8")
        r.system.asterisk.ask("module reload res_pjsip.so")
    return f"{key} {told:.1f} s after its silence; gone by itself when it answered"


def restarted_in_mid_call() -> str:
    """14: killed while two talk; what it knew is gone, the incident stays, the next call works."""
    r = rig()
    lan, number, after = r.console("lan"), r.number(), r.number()
    with r.calling(Caller("113", number)):
        incident = r.answered(lan, number)["incident"]
        r.system.asterisk.kill9()
        r.system.asterisk.start()
        over(r, number, "ended", "switch_lost", "B01")
    r.system.wait_for_core()
    need(lan.incidents[incident]["state"] != "closed", "the incident was closed with the call")
    with r.calling(Caller("113", after, patience=0.8)):
        over(r, after, "abandoned", "caller")
    return f"closed as switch_lost, incident {incident} stays; the next call came through"


def sent_on_by_the_phone() -> str:
    """06: the phone that talks sends the caller to another one (REFER)."""
    r = rig()
    lan, number = r.console("lan"), r.number()
    centre = r.system.site.site.ports.sip
    with (
        r.system.phones.soft("B01", centre) as first,
        r.system.phones.soft("B02", centre) as second,
        r.calling(Caller("113", number, patience=30.0)),
    ):
        first.rung().lift()
        until(lambda: r.shown(lan, number, "answered")["position"] == "B01", "B01")
        need(first.talking().refer("B02") == 202, "the switch did not take it")
        second.rung().lift()
        until(lambda: r.shown(lan, number, "answered")["position"] == "B02", "B02")
        second.talking().hang_up()
        over(r, number, "ended", "position", "B01", "B02")
    return "B01 sent the caller to B02, which took and ended the call"


def sent_on_by_the_console() -> str:
    """06c: the console redirects the caller to another position."""
    r = rig()
    lan, number = r.console("lan"), r.number()
    r.console("thao")  # sits at B03
    r.phone("B03", Habit(lift_after=0.3))
    with r.calling(Caller("113", number, patience=4.0)):
        r.answered(lan, number)
        lan.do("ch B03")
        until(lambda: r.shown(lan, number, "answered")["position"] == "B03", "B03")
        need(r.talking() == {"viettel", "B03"}, f"talking: {r.talking()}")
        over(r, number, "ended", "caller", "B01", "B03")
    return "sent to B03 from B01's console; the switch has the caller with B03 alone; the caller hung up"


def conference() -> str:
    """08: a third one comes in, who began it leaves, the others talk on."""
    r = rig()
    lan, number = r.console("lan"), r.number()
    r.console("thao")  # sits at B03
    r.phone("B03", Habit(lift_after=0.3))
    with r.calling(Caller("113", number, patience=6.0)):
        r.answered(lan, number)
        lan.do("moi B03")
        until(lambda: {"viettel", "B01", "B03"} <= r.talking(), "three in it")  # and the room's own channels
        until(lambda: lan.type("roi").accepted, "B01 leaving")
        until(lambda: "B01" not in r.talking(), "B01 gone")
        need({"viettel", "B03"} <= r.talking(), f"left in it: {r.talking()}")
        over(r, number, "ended", "caller", "B01", "B03")
    return "B03 came in, B01 left, B03 and the caller talked on; the caller hung up"


def asked_and_handed_over() -> str:
    """07: held, another phone asked, handed over (REFER with Replaces)."""
    r = rig()
    lan, number = r.console("lan"), r.number()
    centre = r.system.site.site.ports.sip
    with (
        r.system.phones.soft("B01", centre) as first,
        r.system.phones.soft("B02", centre) as second,
        r.calling(Caller("113", number, patience=30.0)),
    ):
        first.rung().lift()
        r.shown(lan, number, "answered")
        dialog = first.talking()
        dialog.hold()
        r.shown(lan, number, "held")
        asked = first.dial("B02")
        second.rung().lift()
        asked.wait("up")
        need(dialog.refer("B02", replaces=asked) == 202, "the switch did not take it")
        until(lambda: r.shown(lan, number, "answered")["position"] == "B02", "B02")
        second.talking().hang_up()
        over(r, number, "ended", "position", "B01", "B02")
    return "held at B01, B02 asked and given the caller, ended there"


SCENARIOS = [
    Scenario("trace 01 live", "answered, ended by the caller", answered_caller_hangs_up),
    Scenario("trace 02 live", "answered, ended by the position", answered_position_hangs_up),
    Scenario("trace 03 live", "abandoned in the queue", abandoned),
    Scenario("trace 05 live", "busy, no answer, overflow after the set time", overflowed),
    Scenario("trace 06 live", "sent to another position by the phone", sent_on_by_the_phone),
    Scenario("trace 06c live", "sent to another position from the console", sent_on_by_the_console),
    Scenario("trace 07 live", "held, asked, handed over by the phone", asked_and_handed_over),
    Scenario("trace 08 live", "a conference goes on without who began it", conference),
    Scenario("trace 09 live", "held and taken off again", held_and_back),
    Scenario("trace 10 live", "a circle comes with the call", circle),
    Scenario("trace 10b live", "a civic address in Vietnamese comes with the call", civic_in_vietnamese),
    Scenario("trace 10d live", "a truncated location is unknown, the call proceeds", broken_location),
    Scenario("trace 11 live", "a text with events in it is a text", text_message),
    Scenario("trace 12 and 12c live", "a hostile name is text", hostile_name),
    Scenario("trace 12b live", "forged events change nothing and are alarmed", forgery),
    Scenario("trace 12d live", "a Vietnamese name on the hardened carrier", vietnamese_name),
    Scenario("trace 13 live", "a carrier goes and comes back", trunk_down_and_up),
    Scenario("trace 14 live", "a restart in mid-call closes its calls alone", restarted_in_mid_call),
]
