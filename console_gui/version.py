"""Which program this is: as it was packaged, or as it is installed. No Qt."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path


def version() -> str:
    """``0.1.0``, and of a packaged one the state of the sources that it was built from; "?" where nothing tells."""
    folder = getattr(sys, "_MEIPASS", "")
    try:
        if folder:
            about = json.loads((Path(folder) / "about.json").read_text("utf-8"))
            return f"{about['version']} ({about['built_from']})" if about["built_from"] else str(about["version"])
        return metadata.version("dispatch")
    except (OSError, ValueError, KeyError, metadata.PackageNotFoundError):
        return "?"
