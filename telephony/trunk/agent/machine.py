"""asterisk.conf is two things: `[directories]`, which belongs to the machine, and the rest, which follows from the
site.

Guarded here: what the site says of asterisk.conf never changes where the machine keeps things.
"""

from __future__ import annotations

import os
import re

FILE = "asterisk.conf"
_HEADER = re.compile(r"\s*\[([^\]]*)\]")
_PAIR = re.compile(r"\s*([a-z]+)\s*=>?\s*([^;]*)")
RUN, LOG = "/var/run/asterisk", "/var/log/asterisk"


def split(text: str) -> tuple[str, str]:
    """(the machine's lines, the site's lines) of a whole asterisk.conf."""
    theirs: list[str] = []
    ours: list[str] = []
    inside = False
    for line in text.splitlines(keepends=True):
        header = _HEADER.match(line)
        if header:
            inside = header[1].strip() == "directories"
        (theirs if inside else ours).append(line)
    return "".join(theirs), "".join(ours)


def joined(before: str, ours: str) -> str:
    """The site's lines with the machine's of the file that was there before. `split` gives the same lines again."""
    theirs = split(before)[0]
    if theirs and not theirs.endswith("\n"):
        theirs += "\n"
    return theirs + ours


def directories(text: str) -> dict[str, str]:
    """"astlogdir" to path, as far as the file says; a mere template (`[directories](!)`) says nothing."""
    found: dict[str, str] = {}
    for line in split(text)[0].splitlines():
        header = _HEADER.match(line)
        if header and "!" in line[header.end() :].partition(";")[0]:
            return {}
        pair = _PAIR.match(line)
        if pair and pair[2].strip():
            found[pair[1]] = pair[2].strip()
    return found


def log_of(text: str) -> str:
    return os.path.join(directories(text).get("astlogdir", LOG), "messages.log")


def socket_of(text: str) -> str:
    """The running switch's control socket, which is made anew each time that it boots."""
    return os.path.join(directories(text).get("astrundir", RUN), "asterisk.ctl")


def pid_of(text: str) -> int:
    """The running switch's process, 0 where it does not run or nobody says."""
    try:
        with open(os.path.join(directories(text).get("astrundir", RUN), "asterisk.pid"), encoding="ascii") as file:
            pid = int(file.read(20).strip() or "0")
        os.kill(pid, 0)
        return pid
    except PermissionError:
        return pid  # it lives and belongs to somebody else
    except (OSError, ValueError):
        return 0
