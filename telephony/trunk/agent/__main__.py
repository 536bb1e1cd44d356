"""`dispatch-trunk-agent SETTINGS`, or `--etc FOLDER` with everything else as usual: asked on stdin, answers on stdout.

Nobody starts it by hand: the core does, here or through `ssh -T`.
"""

from __future__ import annotations

import os
import signal
import sys

from telephony.trunk.agent.serve import serve
from telephony.trunk.agent.settings import for_folder, read_settings
from telephony.trunk.agent.words import Failed

USUAL_SETTINGS = "/etc/dispatch-trunk-agent.conf"


def main(arguments: list[str]) -> int:
    """Exit status: 0 when the other end went away, 1 when it talked nonsense, 2 when the settings cannot be used."""
    try:
        if len(arguments) == 2 and arguments[0] == "--etc":
            settings = for_folder(arguments[1])
        elif len(arguments) <= 1 and not any(one.startswith("-") for one in arguments):
            settings = read_settings(arguments[0] if arguments else USUAL_SETTINGS)
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except Failed as failed:
        print(f"{failed.vi}\n{failed.en}", file=sys.stderr)
        return 2
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the core, which then ends us
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # whatever a program of ours prints is no answer
    return serve(settings, asked, answers)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
