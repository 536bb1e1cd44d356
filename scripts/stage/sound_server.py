"""A private sound server with one output that goes nowhere, and an ear on it: what a console really plays is heard.

Guarded here: it runs on a socket and in a runtime directory of its own, touches no sound device and no server of a
person's, and ends with the process that started it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from scripts.stage.processes import Child, wait_until
from scripts.stage.progress import StageError
from scripts.stage.tone import RATE, Samples

SINK = "ear"
READY_WITHIN = 5.0


class SoundServer:
    """PulseAudio in the foreground. `home`: a short directory that is its own."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.socket = home / "pulse.sock"
        self._child = Child(
            "pulseaudio",
            [
                "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disable-shm=yes",
                "--realtime=no", "--high-priority=no", "--log-target=stderr", "--log-level=warning",
                "-L", f"module-null-sink sink_name={SINK} rate=48000",
                "-L", f"module-native-protocol-unix auth-anonymous=1 socket={self.socket}",
            ],
            home / "pulseaudio.log",
            cwd=home,
            env={**os.environ, **self._own()},
        )  # fmt: skip

    def _own(self) -> Mapping[str, str]:
        return {"XDG_RUNTIME_DIR": str(self._home), "PULSE_RUNTIME_PATH": str(self._home), "HOME": str(self._home)}

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program needs in its environment to play here."""
        return {"PULSE_SERVER": f"unix:{self.socket}", "PULSE_COOKIE": str(self._home / "cookie")}

    def __enter__(self) -> Self:
        self._home.mkdir(parents=True, exist_ok=True)
        self._child.start()
        wait_until(self._answers, self._child, READY_WITHIN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.stop()

    def _answers(self) -> bool:
        asked = subprocess.run(
            ["pactl", "info"], env={**os.environ, **self._own(), **self.environment}, capture_output=True, check=False
        )
        return asked.returncode == 0

    def ear(self) -> Ear:
        return Ear(self, {**os.environ, **self._own(), **self.environment})


class Ear:
    """Everything that is played while it is open, as samples of 8,000 a second."""

    def __init__(self, server: SoundServer, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._heard = b""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [
                "parec", f"--device={SINK}.monitor", "--format=s16le", f"--rate={RATE}", "--channels=1", "--raw",
                "--latency-msec=50",
            ],
            env=dict(self._environment), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        first = self._process.stdout.read(2) if self._process.stdout is not None else b""
        if not first:
            raise StageError("nothing can be heard of the sound server")
        self._heard = first
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            rest, _ = self._process.communicate(timeout=5)
            self._heard += rest

    @property
    def samples(self) -> Samples:
        """What was heard, once it is closed."""
        return np.frombuffer(self._heard[: len(self._heard) // 2 * 2], dtype="<i2")
