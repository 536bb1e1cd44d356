"""Keeping count of how soon callers are answered: what a call counted before an event is taken off, what it counts
after it is put on. So facts that come late, doubled or out of order lead to the same sums as the calls themselves."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.answering import LATE_KEPT, added, counts_of, late_of, line_counts
from dispatch_core.domain.state import LateCall, Missed, State, drop, put
from dispatch_core.domain.vocabulary import Instant


def recounted(before: State, after: State, ident: str, at: Instant) -> State:
    """``after`` with the counts of the call, which an event at ``at`` may have changed."""
    was, now = before.calls.get(ident), after.calls.get(ident)
    if was is now:
        return after
    site = before.site
    old, new = counts_of(site, was), counts_of(site, now)
    slots = after.answering if old == new else added(added(after.answering, old, -1, at), new, 1, at)
    late = after.late_calls
    told = late_of(now)
    if told is not None and late.get(ident) != told:
        late = _kept(put(late, ident, told))
    elif told is None and ident in late:
        late = drop(late, ident)
    if slots is after.answering and late is after.late_calls:
        return after
    return replace(after, answering=slots, late_calls=late)


def _kept(late: dict[str, LateCall]) -> dict[str, LateCall]:
    while len(late) > LATE_KEPT:  # by time, not by the order of the mapping: a snapshot does not keep that
        del late[min(late.values(), key=lambda it: (it.arrived_at, it.call)).call]
    return late


def recounted_line(
    state: State, was: Missed | None, now: Missed | None, at: Instant, *, reached: bool = False
) -> State:
    """The counts of a line of missed calls that came, changed, or left; one that leaves because its caller was reached
    stays counted."""
    site, slots = state.site, state.answering
    if was is not None and not reached:
        slots = added(slots, line_counts(site, was.services, was.first_at, lines=1), -1, at)
    if now is not None:
        slots = added(slots, line_counts(site, now.services, now.first_at, lines=1), 1, at)
    if was is not None and reached:
        slots = added(slots, line_counts(site, was.services, was.first_at, reached=1), 1, at)
    return state if slots is state.answering else replace(state, answering=slots)
