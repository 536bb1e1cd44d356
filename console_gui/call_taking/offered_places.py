"""What the core suggests for an address, as choices: each with its ward, distance and uncertainty, and what was
understood of the words that were typed.
"""

from __future__ import annotations

from collections.abc import Sequence

from console_gui.call_taking.choice_field import Choice
from console_gui.call_taking.choice_row import typed_spans
from console_gui.translations.formats import metres, one_line
from console_gui.translations.language import Words
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.vocabulary import Suggestion, Understood

SAID_APART = " · "
LABEL_MOST = 120


def choices_of(found: Sequence[Suggestion], typed: str, words: Words) -> list[Choice]:
    """In the core's order; the ident is the place in it."""
    choices = []
    for n, it in enumerate(found):
        label = one_line(it.label, LABEL_MOST)
        choices.append(Choice(str(n), label, _beside(it, words), typed_spans(label, typed), _note(it, words)))
    return choices


def near_of(incident: Incident | None, state: State) -> tuple[float, float] | None:
    """From where distances count: where the caller's phone is, else where the incident is placed."""
    if incident is None:
        return None
    phones = (state.calls[it].location for it in incident.calls if it in state.calls)
    for place in (*phones, incident.location):
        if place is not None and place.lat is not None and place.lon is not None:
            return place.lat, place.lon
    return None


def _beside(it: Suggestion, words: Words) -> str:
    """Ward, how the place was found, how far away it is, and how far off it may be."""
    language = words.language
    parts = [one_line(it.ward, 60)] if it.ward and it.ward not in it.label else []
    if it.kind in ("house_between", "house_unknown"):
        parts.append(words(f"address.{it.kind}"))
    if it.once:
        parts.append(words("address.once", name=one_line(it.once, 60)))
    if it.away_m is not None:
        parts.append(words("address.away", distance=metres(it.away_m, language)))
    if it.uncertainty_m:
        parts.append(f"±{metres(it.uncertainty_m, language)}")
    return SAID_APART.join(parts)


def _note(it: Suggestion, words: Words) -> str:
    parts = [said for one in it.understood if (said := _understood(one, words))]
    return words("address.understood", parts=SAID_APART.join(parts)) if parts else ""


def _understood(one: Understood, words: Words) -> str:
    said, means = one_line(one.words, 60), one_line(one.means, 120)
    if f"address.{one.role}" in TOLD:
        return words(f"address.{one.role}", words=said)
    if not means or means.casefold() == said.casefold():
        return said
    return words("address.means", words=said, means=means)


TOLD = frozenset(("address.house", "address.alley", "address.near", "address.detail", "address.unknown_ward"))
