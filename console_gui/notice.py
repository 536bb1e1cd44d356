"""What the screen tells a person beside the boards: refusals, mistakes, reassignments, alarms, what is under way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from dispatch_core.domain.vocabulary import Instant

DONE_S = 20
"""So long it is said that the screen did what it was asked."""


class Kind(StrEnum):
    REFUSED = "refused"
    WRONG = "wrong"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Notice:
    """``sentence(language)`` is the text; ``typed`` what the person had entered, "" where nothing was typed."""

    kind: Kind
    code: str
    sentence: Callable[[str], str]
    typed: str = ""
    at: Instant = 0
    quiet: bool = False  # without a sound: it answers what this person just did
    alarm: str = ""  # the key of the alarm that it tells of; it goes with it
    goes_s: int = 0  # so many seconds, and it goes by itself: it only says that what was asked is done; 0: never


def told(code: str, vi: str, en: str, at: Instant = 0) -> Notice:
    return Notice(Kind.TOLD, code, lambda language: vi if language == "vi" else en, at=at)
