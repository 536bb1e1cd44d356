"""`scripts/accept AREA`: plays an area's scenarios."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys

import scripts.acceptance
from scripts.acceptance.rows import play_all


def areas() -> list[str]:
    """Every package beside this file is an area; its `SCENARIOS` are its rows."""
    return sorted(found.name for found in pkgutil.iter_modules(scripts.acceptance.__path__) if found.ispkg)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/accept", description=__doc__)
    parser.add_argument("area", choices=areas())
    parser.add_argument("--only", default="", help="only scenarios whose name has these words")
    asked = parser.parse_args(arguments)
    area = importlib.import_module(f"scripts.acceptance.{asked.area}")
    return play_all(asked.area, area.SCENARIOS, asked.only)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
