"""Who has called before, by keyboard: the second call of a number tells of the first, from the core's own rows."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.console.scenes import PATIENCE_S, answer, hang_up
from scripts.acceptance.rows import need
from scripts.stage.callers import Caller


def called_before(r: KeyedRig) -> str:
    lan, number = r.person("lan"), r.number()
    with r.calling(Caller("113", number, patience=PATIENCE_S)):
        r.shown(lan.console, number, "queued", "ringing")
        first = answer(r, lan, number)
        lan.sees(lambda it: any("lần đầu số này gọi" in text for text in it["form"]), "that it is the first call")
        hang_up(r, lan, number)
        lan.line("x đã xử lý")
    with r.calling(Caller("113", number, patience=PATIENCE_S)):
        r.shown(lan.console, number, "queued", "ringing")
        second = answer(r, lan, number)
        doing = Task(lan)
        told = lan.sees(
            lambda it: next((text for text in it["form"] if text.startswith("đã gọi 1 lần, 1 vụ")), ""),
            "the call before",
        )
        lan.press("alt+i")
        short = f"#{int(first['incident'].rpartition('-')[2])}"
        lan.sees(lambda it: any(short in row for row in it["boards"]["history"]), "it in the list")
        lan.press("Escape")
        lan.sees(lambda it: it["focus"] == "line", "the line again")
        seen = doing.done()
        need(second["incident"] != first["incident"], "the second call joined a closed incident")
        hang_up(r, lan, number)
    return f"{seen}: “{told}”"


SCENARIOS = [task("a number calls again", "the card tells of the call before; a key opens the list", called_before)]
