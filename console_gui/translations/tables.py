"""The word tables as one, and the look-up that everything uses."""

from __future__ import annotations

from console_gui.translations import words_screen, words_things
from dispatch_core.domain.words import ROLES, STATUSES

LANGUAGES = ("vi", "en")

WORDS: dict[str, tuple[str, str]] = {
    **words_screen.WORDS,
    **words_things.WORDS,
    **{f"status.{code}": (word.vi, word.en) for code, word in STATUSES.items()},
    **{f"role.{code}": (word.vi, word.en) for code, word in ROLES.items()},
}
"""What the core's own sentences name (statuses, roles) is called the same here."""


def say(language: str, key: str, **values: object) -> str:
    """The words of ``key`` with ``values`` filled in. Raises KeyError for a key that no table has."""
    text = WORDS[key][0 if language == "vi" else 1]
    return text.format_map(values) if values else text
