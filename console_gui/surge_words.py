"""What is said of a surge: in the band, in its bar, and of what is proposed. No Qt."""

from __future__ import annotations

from console_gui.translations import sentences
from console_gui.translations.formats import one_line, short, since
from console_gui.translations.language import Words
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant


def surge_in_short(state: State, words: Words, now: Instant) -> str:
    """For whoever may not see the incident it is a surge of nobody knows what."""
    surge = state.surge
    if surge is None:
        return ""
    incident = short(surge.incident) if surge.incident else ""
    left = since(now, max(now, surge.until))
    return " ".join(words("surge.band", incident=incident, noted=surge.noted, left=left).split())


def surge_told(state: State, words: Words, now: Instant) -> tuple[str, str, str]:
    """What is announced, the counts, and what can be typed."""
    surge = state.surge
    if surge is None:
        return "", "", ""
    numbers = [sentences.number_of(state, it) or it for it in surge.services]
    what = words("surge.on", what=_what(state, words, surge.incident), services=", ".join(numbers))
    left = since(now, max(now, surge.until))
    counts = words("surge.counts", told=surge.told, noted=surge.noted, joined=surge.joined, left=left)
    return what, counts, words("surge.how", incident=short(surge.incident))


def proposal_told(state: State, words: Words) -> tuple[str, str]:
    """What many seem to call about, and what can be typed."""
    it = state.surge_proposal
    if it is None:
        return "", ""
    values = {"waiting": it.waiting, "arrivals": it.arrivals, "alike": it.alike}
    what = words("surge.proposed", what=_what(state, words, it.incident), **values)
    return what, words("surge.propose_how", incident=short(it.incident))


def _what(state: State, words: Words, ident: str) -> str:
    incident = state.incidents.get(ident)
    if incident is None:
        return short(ident) if ident else ""
    kind = sentences.incident_type(state, incident, words.language)
    return one_line(f"{short(ident)} {kind}, {sentences.place(incident, words.language)}", 120)
