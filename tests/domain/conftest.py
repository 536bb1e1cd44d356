"""The worlds that the domain's tests start from."""

from __future__ import annotations

import pytest

from tests.domain.world import World, staffed


@pytest.fixture
def world() -> World:
    return staffed()
