"""A keyboard on an X server: each key goes through the server (XTEST, by xdotool) to the window that has the keyboard.

Guards: nothing is sent to a window past the server, so what no person could type is not typed; every press is counted,
a key that is held with another one as well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field

from scripts.stage.progress import StageError

HUMAN = 8.0
"""Keys a second of somebody who types well and listens at the same time."""

BURST = 15.0
TYPED_WITHIN_S = 30.0
DELAY_MS = 1800
"""xdotool waits half of what it is told on each side of a key, less what the server takes."""


@dataclass(slots=True)
class Strokes:
    """Keys pressed since they were last counted: `keys` of all kinds but `letters`, which are what a person has to say:
    those of an address or a narrative, by name."""

    keys: int = 0
    letters: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        said = [f"{count} {name}" for name, count in self.letters.items()]
        return f"{self.keys} keys" + (f" + letters: {', '.join(said)}" if said else "")


class Keyboard:
    def __init__(self, display: str) -> None:
        if shutil.which("xdotool") is None:
            raise StageError("xdotool is missing: apt-get install xdotool")
        self._environment = {**os.environ, "DISPLAY": display}
        self.strokes = Strokes()

    def press(self, *names: str, rate: float = BURST) -> None:
        """Keys one after the other, named as X does: F5, Return, Escape, alt+d, ctrl+shift+k."""
        self.strokes.keys += sum(len(name.split("+")) for name in names)
        self._do("key", rate, *names)

    def type(self, text: str, said: str = "", rate: float = BURST) -> None:
        """A text key by key. `said`: it is what the person heard (an address, a narrative), counted apart."""
        if said:
            self.strokes.letters[said] = self.strokes.letters.get(said, 0) + len(text)
        else:
            self.strokes.keys += len(text)
        self._do("type", rate, text)

    def line(self, text: str, rate: float = BURST) -> None:
        """A text and Return."""
        self.type(text, rate=rate)
        self.press("Return")

    def count(self) -> Strokes:
        """What was pressed since the last count, which ends here."""
        counted, self.strokes = self.strokes, Strokes()
        return counted

    def window(self) -> str:
        """The title of the window that has the keyboard, "" where none has."""
        found = subprocess.run(
            ["xdotool", "getactivewindow", "getwindowname"], env=self._environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        return found.stdout.strip() if found.returncode == 0 else ""

    def _do(self, act: str, rate: float, *what: str) -> None:
        command = ["xdotool", act, "--clearmodifiers", "--delay", str(round(DELAY_MS / rate)), "--", *what]
        done = subprocess.run(
            command if act == "type" else [it for it in command if it != "--"],
            env=self._environment, capture_output=True, text=True, check=False,
            timeout=TYPED_WITHIN_S + len(" ".join(what)) / rate,
        )  # fmt: skip
        if done.returncode or done.stderr.strip():
            raise StageError(f"xdotool {act}: {done.stderr.strip()}")
