"""Callers who cannot speak, by keyboard: one is asked to press 5, one writes and is answered."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.console.scenes import answer
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import SEATS, until
from scripts.acceptance.telephony.silent import call_of, caller
from scripts.acceptance.telephony.texts import line
from scripts.stage.phones import WAITS

ANSWER = "Ở yên trong phòng, xe 114 đang đến"


def silent(r: KeyedRig) -> str:
    lan, number = r.person("lan"), r.number()
    r.phone(SEATS["lan"], WAITS)
    with caller(r, number) as one:
        r.shown(lan.console, number, "queued", "ringing")
        call = answer(r, lan, number)
        doing = Task(lan)
        lan.press("ctrl+5")
        call_of(lan.console, number, lambda it: it["prompted"], "that he was asked")
        one.press("5")
        call_of(lan.console, number, lambda it: it["keys"] == "5" and it["cannot_speak"], "his key, and what it means")
        lan.sees(lambda it: any("KHÔNG NÓI ĐƯỢC" in text for text in it["form"]), "it beside his number")
        seen = doing.done()
        need(lan.console.calls[call["call"]]["state"] == "answered", "the call did not go on")
    return f"{seen}: asked with one chord, he pressed 5, the form says that he cannot speak"


def text(r: KeyedRig) -> str:
    lan, number = r.person("lan"), r.number()
    with line(r) as carrier:
        carrier.send("Cháy nhà hẻm 5, không nói được", number, "114")
        until(lambda: [it for it in lan.console.told("conversation") if it["number"] == number], "the text")
        doing = Task(lan)
        lan.press("ctrl+t")
        lan.sees(lambda it: it["focus"] == "answer", "the field to answer in")
        lan.type(ANSWER, "narrative")
        lan.press("Return")
        until(lambda: carrier.received, "the answer at the carrier")
        got = carrier.received[0]
        lan.press("Escape")
        lan.sees(lambda it: it["focus"] == "line", "the line again")
        seen = doing.done()
        need((got.to, got.sender, got.body) == (number, "114", ANSWER.encode()), f"the carrier received {got}")
        lan.line(f"tn- {number}")
    return f"{seen}: {len(got.body)} bytes reached the writer, the same"


SCENARIOS = [
    task("a silent caller is asked to press 5", "one chord; his answer stands beside his number", silent),
    task("a text is answered", "read, written and sent; the carrier receives exactly those bytes", text),
]
