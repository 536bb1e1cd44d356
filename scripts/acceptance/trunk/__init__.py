"""The trunk belongs to its admin: changes of carriers, numbers, queues and positions on a centre that takes calls, with
real switches at two nodes and carriers that are played. Each module beside this file brings the rows of its subject as
`SCENARIOS`."""

from __future__ import annotations

from scripts.acceptance.collected import collected
from scripts.acceptance.rows import Scenario

SCENARIOS: list[Scenario] = collected(__name__, __path__)
