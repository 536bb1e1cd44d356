"""A triage card answered by keyboard while one talks: what it sets, what is read to the caller."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.console.scenes import caller_with, hang_up
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until

STEPS = (
    ("có tỉnh, có trả lời không", "alt+3"),
    ("có thở đều không", "alt+3"),
    ("Người lớn, trẻ em hay em bé", "alt+1"),
    ("Đã có ai ép tim chưa", "alt+2"),
)
"""A question of the card as it stands there, and the chord of the answer: not awake, not breathing, an adult, nobody
pushes yet."""

SET = "SELECT type, priority FROM incidents WHERE id = %s"
ANSWERED = "SELECT count(*) FROM journal WHERE type = 'CardAnswered' AND incident = %s"


def card(r: KeyedRig) -> str:
    lan, minh = r.person("lan"), r.person("minh")
    with caller_with(r, lan) as call:
        incident = call["incident"]
        lan.press("F6")
        lan.type("bat tinh")
        lan.offered("ất tỉnh")
        lan.press("Return")
        doing = Task(lan)
        for question, chord in STEPS:
            lan.sees(lambda it, asked=question: any(asked in text for text in it["labels"]), f"“{question}”")
            lan.press(chord)
        until(lambda: r.sql(ANSWERED, incident)[0][0] == len(STEPS), "every answer in the journal")
        lan.sees(lambda it: any("ép" in text and "ngực" in text for text in it["labels"]), "what is read to the caller")
        seen = doing.done()
        need(lan.see()["focus"] == "line", f"the keyboard went to {lan.see()['focus']}")
        row = r.sql(SET, incident)[0]
        need(row == ("ngung_tim", 1), f"stored as {row}")
        until(lambda: minh.console.incidents[incident]["type"] == "ngung_tim", "the type on the other console")
        hang_up(r, lan, call["number"])
    return f"{seen}: {len(STEPS)} answers, it became {row[0]} P{row[1]}, and the caller is told how to push"


SCENARIOS = [task("a triage card is answered", "a chord for each answer; type and priority follow", card)]
