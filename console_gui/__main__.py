"""``python -m console_gui``. The map's worker process imports this module too, and must not become a console, nor load
what only a console needs."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    from console_gui.program import main

    sys.exit(main())
