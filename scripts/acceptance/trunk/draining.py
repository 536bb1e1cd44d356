"""One node of two emptied and restarted: no caller is turned away, no call and no recording is lost."""

from __future__ import annotations

import socket
import time
from contextlib import closing

from dispatch_core.main.trunk_command.client import TrunkClient
from dispatch_core.settings import DRAIN_LASTS_S
from dispatch_core.wire.trunk import Candidate, JobState, RestartWanted
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.acceptance.trunk.centre import FIRST, SECOND, Centre, row, told, took, within
from scripts.acceptance.trunk.hearing import callers, heard_on, whole
from scripts.stage.carrier_line import CarrierLine, LineCall
from scripts.stage.ports import LOOPBACK, Ports

AT_ONCE_S = 3.0
STEPS_S = 30.0


def new_caller(r: Centre, line: CarrierLine) -> LineCall:
    """Somebody who calls now, and is taken somewhere."""
    return line.call("113", r.number()).wait_connected()


def emptying(client: TrunkClient, ident: str) -> None:
    """Until it is told how many calls are left."""

    def left() -> bool:
        job = client.job(ident)
        need(job.state is JobState.RUNNING, f"over already: {told(job)}")
        return any(it.code == "calls_left" for it in job.steps)

    until(left, "how many calls are left", STEPS_S)


def emptied(r: Centre) -> str:
    """Four talk and wait at the first node; while they do, new callers are taken at the second, who has no other way is
    taken at the first all the same; then it is restarted and takes callers again."""
    lan, minh = r.console("lan"), r.console("minh")
    sip = {node: r.sip(node) for node in (FIRST, SECOND)}
    lives = r.lives(FIRST)["Startup"]
    with r.line() as line, r.client() as client:
        calls = callers(r, line, ["113", "113", "114", "115"])
        need({it.centre for it in calls} == {sip[FIRST]}, f"{[it.tried for it in calls]}")
        r.answered(lan, calls[0].number)
        heard_on(calls)
        job = client.restart(RestartWanted(node=FIRST, why="a new kernel"))
        emptying(client, job)
        elsewhere = [new_caller(r, line) for _ in range(3)]
        need([it.tried for it in elsewhere] == [[(sip[FIRST], 503), (sip[SECOND], 200)]] * 3, f"{elsewhere[0].tried}")
        heard_on(calls)
        r.answered(minh, calls[2].number)  # a desk takes who waits there, to the end
        with r.line(second=True) as only:
            only.centres = [sip[FIRST]]
            again = only.call("115", r.number())
            again.wait_connected()
            need(again.tried == [(sip[FIRST], 503), (sip[FIRST], 200)], f"with one way alone: {again.tried}")
            again.hang_up()
        for call in calls[:2]:
            call.hang_up()
        until(lambda: any(it.en.startswith("2 calls") for it in client.job(job).steps), "two left told", STEPS_S)
        for call in calls[2:]:
            call.hang_up()
        done = r.over(client, job, 90.0)
        need(done.state is JobState.DONE, told(done))
        need(r.lives(FIRST)["Startup"] != lives, "it was not restarted")
        need(not [it for it in elsewhere if it.over], "a call at the other node is over")
        after = new_caller(r, line)
        need(after.tried == [(sip[FIRST], 200)], f"after it: {after.tried}")
        for call in (*elsewhere, after):
            call.hang_up()
    kinds = ("telephony_blind", "number_silent", "events_stopped")
    alarms = [it for it in lan.report()["alarms"] if it.startswith(kinds) and FIRST in it]
    need(not alarms, f"alarms of a restart that was wished: {alarms}")
    seen = whole(r, calls)
    left = [it.en for it in done.steps if it.code == "calls_left"]
    return (
        f"{', '.join(left)}; 3 new callers heard 503 and were taken at {SECOND}, one with no other way was taken; "
        f"restarted and back after {took(done):.1f} s in all; {seen}"
    )


def other_goes(r: Centre) -> str:
    sip = r.sip(FIRST)
    with r.line() as line, r.client() as client:
        stays = new_caller(r, line)
        job = client.restart(RestartWanted(node=FIRST))
        emptying(client, job)
        r.system.asterisks[SECOND].kill9()
        done = r.over(client, job)
        caller = new_caller(r, line)
        need(done.state is JobState.REFUSED, told(done))
        need(caller.tried[-1] == (sip, 200), f"{caller.tried}")
        need(not stays.over, "the call that was there is over")
        r.system.asterisks[SECOND].start()
        for call in (stays, caller):
            call.hang_up()
    return f"{done.why_en} The next caller: {caller.tried}"


