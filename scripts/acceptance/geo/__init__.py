"""Where it is, who serves it, who gets there first: on the city's own wards and streets, through the running core. Each
module beside this file brings the rows of its subject as `SCENARIOS`."""

from __future__ import annotations

from scripts.acceptance.collected import collected
from scripts.acceptance.geo.addresses import add_options, play_options
from scripts.acceptance.rows import Scenario

__all__ = ["SCENARIOS", "add_options", "play_options"]

SCENARIOS: list[Scenario] = collected(__name__, __path__)
