"""``dispatch``: the commands of the product for the people who run it.

``dispatch core`` is the daemon; the others administer. Every error is one sentence in both languages on stderr and exit
status 1; a traceback is a bug. Only the module of the command that was asked for is loaded: the daemon's weighs
seconds, and an administrator waits for a list of users.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dispatch_core.domain.errors import DispatchError

DEFAULT_SETTINGS = "var/dispatch.toml"

COMMANDS: dict[str, tuple[str, str]] = {
    "core": ("core", "run the core until it is stopped"),
    "users": ("users", "accounts: add, disable, enable, reset, list"),
    "map": ("map", "the map: import, list, rollback, check"),
    "zones": ("zones", "zone sets: import, list, show, publish, rollback, withdraw, what-if, at"),
    "speeds": ("speeds", "travel times by hour: learn, show, forget"),
    "stations": ("lists", "stations: import, list, rollback"),
    "units": ("lists", "units: import, list, rollback"),
    "hospitals": ("lists", "hospitals: import, list, rollback"),
    "premises": ("lists", "premise notes from files (hydrants, hazards): import, list, rollback"),
    "recordings": ("recordings", "recordings: verify, held, sweep"),
    "evidence": ("recordings", "the calls of a number with their recordings in one zip file"),
    "audit": ("audit", "the journal's hash chain: verify"),
    "trunk": ("trunk_command", "carriers, numbers, queues, positions: check, apply, roll back, watch"),
    "erase": ("erase", "personal data for good: incident, call, premise"),
    "simulate-switch": ("simulate_switch", "a simulated switch for training, tests and load"),
}
"""Word to the module beside this file that has it (``add_parser``), and what it is for."""


def parser(word: str = "") -> argparse.ArgumentParser:
    """The whole of the command ``word``; of the others only what they are for."""
    top = argparse.ArgumentParser(prog="dispatch", description=(__doc__ or "").split("\n")[0])
    top.add_argument(
        "--settings",
        type=Path,
        default=Path(os.environ.get("DISPATCH_SETTINGS", DEFAULT_SETTINGS)),
        help="the core's settings file (default: $DISPATCH_SETTINGS or %(default)s)",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="{" + ",".join(COMMANDS) + "}")
    wanted = COMMANDS[word][0] if word in COMMANDS else ""
    for name, (module, purpose) in COMMANDS.items():
        if module != wanted:
            commands.add_parser(name, help=purpose)
        elif name not in commands.choices:  # a module may have two
            importlib.import_module(f"dispatch_core.main.{module}").add_parser(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    asked = parser(_command(given)).parse_args(given)
    try:
        status: int = asked.run(asked)
        return status
    except DispatchError as problem:
        print(f"dispatch: {problem.vi}\n          {problem.en}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _command(given: Sequence[str]) -> str:
    """The command among the arguments, "" where there is none."""
    words = (word for before, word in zip(("", *given), given, strict=False) if before != "--settings")
    return next((word for word in words if not word.startswith("-")), "")


if __name__ == "__main__":
    sys.exit(main())
