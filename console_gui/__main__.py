"""``python -m console_gui``."""

from __future__ import annotations

import sys

from console_gui.program import main

sys.exit(main())
