"""Calls steered by keyboard: a caller who gave up is called back, a call goes to another desk, somebody is asked."""

from __future__ import annotations

from typing import Any

from scripts.acceptance.console.keyed import KeyedRig, Person, Task, task
from scripts.acceptance.console.scenes import caller_with
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.acceptance.telephony.calling_back import SOON, given_up, off
from scripts.stage.phones import Habit

LIFTS = Habit(lift_after=0.3)


def _call(person: Person, number: str) -> dict[str, Any]:
    return next((it for it in list(person.console.calls.values()) if it["number"] == number), {})


def _until(person: Person, number: str, **wanted: Any) -> None:
    def fits() -> bool:
        call = _call(person, number)
        return all(call.get(name) == value for name, value in wanted.items())

    until(fits, f"{number} with {wanted} at {person.user}, shown {_call(person, number)}")


def call_back(r: KeyedRig) -> str:
    lan = r.person("lan")
    number = r.number()
    line = given_up(r, lan.console, number)
    lan.sees(lambda it: any(number[-3:] in row for row in it["boards"].get("missed", [])), "the missed caller's row")
    with r.calling(called=SOON):
        doing = Task(lan)
        lan.press("F2")
        off(r, lan.console, number)
        seen = doing.done()
        row = until(
            lambda: [it for it in r.sql("SELECT ended, tries FROM missed WHERE id = %s", line["line"]) if it[0]],
            "the line as ended in the database",
        )[0]
        until(lambda: not r.channels(), "the end of the call")
    need(row == ("called_back", 1), f"stored as {row}")
    return f"{seen}: reached at the first try, off the list"


def transfer(r: KeyedRig) -> str:
    lan, minh = r.person("lan"), r.person("minh")
    with caller_with(r, lan) as call:
        r.phone("B02", LIFTS)
        doing = Task(lan)
        lan.line("ch b02")
        _until(lan, call["number"], state="answered", position="B02")
        seen = doing.done()
        minh.in_form(call["incident"])
        until(lambda: r.talking() == {"viettel", "B02"}, "the caller and B02 talking")
        minh.press("F10")
        r.shown(minh.console, call["number"], "ended")
    return f"{seen}: with B02, the form open there"


def consult(r: KeyedRig) -> str:
    """Ask and come back; ask again and talk as three; leave the two alone."""
    lan, minh = r.person("lan"), r.person("minh")
    with caller_with(r, lan) as call:
        number = call["number"]
        r.phone("B02", LIFTS)
        doing = Task(lan)
        lan.line("hoi b02")
        _until(lan, number, state="held", parties=["B02"])
        lan.line("ve")
        _until(lan, number, state="answered", position="B01", parties=[])
        lan.line("hoi b02")
        _until(lan, number, state="held", parties=["B02"])
        lan.line("ba")
        _until(lan, number, state="answered", position="B01", parties=["B02"])
        until(lambda: len([it for it in r.channels() if it[5] == "ConfBridge"]) == 3, "three in one room")
        lan.line("roi")
        _until(lan, number, state="answered", position="B02")
        seen = doing.done()
        minh.press("F10")
        r.shown(minh.console, number, "ended")
    return f"{seen}: asked, back, asked, three in one talk, left to B02"


SCENARIOS = [
    task("a caller who gave up is called back", "one key; reached, off the list", call_back),
    task("a call is given to another desk", "the caller talks there, and the form stands there", transfer),
    task("another desk is asked, and joins", "on hold while asked; back; three in one talk", consult),
]
