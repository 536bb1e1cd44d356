"""Two real nodes and a carrier that hunts: one of them emptied and restarted, given back, left alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.acceptance.rows import Scenario
from scripts.acceptance.trunk import centre, draining

pytestmark = pytest.mark.long


@pytest.fixture(scope="module", autouse=True)
def ended() -> Iterator[None]:
    yield
    centre.end()


@pytest.mark.parametrize("row", draining.SCENARIOS, ids=lambda row: row.name)
def test_one_node_of_two(row: Scenario) -> None:
    row.play()
