"""Who changed a value of an incident last, and when: read from the incident's own story."""

from __future__ import annotations

from dataclasses import dataclass

from console_gui.translations import sentences
from console_gui.translations.formats import wall_clock
from console_gui.translations.language import Words
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.vocabulary import Instant


@dataclass(frozen=True, slots=True)
class Change:
    by: str  # as the story names it: person:lan, switch:…
    at: Instant


def last_change(incident: Incident, kinds: tuple[str, ...]) -> Change | None:
    """The newest line of the story of one of these kinds."""
    return next((Change(it.by, it.at) for it in reversed(incident.notes) if it.kind in kinds), None)


def changed_words(
    state: State, words: Words, change: Change | None, value: str, mine: str
) -> str:
    """Minh vừa đổi thành “Cháy nhà dân”, lúc 21:04:12; của bạn: “tngt”. Enter ghi đè, Esc bỏ."""
    who = sentences.who(state, change.by, words.language) if change is not None else words("who.nobody")
    at = wall_clock(change.at, state.site.utc_offset_min) if change is not None else ""
    return words("field.changed", who=who, value=value, at=at, mine=mine)


def overwritten_words(state: State, words: Words, change: Change, was: str) -> str:
    """What stood here before somebody else changed it."""
    who = sentences.who(state, change.by, words.language)
    at = wall_clock(change.at, state.site.utc_offset_min)
    return words("field.was", who=who, at=at, was=was)
