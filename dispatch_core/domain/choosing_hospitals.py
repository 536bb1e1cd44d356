"""Which hospital: by the time to get there, after what the patient needs and who asks to be spared; each with why."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import Struct

from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant, Measured, Reach


class Choice(Struct, frozen=True, kw_only=True):
    """``why``: codes of what speaks against it: diverts, lacks:SKILL, full, beds_unknown."""

    hospital: str
    seconds: float
    metres: float
    measured: Measured = Measured.STRAIGHT
    why: tuple[str, ...] = ()


def choose(state: State, reaches: Iterable[Reach], wanted: Collection[str], now: Instant) -> tuple[Choice, ...]:
    """``reaches``: how long to each hospital, by its id. Those without anything against them first, then the ones on
    divert last of all; within each the soonest."""
    found = []
    for reach in reaches:
        hospital = state.hospitals.get(reach.unit)
        if hospital is None:
            continue
        beds = hospital.beds.get(state.place_rules.delivered)
        diverts = hospital.divert is not None and hospital.divert.holds(now)
        lacks = [f"lacks:{skill}" for skill in sorted(set(wanted) - set(hospital.skills))]
        full = ["full"] if beds is not None and beds.free == 0 else []
        unknown = ["beds_unknown"] if beds is None else []
        found.append(
            Choice(
                hospital=hospital.id, seconds=reach.seconds, metres=reach.metres, measured=reach.measured,
                why=tuple([*(["diverts"] if diverts else []), *lacks, *full, *unknown]),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda it: (_against(it.why), it.seconds, it.hospital)))


def _against(why: tuple[str, ...]) -> int:
    if "diverts" in why:
        return 3
    if any(it.startswith("lacks:") for it in why):
        return 2
    return 1 if "full" in why else 0
