"""The packaged console tried: it signs in to a running core under an X server and shows what the core has."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.packaging.build import Built
from scripts.packaging.room import Room
from scripts.stage.consoles import Console
from scripts.stage.progress import StageError
from scripts.stage.stage import Stage
from scripts.stage.system import System

SHOWN_WITHIN_S = 20.0
SAID_WITHIN_S = 20.0


class PackagedConsole(Console):
    """A console from the folder, in a bare room."""

    def __init__(self, stage: Stage, system: System, user: str, room: Room, display: str) -> None:
        self.room = room
        self.started = time.monotonic()
        super().__init__(stage, system, user, f"packaged-{user}", display=display)

    def _program(self) -> list[str]:
        return self.room.command()

    def _environment(self) -> dict[str, str]:
        return self.room.environment(self.display)

    def _seen(self, file: Path) -> str:
        return self.room.take(file)


@dataclass(frozen=True)
class Shown:
    """Seconds from the start of the process; ``tiles``: of streets, painted by its own second process."""

    dialog_s: float
    board_s: float
    units: int
    tiles: int
    picture: Path


def try_console(console: PackagedConsole, picture: Path, *, streets_too: bool = True) -> Shown:
    """Signed in, with rows on its boards and a picture taken; ``streets_too``: the core has a map, and its second
    process draws it. Raises StageError."""
    console.wait(lambda: console.told("ready"), SHOWN_WITHIN_S, "its sign-in dialog")
    dialog = time.monotonic() - console.started
    console.sign_in()
    board = time.monotonic() - console.started
    report = console.report()
    units = sum(report["units"].values())
    if not units or not report["in_step"]:
        raise StageError(f"the packaged console shows no units, or not what the core has: {report}")
    end = time.monotonic() + SHOWN_WITHIN_S
    while not (streets := console.streets()).get("complete") and streets_too:
        if time.monotonic() > end:
            raise StageError(f"the packaged console's second process paints no streets: {streets}")
        time.sleep(0.2)
    console.shot(Path("/tmp/board.png"))
    taken = console.room.path / "tmp/board.png"
    if not taken.is_file() or taken.stat().st_size < 20_000:
        raise StageError("the picture of its board is empty")
    picture.write_bytes(taken.read_bytes())
    return Shown(dialog, board, units, int(streets["tiles"]), picture)


def said_where_it_lacks(built: Built, folder: Path, library: str) -> str:
    """What it says in a room without this library."""
    room = Room(folder, built, without=(library,))
    done = subprocess.run(
        [*room.command(), "--version"], env=room.environment(":0"), capture_output=True, text=True,
        timeout=SAID_WITHIN_S, check=False,
    )  # fmt: skip
    return done.stderr if done.returncode == 3 else f"(it ended with {done.returncode}) {done.stderr}"
