"""An address heard with the name of a ward that is no more, its first answer the wrong one: corrected by keyboard."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.console.scenes import caller_with
from scripts.acceptance.geo.address_truth import STREETS, shared_data
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until

HEARD = "hang xanh p25 binh thanh"
FIRST, MEANT = "Nhà Thờ Hàng Xanh", "Ngã tư Hàng Xanh"
LABEL = "SELECT location_label FROM incidents WHERE id = %s"
PUBLISHED = "SELECT count(*) FROM journal WHERE type = 'MapPublished'"


def with_streets(r: KeyedRig) -> None:
    """The city's extract, imported once as an administrator does it."""
    before = r.sql(PUBLISHED)[0][0]
    if before:
        return
    ran = r.system.dispatch("map", "import", str(shared_data() / STREETS), "--name", "core-2023")
    need(ran.returncode == 0, f"the map was refused: {(ran.stdout + ran.stderr)[-400:]}")
    until(lambda: r.sql(PUBLISHED)[0][0] > before, "the map in force")


def corrected(r: KeyedRig) -> str:
    with_streets(r)
    lan, minh = r.person("lan"), r.person("minh")
    with caller_with(r, lan) as call:
        incident = call["incident"]
        doing = Task(lan)
        lan.press("F3")
        lan.type(HEARD, "address")
        lan.offered(FIRST)
        lan.press("Return")
        lan.sees(lambda it: it["fields"]["place"] == FIRST, "the first answer taken")
        lan.press("F3")
        lan.type(HEARD, "address")
        lan.offered(FIRST)
        offered = lan.see()["choices"]
        for _ in offered:
            if any(row.startswith("▶") and MEANT in row for row in lan.see()["choices"]):
                break
            lan.press("Down")
        lan.offered(MEANT)
        lan.press("Return")
        lan.sees(lambda it: it["fields"]["place"].startswith(MEANT), "the place that was meant")
        seen = doing.done()
        until(lambda: r.sql(LABEL, incident)[0][0].startswith(MEANT), "the place in the database")
        minh.press("F12")
        minh.line(f"#{int(incident.rpartition('-')[2])}")
        minh.sees(lambda it: it["fields"]["place"].startswith(MEANT), "the place on the other console")
        located = r.sql("SELECT count(*) FROM journal WHERE type = 'IncidentLocated' AND incident = %s", incident)
        need(located[0][0] == 2, f"located {located[0][0]} times")
    return f"{seen}: “{HEARD}” offered {offered[0].strip('▶')!r}; {MEANT} it is"


SCENARIOS = [
    task("an old ward's name, and a wrong first answer", "found under the new ward, corrected in the list", corrected)
]
