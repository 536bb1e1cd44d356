"""The word tables as one, and the look-up that everything uses."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path

from console_gui.translations import words_screen, words_things
from dispatch_core.domain.words import ROLES, STATUSES

LANGUAGES = ("vi", "en")

def _tables() -> dict[str, tuple[str, str]]:
    """Every ``words_…`` module beside this file brings the words of its subject. Raises ValueError for a key that two
    of them have."""
    gathered: dict[str, tuple[str, str]] = {}
    for module in sorted(it.name for it in pkgutil.iter_modules([str(Path(__file__).parent)])):
        if module.startswith("words_"):
            words = importlib.import_module(f"console_gui.translations.{module}").WORDS
            if twice := gathered.keys() & words:
                raise ValueError(f"{module} says again: {', '.join(sorted(twice))}")
            gathered |= words
    return gathered


WORDS: dict[str, tuple[str, str]] = {
    **_tables(),
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


def sentence_of(key: str, **values: object) -> Callable[[str], str]:
    """The same for whoever chooses the language later: a sentence that stays on the screen when that is switched."""
    return lambda language: say(language, key, **values)
