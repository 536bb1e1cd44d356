"""Two calls about one thing, by keyboard: folded with one key, and back with one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scripts.acceptance.console.keyed import KeyedRig, Person, Task, task
from scripts.acceptance.console.scenes import CROSSING, NEAR, caller_with, hang_up
from scripts.acceptance.spine.rig import until
from scripts.stage.headless.operators import short

CALLS = "SELECT count(*) FROM calls WHERE incident = %s"


@contextmanager
def two_about_one(r: KeyedRig) -> Iterator[tuple[Person, str, str]]:
    """Lan has an accident; minh's caller stands near it. Minh, the first incident, the second."""
    lan, minh = r.person("lan"), r.person("minh")
    r.person("thao")
    with caller_with(r, lan, "115", CROSSING) as call:
        first = str(call["incident"])
        lan.press("F6")
        lan.type("tngt")
        lan.offered("Tai nạn giao thông")
        lan.press("Return")
        hang_up(r, lan, call["number"])
    with caller_with(r, minh, "115", NEAR) as call:
        second = str(call["incident"])
        minh.sees(lambda it: any(short(first) in text for text in it["form"]), "the proposal beside the form")
        yield minh, first, second
        hang_up(r, minh, call["number"])


def fold(r: KeyedRig) -> str:
    with two_about_one(r) as (minh, first, second):
        doing = Task(minh)
        minh.press("F4")
        minh.in_form(first)
        seen = doing.done()
        until(lambda: _stored(r, first, second) == (2, 0), "both callers with the first in the database")
        lan = r.people["lan"]
        until(lambda: len(lan.console.incidents[first]["calls"]) == 2, "two callers on the other console")
    return f"{seen}: {short(second)} is part of {short(first)}, two callers"


def unfold(r: KeyedRig) -> str:
    with two_about_one(r) as (minh, first, second):
        minh.press("F4")
        minh.in_form(first)
        doing = Task(minh)
        minh.press("alt+z")
        minh.in_form(second)
        seen = doing.done()
        until(lambda: _stored(r, first, second) == (1, 1), "a caller each in the database")
        lan = r.people["lan"]
        until(lambda: len(lan.console.incidents[first]["calls"]) == 1, "one caller each on the other console")
    return f"{seen}: {short(second)} is open again with its caller"


def _stored(r: KeyedRig, *incidents: str) -> tuple[int, ...]:
    """How many calls each incident has in the database."""
    return tuple(int(r.sql(CALLS, incident)[0][0]) for incident in incidents)


SCENARIOS = [
    task("a duplicate is folded", "one key; one incident with two callers on both consoles", fold),
    task("a fold is undone", "one key; two incidents with a caller each", unfold),
]
