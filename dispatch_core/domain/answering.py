"""How soon callers are answered, this hour and this shift: what one call counts, and the sums of a time.

A call counts where it arrived. Counts are kept by slots that end with each hour and each shift, so that both are sums
of whole slots; a slot's counts are what the calls that ever were add up to, also after they were archived.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from dispatch_core.domain.shifts import MINUTE_MS, shift_began
from dispatch_core.domain.state import Answering, Call, LateCall, Site, State
from dispatch_core.domain.vocabulary import Direction, Instant

WITHIN_15_MS = 15_000
"""A call is answered within 15 s; 95 % of them is the usual promise of emergency call centres (NENA)."""

WITHIN_20_MS = 20_000

HOUR_MS = 60 * MINUTE_MS
KEPT_MS = 25 * HOUR_MS
"""The longest shift, and an hour: older slots are in the database alone."""

LATE_KEPT = 200
"""Late calls that are shown one by one, the newest; the counts go on."""

COUNTS = ("answered", "within_15", "within_20", "given_up", "lines", "reached")


def hour_began(site: Site, at: Instant) -> Instant:
    """The beginning of the hour, by the site's own clock."""
    offset = site.utc_offset_min * MINUTE_MS
    return (at + offset) // HOUR_MS * HOUR_MS - offset


def slot_began(site: Site, at: Instant) -> Instant:
    return max(hour_began(site, at), shift_began(site, at))


def slot_key(began: Instant, service: str) -> str:
    return f"{began}/{service}"


def _service(services: tuple[str, ...]) -> str:
    return services[0] if services else ""


def counts_of(site: Site, call: Call | None) -> Answering | None:
    """What the call counts; None while it waits, and of one that we make."""
    if call is None or call.direction is not Direction.INCOMING or not call.arrived_at:
        return None
    if not call.answered_at and call.ended_by is None:
        return None
    waited = call.answered_at - call.arrived_at
    answered = call.answered_at > 0
    return Answering(
        began=slot_began(site, call.arrived_at),
        service=_service(call.services),
        answered=int(answered),
        within_15=int(answered and waited <= WITHIN_15_MS),
        within_20=int(answered and waited <= WITHIN_20_MS),
        given_up=int(not answered),
    )


def late_of(call: Call | None) -> LateCall | None:
    """The call as one that was not answered in time, or not at all."""
    if call is None or call.direction is not Direction.INCOMING or not call.arrived_at:
        return None
    until = call.answered_at or (call.ended_at if call.ended_by is not None else 0)
    if not until or (call.answered_at and until - call.arrived_at <= WITHIN_15_MS):
        return None
    return LateCall(
        call=call.id, service=_service(call.services), arrived_at=call.arrived_at,
        waited_ms=max(0, until - call.arrived_at), position=call.positions[0] if call.positions else "",
    )  # fmt: skip


def line_counts(
    site: Site, services: tuple[str, ...], first_at: Instant, *, lines: int = 0, reached: int = 0
) -> Answering:
    began = slot_began(site, first_at)
    return Answering(began=began, service=_service(services), lines=lines, reached=reached)


def added(slots: dict[str, Answering], more: Answering | None, sign: int, at: Instant) -> dict[str, Answering]:
    """The slots with what one thing counts, or (``sign`` -1) without it. What lies beyond the time that is kept, or in
    the future of ``at``, is not counted."""
    if more is None or not at - KEPT_MS <= more.began <= at + HOUR_MS:
        return slots
    key = slot_key(more.began, more.service)
    known = slots.get(key)
    if known is None and sign < 0:
        return slots
    known = known or Answering(began=more.began, service=more.service)
    changed = {name: max(0, getattr(known, name) + sign * getattr(more, name)) for name in COUNTS}
    kept = {name: it for name, it in slots.items() if it.began >= at - KEPT_MS}
    kept[key] = replace(known, **changed)
    return kept


def total(slots: Iterable[Answering], since: Instant, service: str | None = None) -> Answering:
    """The sums from ``since`` on, of every service or of one."""
    mine = [it for it in slots if it.began >= since and service in (None, it.service)]
    sums = {name: sum(getattr(it, name) for it in mine) for name in COUNTS}
    return Answering(began=since, service=service or "", **sums)


def this_hour(state: State, now: Instant, service: str | None = None) -> Answering:
    return total(state.answering.values(), hour_began(state.site, now), service)


def this_shift(state: State, now: Instant, service: str | None = None) -> Answering:
    return total(state.answering.values(), shift_began(state.site, now), service)
