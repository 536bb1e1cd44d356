"""The board on paper, with one chord, while an incident is at work."""

from __future__ import annotations

from pathlib import Path

from scripts.acceptance.console.keyed import KeyedRig, Person, Task, task
from scripts.acceptance.console.scenes import incident_at_work
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.stage.headless.operators import short

PRINTED_WITHIN_S = 30.0


def sheets(r: KeyedRig, person: Person) -> set[Path]:
    """What was printed on this person's machine so far."""
    return set((r.layout.var / "consoles" / person.console.name).rglob("*.txt"))


def printed(r: KeyedRig) -> str:
    lan = r.person("lan")
    with incident_at_work(r, lan) as incident:
        before = sheets(r, lan)
        doing = Task(lan)
        lan.press("ctrl+p")
        made = until(lambda: sheets(r, lan) - before, "a sheet on disk", PRINTED_WITHIN_S)
        seen = doing.done()
        text = max(made, key=lambda it: it.stat().st_mtime).read_text("utf-8")
        wanted = (short(incident), "Hàng Xanh", "kẹt")
        lacking = [words for words in wanted if words not in text]
        need(not lacking, f"the sheet does not say {lacking}: {text[:400]}")
        forms = sorted(it.suffix for it in max(made).parent.glob(f"{max(made).stem}.*"))
        need(".pdf" in forms, f"on disk are {forms}")
    return f"{seen}: {', '.join(forms)}, {len(text.splitlines())} lines, with {short(incident)} and where it is"


SCENARIOS = [task("the board on paper", "one chord; a sheet on disk with the incident that is open", printed)]
