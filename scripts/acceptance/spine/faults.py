"""kill -9 in mid-call: of the core, a console, Redis, PostgreSQL and Asterisk. The others go on, the restarted one
catches up, nothing acknowledged is lost."""

from __future__ import annotations

import time

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.desk import proposed, refused, worked_incident
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from scripts.stage.headless.operators import short
from scripts.stage.phones import Habit

OPERATIONS = ("lan", "minh", "thao")
NOTE = "nạn nhân còn tỉnh"


def _three(r: Rig) -> tuple[Console, Console, Console]:
    return r.console("lan"), r.console("minh"), r.console("thao")


def _work(r: Rig, lan: Console, number: str) -> tuple[str, str, list[int]]:
    """A caller answered and worked on: incident, unit, and the sequences of what was acknowledged."""
    incident = worked_incident(r, lan, number)
    unit = proposed(lan, incident, "police")
    lines = (f"n {short(incident)} {NOTE}", f"d {unit} {short(incident)}", f"/st {unit} nhan")
    return incident, unit, [lan.do(line).seq for line in lines]


def _kept(r: Rig, acknowledged: list[int], incident: str, unit: str) -> None:
    """What was acknowledged is in the journal, and says what it said."""
    found = r.sql("SELECT seq, type FROM journal WHERE seq = ANY(%s) ORDER BY seq", acknowledged)
    need([row[0] for row in found] == sorted(acknowledged), f"acknowledged {acknowledged}, kept {found}")
    live = r.sql("SELECT incident FROM assignments WHERE unit = %s AND released_at IS NULL", unit)
    need(live == [(incident,)], f"{unit} is on {live}")


def _end(r: Rig, console: Console, number: str, incident: str) -> None:
    console.do(f"h {number}")
    r.shown(console, number, "ended")
    console.do(f"x done {short(incident)}")


def core() -> str:
    r = rig()
    lan, _, _ = _three(r)
    number = r.number()
    with r.calling(Caller("113", number)) as carrier:
        incident, unit, acknowledged = _work(r, lan, number)
        r.system.core.kill9()
        stale = r.stale("lan")
        need({"viettel", "B01"} <= r.talking(), f"the call did not go on: {r.talking()}")
        need(carrier.calls[0].ending is None, f"the carrier saw: {carrier.calls[0]}")
        waiting = lan.post(f"n {short(incident)} gõ khi máy chủ chết")
        began = time.monotonic()
        r.start_core()
        r.system.wait_for_core()
        back = time.monotonic() - began
        until(lambda: not lan.report()["away"], "the console noticing that the core is back", 30.0)
        need([it["fate"] for it in lan.report()["waiting"]] == ["held"], f"waiting: {lan.report()['waiting']}")
        lan.type("gui", 20.0)  # one confirmation for each line that was typed meanwhile
        late = lan.outcome(waiting, 30.0)
        need(late.accepted, f"the line typed meanwhile: {late.code} {late.sentence}")
        reports = r.in_step(*OPERATIONS)
        r.shown(lan, number, "answered")
        _kept(r, [*acknowledged, late.seq], incident, unit)
        _end(r, lan, number, incident)
    return (
        f"stale after {stale:.1f} s, the call went on; serving again {back:.1f} s after its start; the line typed "
        f"meanwhile waited and took effect when confirmed; all at {reports[0]['seq']} {reports[0]['checksum'][:8]}"
    )


def console() -> str:
    r = rig()
    lan, minh, _ = _three(r)
    number, other = r.number(), r.number()
    with r.calling(Caller("113", number)):
        incident, unit, acknowledged = _work(r, lan, number)
        lan.kill9()
        need({"viettel", "B01"} <= r.talking(), f"the call did not go on: {r.talking()}")
        with_others = r.in_step("minh", "thao")
        again = r.console("lan")
        r.in_step(*OPERATIONS)
        need(again.report()["position"] == "B01", f"at position {again.report()['position']!r}")
        r.shown(again, number, "answered")
        _kept(r, acknowledged, incident, unit)
        again.do(f"n {short(incident)} ghi tiếp")
        until(lambda: again.report()["form"] == incident, f"the form of her call again, {again.report()['form']!r}")
        _end(r, again, number, incident)
    with r.calling(Caller("113", other)):
        call = r.answered(minh, other)
        minh.do(f"xx {short(call['incident'])}")
    reports = r.in_step(*OPERATIONS)
    return (
        f"the others went on at {with_others[0]['seq']}; restarted: position, call and form again; all at "
        f"{reports[0]['seq']} {reports[0]['checksum'][:8]}"
    )


