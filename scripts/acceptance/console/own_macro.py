"""A macro of one's own, kept and run by keyboard: each step goes when the one before is confirmed."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.console.scenes import incident_at_work
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until

NOTE = "bao dong cap hai, mo them nhanh"
LEVELS = "SELECT count(*) FROM journal WHERE type = 'AlarmLevelSet' AND incident = %s"


def macro(r: KeyedRig) -> str:
    lan = r.person("lan")
    with incident_at_work(r, lan) as incident:
        lan.line(f"mc chaylon Ctrl+F5 = cap 2 ; n {NOTE}")
        lan.sees(lambda it: not it["fields"]["line"], "the macro kept")
        doing = Task(lan)
        lan.press("ctrl+F5")
        until(lambda: r.noted(incident, NOTE) == 1, "the last step in the journal")
        seen = doing.done()
        need(r.sql(LEVELS, incident)[0][0] == 1, "the alarm level was not set once")
        lan.line("mc- chaylon")
    return f"{seen}: both steps in the journal, once each"


SCENARIOS = [task("a macro of one's own", "one chord, two steps, each confirmed before the next", macro)]
