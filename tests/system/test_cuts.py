"""The AMI connection cut at a message of a call: then the state is that of an uninterrupted run, and of the switch."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.stage.asterisk_prefix import AsteriskPrefix
from tests.system.cut_stage import SCENARIOS, Stages


@pytest.fixture(scope="module")
def stages(asterisk_prefix: AsteriskPrefix) -> Iterator[Stages]:
    with tempfile.TemporaryDirectory(prefix="dispatch-cuts-") as home, Stages(asterisk_prefix, Path(home), 3) as made:
        yield made


@pytest.mark.parametrize("name", ["transferred"])
def test_cut_at_every_eleventh_message(stages: Stages, name: str):
    made, wrong = stages.cut_everywhere(name, every=11)
    assert made >= 5
    assert wrong == []


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", SCENARIOS)
def test_cut_at_every_message(stages: Stages, name: str):
    made, wrong = stages.cut_everywhere(name)
    assert made >= 40
    assert wrong == []
