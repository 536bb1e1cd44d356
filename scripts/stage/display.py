"""An X server without a screen (Xvfb), for windows that are looked at and typed into."""

from __future__ import annotations

import os
import shutil
import subprocess
import time

from scripts.stage.progress import StageError

SIZE = (1920, 1080)
UP_WITHIN_S = 30.0


class Display:
    """``name`` is what DISPLAY says. Nobody but this machine reaches it."""

    def __init__(self, size: tuple[int, int] = SIZE) -> None:
        program = shutil.which("Xvfb")
        if program is None:
            raise StageError("Xvfb is missing: apt-get install xvfb")
        reading, writing = os.pipe()
        self._process = subprocess.Popen(
            [program, "-displayfd", str(writing), "-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp"],
            pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()  # it ends with the server, should that not come up
        self._windows: subprocess.Popen[bytes] | None = None
        if not number:
            self.stop()
            raise StageError("Xvfb did not come up")
        self.size = size
        self.name = f":{number}"

    def manage_windows(self) -> None:
        """Windows as a person has them: one of them has the keyboard, a new one gets it, they fill the screen."""
        program = shutil.which("openbox")
        if program is None:
            raise StageError("openbox is missing: apt-get install openbox")
        self._windows = subprocess.Popen(
            [program, "--sm-disable"], env={**os.environ, "DISPLAY": self.name}, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + UP_WITHIN_S
        while not self._managed():
            if time.monotonic() > deadline:
                raise StageError("openbox did not take the display over")
            time.sleep(0.02)

    def _managed(self) -> bool:
        asked = subprocess.run(
            ["xdotool", "get_desktop"], env={**os.environ, "DISPLAY": self.name}, capture_output=True, check=False
        )  # it is the window manager that answers this
        return asked.returncode == 0

    def stop(self) -> None:
        for process in (self._windows, self._process):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(UP_WITHIN_S)
