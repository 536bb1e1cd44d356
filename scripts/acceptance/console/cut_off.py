"""Redis is gone in the middle of the work: what is given waits in sight, and goes one by one when it is back."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.console.scenes import incident_at_work
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until

KEPT, DROPPED = "Người nhà đứng đón ở đầu hẻm", "Gọi nhầm số nhà"
BACK_WITHIN_S = 30.0


def back(r: KeyedRig) -> str:
    lan = r.person("lan")
    with incident_at_work(r, lan) as incident:
        doing = Task(lan)
        r.system.redis.kill9()
        until(lambda: lan.console.report()["away"], "the console knowing that it is cut off")
        rows = len(lan.see()["boards"].get("incidents", []))
        need(rows > 0, "the board is empty while cut off")
        for words in (KEPT, DROPPED):
            lan.press("F7")
            lan.type(words, "narrative")
            lan.press("Return")
        lan.sees(lambda it: len(it["boards"].get("waiting", [])) == 2, "two commands waiting in sight")
        need(r.noted(incident, KEPT) == 0, "it was sent before anybody confirmed it")
        r.system.redis.start()
        until(lambda: not lan.console.report()["away"], "the console in step again", BACK_WITHIN_S)
        need(len(lan.console.report()["waiting"]) == 2, f"sent by itself: {lan.console.report()['waiting']}")
        lan.press("alt+c")
        lan.sees(lambda it: it["focus"] == "waiting", "the waiting commands having the keyboard")
        lan.press("Return")
        lan.sees(lambda it: len(it["boards"].get("waiting", [])) == 1, "the first one confirmed")
        lan.press("Delete")
        lan.sees(lambda it: "waiting" not in it["boards"] or not it["boards"]["waiting"], "the second one dropped")
        until(lambda: r.noted(incident, KEPT) == 1, "the first one in the journal")
        seen = doing.done()
        need(r.noted(incident, DROPPED) == 0, "the one that was dropped is in the journal")
        lan.sees(lambda it: it["focus"] == "line", "the line again")
    return f"{seen}: two waited in sight, one confirmed and once in the journal, one dropped and not there"


SCENARIOS = [
    task("cut off and back", "given while cut off, confirmed one by one on return, nothing twice", back),
]
