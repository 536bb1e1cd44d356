"""An X server without a screen (Xvfb), for windows that are looked at."""

from __future__ import annotations

import os
import shutil
import subprocess

from scripts.stage.progress import StageError

SIZE = "1920x1080x24"
UP_WITHIN_S = 10.0


class Display:
    """``name`` is what DISPLAY says. Nobody but this machine reaches it."""

    def __init__(self) -> None:
        program = shutil.which("Xvfb")
        if program is None:
            raise StageError("Xvfb is missing: apt-get install xvfb")
        reading, writing = os.pipe()
        self._process = subprocess.Popen(
            [program, "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp"],
            pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()  # it ends with the server, should that not come up
        if not number:
            self.stop()
            raise StageError("Xvfb did not come up")
        self.name = f":{number}"

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(UP_WITHIN_S)
