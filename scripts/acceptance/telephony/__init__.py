"""Everything that can happen to a call, over real SIP on real Asterisk, through the running core. Each module beside
this file brings the rows of its subject as `SCENARIOS`."""

from __future__ import annotations

import importlib
import pkgutil

from scripts.acceptance.rows import Scenario

SCENARIOS: list[Scenario] = [
    scenario
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda it: it.name)
    for scenario in getattr(importlib.import_module(f"{__name__}.{found.name}"), "SCENARIOS", [])
]
