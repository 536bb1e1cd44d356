"""The switch stopped and started again by the command of the settings, and waited for until it has booted."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable

from telephony.trunk.agent import machine
from telephony.trunk.agent.asking import run, switch_says
from telephony.trunk.agent.settings import AgentSettings
from telephony.trunk.agent.words import Failed

ASKED_EVERY_S = 0.1


def calls_up(settings: AgentSettings) -> int:
    """At the running switch; 0 where it does not answer."""
    conf = os.path.join(settings.etc, machine.FILE)
    said = switch_says(settings.asterisk, conf, "core show channels count", 5.0)
    found = re.search(r"(\d+) active call", said)
    return int(found[1]) if found else 0


def restart(settings: AgentSettings, running: str, still_wanted: Callable[[], None]) -> None:
    """`running`: the whole asterisk.conf in place. Raises Failed where it did not come back in time."""
    socket = machine.socket_of(running)
    before = _life(socket)
    began = time.monotonic()
    status, said = run(settings.restart, settings.restart_limit_s)
    if status != 0:
        last = " ".join(said.split())[-300:]
        raise Failed(
            "restart_command",
            f"Lệnh khởi động lại tổng đài ({settings.restart[0]}) thất bại, mã {status}: {last}. Hãy xem "
            f"tổng đài ngay.",
            f"The command that restarts the switch ({settings.restart[0]}) failed with {status}: {last}. Look at the "
            f"switch at once.",
        )
    conf = os.path.join(settings.etc, machine.FILE)
    while time.monotonic() - began < settings.restart_limit_s:
        still_wanted()
        if _life(socket) not in (before, (0, 0)):
            left = max(1.0, settings.restart_limit_s - (time.monotonic() - began))
            if "fully booted" in switch_says(settings.asterisk, conf, "core waitfullybooted", left):
                return
        time.sleep(ASKED_EVERY_S)
    raise Failed(
        "restart_late",
        f"Tổng đài chưa khởi động xong sau {settings.restart_limit_s} giây; hãy xem nhật ký của nó ngay.",
        f"The switch has not booted within {settings.restart_limit_s} s; look at its log at once.",
    )


def _life(socket: str) -> tuple[int, int]:
    """Another one for each boot; (0, 0) where there is none."""
    try:
        found = os.stat(socket)
        return found.st_ino, found.st_ctime_ns
    except OSError:
        return 0, 0
