"""The language and the look changed by keyboard in the middle of the work: what is typed stays."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.console.scenes import caller_with, hang_up
from scripts.acceptance.rows import need

HALF = "Khói đen, chưa rõ"


def switched(r: KeyedRig) -> str:
    lan = r.person("lan")
    with caller_with(r, lan) as call:
        lan.press("F7")
        lan.type(HALF, "narrative")
        doing = Task(lan)
        lan.press("F12")
        lan.line("lang en")
        lan.sees(lambda it: it["language"] == "en" and "INCIDENT" in " ".join(it["labels"]).upper(), "English")
        kept = lan.see()["fields"]["note"]
        lan.line("lang vi")
        lan.sees(lambda it: it["language"] == "vi" and "VỤ VIỆC" in " ".join(it["labels"]).upper(), "Vietnamese again")
        seen = doing.done()
        need(kept == lan.see()["fields"]["note"] == HALF, f"what was typed became “{kept}”")
        hang_up(r, lan, call["number"])
    return f"{seen}: English and back, “{HALF}” stayed in its field"


SCENARIOS = [task("another language while one types", "every word changes, nothing that was typed is lost", switched)]
