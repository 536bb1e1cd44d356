"""The packaged console, in a room without Python, at the running core."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, task
from scripts.acceptance.rows import need
from scripts.packaging.build import build
from scripts.packaging.room import Room
from scripts.packaging.tried import PackagedConsole, try_console
from scripts.stage.callers import Caller
from scripts.stage.display import Display

SHOWN_WITHIN_S = 15.0


def packaged(r: KeyedRig) -> str:
    """It is built for this row; somebody whom no other row needs signs in."""
    built = build(r.layout.var / "package")
    room = Room(r.layout.var / "bare-room", built)
    need(not room.programs(), f"the room is not bare: {room.programs()}")
    display = Display()
    try:
        console = PackagedConsole(r.stage, r.system, "vy", room, display.name)
        shown = try_console(console, r.layout.var / "packaged.png", streets_too=False)
        number = r.number()
        with r.calling(Caller("115", number)):
            console.wait(
                lambda: any(it["number"] == number for it in list(console.calls.values())), SHOWN_WITHIN_S, "the call"
            )
        console.stop()
    finally:
        display.stop()
    return (
        f"{built.megabytes:.0f} MB; signed in with {shown.units} units on its board {shown.board_s:.1f} s after its "
        "start, and a caller's row came; no Python, no shell and no PATH there"
    )


SCENARIOS = [
    task(
        "the console packaged for a machine without Python",
        "built, and in a bare room it signs in, shows the board and a call that comes",
        packaged,
    )
]
