"""People at real windows: each has a display, a window manager and a keyboard of its own, and nothing else.

What a row does goes through the X server as key presses. What it reads it reads from the console's own account of its
screen (`console_gui.drill`, ``!shown`` and ``!report``), from another console, and from PostgreSQL. Only what stands
between two rows, closing what is left over, is typed past the keyboard.
"""

from __future__ import annotations

import atexit
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import SEATS, Rig, until
from scripts.stage.consoles import Console
from scripts.stage.display import Display
from scripts.stage.keyboard import Keyboard
from scripts.stage.secret_files import read_secret
from scripts.stage.vietnamese_keys import give_letters

SIZES = {"lan": (1366, 768)}
"""The laptop of a small room; everybody else has the screen that the workplaces are drawn for."""

WIDE = (1920, 1080)
SIGNED_IN_WITHIN_S = 60.0
SHOTS = "DISPATCH_CONSOLE_SHOTS"
"""A folder for a picture of each task's end; without it they go with the run."""


class Person:
    """Somebody at a console. `see` is what stands on the screen, `press`, `type` and `line` are the keyboard."""

    def __init__(self, rig: KeyedRig, user: str) -> None:
        self._rig, self.user = rig, user
        self.display = Display(SIZES.get(user, WIDE))
        rig.stage.ending(self.display.stop)
        self.display.manage_windows()
        give_letters(self.display.name)
        self.keyboard = Keyboard(self.display.name)
        self.press, self.type, self.line = self.keyboard.press, self.keyboard.type, self.keyboard.line
        self.console = self._sit_down()

    def _sit_down(self) -> Console:
        """The program started and signed in to, by keys."""
        name = f"desk-{self.user}"
        console = Console(self._rig.stage, self._rig.system, self.user, name, display=self.display.name)
        console.wait(lambda: console.told("ready"), SIGNED_IN_WITHIN_S, "its sign-in dialog")
        until(self.keyboard.window, f"a window of {self.user} having the keyboard")
        self.line(self.user)
        self.line(read_secret(self._rig.system.password_file(self.user)))
        console.wait(
            lambda: console.told("signed_in") or console.told("sign_in_failed"), SIGNED_IN_WITHIN_S, "sign-in"
        )
        need(not console.told("sign_in_failed"), f"{self.user} could not sign in: {console.told('sign_in_failed')}")
        self.console = console
        until(lambda: self.see()["active"], f"the window of {self.user} having the keyboard")
        return console

    def again(self) -> None:
        """The program started anew, as its person would after a crash: same display, same files."""
        self.console = self._sit_down()
        self._rig.consoles[self.user] = self.console

    def see(self) -> dict[str, Any]:
        return self.console.shown()

    def sees(self, held: Callable[[dict[str, Any]], Any], what: str, seconds: float = 20.0) -> Any:
        """Until the screen is so; what `held` gave. Unmet after `seconds`, with what stands there."""
        last: dict[str, Any] = {}

        def looked() -> Any:
            last.update(self.see())
            return held(last)

        try:
            return until(looked, what, seconds)
        except Exception:
            told = {name: last.get(name) for name in ("focus", "fields", "choices", "said", "dialog", "open")}
            print(f"        {self.user} sees {told}", flush=True)
            self.picture(f"unmet-{what}")
            raise

    def offered(self, words: str) -> None:
        """Until the marked choice under the field says `words`."""
        self.sees(lambda it: any(row.startswith("▶") and words in row for row in it["choices"]), f"“{words}” offered")

    def in_form(self, incident: str) -> None:
        self.sees(lambda it: it["open"] == incident, f"the form of {incident}")

    def picture(self, name: str) -> None:
        """What the window shows, as a file of the pictures' folder."""
        safe = "".join(letter if letter.isalnum() else "-" for letter in name)[:80]
        self.console.shot(self._rig.pictures / f"{safe}-{self.user}.png")

    def settled(self) -> list[dict[str, Any]]:
        """What became of what was entered or pressed so far: accepted, refused, wrong, screen."""
        return self.console.told("outcome")

    def prepare(self) -> None:
        """Hands at rest before a task: nothing open, the line empty, ready for a call. Not part of any count."""
        seen = self.see()
        if seen["dialog"]:
            self.press("Escape")
            self.sees(lambda it: not it["dialog"], "the dialog closed")
        self.press("F12")
        for _ in range(3):
            if not self.see()["fields"]["line"]:
                break
            self.press("Escape")
        self.sees(lambda it: it["focus"] == "line" and not it["fields"]["line"], f"the empty line of {self.user}")
        seat = SEATS.get(self.user)
        report = self.console.report()
        if seat and report["position"] != seat:
            if report["position"]:
                self.line("pos- chac")
            self.line(f"pos {seat}")
            until(lambda: self.console.report()["position"] == seat, f"{self.user} at {seat}")
        if seat and self.console.report()["duty"].get(seat) != "ready":
            self.line("ss")
            until(lambda: self.console.report()["duty"].get(seat) == "ready", f"{self.user} ready")
        self.keyboard.count()


