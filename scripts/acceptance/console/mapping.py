"""The map by keyboard: an incident without a call where a crosshair stands."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.stage.headless.operators import short


def opened_on_the_map(r: KeyedRig) -> str:
    lan = r.person("lan")
    doing = Task(lan)
    lan.press("ctrl+b")
    lan.sees(lambda it: it["focus"] == "map", "the map having the keyboard")
    before = lan.see()["open"]
    lan.press("x", "Right", "n")
    incident = lan.sees(lambda it: it["open"] != before and it["open"], "a new incident in the form")
    seen = doing.done()
    lan.press("Escape")
    made = r.sql(
        "SELECT type FROM journal WHERE incident = %s AND type IN ('IncidentReceived', 'IncidentTaken', "
        "'IncidentLocated') ORDER BY seq", incident,
    )  # fmt: skip
    need([it[0] for it in made] == ["IncidentReceived", "IncidentTaken", "IncidentLocated"], f"the journal has {made}")
    calls = r.sql("SELECT count(*) FROM calls WHERE incident = %s", incident)
    need(calls[0][0] == 0, "it has a call")
    lan.press("F12")
    lan.line(f"x xong {short(incident)}")
    until(lambda: r.sql("SELECT state FROM incidents WHERE id = %s", incident)[0][0] == "closed", "it being closed")
    return f"{seen}: {short(incident)} received, taken and located, without a call"


SCENARIOS = [
    task("an incident opened on the map", "the map, a crosshair and one key; received, taken and located at once",
         opened_on_the_map),
]
