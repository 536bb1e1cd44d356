"""The whole system for tests: real servers, phones, core and consoles, brought up once in a directory of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.acceptance.spine.rig import Rig, end, rig, share_machine
from tests.system.voice_stage import Voice


@pytest.fixture(scope="session")
def _whole() -> Iterator[None]:
    share_machine("other tests")
    rig()
    yield
    end()


@pytest.fixture
def whole(_whole: None) -> Rig:
    """Everything up, nobody on the line, no incident open, whatever the test before did."""
    return rig()


@pytest.fixture(autouse=True)
def _nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test on a shared switch leaves no caller, no pause and no habit to the next one, whatever became of it."""
    yield
    stages = [it for it in request.node.funcargs.values() if isinstance(it, Voice)]
    left = [it for stage in stages for it in stage.put_back()]
    assert not left, left
