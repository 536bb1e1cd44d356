"""Whoever leads, by keyboard: an incident to somebody else and back, a unit to another incident."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.console.scenes import caller_with, hang_up, incident_at_work
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.stage.headless.operators import short

CHOSEN = "đang quá tải"


def _owner(r: KeyedRig, incident: str) -> str:
    return str(r.sql("SELECT owner FROM incidents WHERE id = %s", incident)[0][0])


def given_and_back(r: KeyedRig) -> str:
    """The reason is chosen by a digit; then it was a slip."""
    lan, thao = r.person("lan"), r.person("thao")
    with incident_at_work(r, lan) as incident:
        was = _owner(r, incident)
        doing = Task(thao)
        thao.line(f"re {short(incident)} @thao")
        thao.sees(lambda it: it["dialog"] == "ReasonDialog", "the question why")
        thao.press("2", "Return")
        until(lambda: _owner(r, incident) == "thao", "the incident as Thao's in the database")
        thao.sees(lambda it: not it["dialog"], "the dialog closed")
        thao.press("alt+y")
        until(lambda: _owner(r, incident) == was, f"the incident as {was}'s again")
        seen = doing.done()
        told = lan.console.story()
        need(any(CHOSEN in line for line in told), f"no line with “{CHOSEN}” in {told[-4:]}")
    return f"{seen}: to Thao because “{CHOSEN}”, and back to {was}"


def elsewhere(r: KeyedRig) -> str:
    """A unit at work is typed onto another incident; the one that it left says what it lacks."""
    lan, thao = r.person("lan"), r.person("thao")
    with caller_with(r, lan) as call:
        second = call["incident"]
        hang_up(r, lan, call["number"])
    lan.prepare()
    with incident_at_work(r, lan) as first:
        lan.press("alt+d")
        sent = until(
            lambda: r.sql("SELECT unit FROM assignments WHERE incident = %s AND released_at IS NULL", first),
            "the proposed units sent",
        )
        unit = str(sent[0][0])
        doing = Task(thao)
        thao.line(f"re {unit} {short(second)} gap hon")
        until(
            lambda: r.sql("SELECT 1 FROM assignments WHERE incident = %s AND unit = %s AND released_at IS NULL",
                          second, unit),
            f"{unit} on {second} in the database",
        )  # fmt: skip
        seen = doing.done()
        told = r.sql("SELECT count(*) FROM journal WHERE type = 'UnitRedirected' AND incident = %s", first)
        need(told[0][0] == 1, f"told {told[0][0]} times in the journal")
        thao.line(f"r {unit}")
    return f"{seen}: {unit} from {short(first)} to {short(second)}"


SCENARIOS = [
    task("an incident is given away, and it was a slip", "Thao's with the reason, then as before", given_and_back),
    task("a unit at work goes to another incident", "released there, sent here, told in both stories", elsewhere),
]
