"""Learning from a real journal, as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from db.past_runs import past_runs
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import Measured, Reach, UnitStatus
from dispatch_core.main.cli import main
from gis.travel.learned_file import read_learned
from scripts.stage.layout import ROOT
from tests.contracts.night import CORE, LAN, START, Night
from tests.db.journals import written
from tests.db.test_users_command import SETTINGS

DAY_MS = 24 * 3_600_000
RUNS = 12


def a_run(night: Night) -> None:
    call, incident = night.dispatched(number=f"090312{night.now % 10_000:04d}")
    reaches = (Reach(unit="A1", seconds=300, metres=2_000, measured=Measured.ROAD),)
    version = night.state.incidents[incident].location_version
    night.must(
        CORE,
        c.RouteFound(incident=incident, location_version=version, answers={}, reaches={"ambulance": reaches}),
    )
    night.must(LAN, c.AssignUnits(incident=incident, units=("A1",)))
    night.must(LAN, c.ReportStatus(unit="A1", status=UnitStatus.EN_ROUTE))
    night.now += 600_000
    night.must(LAN, c.ReportStatus(unit="A1", status=UnitStatus.ON_SCENE))
    night.finish(call, incident)
    night.now += DAY_MS - night.now % DAY_MS + START % DAY_MS


@pytest.fixture
def journal(migrated: str) -> str:
    def months_ago(night: Night) -> None:
        night.now = START - 60 * DAY_MS
        a_run(night)

    written(migrated, months_ago, *[a_run] * (RUNS - 1))
    return migrated


Typed = Callable[..., int]


@pytest.fixture
def typed(journal: str, tmp_path: Path) -> Typed:
    settings = tmp_path / "dispatch.toml"
    text = SETTINGS.format(database=journal).replace('site = "x"', f'site = "{ROOT / "scripts/demo_data/site.toml"}"')
    settings.write_text(f'map_dir = "{tmp_path / "map"}"\n{text}', encoding="utf-8")
    return lambda *words: main(["--settings", str(settings), "speeds", *words])


def test_runs_are_read_without_what_is_personal(journal: str) -> None:
    runs = list(past_runs(journal, 0))
    assert len(runs) == RUNS
    assert {(it.unit, it.said_s, round(it.took_s)) for it in runs} == {("A1", 300.0, 600)}
    later = runs[5].set_out + DAY_MS // 2
    assert len(list(past_runs(journal, later))) == RUNS - 6


def test_a_life(typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("show") == 0
    assert "chưa học gì" in capsys.readouterr().out
    assert typed("learn", "--since", "2020-01-01", "--check") == 0
    told = capsys.readouterr().out
    assert f"{RUNS}" in told and "→" in told
    assert read_learned(tmp_path / "map").periods == ()
    assert typed("learn", "--since", "2020-01-01") == 0
    (hour,) = (hour for hour, runs in enumerate(read_learned(tmp_path / "map").periods[-1].runs) if runs)
    assert read_learned(tmp_path / "map").now[hour] > 1.2
    capsys.readouterr()
    assert typed("learn", "--since", "2020-01-01") == 0
    assert "nothing new" in capsys.readouterr().out
    assert typed("forget") == 0 and typed("show") == 0
    assert set(read_learned(tmp_path / "map").now) == {1.0}


def test_a_bad_date(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("learn", "--since", "hôm qua") == 1
    assert "2026-11-28" in capsys.readouterr().err
