"""The process that paints: it answers what is wanted, dies without harm, comes back, and is never waited for."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from console_gui.map.mercator import to_world
from console_gui.map.streets import workshop as workshops
from console_gui.map.streets.limits import DIED_AT_MOST, RESTARTS
from console_gui.map.streets.messages import NamesPainted, NamesWanted, NearFound, Refused, TilePainted, TileWanted
from console_gui.map.streets.palette import NIGHT
from console_gui.map.streets.workshop import Workshop
from tests.console.map.streets import MIDDLE
from tests.lateness import Lateness

PATIENCE_MS = 60_000


class Heard:
    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.tiles: dict[TileWanted, tuple[TilePainted, QImage]] = {}
        self.names: list[tuple[NamesPainted, QImage]] = []
        self.near: list[NearFound] = []
        self.refused: list[Refused] = []
        shop.tile_painted.connect(self._tile)
        shop.names_painted.connect(lambda told, image: self.names.append((told, image)))
        shop.near_found.connect(self.near.append)
        shop.refused.connect(self.refused.append)

    def _tile(self, told: TilePainted, image: QImage) -> None:
        self.tiles[told.tile] = (told, image)


@pytest.fixture
def heard(qapp: Any) -> Iterator[Heard]:
    shop = Workshop()
    yield Heard(shop)
    shop.stop()
    assert shop.pid == 0


def wanted(zoom: int = 15, pixels: int = 300, around: int = 0) -> tuple[TileWanted, ...]:
    x, y = to_world(*MIDDLE)
    count = 2**zoom
    return tuple(
        TileWanted(zoom, int(x * count) + dx, int(y * count) + dy, pixels, 1.0, True)
        for dx in range(-around, around + 1) for dy in range(-around, around + 1)
    )  # fmt: skip


def names(zoom: float = 15.5) -> NamesWanted:
    return NamesWanted(*to_world(*MIDDLE), 256 * 2**zoom, 900, 700, 1.0, True)


def test_it_paints_what_is_wanted(heard: Heard, archive: Path, qtbot: Any) -> None:
    heard.shop.want(str(archive), wanted(around=1), names())
    qtbot.waitUntil(lambda: len(heard.tiles) == 9 and bool(heard.names), timeout=PATIENCE_MS)
    told, image = heard.tiles[wanted()[0]]
    assert not told.unreadable and (image.width(), image.height()) == (300, 300)
    colours = {image.pixelColor(x, y).name() for x in range(0, 300, 2) for y in range(0, 300, 2)}
    assert colours >= {NIGHT.ground, NIGHT.roads["street"]}
    placed, picture = heard.names[0]
    assert len({name for name, _, _ in placed.placed}) > 5 and any("Nguyễn" in name for name, _, _ in placed.placed)
    assert picture.hasAlphaChannel() and picture.pixelColor(0, 0).alpha() == 0
    assert heard.shop.up and heard.shop.restarts == 0


def test_a_newer_wish_replaces_the_one_before(heard: Heard, archive: Path, qtbot: Any) -> None:
    heard.shop.want(str(archive), wanted(16, around=5), None)
    qtbot.waitUntil(lambda: bool(heard.tiles), timeout=PATIENCE_MS)
    heard.shop.want(str(archive), wanted(14), None)
    qtbot.waitUntil(lambda: wanted(14)[0] in heard.tiles, timeout=PATIENCE_MS)
    assert len(heard.tiles) < 100


def test_killed_it_comes_back_and_paints_the_rest(heard: Heard, archive: Path, qtbot: Any) -> None:
    heard.shop.want(str(archive), wanted(16, around=3), None)
    qtbot.waitUntil(lambda: bool(heard.tiles), timeout=PATIENCE_MS)
    first = heard.shop.pid
    os.kill(first, signal.SIGKILL)
    qtbot.waitUntil(lambda: heard.shop.restarts == 1, timeout=PATIENCE_MS)
    heard.shop.want(str(archive), wanted(16, around=3), names())
    qtbot.waitUntil(lambda: len(heard.tiles) == 49 and bool(heard.names), timeout=PATIENCE_MS)
    assert heard.shop.pid not in (0, first) and heard.shop.up


def test_one_that_is_silent_is_never_waited_for_and_is_ended(
    heard: Heard, archive: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshops, "ANSWER_S", 1.0)
    heard.shop.want(str(archive), wanted(), None)
    qtbot.waitUntil(lambda: len(heard.tiles) == 1, timeout=PATIENCE_MS)
    stopped = heard.shop.pid
    os.kill(stopped, signal.SIGSTOP)
    began, worked = time.monotonic(), time.process_time()
    with Lateness() as machine:
        for number in range(500):  # more than a pipe holds
            heard.shop.want(str(archive), wanted(16, around=4), names(15 + number / 1000))
            heard.shop.ask_near(*MIDDLE)
    waited = time.monotonic() - began - (time.process_time() - worked)
    assert waited < 1.0 + machine.lost
    qtbot.waitUntil(lambda: len(heard.tiles) == 82 and heard.shop.pid not in (0, stopped), timeout=PATIENCE_MS)


def die_at_once(pipe: Any) -> None:
    os._exit(3)


def test_one_that_always_dies_rests(heard: Heard, archive: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshops.worker, "main", die_at_once)
    heard.shop.want(str(archive), wanted(), names())
    qtbot.waitUntil(lambda: heard.shop.restarts > RESTARTS, timeout=60_000)
    assert heard.shop.restarts == RESTARTS + 1
    qtbot.wait(1_200)
    assert heard.shop.restarts == RESTARTS + 1 and heard.shop.pid == 0 and not heard.shop.up


def test_a_tile_at_which_it_died_twice_is_left_out(heard: Heard, archive: Path, qtbot: Any) -> None:
    (bad,) = wanted(16)
    heard.shop._died_at[bad] = DIED_AT_MOST
    heard.shop.want(str(archive), (bad, *wanted(15)), None)
    qtbot.waitUntil(lambda: wanted(15)[0] in heard.tiles, timeout=PATIENCE_MS)
    assert bad not in heard.tiles


def test_bad_bytes_are_said_and_hurt_nothing(heard: Heard, archive: Path, tmp_path: Path, qtbot: Any) -> None:
    none, damaged = tmp_path / "none.pmtiles", tmp_path / "damaged.pmtiles"
    none.write_bytes(b"<html>404</html>" * 20)
    heard.shop.want(str(none), wanted(), names())
    qtbot.waitUntil(lambda: bool(heard.refused), timeout=PATIENCE_MS)
    assert heard.refused[0].archive == str(none) and heard.refused[0].why
    data = archive.read_bytes()
    damaged.write_bytes(data[: len(data) // 3] + os.urandom(len(data) - len(data) // 3))
    heard.shop.want(str(damaged), wanted(15, around=2), names())
    qtbot.waitUntil(lambda: len(heard.tiles) == 25 or len(heard.refused) > 1, timeout=PATIENCE_MS)
    assert len(heard.refused) > 1 or any(told.unreadable for told, _ in heard.tiles.values())
    heard.shop.want(str(archive), wanted(14), None)
    qtbot.waitUntil(lambda: wanted(14)[0] in heard.tiles, timeout=PATIENCE_MS)
    assert heard.shop.restarts == 0


def test_pictures_too_large_are_not_painted(heard: Heard, archive: Path, qtbot: Any) -> None:
    (huge,) = wanted(15, pixels=200_000)
    heard.shop.want(str(archive), (huge, *wanted(14)), None)
    qtbot.waitUntil(lambda: wanted(14)[0] in heard.tiles, timeout=PATIENCE_MS)
    assert heard.tiles[huge][0].unreadable and heard.shop.restarts == 0


def test_it_knows_the_street_at_a_place(heard: Heard, archive: Path, qtbot: Any) -> None:
    heard.shop.want(str(archive), wanted(), None)
    here, sea = heard.shop.ask_near(*MIDDLE), heard.shop.ask_near(9.0, 108.0)
    qtbot.waitUntil(lambda: len(heard.near) == 2, timeout=PATIENCE_MS)
    found = {it.number: it for it in heard.near}
    assert found[here].street and found[here].metres <= 150
    assert found[sea].street == ""


def test_it_ends_with_the_console(heard: Heard, archive: Path, qtbot: Any) -> None:
    heard.shop.want(str(archive), wanted(), None)
    qtbot.waitUntil(lambda: len(heard.tiles) == 1, timeout=PATIENCE_MS)
    process = heard.shop._process
    assert process is not None and heard.shop._pipe is not None
    heard.shop._pipe.send_bytes(b"\xc1")  # what no request is: it ends rather than guess
    process.join(10)
    assert process.exitcode is not None
