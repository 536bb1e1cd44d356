"""Between desks: whom a note is for, and which clocks ask for attention and when they sound."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from dispatch_core.domain.vocabulary.site import AlarmLevel
from dispatch_core.domain.vocabulary.values import as_floats


class MemoTo(StrEnum):
    PERSON = "person"
    POSITION = "position"  # whoever sits there
    SERVICE = "service"  # everybody who sat at one of its positions when it was sent
    LEAD = "lead"  # every supervisor who was signed in


class ClockRule(Struct, frozen=True, kw_only=True):
    """One kind of clock. ``limit_s``: late after so long, 0 = never by this rule. ``attention``: the share of the limit
    after which it asks for attention. ``level``: how it sounds once it is late; LOW does not. ``repeat_s``: how long a
    sound that nobody silenced waits until it sounds again, 0 = once."""

    limit_s: int = 0
    attention: float = 0.66
    level: AlarmLevel = AlarmLevel.HIGH
    repeat_s: int = 20

    def __post_init__(self) -> None:
        as_floats(self, "attention")


class DeskClocks(Struct, frozen=True, kw_only=True):
    """The site's table. The limits of offers and of crews are in the rules of their own (``OfferRules``,
    ``SafetyRules``); a crew that is late is an alarm, and sounds as that. ``alarm_repeat_s``: of alarms, by level."""

    ringing: ClockRule = ClockRule(limit_s=15, repeat_s=15)
    offer: ClockRule = ClockRule(repeat_s=0)
    unconfirmed: ClockRule = ClockRule(limit_s=60, repeat_s=30)
    no_unit: ClockRule = ClockRule(limit_s=120, level=AlarmLevel.CRITICAL, repeat_s=30)
    safety: ClockRule = ClockRule(level=AlarmLevel.LOW)
    critical_repeat_s: int = 20
    high_repeat_s: int = 60
