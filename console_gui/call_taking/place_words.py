"""How an incident's place is said under its address: ward, what it was before, how it was found, how sure."""

from __future__ import annotations

from collections.abc import Sequence

from console_gui.translations.formats import metres, one_line
from console_gui.translations.language import Words
from console_gui.translations.sentences import ward_of
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import Location, LocationSource
from dispatch_core.wire.ways import HereShown

ONCE_NAMED = 4
FORMER_MOST = 12


def coordinates(place: Location | None) -> str:
    """``10.77250, 106.69800``, "" where there are none."""
    if place is None or place.lat is None or place.lon is None:
        return ""
    return f"{place.lat:.5f}, {place.lon:.5f}"


def place_words(incident: Incident, known: HereShown | None, words: Words) -> str:
    place = incident.location
    if place is None:
        return words("form.no_place")
    parts = [_ward(incident, known, words)]
    if place.uncertainty_m:
        parts.append(f"±{metres(place.uncertainty_m, words.language)}")
    if place.source is not LocationSource.GAZETTEER:  # what is usual needs no words
        parts.append(words(f"source.{place.source.value}"))
    return "   ".join(filter(None, parts))


def _ward(incident: Incident, known: HereShown | None, words: Words) -> str:
    """The ward of the core's answer, until it is there that of the incident's zones."""
    if known is None or not known.ward:
        return one_line(ward_of(incident), 80)
    ward, old = _short(one_line(known.ward, 80)), once(known.former)
    return words("place.once", ward=ward, once=old) if old else ward


def once(former: Sequence[str]) -> str:
    """Former wards by their district, which is what people still say: ``P. 19, 22, 25 Q. Bình Thạnh``."""
    by_district: dict[str, list[str]] = {}
    for name in former[:FORMER_MOST]:
        ward, _, district = one_line(name, 80).partition(", ")
        by_district.setdefault(district, []).append(ward)
    parts = []
    for district, wards in by_district.items():
        shown = [_short(wards[0]), *(it.removeprefix("Phường ") for it in wards[1:ONCE_NAMED])]
        more = " …" if len(wards) > ONCE_NAMED else ""
        parts.append(f"{', '.join(shown)}{more} {_short(district)}".strip())
    return "; ".join(parts)


def _short(name: str) -> str:
    """As it is written on an envelope: ``P. Bến Nghé``, ``Q. 1``."""
    for whole, short in (("Phường ", "P. "), ("Quận ", "Q. "), ("Huyện ", "H. "), ("Thành phố ", "TP. ")):
        if name.startswith(whole):
            return short + name.removeprefix(whole)
    return name
