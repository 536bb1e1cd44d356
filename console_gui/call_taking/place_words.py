"""How an incident's place is said under its address: ward, what it was before, how it was found, how sure."""

from __future__ import annotations

from collections.abc import Callable

from console_gui.translations.formats import metres, one_line
from console_gui.translations.language import Words
from console_gui.translations.sentences import ward_of
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import Location
from dispatch_core.wire.wards import WardShown

Say = Callable[..., str]
ONCE_NAMED = 3


def coordinates(place: Location | None) -> str:
    """``10.77250, 106.69800``, "" where there are none."""
    if place is None or place.lat is None or place.lon is None:
        return ""
    return f"{place.lat:.5f}, {place.lon:.5f}"


def place_words(incident: Incident, known: WardShown | None, words: Words) -> str:
    place = incident.location
    if place is None:
        return words("form.no_place")
    parts = [_ward(incident, known, words), words(f"source.{place.source.value}")]
    if place.uncertainty_m:
        parts.append(f"±{metres(place.uncertainty_m, words.language)}")
    return "   ".join(filter(None, parts))


def _ward(incident: Incident, known: WardShown | None, words: Words) -> str:
    """The ward of the core's answer, until it is there that of the incident's zones."""
    if known is None or not known.ward:
        return one_line(ward_of(incident), 80)
    once = [*(one_line(it, 40) for it in known.districts)]
    wards = [one_line(it, 40) for it in known.once]
    shown = ", ".join(wards[:ONCE_NAMED]) + (" …" if len(wards) > ONCE_NAMED else "")
    old = ": ".join(filter(None, (", ".join(once), shown)))
    ward = one_line(known.ward, 80)
    return words("place.once", ward=ward, once=old) if old else ward
