"""`scripts/package-console DIR`: builds DIR/dispatch-console, and shows that it runs where there is no Python."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import PySide6

from console_gui.needs import DRAWING, SOUND, X11
from scripts.packaging.build import Built, build, tells_of_here
from scripts.packaging.room import Room
from scripts.packaging.tried import PackagedConsole, said_where_it_lacks, try_console
from scripts.stage.display import Display
from scripts.stage.layout import ROOT, Layout
from scripts.stage.made_city import write_city
from scripts.stage.progress import StageError, say, step
from scripts.stage.stage import Stage, Stopped
from scripts.stage.system import System


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/package-console", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help="where dispatch-console is put")
    parser.add_argument("--no-room", action="store_true", help="build it and do not try it (it is tried by root)")
    asked = parser.parse_args(arguments)
    try:
        built = build(asked.folder.resolve())
        report(built)
        if not asked.no_room:
            with Stage(Layout.of_checkout()) as stage, tempfile.TemporaryDirectory(prefix="dispatch-room-") as room:
                try_it(stage, built, Path(room), asked.folder.resolve() / "board.png")
    except StageError as error:
        say(f"cannot go on: {error}")
        return 1
    except Stopped as stopped:
        say(f"-- stopped by {stopped}")
        return 130
    return 0


def report(built: Built) -> None:
    """Its size, what it needs, and that it says nothing of this machine. Raises StageError where it does."""
    say(f"-- {built.folder}: {built.megabytes:.0f} MB")
    installed = Path(PySide6.__file__).parents[1]
    leaks = tells_of_here(built.folder, (f"{ROOT}/", f"{sys.prefix}/", f"{installed}/"))
    if leaks:
        raise StageError(f"the folder tells of the machine that built it: {', '.join(leaks[:8])}")
    python = tells_of_here(built.folder, (f"{sys.base_prefix}/",)) if sys.base_prefix != "/usr" else []
    if python:
        say(f"   Python's own libraries name the place where they were compiled: {len(python)} files")
    known = {**DRAWING, **SOUND, **X11}
    say("   it brings no " + ", ".join(sorted(set(built.needs))))
    brought = sorted(name for name in known if name not in built.needs)
    say("   of what a console needs it brings " + ", ".join(brought))


def try_it(stage: Stage, built: Built, room: Path, picture: Path) -> None:
    lacking = next((it for it in built.needs if it in {**DRAWING, **SOUND, **X11}), "")
    if lacking:
        with step(f"without {lacking}"):
            said = said_where_it_lacks(built, room / "lacking", lacking)
            if lacking not in said or "apt-get install" not in said:
                raise StageError(f"without {lacking} it says: {said[-500:]}")
            say("   " + said.strip().splitlines()[-1])
    bare = Room(room / "bare", built)
    if bare.programs():
        raise StageError(f"the room is not bare: {bare.programs()}")
    system, display = System(stage), Display()
    stage.ending(display.stop)
    system.up()
    with step("streets that are nobody's"):
        city = stage.layout.var / "made-up-city.osm.pbf"
        write_city(city)
        done = system.dispatch("map", "import", str(city), "--name", "made-up")
        if done.returncode:
            raise StageError(f"dispatch map import: {done.stdout[-300:]} {done.stderr[-300:]}")
    console = PackagedConsole(stage, system, "vy", bare, display.name)
    shown = try_console(console, picture)
    console.stop()
    say(f"-- in a room without Python: dialog after {shown.dialog_s:.2f} s, signed in with a board of {shown.units} "
        f"units after {shown.board_s:.2f} s, its map drawn from {shown.tiles} tiles of streets; {picture}")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
