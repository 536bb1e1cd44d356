"""`scripts/bench AREA`: measures one area."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys

import scripts.benchmarks
from scripts.stage.progress import StageError, say
from scripts.stage.stage import Stopped


def areas() -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(scripts.benchmarks.__path__) if found.ispkg)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("area", choices=areas())
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each figure, on stdout")
    parser.add_argument("--rounds", type=int, default=7, help="rounds in turn with the floor (default: %(default)s)")
    asked = parser.parse_args(arguments)
    if asked.rounds < 3:
        parser.error("--rounds: fewer than 3 say nothing")
    try:
        figures = importlib.import_module(f"scripts.benchmarks.{asked.area}").measure(asked.rounds)
    except StageError as error:
        say(f"cannot go on: {error}")
        return 1
    except Stopped as stopped:
        say(f"-- stopped by {stopped}")
        return 130
    for figure in figures:
        print(figure.as_json() if asked.json else figure.as_row(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