def redis() -> str:
    r = rig()
    lan, _, _ = _three(r)
    number, meanwhile = r.number(), r.number()
    with r.calling(Caller("113", number)):
        incident, unit, acknowledged = _work(r, lan, number)
        before = lan.report()["generation"]
        r.system.redis.kill9()
        stale = [r.stale(user) for user in OPERATIONS]
        seq = r.system.health()["seq"]
    with r.calling(Caller("114", meanwhile, patience=1.0)):
        until(
            lambda: r.sql("SELECT incident FROM calls WHERE number = %s AND state <> 'arriving'", meanwhile),
            "a call committed without Redis",
        )
        need(r.system.health()["seq"] > seq, "the core did not go on")
        until(lambda: r.sql("SELECT 1 FROM calls WHERE number = %s AND state = 'abandoned'", meanwhile), "its end")
    r.system.redis.start()
    reports = r.in_step(*OPERATIONS, seconds=30.0)
    need(reports[0]["generation"] != before, "the generation is the old one")
    r.shown(lan, meanwhile, "abandoned")
    _kept(r, acknowledged, incident, unit)
    return (
        f"stale after {max(stale):.1f} s at most; the core committed {meanwhile}'s call meanwhile; caught up at "
        f"{reports[0]['seq']} in a new generation"
    )


def postgres() -> str:
    r = rig()
    lan, _, _ = _three(r)
    number, meanwhile = r.number(), r.number()
    r.phone("B05", Habit(lift_after=0.8))
    with r.calling(Caller("113", number)):
        incident, unit, acknowledged = _work(r, lan, number)
        r.system.postgres.kill9()
        until(lambda: r.system.health()["state"] == "read_only", f"read-only, {r.system.health()}")
        sentence = refused(lan.type(f"n {short(incident)} không ghi được", 20.0), "Cơ sở dữ liệu")
        need({"viettel", "B01"} <= r.talking(), f"the call did not go on: {r.talking()}")
    with r.calling(Caller("115", meanwhile, patience=3.0)):
        until(lambda: "B05" in r.talking(), "the phone at B05 lifted")
        until(lambda: "B05" not in r.talking(), "the caller hanging up")
    r.system.postgres.start()
    r.system.wait_for_core()
    r.in_step(*OPERATIONS, seconds=30.0)
    call = r.shown(lan, meanwhile, "ended")
    rows = r.sql("SELECT answered_at > 0, positions, recording <> '' FROM calls WHERE number = %s", meanwhile)
    need(rows == [(True, ["B05"], True)], f"what happened meanwhile is stored as {rows}")
    _kept(r, acknowledged, incident, unit)
    lan.do(f"n {short(incident)} ghi lại được")
    r.audit()
    return f"people were told “{sentence}”; {call['incident']} was answered at B05 meanwhile and is kept"


def asterisk() -> str:
    r = rig()
    lan, _, _ = _three(r)
    number, after = r.number(), r.number()
    with r.calling(Caller("113", number)):
        incident, unit, acknowledged = _work(r, lan, number)
        r.system.asterisk.kill9()
        began = time.monotonic()
        until(lambda: lan.report()["alarms"], "an alarm that the switch is gone", 3.0)
        alarmed = time.monotonic() - began
        alarms = lan.report()["alarms"]
        r.system.asterisk.start()
        r.shown(lan, number, "ended")
    r.system.wait_for_core()
    rows = r.sql("SELECT state, ended_by FROM calls WHERE number = %s", number)
    need(rows == [("ended", "switch_lost")], f"stored as {rows}")
    need(lan.incidents[incident]["state"] == "working", f"its incident is {lan.incidents[incident]['state']}")
    _kept(r, acknowledged, incident, unit)
    with r.calling(Caller("113", after)):
        call = r.answered(lan, after)
        lan.do(f"xx {short(call['incident'])}")
        r.shown(lan, after, "ended")
    r.in_step(*OPERATIONS)
    return f"{alarms} after {alarmed:.1f} s; call closed as switch_lost, {incident} stays; the next call was answered"


SCENARIOS = [
    Scenario(
        "kill -9 of the core in mid-call", "the call goes on, consoles say stale, the restarted core catches up, "
        "nothing acknowledged is lost", core,
    ),
    Scenario("kill -9 of a console in mid-form", "the others go on; the restarted one catches up", console),
    Scenario(
        "kill -9 of Redis in mid-call", "consoles say stale in 3 s and catch up; the core goes on committing", redis
    ),
    Scenario(
        "kill -9 of PostgreSQL in mid-call", "people are refused in clear words, phones answer, facts are kept",
        postgres,
    ),
    Scenario(
        "kill -9 of Asterisk in mid-call", "its calls are closed with that reason, incidents stay, the next call works",
        asterisk,
    ),
]  # fmt: skip
