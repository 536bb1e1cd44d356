"""``python -m console_gui``, ``dispatch-console``, and the program that is packaged for a machine without Python. The
map's worker process imports this module too, and must not become a console, nor load what only a console needs."""

from __future__ import annotations

import multiprocessing
import sys


def main() -> int:
    """Returns the status to end with; 3 where the machine lacks a library."""
    from console_gui import tempo
    from console_gui.needs import tell_what_lacks

    if tell_what_lacks():
        return 3
    tempo.tune()  # first: the garbage of loading is not worth looking for
    from console_gui import program

    return program.main()


if __name__ == "__main__":
    multiprocessing.freeze_support()  # where it is packaged, the map's worker is this program again
    sys.exit(main())
