"""A patient taken to a hospital, by keyboard: nearest by road with free beds and what the patient needs."""

from __future__ import annotations

from scripts.acceptance.console.dispatching import step_to
from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.console.scenes import incident_at_work, legs_of
from scripts.acceptance.spine.rig import until

CHOSEN = "SELECT payload::json->>'hospital' FROM journal WHERE type = 'HospitalChosen' AND payload::json->>'unit' = %s"


def hospital(r: KeyedRig) -> str:
    lan = r.person("lan")
    with incident_at_work(r, lan) as incident:
        lan.press("alt+d")
        unit = str(until(lambda: legs_of(lan, incident)["ambulance"]["units"], "a unit sent")[0])
        lan.press("alt+n")
        step_to(lan, "legs", "Cấp cứu")
        lan.press("Right")
        lan.sees(lambda it: it["focus"] == "leg", "the leg of the ambulance having the keyboard")
        step_to(lan, "leg", unit)
        lan.press("1", "2", "3", "F12")
        doing = Task(lan)
        lan.line(f"bv {unit.lower()} dot quy")
        lan.sees(lambda it: it["focus"] == "hospitals" and it["boards"].get("hospitals"), "hospitals to choose from")
        lan.sees(lambda it: any("km" in row for row in it["boards"]["hospitals"]), "how far each of them is")
        first = str(lan.see()["boards"]["hospitals"][0])
        lan.press("Home", "Return")
        chosen = until(lambda: r.sql(CHOSEN, unit), "the destination in the journal")[-1][0]
        seen = doing.done()
        lan.press("Escape")
    return f"{seen}: {unit} to {chosen}, “{first.strip('▶')}”"


SCENARIOS = [
    task("a patient is taken to a hospital", "by travel time and what the patient needs; Return takes", hospital),
]
