"""Four lanes of tests are one run: every test once, and one that fails in any of them fails the whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scripts.stage import lanes

FOLDERS = ("domain", "db", "stage", "system", "console", "system/trunk")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in FOLDERS:
        (tmp_path / "tests" / folder).mkdir(parents=True)
        name = folder.rpartition("/")[2]
        (tmp_path / "tests" / folder / f"test_{name}.py").write_text(f"def test_{name}(): pass\n")
    monkeypatch.setattr(lanes, "ROOT", tmp_path)
    return tmp_path


def test_every_test_is_run_once(house: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert lanes.main(["-v", "-p", "no:cacheprovider"]) == 0
    told = capfd.readouterr().out
    names = [folder.rpartition("/")[2] for folder in FOLDERS]
    assert [told.count(f"::test_{name} PASSED") for name in names] == [1] * len(names)
    assert told.index("::test_domain") < told.index("::test_system")  # the lane that waited is told afterwards


@pytest.mark.parametrize("folder", ["domain", "system", "system/trunk", "console"])
def test_a_failure_in_any_lane_fails_the_run(house: Path, folder: str, capfd: pytest.CaptureFixture[str]) -> None:
    (house / "tests" / folder / "test_planted.py").write_text("def test_planted(): assert not 'planted'\n")
    assert lanes.main(["-p", "no:cacheprovider"]) == 1
    assert "planted" in capfd.readouterr().out


def test_tests_that_are_named_are_all_that_runs(house: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert lanes.main(["-v", "-p", "no:cacheprovider", "tests/db", "tests/domain"]) == 0
    told = capfd.readouterr().out
    assert "::test_db PASSED" in told and "::test_system" not in told


def test_who_waits_for_servers_goes_before_who_reckons(house: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for folder in ("domain", "system", "console"):
        (house / "tests" / folder / f"test_{folder}.py").write_text(
            f"import os\ndef test_told(): print('{folder} at', os.nice(0))\n"
        )
    before = os.nice(0)
    lanes.main(["-s", "-p", "no:cacheprovider"])
    told = capfd.readouterr().out
    assert f"system at {before}" in told
    for folder in ("domain", "console"):
        assert f"{folder} at {min(19, before + lanes.RECKONING_NICE)}" in told