class KeyedRig(Rig):
    """The rig of the spine, its consoles with windows."""

    def up(self) -> None:
        super().up()
        self.people: dict[str, Person] = {}
        self.pictures = Path(os.environ.get(SHOTS) or self.layout.var / "pictures")
        self.pictures.mkdir(parents=True, exist_ok=True)

    def person(self, user: str) -> Person:
        """Somebody at the keyboard, made at the first call, ready to begin."""
        person = self.people.get(user)
        if person is None:
            person = self.people[user] = Person(self, user)
            self.consoles[user] = person.console
        elif not person.console.alive:
            person.again()
        person.prepare()
        return person

    def noted(self, incident: str, text: str) -> int:
        """How often this very text stands in the journal's narrative of an incident."""
        rows = self.sql(
            "SELECT p.fields::text FROM journal j JOIN journal_personal p USING (seq) "
            "WHERE j.type = 'NoteAdded' AND j.incident = %s", incident,
        )  # fmt: skip
        return sum(json.loads(fields).get("text") == text for (fields,) in rows)

    def _close_everything(self) -> None:
        if self.people and "thao" not in self.people:
            self.person("thao")  # who may close what anybody left
        super()._close_everything()

    def console(self, user: str) -> Console:
        if user in self.people and self.consoles[user].alive:
            return self.consoles[user]
        return self.person(user).console


@dataclass
class Task:
    """What somebody does, from the first key to what it led to: keys and seconds."""

    person: Person

    def __post_init__(self) -> None:
        self.person.keyboard.count()
        self.began = time.monotonic()
        self.strokes = self.person.keyboard.strokes

    def done(self) -> str:
        """Ends the count; the figures as a row shows them."""
        took = time.monotonic() - self.began
        self.strokes = self.person.keyboard.count()
        return f"{self.strokes}, {took:.1f} s"


def task(name: str, expected: str, play: Callable[[KeyedRig], str]) -> Scenario:
    """A row: `play` does it on the whole system and says what was seen, figures first."""

    def played() -> str:
        r = rig()
        try:
            return play(r)
        finally:
            for person in r.people.values():
                if person.console.alive:
                    person.picture(f"{name} end")

    return Scenario(name, expected, played)


_rig: list[KeyedRig] = []


def rig() -> KeyedRig:
    """The one of this process, made at the first call and whole at every call."""
    if not _rig:
        made = KeyedRig(Path(tempfile.mkdtemp(prefix="dispatch-keyed-", dir="/tmp")))
        atexit.register(_end, made)
        made.up()
        _rig.append(made)
    _rig[0].ready()
    return _rig[0]


def _end(made: KeyedRig) -> None:
    made.down()
    made.layout.remove()
