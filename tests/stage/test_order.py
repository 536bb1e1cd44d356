"""The order of the tests, and which are left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.stage.layout import ROOT
from tests.conftest import pytest_collection_modifyitems


class Item:
    def __init__(self, path: str, long: bool = False) -> None:
        self.path = ROOT / "tests" / path
        self._long = long

    def get_closest_marker(self, name: str) -> object | None:
        return object() if self._long and name == "long" else None


class Config:
    def __init__(self, long: bool) -> None:
        self._long = long
        self.left_out: list[Item] = []
        self.hook = self

    def getoption(self, name: str) -> bool:
        return self._long

    def pytest_deselected(self, items: list[Item]) -> None:
        self.left_out = items


def _ordered(long: bool) -> tuple[list[str], Config]:
    paths = ["system/b.py", "console/c.py", "domain/a.py", "elsewhere/d.py", "gis/e.py"]
    items: list[Any] = [Item("domain/slow.py", long=True), *map(Item, paths)]
    config: Any = Config(long)
    pytest_collection_modifyitems(config, items)
    return [str(item.path.relative_to(ROOT / "tests")) for item in items], config


def test_fast_ones_come_first_and_long_ones_are_left_out_and_counted() -> None:
    order, config = _ordered(long=False)
    assert order == ["domain/a.py", "gis/e.py", "elsewhere/d.py", "console/c.py", "system/b.py"]
    assert [item.path.name for item in config.left_out] == ["slow.py"]


def test_long_ones_come_last_when_asked_for() -> None:
    order, config = _ordered(long=True)
    assert order[-1] == "domain/slow.py" and config.left_out == []


def test_a_file_outside_the_tests_is_no_error(pytestconfig: pytest.Config) -> None:
    items: list[Any] = [Item("domain/a.py")]
    items[0].path = Path("/elsewhere/test_a.py")
    config: Any = Config(False)
    pytest_collection_modifyitems(config, items)
    assert len(items) == 1
