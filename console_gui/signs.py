"""The one set of signs: what each character means on the map, in the boards, in the legend and in the band.

Every sign is in the bundled letters, stands beside its word or in the legend, and means one thing: ▲ is an alarm and
nothing else. Form tells them apart, never colour alone.
"""

from __future__ import annotations

from dispatch_core.domain.vocabulary import AlarmLevel, PremiseGroup
from dispatch_core.domain.vocabulary import UnitStatus as S

STATUS_SIGNS: dict[S, str] = {
    S.AVAILABLE: "○",
    S.OFFERED: "?",
    S.ACKNOWLEDGED: "✓",
    S.EN_ROUTE: "→",
    S.ON_SCENE: "■",
    S.TRANSPORTING: "↑",
    S.AT_HOSPITAL: "H",
    S.RETURNING: "←",
    S.OUT_OF_SERVICE: "×",
}

ALARM_SIGNS = {AlarmLevel.CRITICAL: "▲▲", AlarmLevel.HIGH: "▲", AlarmLevel.LOW: "△"}

PREMISE_SIGNS = {
    PremiseGroup.HAZARD: "⚠",
    PremiseGroup.ACCESS: "↳",
    PremiseGroup.HISTORY: "☆",
    PremiseGroup.OTHER: "·",
    PremiseGroup.HYDRANT: "◊",
}

WAITING = "▼"
"""Callers who come in and wait."""

REFUSED = "✗"
"""A line that was not carried out."""

OTHER_THAN_SEEN = "≠"
"""What is on the screen now is not what was seen when it was typed."""

SIGNS = (*STATUS_SIGNS.values(), *ALARM_SIGNS.values(), *PREMISE_SIGNS.values(), WAITING, REFUSED, OTHER_THAN_SEEN)


def unit_words(call_sign: str, status: S) -> str:
    """A unit on the map. That it is available its hollow mark says already."""
    return call_sign if status is S.AVAILABLE else f"{call_sign} {STATUS_SIGNS[status]}"
