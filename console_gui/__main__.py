"""``python -m console_gui``. The map's worker process imports this module too, and must not become a console."""

from __future__ import annotations

import sys

from console_gui.program import main

if __name__ == "__main__":
    sys.exit(main())
