"""Two people at two keyboards in one incident, at the same moment: nothing is lost, nothing is overwritten unseen."""

from __future__ import annotations

import threading
from functools import partial

from scripts.acceptance.console.keyed import KeyedRig, Person, Task, task
from scripts.acceptance.console.scenes import caller_with
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.stage.keyboard import HUMAN

LANS = "Bốn người trong nhà, một người già"
MINHS = "Xe thang không vào được hẻm"
HALF = "cho ben thanh cua nam"


def both(r: KeyedRig) -> str:
    lan, minh = r.person("lan"), r.person("minh")
    with caller_with(r, lan, "115") as call:
        incident = call["incident"]
        minh.line(f"#{int(incident.rpartition('-')[2])}")
        minh.in_form(incident)
        doing = Task(lan)
        for person in (lan, minh):
            person.press("F7")
        hands = [
            threading.Thread(target=person.type, args=(words, "narrative", HUMAN))
            for person, words in ((lan, LANS), (minh, MINHS))
        ]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        need(lan.see()["fields"]["note"] == LANS and minh.see()["fields"]["note"] == MINHS, "letters were lost")
        lan.press("Return")
        minh.press("Return")
        for person in (lan, minh):
            until(partial(_said, person, LANS, MINHS), f"both lines at {person.user}'s")
        minh.press("F3")
        minh.type(HALF, "address")
        lan.press("F3")
        lan.type("nga tu hang xanh", "address")
        lan.offered("Ngã tư Hàng Xanh")
        lan.press("Return")
        minh.sees(lambda it: any("Hàng Xanh" in text for text in it["form"]), "the other's place beside what is typed")
        kept = minh.see()["fields"]["place"]
        need(kept == HALF, f"what minh typed became “{kept}”")
        minh.press("Escape")
        if minh.see()["fields"]["place"] == HALF:  # the first one closes the list
            minh.press("Escape")
        minh.sees(lambda it: it["fields"]["place"] == "Ngã tư Hàng Xanh", "the place that stands, after Esc")
        seen = doing.done()
        others = minh.keyboard.count()
    need((r.noted(incident, LANS), r.noted(incident, MINHS)) == (1, 1), "not each line once in the journal")
    return f"{seen}; the other {others}: both lines at both; “Ngã tư Hàng Xanh” beside “{HALF}”, which stayed"


def _said(person: Person, *said: str) -> bool:
    story = person.console.story()
    return all(any(words in line for line in story) for words in said)


SCENARIOS = [
    task("two people type in one incident", "both lines kept; a place that changed stands beside what is typed", both)
]
