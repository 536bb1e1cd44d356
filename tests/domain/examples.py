"""How hard hypothesis tries here: little by default, much with ``--long``; without ``--long`` always the same cases."""

from __future__ import annotations

import sys

from hypothesis import HealthCheck, settings

LONG = "--long" in sys.argv


def tries(few: int, many: int, **more: int) -> settings:
    return settings(
        max_examples=many if LONG else few,
        derandomize=not LONG,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        **more,  # type: ignore[arg-type]
    )
