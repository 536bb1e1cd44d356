"""``dispatch``: the commands of the product for the people who run it.

``dispatch core`` is the daemon; ``dispatch users`` and ``dispatch zones`` administer. Every error is one sentence in
both languages on stderr and exit status 1; a traceback is a bug.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main import audit, core, recordings, simulate_switch, users, zones

DEFAULT_SETTINGS = "var/dispatch.toml"


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="dispatch", description=(__doc__ or "").split("\n")[0])
    top.add_argument(
        "--settings",
        type=Path,
        default=Path(os.environ.get("DISPATCH_SETTINGS", DEFAULT_SETTINGS)),
        help="the core's settings file (default: $DISPATCH_SETTINGS or %(default)s)",
    )
    commands = top.add_subparsers(
        dest="command", required=True, metavar="{core,users,zones,recordings,evidence,audit,simulate-switch}"
    )
    core.add_parser(commands)
    users.add_parser(commands)
    zones.add_parser(commands)
    recordings.add_parser(commands)
    audit.add_parser(commands)
    simulate_switch.add_parser(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    asked = parser().parse_args(arguments)
    try:
        status: int = asked.run(asked)
        return status
    except DispatchError as problem:
        print(f"dispatch: {problem.vi}\n          {problem.en}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
