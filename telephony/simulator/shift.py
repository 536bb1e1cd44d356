"""A shift of calls from a seed: who calls when, about what, for how long, and who gives up.

The curve over the day and the shares are data; the same seed, hours and rate give the same calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from telephony.simulator.chance import Chance

# Calls of each hour of the day beside the average hour: quiet before dawn, most in the evening.
DAILY_CURVE = (
    0.55, 0.42, 0.35, 0.30, 0.32, 0.48, 0.78, 1.02, 1.10, 1.08, 1.05, 1.08,
    1.05, 0.98, 0.98, 1.05, 1.18, 1.45, 1.55, 1.52, 1.45, 1.35, 1.08, 0.83,
)  # fmt: skip
NO_CONTENT = 0.70
"""Of all calls: silent, dialled in a pocket, pranks."""
SILENT = 0.30  # of those without content
IMPATIENT = 0.08  # hang up while they still wait, within seconds
SAME_AGAIN = 0.07  # a number that called in this shift calls again
SURGE = 0.04  # of calls with content: others call about the same
LOCATED = 0.35  # bring a location
SERVICES_WEIGHT = (("115", 5), ("113", 4), ("114", 2))  # of the numbers that the site has

CITY = ((10.70, 10.88), (106.60, 106.82))
SURGE_METRES = 300
METRES_A_DEGREE = 110_600
CALLS_A_SHIFT = 100_000
NAMES = ("", "", "", "Nguyễn Văn An", "TRẦN THỊ BÍCH", "Lê Hoàng", "Phạm Thị Đào", "THUÊ BAO", "Công ty Ánh Dương")


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One caller. Times in seconds: `at` from the shift's beginning, `patience` while waiting, `talk` once answered.

    `location`: latitude, longitude, radius in metres. `ends`: "caller" or "position". `held`: seconds on hold, 0 = not.
    """

    at: float
    dial: str
    number: str
    name: str
    patience: float
    talk: float
    ends: str
    content: bool
    silent: bool
    held: float = 0.0
    location: tuple[float, float, float] | None = None


def shift(
    seed: str, hours: float, per_hour: float, dials: Sequence[str], first_hour: int = 8
) -> list[PlannedCall]:
    """The calls of a shift that begins at `first_hour`, in order of time. ValueError for more than a shift can have."""
    if not dials or not 0 < hours <= 24 * 7 or not 0 < per_hour <= CALLS_A_SHIFT:
        raise ValueError("a shift needs hours, calls and numbers to call")
    if hours * per_hour * max(DAILY_CURVE) > CALLS_A_SHIFT:
        raise ValueError(f"more than {CALLS_A_SHIFT} calls")
    chance = Chance(seed)
    times, people = chance.of("times"), chance.of("people")
    calls: list[PlannedCall] = []
    numbers: list[str] = []
    for at in _arrivals(times, hours, per_hour, first_hour):
        call = _call(people, at, dials, numbers)
        calls.append(call)
        if call.content and people.happens(SURGE):
            calls += _surge(people, call, hours * 3600.0)
    return sorted(calls, key=lambda call: (call.at, call.number))


def _arrivals(chance: Chance, hours: float, per_hour: float, first_hour: int) -> list[float]:
    """Poisson with a rate that follows the day, by thinning."""
    most = per_hour * max(DAILY_CURVE)
    found: list[float] = []
    at = 0.0
    while True:
        at += chance.around(3600.0 / most)
        if at >= hours * 3600.0:
            return found
        hour = int(first_hour + at // 3600) % 24
        if chance.happens(DAILY_CURVE[hour] / max(DAILY_CURVE)):
            found.append(round(at, 3))


def _call(chance: Chance, at: float, dials: Sequence[str], numbers: list[str]) -> PlannedCall:
    content = not chance.happens(NO_CONTENT)
    silent = not content and chance.happens(SILENT)
    if numbers and chance.happens(SAME_AGAIN):
        number = chance.one(numbers)
    else:
        number = f"0{chance.one(('90', '93', '98', '77', '35', '28'))}{chance.number(1_000_000, 9_999_999)}"
        numbers.append(number)
    talk = 20.0 + chance.around(80.0) if content else 3.0 + chance.around(8.0)
    patience = chance.between(1.0, 8.0) if chance.happens(IMPATIENT) else 15.0 + chance.around(90.0)
    return PlannedCall(
        at=at,
        dial=_dial(chance, dials),
        number=number,
        name=chance.one(NAMES),
        patience=round(patience, 3),
        talk=round(min(talk, 1800.0), 3),
        ends=chance.one(("caller", "caller", "position")),
        content=content,
        silent=silent,
        held=round(chance.between(2.0, 10.0), 3) if content and chance.happens(0.15) else 0.0,
        location=_place(chance) if chance.happens(LOCATED) else None,
    )


def _dial(chance: Chance, dials: Sequence[str]) -> str:
    weights = dict(SERVICES_WEIGHT)
    return chance.one([dial for dial in dials for _ in range(weights.get(dial, 1))])


def _place(chance: Chance) -> tuple[float, float, float]:
    (south, north), (west, east) = CITY
    return (
        round(chance.between(south, north), 6),
        round(chance.between(west, east), 6),
        float(chance.one((15, 30, 50, 120, 500))),
    )


def _surge(chance: Chance, first: PlannedCall, end: float) -> list[PlannedCall]:
    """Several people call about the same thing, from around it, within minutes."""
    lat, lon, _ = first.location or _place(chance)
    found: list[PlannedCall] = []
    at = first.at
    for _ in range(chance.number(2, 7)):
        at += chance.around(35.0)
        if at < end:
            off = SURGE_METRES / METRES_A_DEGREE
            place = (round(lat + chance.between(-off, off), 6), round(lon + chance.between(-off, off), 6), 50.0)
            number = f"09{chance.number(10_000_000, 99_999_999)}"
            found.append(
                replace(first, at=round(at, 3), number=number, name="", location=place,
                        talk=round(15.0 + chance.around(40.0), 3), held=0.0)
            )  # fmt: skip
    return found
