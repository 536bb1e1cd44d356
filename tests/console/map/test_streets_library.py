"""Archives brought from the core part by part and kept: whole or not at all, and there while the core is away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console_gui.core_client import CoreRefused, CoreUnreachable, StreetsPart
from console_gui.map.streets import library as libraries
from console_gui.map.streets.library import Library, kept_of
from dispatch_core.domain.errors import DispatchError

PART = 1_000


class Core:
    """Versions and their bytes; ``away`` answers nothing. Questions wait until ``go_on``."""

    def __init__(self) -> None:
        self.files: dict[int, bytes] = {}
        self.away = self.lies = False
        self.parts: list[tuple[int, int, int]] = []
        self._asked: list[tuple[Callable[..., Any], Callable[..., None]]] = []

    def ask(self, question: Callable[..., Any], answer: Callable[..., None]) -> None:
        self._asked.append((question, answer))

    def streets(self, version: int, first: int, length: int) -> StreetsPart:
        self.parts.append((version, first, length))
        if self.away:
            raise CoreUnreachable("https://core", ("mạng", "network"))
        data = self.files.get(version)
        if data is None:
            raise CoreRefused(404, "no_such_map", "không có", "none")
        if first >= len(data):
            raise CoreRefused(416, "nothing_there", "không có", "none")
        sum_ = hashlib.sha256(data).hexdigest()
        part = data[first : first + length]
        return StreetsPart(len(data), sum_, bytes(len(part)) if self.lies else part)

    def go_on(self, steps: int = 1_000) -> None:
        for _ in range(steps):
            if not self._asked:
                return
            question, answer = self._asked.pop(0)
            try:
                result, problem = question(self), None
            except DispatchError as error:
                result, problem = None, error
            answer(result, problem)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "PART_BYTES", PART)
    monkeypatch.setattr(libraries, "FETCH_AGAIN_S", 0.05)


@pytest.fixture
def core() -> Core:
    made = Core()
    made.files = {7: bytes(range(256)) * 20, 8: b"another" * 900}
    return made


def library(core: Core, folder: Path) -> tuple[Library, list[str]]:
    made, ready = Library(folder, core), []
    made.ready.connect(ready.append)
    return made, ready


def test_an_archive_comes_in_parts_and_is_used_when_it_is_whole(core: Core, tmp_path: Path, qapp: Any) -> None:
    made, ready = library(core, tmp_path)
    made.follow(7)
    core.go_on(3)
    assert ready == [] and made.share is not None and 0.4 < made.share < 0.8
    core.go_on()
    assert Path(ready[0]).read_bytes() == core.files[7] and made.share is None
    assert all(length <= PART for _, _, length in core.parts)
    assert [it.suffix for it in tmp_path.iterdir()] == [".pmtiles"]


def test_what_was_begun_goes_on_and_what_is_whole_is_not_fetched_again(core: Core, tmp_path: Path, qapp: Any) -> None:
    made, _ = library(core, tmp_path)
    made.follow(7)
    core.go_on(3)
    again, ready = library(core, tmp_path)
    core.parts.clear()
    again.follow(7)
    core.go_on()
    assert ready and core.parts[0][1] >= 2 * PART
    core.parts.clear()
    third, ready = library(core, tmp_path)
    third.follow(7)
    core.go_on()
    assert ready and [length for _, _, length in core.parts] == [1]


def test_while_the_core_is_away_the_one_of_this_machine_serves(core: Core, tmp_path: Path, qtbot: Any) -> None:
    made, _ = library(core, tmp_path)
    made.follow(7)
    core.go_on()
    core.away = True
    again, ready = library(core, tmp_path)
    again.follow(7)
    core.go_on(1)
    assert ready == [str(kept_of(tmp_path, 7))] and again.problem is not None
    other, nothing = library(core, tmp_path)
    other.follow(8)
    core.go_on(1)
    assert nothing == [] and other.problem is not None
    core.away = False
    qtbot.waitUntil(lambda: bool(core._asked))
    qtbot.wait(100)
    core.go_on()
    assert nothing and Path(nothing[0]).read_bytes() == core.files[8]


def test_a_wrong_sum_is_never_used(core: Core, tmp_path: Path, qapp: Any) -> None:
    core.lies = True
    made, ready = library(core, tmp_path)
    made.follow(7)
    core.go_on(len(core.files[7]) // PART + 2)
    assert ready == [] and made.problem is not None and made.problem.code == "streets_not_kept"
    assert list(tmp_path.iterdir()) == []


def test_parts_of_the_wrong_length_are_not_asked_for_again_at_once(core: Core, tmp_path: Path, qapp: Any) -> None:
    core.streets = lambda version, first, length: StreetsPart(5_000, "a" * 64, bytes(3_000))  # type: ignore[method-assign]
    made, ready = library(core, tmp_path)
    made.follow(7)
    core.go_on()
    assert ready == [] and made.problem is not None and list(tmp_path.iterdir()) == []


def test_what_was_damaged_on_disk_is_fetched_again(core: Core, tmp_path: Path, qapp: Any) -> None:
    made, _ = library(core, tmp_path)
    made.follow(7)
    core.go_on()
    kept = kept_of(tmp_path, 7)
    assert kept is not None
    kept.write_bytes(bytes(len(core.files[7])))
    again, ready = library(core, tmp_path)
    again.follow(7)
    core.go_on()
    assert Path(ready[0]).read_bytes() == core.files[7]


def test_a_part_of_another_archive_is_thrown_away(core: Core, tmp_path: Path, qapp: Any) -> None:
    made, _ = library(core, tmp_path)
    made.follow(7)
    core.go_on(2)
    core.files[7] = b"made anew" * 333
    again, ready = library(core, tmp_path)
    again.follow(7)
    core.go_on()
    assert Path(ready[0]).read_bytes() == core.files[7]
    for left in tmp_path.glob("*.part"):
        raise AssertionError(left)


def test_one_longer_than_the_cores_begins_again(core: Core, tmp_path: Path, qapp: Any) -> None:
    (tmp_path / f"7-{'0' * 64}.part").write_bytes(bytes(90_000))
    made, ready = library(core, tmp_path)
    made.follow(7)
    core.go_on()
    assert Path(ready[0]).read_bytes() == core.files[7]


def test_a_new_version_replaces_the_one_shown_only_when_it_is_whole(core: Core, tmp_path: Path, qapp: Any) -> None:
    made, ready = library(core, tmp_path)
    made.follow(7)
    core.go_on()
    made.follow(8)
    core.go_on(2)
    assert len(ready) == 1 and made.file == ready[0]
    core.go_on()
    assert Path(ready[1]).read_bytes() == core.files[8]
    core.files[9] = b"third" * 50
    made.follow(9)
    core.go_on()
    assert len(list(tmp_path.glob("*.pmtiles"))) == libraries.ARCHIVES_KEPT


def test_a_map_without_streets_says_so(core: Core, tmp_path: Path, qapp: Any) -> None:
    made, ready = library(core, tmp_path)
    made.follow(5)
    core.go_on(1)
    assert made.missing and ready == []
    made.follow(0)
    assert not made.missing


def test_a_disk_that_is_full_is_said(core: Core, tmp_path: Path, qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(libraries.os, "pwrite", full)
    made, ready = library(core, tmp_path)
    made.follow(7)
    core.go_on(1)
    assert ready == [] and made.problem is not None and "No space left" in made.problem.en
