"""A shift handed over by keyboard, and taken at the other desk."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.console.scenes import incident_at_work
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until

NOTE = "xe thang chưa tới, gọi lại trạm"
OWNER = "SELECT owner FROM incidents WHERE id = %s"


def shift(r: KeyedRig) -> str:
    lan, minh = r.person("lan"), r.person("minh")
    with incident_at_work(r, lan) as incident:
        doing = Task(lan)
        lan.type("bg @minh ")
        lan.type(NOTE, "narrative")
        lan.press("Return")
        minh.sees(lambda it: any("Lan" in line for line in it["desks"]), "the hand-over told at the other desk")
        need(r.sql(OWNER, incident)[0][0] == "lan", "it changed hands before it was taken")
        minh.press("ctrl+g")
        minh.sees(lambda it: it["dialog"] == "ShiftSheet", "the sheet of what is handed over")
        minh.press("Return")
        until(lambda: r.sql(OWNER, incident)[0][0] == "minh", "the incident being minh's in the database")
        minh.sees(lambda it: not it["dialog"], "the sheet closed")
        seen = doing.done()
        other = minh.keyboard.count()
        until(lambda: lan.console.incidents[incident]["owner"] == "minh", "the same at the desk that handed it over")
    return f"{seen}; the other {other}: {incident} is lan's until minh has taken it"


SCENARIOS = [task("a shift is handed over", "stays with who hands it until the other one has taken it", shift)]
