"""How hard hypothesis tries here: the same few cases every time, and many fresh ones with ``--long``."""

from __future__ import annotations

import sys

from hypothesis import HealthCheck, settings

LONG = "--long" in sys.argv


def tries(few: int, many: int) -> settings:
    return settings(
        max_examples=many if LONG else few,
        derandomize=not LONG,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
