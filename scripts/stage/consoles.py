"""Real consoles off screen: the program itself, its command line typed into, what it shows read back.

A console runs with `--drill`: each line written to its input is typed into its command line and entered; it prints one
JSON object a line (see `console_gui.drill`). Nothing here knows more than what the console itself said.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.stage.layout import ROOT
from scripts.stage.processes import _die_with
from scripts.stage.progress import StageError
from scripts.stage.stage import Stage
from scripts.stage.system import System

SIGNED_IN_WITHIN_S = 60.0
REPLY_WITHIN_S = 30.0


@dataclass(frozen=True)
class Answer:
    """What became of a typed line: accepted, or why not (`code`, and the sentence on the screen)."""

    line: str
    accepted: bool
    code: str = ""
    sentence: str = ""
    seq: int = 0


@dataclass
class Console:
    """One console process of `user`. `row_at`: call id to the monotonic second of its row; `calls` and `incidents`:
    what the console's own state last said of each, by id."""

    stage: Stage
    system: System
    user: str
    name: str
    language: str = "vi"
    display: str = ""  # of an X server; "" is off screen
    monitors: tuple[tuple[int, int], ...] = ()  # off screen: sizes from left to right, where they matter
    row_at: dict[str, float] = field(default_factory=dict)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    incidents: dict[str, dict[str, Any]] = field(default_factory=dict)
    notices: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._answers: dict[int, dict[str, Any]] = {}
        self._said: dict[str, list[dict[str, Any]]] = {}
        self._typed = 0
        self._changed = threading.Condition()
        self._problems: list[str] = []
        self._typing = threading.Lock()
        self._start()

    def _program(self) -> list[str]:
        """What is started, before its options."""
        return [sys.executable, "-m", "console_gui"]

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "QT_QPA_PLATFORM": "xcb" if self.display else self._off_screen(),
            **({"DISPLAY": self.display} if self.display else {}),
            "XDG_CONFIG_HOME": str(self.system.layout.var / "consoles" / self.name),
            "XDG_STATE_HOME": str(self.system.layout.var / "consoles" / self.name),
            "XDG_CACHE_HOME": str(self.system.layout.var / "consoles" / self.name),
        }

    def _seen(self, file: Path) -> str:
        """A file of this machine as the console finds it."""
        return str(file)

    def _start(self) -> None:
        site = self.system.site
        log = (self.system.layout.log / f"{self.name}.log").open("ab")
        self._process = subprocess.Popen(
            [
                *self._program(), "--core", site.core_url, "--ca", self._seen(site.certificate.authority),
                "--language", self.language, "--drill",
            ],
            cwd=ROOT, env=self._environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            encoding="utf-8", bufsize=1, start_new_session=True, preexec_fn=_die_with(os.getpid(), signal.SIGTERM),
        )  # fmt: skip
        log.close()
        self.stage.ending(self.stop)
        threading.Thread(target=self._listen, name=f"{self.name}-reader", daemon=True).start()

    def _off_screen(self) -> str:
        """Qt's platform off screen, with the monitors that are wanted."""
        if not self.monitors:
            return "offscreen"
        lefts = [sum(width for width, _ in self.monitors[:at]) for at in range(len(self.monitors))]
        screens = [
            {"name": f"monitor-{at + 1}", "x": left, "y": 0, "width": width, "height": height, "logicalDpi": 96,
             "logicalBaseDpi": 96, "dpr": 1}
            for at, (left, (width, height)) in enumerate(zip(lefts, self.monitors, strict=True))
        ]  # fmt: skip
        file = self.system.layout.var / "consoles" / f"{self.name}-monitors.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"screens": screens}), encoding="utf-8")
        return f"offscreen:configfile={file}"

    # --- what the console says ----------------------------------------------------------------------------------------

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                said = json.loads(line)
            except ValueError:
                self._problems.append(line.strip())
                continue
            with self._changed:
                self._take_in(said)
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    def _take_in(self, said: dict[str, Any]) -> None:
        match said["event"]:
            case "call_row":
                self.row_at.setdefault(said["call"], said["row_at"])
                self._know(said)
            case "call":
                self._know(said)
            case "incident":
                self.incidents[said["incident"]] = said
            case "notice":
                self.notices.append(said)
            case "accepted" | "refused" | "wrong" | "screen":
                self._said.setdefault("outcome", []).append(said)
                if said["n"]:
                    self._answers.setdefault(said["n"], said)
            case event:
                self._said.setdefault(event, []).append(said)

    def _know(self, said: dict[str, Any]) -> None:
        known = self.calls.get(said["call"], {"number": "", "state": "", "incident": ""})
        self.calls[said["call"]] = {**known, **said}

    @property
    def problems(self) -> list[str]:
        """What the console complained of: lines that are no JSON, and what it dropped."""
        return list(self._problems)

    def told(self, event: str) -> list[dict[str, Any]]:
        """What the console said so far of one kind that is not kept by name: form, health, gone."""
        return list(self._said.get(event, []))

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self, held: Callable[[], Any], seconds: float, what: str) -> Any:
        """Until `held` gives something true, which is returned. StageError after `seconds`."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                found = held()
                if found:
                    return found
                left = deadline - time.monotonic()
                if left <= 0 or not self.alive:
                    raise StageError(f"{self.name}: waited in vain for {what} (alive: {self.alive})")
                self._changed.wait(min(left, 0.5))

    # --- what a person does -------------------------------------------------------------------------------------------

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise StageError(f"{self.name} does not listen any more: {error.strerror}") from None

    def sign_in(self) -> None:
        """Type name and password into the dialog; returns when the window stands with a first state."""
        self.wait(lambda: self._said.get("ready"), SIGNED_IN_WITHIN_S, "its sign-in dialog")
        self._write(f"!signin {self.user} {self._seen(self.system.password_file(self.user))}")
        said = self._said
        self.wait(lambda: said.get("signed_in") or said.get("sign_in_failed"), SIGNED_IN_WITHIN_S, "sign-in")
        if refused := self._said.get("sign_in_failed"):
            raise StageError(f"{self.user} could not sign in: {refused[-1]}")

    def type(self, line: str, seconds: float = REPLY_WITHIN_S) -> Answer:
        """Type a line into the command line, enter it, and wait for what becomes of it."""
        return self.outcome(self.post(line), seconds, line)

    def do(self, line: str) -> Answer:
        """Type a line that must be accepted."""
        answer = self.type(line)
        if not answer.accepted:
            raise StageError(f"{self.name}: “{line}” was refused: {answer.code} {answer.sentence}")
        return answer

    def post(self, line: str) -> int:
        """Type and enter a line without waiting; the number by which `outcome` knows it."""
        with self._typing:
            self._typed += 1
            self._write(line)
            return self._typed

    def outcome(self, number: int, seconds: float = REPLY_WITHIN_S, line: str = "") -> Answer:
        """What became of a line that was posted."""
        said = self.wait(lambda: self._answers.get(number), seconds, f"an answer to line {number} {line}")
        accepted, seq = said["event"] in ("accepted", "screen"), said.get("seq", 0)
        return Answer(said.get("typed", ""), accepted, said.get("code", ""), said.get("sentence", ""), seq)

    def key(self, name: str) -> None:
        """Press a key: F8."""
        self._write(f"!key {name}")

    def write(self, text: str) -> None:
        """Type into whatever has the keyboard."""
        self._write(f"!write {text}")

    def report(self) -> dict[str, Any]:
        """The console's own account of its state: sequence, checksum, counts."""
        known = len(self._said.get("report", []))
        self._write("!report")
        reports: list[dict[str, Any]] = self.wait(
            lambda: self._said.get("report", [])[known:], REPLY_WITHIN_S, "a report"
        )
        return reports[0]

    def shown(self) -> dict[str, Any]:
        """What a person reads on its screen now: focus, fields, choices, boards (see `console_gui.drill`)."""
        known = len(self._said.get("shown", []))
        self._write("!shown")
        told: list[dict[str, Any]] = self.wait(
            lambda: self._said.get("shown", [])[known:], REPLY_WITHIN_S, "what it shows"
        )
        return told[0]

    def story(self) -> list[str]:
        """The lines of the narrative of the open incident, as the form shows them."""
        known = len(self._said.get("story", []))
        self._write("!story")
        told: list[dict[str, Any]] = self.wait(lambda: self._said.get("story", [])[known:], REPLY_WITHIN_S, "a story")
        lines: list[str] = told[0]["lines"]
        return lines

    def hand_on_map(self, *degrees: float) -> None:
        """Click at a place (latitude first), or drag from a first one to a second."""
        self._write("!map " + " ".join(f"{it:.6f}" for it in degrees))

    def streets(self) -> dict[str, Any]:
        """What its map draws of the streets."""
        known = len(self._said.get("streets", []))
        self._write("!streets")
        told: list[dict[str, Any]] = self.wait(
            lambda: self._said.get("streets", [])[known:], REPLY_WITHIN_S, "an account of its streets"
        )
        return told[0]

    def size(self, width: int, height: int) -> None:
        self._write(f"!size {width} {height}")

    def shot(self, file: Path) -> None:
        """A picture of its window."""
        known = len(self._said.get("shot", []))
        self._write(f"!shot {file}")
        self.wait(lambda: self._said.get("shot", [])[known:], REPLY_WITHIN_S, "a picture")

    # --- its end ------------------------------------------------------------------------------------------------------

    def kill9(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        if self.alive:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill9()
