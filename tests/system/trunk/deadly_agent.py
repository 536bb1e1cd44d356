"""Stands between the core and a node's agent, and kills the core before or after the agent does a certain thing.

`python deadly_agent.py WORD AGENT…`: the file WORD holds "before write", "after settle" and the like, once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from telephony.trunk.agent.frames import length_of, unpacked

WORD, AGENT = Path(sys.argv[1]), sys.argv[2:]


def exactly(stream: int, size: int) -> bytes:
    got = b""
    while len(got) < size:
        more = os.read(stream, size - len(got))
        if not more:
            return b""
        got += more
    return got


def word() -> str:
    return WORD.read_text("utf-8").strip() if WORD.exists() else ""


def kill() -> None:
    WORD.unlink()
    os.kill(os.getppid(), signal.SIGKILL)


def main() -> None:
    agent = subprocess.Popen(AGENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert agent.stdin is not None and agent.stdout is not None
    told = agent.stdout.fileno()
    awaited = {"do": ""}

    def answers() -> None:
        while data := os.read(told, 65_536):
            if awaited["do"] and word() == f"after {awaited['do']}":
                kill()
                return
            os.write(1, data)

    threading.Thread(target=answers, daemon=True).start()
    while head := exactly(0, 4):
        body = exactly(0, length_of(head))
        awaited["do"] = str(unpacked(body)["do"])
        if word() == f"before {awaited['do']}":
            kill()
            break
        agent.stdin.write(head + body)
        agent.stdin.flush()
    agent.stdin.close()
    agent.wait()


if __name__ == "__main__":
    main()
