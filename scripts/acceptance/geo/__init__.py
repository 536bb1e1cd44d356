"""Where it is, who serves it, who gets there first: on the city's own wards and streets, through the running core. Each
module beside this file brings the rows of its subject as `SCENARIOS`."""

from __future__ import annotations

from scripts.acceptance.collected import collected
from scripts.acceptance.rows import Scenario

SCENARIOS: list[Scenario] = collected(__name__, __path__)
