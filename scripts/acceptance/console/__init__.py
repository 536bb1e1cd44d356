"""The console worked with the keyboard alone: the real program in real windows, on the real system.

Each module beside this file brings the rows of its subject as `SCENARIOS`; a new one is found by itself. A row is
`task(NAME, EXPECTED, play)` of `keyed`; `play(r)` gets the rig and

- takes people with ``r.person("lan")`` (also minh, and thao who leads): signed in, at their desk, the line empty;
- brings callers with ``with r.calling(Caller("115", r.number())):`` and waits for what they lead to;
- begins to count with ``task = Task(lan)``, presses (``lan.press("F5", "alt+d")``) and types (``lan.type("ket")``,
  ``lan.type("hang xanh", "address")`` for what a caller said, ``lan.line("gl")`` with Return), and sees between them
  what a person would wait for (``lan.sees(lambda it: it["open"] == incident, "the form")``, ``lan.offered("…")``);
- reads the truth elsewhere (``r.sql``, the other console), says it with ``need``, and returns ``f"{task.done()}: …"``.

Keys are named as X names them. A row leaves no call; open incidents are closed by the next one's beginning.
"""

from __future__ import annotations

from scripts.acceptance.collected import collected
from scripts.acceptance.rows import Scenario

SCENARIOS: list[Scenario] = collected(__name__, __path__)
