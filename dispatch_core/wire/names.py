"""The names of things in Redis. One place, because the ACL patterns of the sign-in are made from the same names."""

from __future__ import annotations

from dispatch_core.domain.views import View

WIRE_VERSION = 1
WIRE_SPOKEN = (1,)

EVENT_FIELD = b"e"  # MessagePack of a Recorded; empty where the view does not show the event
BODY_FIELD = b"b"  # the MessagePack body of every other entry

GENERATION_KEY = "st:generation"
EPOCH_KEY = "st:epoch"  # the newest core that has written; the core's alone
LIVE_STREAM = "st:live"
LIVE_LAST = "st:live:last"
LIVE_OF_OPERATIONS = frozenset({"positions", "coverage"})
"""Kinds that tell where units are: a unit's track is a caller's address, which the telephony view does not have."""
UNITS_STREAM = f"st:{View.OPERATIONS.value}:live"
UNITS_LAST = f"st:{View.OPERATIONS.value}:live:last"
WAKE_STREAM = "core:wake"  # written by the core itself when its set of command streams changes


def stream(view: View) -> str:
    return f"st:{view.value}"


def live(kind: str) -> tuple[str, str]:
    """The stream of a kind of live values, and where the last of each is kept."""
    return (UNITS_STREAM, UNITS_LAST) if kind in LIVE_OF_OPERATIONS else (LIVE_STREAM, LIVE_LAST)


def live_of(view: View) -> tuple[tuple[str, str], ...]:
    """All that a console of this view follows, as ``live`` gives them."""
    units = ((UNITS_STREAM, UNITS_LAST),) if view is View.OPERATIONS else ()
    return ((LIVE_STREAM, LIVE_LAST), *units)


def snapshot(view: View) -> str:
    return f"st:{view.value}:snapshot"


def beat(view: View) -> str:
    return f"st:{view.value}:beat"


def commands(user: str) -> str:
    return f"cmd:{user}"


def commander(stream: str) -> str:
    """Whose commands a stream holds."""
    return stream.removeprefix("cmd:")


def replies(user: str) -> str:
    return f"rep:{user}"


def entry_id(epoch: int, seq: int) -> str:
    """The id of an event in its stream. Redis refuses one that is not above the last: a deposed publisher."""
    return f"{epoch}-{seq}"


def parse_entry_id(ident: bytes | str) -> tuple[int, int]:
    """(epoch, seq). Raises ValueError where it is not such an id."""
    text = ident.decode("ascii") if isinstance(ident, bytes) else ident
    epoch, _, seq = text.partition("-")
    return int(epoch), int(seq)


def readable_keys(view: View) -> tuple[str, ...]:
    """Key patterns that a console of this view may read."""
    return (f"st:{view.value}", f"st:{view.value}:*", GENERATION_KEY, LIVE_STREAM, LIVE_LAST)
