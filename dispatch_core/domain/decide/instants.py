"""Instants as people write them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant


def local_day(at: Instant, zone: timezone) -> str:
    """The site's calendar day as ``20261123``."""
    return datetime.fromtimestamp(at / 1000, zone).strftime("%Y%m%d")


def local_clock(state: State, at: Instant) -> str:
    """The site's wall clock as ``21:04:33``."""
    zone = timezone(timedelta(minutes=state.site.utc_offset_min))
    return datetime.fromtimestamp(at / 1000, zone).strftime("%H:%M:%S")
