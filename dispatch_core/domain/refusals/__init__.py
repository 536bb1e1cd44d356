"""Why the rules say no: a value with a stable code and a sentence that a dispatcher can act on, in both languages.

The modules of this package hold the sentences, by subject. Details fill the braces; they are names and states that the
asker may see. Refusals are kept as audit and cannot be erased, so no detail is personal: a call is named by its
incident, never by its number.
"""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.plain_text import one_line
from dispatch_core.domain.refusals import calls, desks, incidents, people, places, triage, units
from dispatch_core.domain.vocabulary import IncidentType, Service
from dispatch_core.domain.words import Word

DETAIL_LIMIT = 200
"""Characters of one detail: what was typed is echoed, but not a page of it."""

SENTENCES = (
    people.SENTENCES | calls.SENTENCES | incidents.SENTENCES
    | units.SENTENCES | places.SENTENCES | desks.SENTENCES | triage.SENTENCES
)


class Refusal(Struct, frozen=True):
    """A no, with its reason. ``details`` are the values in the sentence; ``name.vi`` and ``name.en``, where they are,
    say what the value of ``name`` is called."""

    code: str
    details: dict[str, str] = {}

    def sentence(self, language: str) -> str:
        """The reason in ``language`` ("vi" or "en"); an unknown code shows itself rather than nothing."""
        vi, en = SENTENCES.get(self.code, (self.code, self.code))
        suffix = ".vi" if language == "vi" else ".en"
        shown = {name: self.details.get(name + suffix, value) for name, value in self.details.items()}
        return (vi if language == "vi" else en).format_map(_Shown(shown))


class _Shown(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def refuse(code: str, **details: object) -> Refusal:
    """The refusal with its details. One that has a name in both languages is kept by its code and with both names
    (``has``, ``has.vi``, ``has.en``). Raises KeyError for a code without sentences."""
    if code not in SENTENCES:
        raise KeyError(f"no sentence for the refusal {code!r}")
    kept: dict[str, str] = {}
    for name, value in details.items():
        if isinstance(value, Word | Service | IncidentType):
            kept |= {name: value.code, f"{name}.vi": value.vi, f"{name}.en": value.en}
        else:
            kept[name] = one_line(str(value), DETAIL_LIMIT)
    return Refusal(code, kept)
