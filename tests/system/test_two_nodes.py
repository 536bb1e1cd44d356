"""Two Asterisks, one core: one queue view, one set of phones, and what each node may and may not take with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.acceptance.rows import Scenario
from scripts.acceptance.telephony import nodes

pytestmark = pytest.mark.long


@pytest.fixture(scope="module", autouse=True)
def ended() -> Iterator[None]:
    yield
    nodes.end()


@pytest.mark.parametrize("row", nodes.SCENARIOS, ids=lambda row: row.name)
def test_with_two_nodes(row: Scenario) -> None:
    row.play()
