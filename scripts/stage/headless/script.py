"""What the callers of a headless run want: numbers, behaviour, and what the operators will make of each call.

Always among them: all three service numbers, one caller who gives up, one accident for three services, one leg that the
supervisor reassigns; the rest are as in the city: most calls turn out to be nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scripts.stage.callers import Caller

DIALS = ("113", "114", "115")
NAMES = ("Nguyễn Văn An", "Trần Thị Thuỳ Dương", "Lê Hoàng Ngọc Huyền", "Phạm Đức Quý", "Đặng Thị Ưu", "Vũ Khương")
GIVES_UP_AFTER_S = 1.5
PATIENT_S = 600.0
FEWEST = 6


class Plan(StrEnum):
    GIVES_UP = "gives up"
    THREE_LEGS = "three legs"
    ONE_LEG = "one leg"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Part:
    """One caller's part: `type` and `place` are what the operator will type."""

    caller: Caller
    plan: Plan
    type: str = ""
    place: str = ""


ONE_LEG = {
    "113": ("cuop", "chợ Bến Thành"),
    "114": ("chay_nha", "chợ Bình Tây"),
    "115": ("kho_tho", "Bưu điện Thành phố"),
}
THREE_LEGS = ("tngt_ket", "ngã tư Hàng Xanh")


def write_script(calls: int, run: int) -> list[Part]:
    """`run` makes the callers' numbers those of this run alone (0 to 9999)."""
    if calls < FEWEST:
        raise ValueError(f"at least {FEWEST} calls are needed for everything that must be shown")
    parts = []
    for index in range(calls):
        dial = DIALS[index % len(DIALS)]
        plan = Plan.ONE_LEG if index % 3 == 0 or index == 4 else Plan.NOTHING
        if index == 1:
            plan = Plan.GIVES_UP
        if index == 2:
            plan = Plan.THREE_LEGS
        patience = GIVES_UP_AFTER_S if plan is Plan.GIVES_UP else PATIENT_S
        caller = Caller(dial, f"09{run:04d}{index:04d}", NAMES[index % len(NAMES)], patience)
        kind, place = {Plan.ONE_LEG: ONE_LEG[dial], Plan.THREE_LEGS: THREE_LEGS}.get(plan, ("", ""))
        parts.append(Part(caller, plan, kind, place))
    return parts