def core_dies(r: Centre) -> str:
    """Nobody says it anew: the node takes callers within seconds."""
    sip = r.sip(FIRST)
    with r.line() as line, r.client() as client:
        stays = new_caller(r, line)
        job = client.restart(RestartWanted(node=FIRST))
        emptying(client, job)
        turned = new_caller(r, line)
        need(turned.tried[0] == (sip, 503), f"{turned.tried}")
        r.system.core.kill9()
        killed = time.monotonic()
        callers_: list[LineCall] = []

        def taken() -> bool:
            callers_.append(new_caller(r, line))
            return callers_[-1].centre == sip

        within(taken, f"a caller taken at {FIRST}", DRAIN_LASTS_S + AT_ONCE_S)
        seconds = time.monotonic() - killed
        need(not stays.over, "the call that was there is over")
        for call in (stays, turned, *callers_):
            call.hang_up()
    r.start_core()
    r.system.wait_for_core()
    draining = r.sql("SELECT payload->>'on' FROM journal WHERE type = 'NodeDrained' ORDER BY seq DESC LIMIT 1")
    need(draining == [("false",)], f"the board still says that it is emptied: {draining}")
    return f"taken at {FIRST} {seconds:.1f} s after the core's death; until then each was taken at {SECOND}"


def taken_back(r: Centre) -> str:
    sip = r.sip(FIRST)
    with r.line() as line, r.client() as client:
        stays = new_caller(r, line)
        job = client.restart(RestartWanted(node=FIRST))
        emptying(client, job)
        client.stop(job)
        done = r.over(client, job)
        need(done.state is JobState.STOPPED, told(done))
        caller = new_caller(r, line)
        need(caller.tried == [(sip, 200)], f"{caller.tried}")
        need(not stays.over, "the call that was there is over")
        for call in (stays, caller):
            call.hang_up()
    return f"{done.why_en} The next caller was taken there at once"


def not_by_reload(r: Centre) -> str:
    """The port of a transport that is there: a reload leaves it, the job says so, and a restart brings it."""
    first, second = (Ports(r.layout.ports).tcp(name) for name in ("tcp-before", "tcp-after"))
    mark = f'name = "{SECOND}"\n'
    need(mark in r.base, f"no section of {SECOND}")
    with r.client() as client:
        plan = client.plan(Candidate(text=r.base.replace(mark, f"{mark}tcp = {first}\n")))
        need(not plan.restarts, f"a new transport wants a restart: {plan.summary}")
        job = r.applied(client, plan)
        need(job.state is JobState.DONE, told(job))
        until(lambda: listens(first), "the new transport opened by the reload", 5.0)
        plan = client.plan(Candidate(text=r.base.replace(mark, f"{mark}tcp = {second}\n")))
        need(plan.restarts == (SECOND,), f"restarts: {plan.restarts}, {plan.summary}")
        job = r.applied(client, plan)
        due = [it for it in job.steps if it.code == "restart_due"]
        need(job.state is JobState.DONE and [it.node for it in due] == [SECOND], told(job))
        need(listens(first) and not listens(second), "a reload moved the transport")
        done = r.over(client, client.restart(RestartWanted(node=SECOND)), 90.0)
        need(done.state is JobState.DONE, told(done))
        need(listens(second) and not listens(first), "the restart did not move it")
    return f"“{due[0].en}”; after the restart ({took(done):.1f} s) it is at the new port"


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


SCENARIOS = [
    row(f"{FIRST} emptied and restarted", "no call and no recording lost; new callers taken elsewhere", emptied),
    row(f"{SECOND} goes while {FIRST} is emptied", f"{FIRST} takes callers at once and is not restarted", other_goes),
    row("the core dies while a node is emptied", f"callers taken there within {DRAIN_LASTS_S} s", core_dies),
    row("a change that a reload does not take", "said before and after; a restart brings it", not_by_reload),
    row("a person gives the node back", "it takes callers at once", taken_back),
]
