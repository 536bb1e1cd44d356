"""Numbers that stand behind: marked by their history, never refused, cleared by one real incident."""

from __future__ import annotations

from contextlib import ExitStack

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from scripts.stage.headless.operators import short
from scripts.stage.phones import Habit

LIFTS = Habit(lift_after=0.2)
BUSY = Habit(busy=True)
NEXT_ROUNDS_S = 40.0  # a phone that was started anew is seen within 4 s and rings from the next round on


def _marked(r: Rig, number: str) -> bool:
    return f"n{number}" in r.system.asterisk.ask("database show nuisance")


def _empty(r: Rig, console: Console, number: str) -> None:
    """One call without content, closed with the one key."""
    with r.calling(Caller("113", number, patience=60)):
        call = r.answered(console, number)
        console.do(f"xx {short(call['incident'])}")
        r.shown(console, number, "ended")
    console.calls.pop(call["call"], None)


def _mark(r: Rig, console: Console, number: str) -> None:
    for _ in range(3):
        _empty(r, console, number)
    until(lambda: _marked(r, number), "the mark at the switch")


def marked() -> str:
    r = rig()
    lan, number = r.console("lan"), r.number()
    _empty(r, lan, number)
    _empty(r, lan, number)
    need(not _marked(r, number), "marked after two")
    _empty(r, lan, number)
    until(lambda: _marked(r, number), "the mark at the switch")
    return "after the third within a day, by one key each"


def behind() -> str:
    r = rig()
    lan, number, other = r.console("lan"), r.number(), r.number()
    _mark(r, lan, number)
    for position in ("B02", "B03"):  # or they would ring for who came first, and go on doing so
        r.phone(position, BUSY)
    r.system.core.kill9()

    def line() -> list[str]:
        text = r.system.asterisk.ask("queue show")  # of its service first, then of everybody
        rows = [row.strip() for row in text.splitlines() if "prio:" in row]
        return ["behind" if "prio: 1)" in row else "other" for row in rows]

    with ExitStack() as ends:
        ends.enter_context(r.calling(Caller("114", number)))
        until(lambda: line() == ["behind"], "the marked one in the queue")
        ends.enter_context(r.calling(Caller("114", other), second=True))
        until(lambda: line() == ["other", "behind"], "who came later before who came first")
        r.phone("B02", LIFTS)
        until(lambda: line() == ["behind"], "the other one answered", NEXT_ROUNDS_S)
        r.phone("B03", LIFTS)
        until(lambda: len(r.talking() & {"B02", "B03"}) == 2, "the marked one answered too", NEXT_ROUNDS_S)
    return "behind the later caller, then answered; the core was dead"


def cleared() -> str:
    r = rig()
    lan, number = r.console("lan"), r.number()
    _mark(r, lan, number)
    with r.calling(Caller("113", number, patience=60)):
        call = r.answered(lan, number)
        need(call["behind"], "the console does not say that it stands behind")
        lan.do(f"t theft {short(call['incident'])}")
        until(lambda: not _marked(r, number), "the mark gone")
        lan.do("h")
        r.shown(lan, number, "ended")
    lan.do(f"x resolved {short(call['incident'])}")
    return "a real incident lifts it while the call still runs"


def lifted() -> str:
    r = rig()
    lan, thao, number = r.console("lan"), r.console("thao"), r.number()
    with r.calling(Caller("113", number, patience=60)):
        call = r.answered(lan, number)
        named = short(call["incident"])
        thao.do(f"qr {named} gọi phá nhiều lần")
        until(lambda: _marked(r, number), "the mark at the switch")
        thao.do(f"qr- {named} gia đình đã giải thích")
        until(lambda: not _marked(r, number), "the mark gone")
        lan.do(f"xx {named}")
        r.shown(lan, number, "ended")
    return "set and lifted by a supervisor, each with a reason"


SCENARIOS = [
    Scenario("calls without content from one number", "one key each; the third puts it behind", marked),
    Scenario("a marked number and one without history", "the later one is served first, nobody is refused", behind),
    Scenario("a marked number reports something real", "the mark is gone at once", cleared),
    Scenario("a supervisor sets and lifts a number", "with a reason, at once at the switch", lifted),
]
