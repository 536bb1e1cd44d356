"""The rows of an area whose subjects are modules: each brings its own as `SCENARIOS`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

from scripts.acceptance.rows import Scenario


def collected(package: str, path: Iterable[str]) -> list[Scenario]:
    """Of every module of the package, sorted by module."""
    found = sorted(pkgutil.iter_modules(path), key=lambda it: it.name)
    modules = (importlib.import_module(f"{package}.{it.name}") for it in found)
    return [scenario for module in modules for scenario in getattr(module, "SCENARIOS", [])]
