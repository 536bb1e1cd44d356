"""Instants as people write them, and the numbers of the day."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant


def _local(state: State, at: Instant) -> datetime:
    return datetime.fromtimestamp(at / 1000, timezone(timedelta(minutes=state.site.utc_offset_min)))


def local_clock(state: State, at: Instant) -> str:
    """The site's wall clock as ``21:04:33``."""
    return _local(state, at).strftime("%H:%M:%S")


def next_incident(state: State, now: Instant) -> tuple[str, int, str]:
    """(day, count, number) of the next incident: ``20261123``, 42, ``20261123-00042``.

    A day never comes back, even where the clock is set back over midnight or the site's offset changes: the count of
    the newest day goes on instead, because a number that was given once is never given again.
    """
    day = max(_local(state, now).strftime("%Y%m%d"), state.day)
    count = state.day_count + 1 if day == state.day else 1
    return day, count, f"{day}-{count:05d}"
