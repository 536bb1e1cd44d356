"""Rows of an acceptance run: scenario, what is expected, what was seen.

A row that raises is a failed row with its reason, never a skipped one; missing data fails. The last line is `N of N`.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass


class Unmet(Exception):
    """The scenario ran and did not show what it should; the text is what was seen."""


@dataclass(frozen=True)
class Scenario:
    name: str
    expected: str
    play: Callable[[], str]
    """Plays it and returns what was seen; raises Unmet (or anything) where that is not as expected."""


def need(condition: object, seen: str) -> None:
    """Raise Unmet with ``seen`` unless the condition holds."""
    if not condition:
        raise Unmet(seen)


def play_all(area: str, scenarios: Sequence[Scenario], only: str = "") -> int:
    """Play and print; 0 where every row holds."""
    chosen = [scenario for scenario in scenarios if only.lower() in scenario.name.lower()]
    held = 0
    for number, scenario in enumerate(chosen, 1):
        began = time.monotonic()
        print(f"[{number:2}/{len(chosen)}] {scenario.name} ...", flush=True)
        try:
            seen, good = scenario.play(), True
        except Unmet as unmet:
            seen, good = str(unmet), False
        except Exception as error:  # noqa: BLE001  (whatever went wrong is what was seen)
            seen, good = f"{type(error).__name__}: {error}", False
            traceback.print_exc()
        held += good
        took = time.monotonic() - began
        verdict = "ok  " if good else "FAIL"
        print(f"{verdict} {scenario.name} | expected: {scenario.expected} | seen: {seen} ({took:.1f} s)", flush=True)
    print(f"{area}: {held} of {len(chosen)}" if only else f"{held} of {len(chosen)}")
    return 0 if held == len(chosen) and chosen else 1
