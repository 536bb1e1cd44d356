"""The AMI connection cut at every message of a call: what the core holds afterwards, and how often it acted."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from scripts.acceptance.rows import Scenario, need
from scripts.stage.asterisk_prefix import obtain
from scripts.stage.layout import Layout
from tests.system.cut_stage import SCENARIOS as CALLS
from tests.system.cut_stage import Stages

SIDE_BY_SIDE = 3
FEWEST = 40  # messages of the shortest scenario


def cut(name: str) -> str:
    """Every message once, and one in its middle."""
    prefix = obtain(Layout.of_checkout())
    with (
        tempfile.TemporaryDirectory(prefix="dispatch-cuts-") as home,
        Stages(prefix, Path(home), SIDE_BY_SIDE) as stages,
    ):
        made, wrong = stages.cut_everywhere(name)
    need(made >= FEWEST, f"only {made} cuts")
    bad = len({it.partition(":")[0] for it in wrong})
    need(not wrong, f"{made - bad} of {made} cuts; {'; '.join(wrong[:3])}")
    return f"{made} of {made} cuts: state as the switch's own list and as uninterrupted; no action twice"


SCENARIOS = [
    Scenario(
        f"AMI cut at every message: {name}",
        "after reconnection the state is Asterisk's and that of an uninterrupted run; no action twice",
        partial(cut, name),
    )
    for name in CALLS
]
