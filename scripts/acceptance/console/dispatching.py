"""Units by keyboard: a greater alarm, a crew that says no, statuses to the end, a leg given to somebody else."""

from __future__ import annotations

from functools import partial
from typing import Any

from scripts.acceptance.console.keyed import KeyedRig, Person, Task, task
from scripts.acceptance.console.scenes import incident_at_work, legs_of
from scripts.acceptance.rows import Unmet, need
from scripts.acceptance.spine.rig import until
from scripts.stage.headless.operators import short

REASON = "lan đang có ba vụ"
TO_THE_END = (
    ("1", "acknowledged"), ("2", "en_route"), ("3", "on_scene"), ("4", "transporting"), ("5", "at_hospital"),
    ("6", "returning"), ("0", "available"),
)  # fmt: skip
ROWS_MOST = 16


def step_to(person: Person, board: str, words: str) -> None:
    """Up or Down, until the chosen row of the board that has the keyboard says `words`."""
    rows: list[str] = []
    for _ in range(ROWS_MOST):
        rows[:] = person.see()["boards"].get(board, [])
        wanted = next((at for at, row in enumerate(rows) if words in row), None)
        need(wanted is not None, f"no row “{words}” among {rows}")
        chosen = next((at for at, row in enumerate(rows) if row.startswith("▶")), -1)
        if wanted == chosen:
            return
        person.press("Down" if (wanted or 0) > chosen else "Up")
    raise Unmet(f"the row “{words}” is not reached: {rows}")


def greater_alarm(r: KeyedRig) -> str:
    lan = r.person("lan")
    with incident_at_work(r, lan) as incident:
        doing = Task(lan)
        lan.press("alt+l")
        lan.sees(lambda it: it["fields"]["line"].startswith("cap 2"), "the next level in the line")
        lan.press("Return")
        lan.sees(lambda it: any("BÁO ĐỘNG 2" in text for text in it["form"]), "the level on the form")
        seen = doing.done()
        raised = r.sql("SELECT count(*) FROM journal WHERE type = 'AlarmLevelSet' AND incident = %s", incident)
        need(raised[0][0] == 1, f"raised {raised[0][0]} times in the journal")
    return f"{seen}: {short(incident)} at level 2"


def declined(r: KeyedRig) -> str:
    """The ambulance station is asked, says no, and the next one is asked at once."""
    lan = r.person("lan")
    with incident_at_work(r, lan) as incident:
        doing = Task(lan)
        lan.press("alt+n")
        lan.sees(lambda it: it["focus"] == "legs", "the legs having the keyboard")
        step_to(lan, "legs", "Cấp cứu")
        lan.press("plus")
        first = until(lambda: _asked(lan, incident), "somebody being asked")
        lan.press("Right")
        lan.sees(lambda it: any(first["station"] in row for row in it["boards"]["leg"]), "who is asked")
        step_to(lan, "leg", first["station"])
        lan.press("minus")
        lan.sees(lambda it: it["fields"]["line"] == f"tc {first['station']} ", "the no in the line, for its reason")
        lan.line("hong")
        second = until(lambda: _asked(lan, incident, but=first["offer"]), "the next one asked")
        seen = doing.done()
        told = r.sql("SELECT count(*) FROM journal WHERE type = 'OfferEnded' AND incident = %s "
            "AND payload::text LIKE '%%declined%%'", incident)
        need(told[0][0] == 1, f"declined {told[0][0]} times in the journal")
    return f"{seen}: {_named(first)} is a no, {_named(second)} is asked"


def _asked(person: Person, incident: str, but: str = "") -> dict[str, Any]:
    """The offer that waits on the ambulance leg, other than `but`."""
    offers = legs_of(person, incident)["ambulance"]["offers"]
    return next((it for it in offers if it["outcome"] == "pending" and it["offer"] != but), {})


def _named(offer: dict[str, Any]) -> str:
    return f"{offer['station']} for {offer['unit']}"


def statuses(r: KeyedRig) -> str:
    """From sent to free again, one digit for each thing that the crew reports."""
    lan, minh = r.person("lan"), r.person("minh")
    with incident_at_work(r, lan) as incident:
        lan.press("alt+d")
        unit = str(until(lambda: legs_of(lan, incident)["ambulance"]["units"], "a unit sent")[0])
        doing = Task(lan)
        lan.press("alt+n")
        lan.sees(lambda it: it["focus"] == "legs", "the legs having the keyboard")
        step_to(lan, "legs", "Cấp cứu")
        lan.press("Right")
        lan.sees(lambda it: it["focus"] == "leg", "the leg of the ambulance having the keyboard")
        step_to(lan, "leg", unit)
        for digit, status in TO_THE_END:
            lan.press(digit)
            until(partial(_is, r, unit, status), f"{unit} {status}")
        seen = doing.done()
        until(lambda: unit not in legs_of(minh, incident)["ambulance"]["units"], "free on the other console")
    return f"{seen}: {unit} {' → '.join(status for _, status in TO_THE_END)}"


def _is(r: KeyedRig, unit: str, status: str) -> bool:
    return r.sql("SELECT status FROM unit_log WHERE unit = %s ORDER BY seq DESC LIMIT 1", unit)[:1] == [(status,)]


def reassigned(r: KeyedRig) -> str:
    lan, minh, thao = r.person("lan"), r.person("minh"), r.person("thao")
    with incident_at_work(r, lan) as incident:
        before = len(minh.console.notices)
        doing = Task(thao)
        thao.line(f"re {short(incident)}/115 @minh {REASON}")
        until(lambda: legs_of(minh, incident)["ambulance"]["dispatcher"] == "minh", "the leg being minh's")
        seen = doing.done()
        minh.sees(lambda it: any(REASON in text for text in it["said"]), "minh being told, with the reason")
        row = r.sql("SELECT dispatcher FROM legs WHERE incident = %s AND service = 'ambulance'", incident)
        need(row[0][0] == "minh", f"in the database the leg is {row[0][0]}'s")
        need(len(minh.console.notices) > before, "minh was told nothing")
    return f"{seen}: {short(incident)}/115 from lan to minh, who is told why"


SCENARIOS = [
    task("a greater alarm", "one chord and Return", greater_alarm),
    task("somebody says no, the next one is asked", "asked with one key; the next one as soon as the reason is typed",
         declined),
    task("a crew's statuses to the end", "one digit each, from sent to free", statuses),
    task("a leg is given to somebody else", "by the supervisor, with a reason that the other one is told", reassigned),
]
