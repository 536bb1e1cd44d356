"""A map put in force beside the running core: all of it at once, or the one before stays."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dispatch_core.domain.commands import Command, PublishMap
from dispatch_core.domain.effects import UseMap
from dispatch_core.domain.errors import DispatchError
from dispatch_core.main import maps as module
from dispatch_core.main.maps import Maps, Take
from gis.map_import.versions import CURRENT, Manifest, MapVersion, MapVersions, sums
from tests.runtime.running import Run

AT = 1_795_410_000_000


def publish(versions: MapVersions, text: str) -> int:
    with versions.alone():
        aside = versions.aside()
        (aside / "part.txt").write_text(text)
        manifest = Manifest(
            version=versions.next_number(), name="tp", source="tp.osm.pbf", sha256="", dated=AT, made_at=AT,
            bounds=(10.0, 106.0, 11.0, 107.0), counts={"streets": 1}, files=dict(sums(aside)),
        )  # fmt: skip
        return versions.publish(aside, manifest).version


class Part:
    """Something that answers from its file of the map; a text with "bad" in it cannot be opened."""

    def __init__(self) -> None:
        self.text = ""
        self.tries = 0

    def open(self, version: MapVersion) -> Take:
        file = version.part("part.txt")
        assert file is not None
        text = file.read_text()
        self.tries += 1
        if "bad" in text:
            raise DispatchError("bad", "không", "no")

        def take() -> None:
            self.text = text

        return take


def test_a_new_version_is_taken_when_its_reference_is_committed(run: Run, tmp_path: Path) -> None:
    versions, told, first, second = MapVersions(tmp_path), list[Command](), Part(), Part()

    async def scene() -> None:
        with ThreadPoolExecutor(1) as workers:
            maps = Maps(versions, workers, told.append)
            maps.on_map(first.open)
            maps.on_map(second.open)
            await maps.start()
            await maps.look()
            assert told == []  # a site without a map
            publish(versions, "one")
            await maps.look()
            assert told == [PublishMap(ref=versions.load(1).ref)] and first.text == ""
            await maps.use(UseMap(1))
            assert (first.text, second.text) == ("one", "one")
            await maps.look()
            assert len(told) == 1
            publish(versions, "two, bad")
            for _ in range(3):
                await maps.look()
            assert len(told) == 1 and first.text == "one" and first.tries == 4
            publish(versions, "three")
            await maps.look()
            await maps.use(UseMap(3))
            assert first.text == second.text == "three"
            versions.go_back(1)
            await maps.look()
            await maps.use(UseMap(1))
            await maps.use(UseMap(1))
            assert first.text == "one" and told[-1] == PublishMap(ref=versions.load(1).ref)

    run(scene())


@pytest.mark.parametrize("broken", ["bad", "mark", "manifest"])
def test_a_start_takes_the_newest_that_can_be_opened(run: Run, tmp_path: Path, broken: str) -> None:
    versions, told, part = MapVersions(tmp_path), list[Command](), Part()
    for text in ("one", "two", "bad" if broken == "bad" else "three"):
        publish(versions, text)
    if broken == "mark":
        (tmp_path / CURRENT).write_text("?")
    if broken == "manifest":
        (tmp_path / "v000003" / "manifest.json").write_text("{}")

    async def scene() -> None:
        with ThreadPoolExecutor(1) as workers:
            maps = Maps(versions, workers, told.append)
            maps.on_map(part.open)
            await maps.start()

    run(scene())
    number, text = (3, "three") if broken == "mark" else (2, "two")
    assert part.text == text and told == [PublishMap(ref=versions.load(number).ref)]


def test_it_goes_on_watching(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.01)
    versions, told, part = MapVersions(tmp_path), list[Command](), Part()

    async def scene() -> None:
        with ThreadPoolExecutor(1) as workers:
            maps = Maps(versions, workers, told.append)
            maps.on_map(part.open)
            watching = asyncio.ensure_future(maps.watch())
            (tmp_path / CURRENT).write_text("7")  # of a version that is not there
            await asyncio.sleep(0.05)
            publish(versions, "one")
            async with asyncio.timeout(5):
                while not told:
                    assert not watching.done(), watching.exception()
                    await asyncio.sleep(0.01)
            watching.cancel()

    run(scene())
