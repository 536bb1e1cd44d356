"""The spine: a real call on the shared trunk becomes a dispatched incident on every console."""

from __future__ import annotations

import atexit

from scripts.acceptance.rows import Scenario
from scripts.acceptance.spine import access, desk, faults, files, positions, programs, voice

SCENARIOS: list[Scenario] = [
    *programs.SHIFTS,
    *desk.SCENARIOS,
    *voice.SCENARIOS,
    *faults.SCENARIOS,
    *files.SCENARIOS,
    *positions.SCENARIOS,
    *access.SCENARIOS,
    *programs.CHECKS,
]

atexit.register(programs.forget_runs)
