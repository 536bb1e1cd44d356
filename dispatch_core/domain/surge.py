"""A surge: words to those who wait, while many call about one incident. Values that the state carries."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.vocabulary import Instant

SAME_KEY = "1"
"""The key that says: I call about what I have just heard."""

APART = frozenset({"far", "unlike"})
"""How a caller is noted who pressed the key though he calls about something else, as far as is known."""

SOUND = "surge"
"""The announcement that comes with the system, of no place and no kind."""


class SurgeRules(Struct, frozen=True, kw_only=True):
    """When a surge is proposed: so many wait, or so many came within a minute (0: never by this), and so many of them
    seem to call about one thing. ``minutes``: how long the words last unless somebody prolongs them."""

    waiting: int = 6
    arrivals: int = 12
    alike: int = 3
    radius_m: int = 1_000
    minutes: int = 30
    sounds: tuple[str, ...] = (SOUND,)


class SurgeProposal(Struct, frozen=True, kw_only=True):
    """The core saw that many call about one thing; it passes by itself."""

    incident: str
    waiting: int
    arrivals: int
    alike: int
    at: Instant


class Surge(Struct, frozen=True, kw_only=True):
    """What those who wait for ``services`` hear until ``until``. ``noted``: callers who said that they call about it;
    ``joined``: those of them whose incident was folded by itself."""

    incident: str
    services: tuple[str, ...]
    radius_m: int
    sound: str
    since: Instant
    until: Instant
    by: str
    told: int = 0  # callers who heard it
    noted: int = 0
    joined: int = 0


class SurgeWord(Struct, frozen=True, kw_only=True):
    """What a waiting caller heard of a surge, and said to it. Moments are 0 where it has not happened."""

    incident: str = ""  # that was announced
    announced_at: Instant = 0  # first
    same_at: Instant = 0  # pressed SAME_KEY
