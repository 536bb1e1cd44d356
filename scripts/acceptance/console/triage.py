"""Triage cards by keyboard: answers while the narrative is typed, and what a person decided otherwise."""

from __future__ import annotations

from typing import Any

from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.console.scenes import caller_with, hang_up, legs_of
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until

CRASH = "Xe tải cán người"
ANSWERED = (
    "SELECT payload::json->>'question', payload::json->>'answer' FROM journal "
    "WHERE incident = %s AND type = 'CardAnswered' ORDER BY seq"
)
SET_BY_CARD = (
    "SELECT type FROM journal "
    "WHERE incident = %s AND payload::json->>'card' <> '' AND type IN ('TypeSet', 'PrioritySet') ORDER BY seq"
)


def _row(r: KeyedRig, incident: str) -> tuple[Any, ...]:
    return tuple(r.sql("SELECT type, priority FROM incidents WHERE id = %s", incident)[0])


def answered_while_typing(r: KeyedRig) -> str:
    lan, minh = r.person("lan"), r.person("minh")
    every = {"ambulance", "fire", "police"}
    with caller_with(r, lan) as call:
        incident = call["incident"]
        doing = Task(lan)
        lan.press("F6")
        lan.type("tngt")
        lan.offered("Tai nạn giao thông")
        lan.press("Return")
        until(lambda: _row(r, incident) == ("tngt", 2), "the type")
        lan.press("F7")
        lan.type(CRASH, "narrative")
        for number, (key, question) in enumerate((("alt+3", "co_thuong"), ("alt+1", "ket"), ("alt+3", "tinh")), 1):
            lan.press(key)
            until(lambda at=number: len(r.sql(ANSWERED, incident)) == at, f"the answer to {question}")  # type: ignore[misc]
        lan.press("Return")
        until(lambda: r.noted(incident, CRASH) == 1, "the narrative, whole")
        until(lambda: set(legs_of(minh, incident)) == every, "three legs on the other console")
        seen = doing.done()
        given = r.sql(ANSWERED, incident)
        need(given == [("co_thuong", "nang"), ("ket", "co"), ("tinh", "khong")], f"kept in the journal: {given}")
        need(_row(r, incident) == ("tngt_ket", 1), f"stored as {_row(r, incident)}")
        hang_up(r, lan, call["number"])
    return f"{seen}: three answers inside a sentence, now {' P'.join(map(str, _row(r, incident)))} with 3 legs"


def never_over_a_person(r: KeyedRig) -> str:
    lan = r.person("lan")
    with caller_with(r, lan) as call:
        incident = call["incident"]
        doing = Task(lan)
        lan.line("t kho_tho")
        until(lambda: _row(r, incident) == ("kho_tho", 1), "the type")
        lan.line("p 2")
        until(lambda: _row(r, incident)[1] == 2, "the priority by hand")
        lan.press("alt+3", "alt+2")
        until(lambda: _row(r, incident)[0] == "ngung_tim", "the type of who gasps")
        need(_row(r, incident)[1] == 2, f"a priority set by hand became {_row(r, incident)[1]}")
        lan.press("alt+0")
        until(lambda: _row(r, incident)[1] == 1, "what the card proposed, taken with one key")
        by_card = [kind for (kind,) in r.sql(SET_BY_CARD, incident)]
        need(by_card == ["TypeSet"], f"set by the card: {by_card}")
        seen = doing.done()
        hang_up(r, lan, call["number"])
    return f"{seen}: type by the card, priority by the person, proposed and taken"


SCENARIOS = [
    task(
        "a triage card while the narrative is typed",
        "Alt and a digit answer, nothing of it in the text; type, priority, legs follow and the answers are kept",
        answered_while_typing,
    ),
    task(
        "a card and what a person decided",
        "a priority set by hand stays and the card proposes; one key takes it",
        never_over_a_person,
    ),
]
