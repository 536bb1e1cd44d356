"""The whole system for tests: real servers, phones, core and consoles, brought up once in a directory of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.acceptance.spine.rig import Rig, end, rig


@pytest.fixture(scope="session")
def _whole() -> Iterator[None]:
    rig()
    yield
    end()


@pytest.fixture
def whole(_whole: None) -> Rig:
    """Everything up, nobody on the line, no incident open, whatever the test before did."""
    return rig()
