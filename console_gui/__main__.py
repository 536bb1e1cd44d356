"""``python -m console_gui``, and the program that is packaged for a machine without Python. The map's worker process
imports this module too, and must not become a console, nor load what only a console needs."""

from __future__ import annotations

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()  # where it is packaged, the map's worker is this program again
    from console_gui.needs import tell_what_lacks

    if tell_what_lacks():
        sys.exit(3)
    from console_gui.program import main

    sys.exit(main())
