"""`scripts/accept AREA`: plays an area's scenarios."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys

import scripts.acceptance
from scripts.acceptance.rows import play_all


def areas() -> list[str]:
    """Every package beside this file is an area; its `SCENARIOS` are its rows. One that has options of its own brings
    `add_options(parser)` and `play_options(asked)`, which gives an exit status or, for the rows as ever, None."""
    return sorted(found.name for found in pkgutil.iter_modules(scripts.acceptance.__path__) if found.ispkg)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/accept", description=__doc__)
    parser.add_argument("area", choices=areas())
    parser.add_argument("--only", default="", help="only scenarios whose name has these words")
    named = next((it for it in arguments if it in areas()), "")
    area = importlib.import_module(f"scripts.acceptance.{named}") if named else None
    if (add := getattr(area, "add_options", None)) is not None:
        add(parser)
    asked = parser.parse_args(arguments)
    if (play := getattr(area, "play_options", None)) is not None and (code := play(asked)) is not None:
        return int(code)
    return play_all(asked.area, area.SCENARIOS, asked.only)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
