"""An answer put into words: what it is, in which ward, how sure, and what was understood of the question."""

from __future__ import annotations

from rapidfuzz import fuzz

from dispatch_core.domain.vocabulary import Suggestion, Understood
from gis.addresses.reading import Reading
from gis.addresses.search import Hit
from gis.addresses.spelling import fold
from gis.addresses.tokens import typed
from gis.addresses.units import Units, WardMeant

NEAR_ENOUGH = "≈ "  # before a ward that an approximate set guessed


def understood(
    reading: Reading, text: str, label: str, code: str, meant: WardMeant | None, names: Units
) -> tuple[Understood, ...]:
    """Which words were taken for what, in the order of the text."""
    out = []
    for part in reading.parts:
        words = typed(text, part.start, part.end)
        means = ""
        role = part.role if part.role != "unit" else _which(words, reading)
        if role == "name":
            means = label
        elif role == "ward" and meant is not None:
            ward = names.names[code if code in meant.codes else meant.codes[0]]
            means = f"{meant.old} (cũ) → {ward}" if meant.old else ward
        elif role == "district" and reading.district:
            means = f"{names.districts[reading.district].label} (cũ)"
        if role not in ("filler", "city") and words:
            out.append(Understood(role=role, words=words, means=means))
    return tuple(out)


def _which(words: str, reading: Reading) -> str:
    """Whether words that are a ward or district without saying which are the one or the other."""
    said = fold(words)
    return "district" if fuzz.ratio(said, reading.district) > fuzz.ratio(said, reading.ward) else "ward"


def suggestion(hit: Hit, text: str, names: Units, approximate: bool) -> Suggestion:
    """``approximate``: the outlines of the wards are a guess, and so is a ward that was not said."""
    spot, ward = hit.spot, names.names.get(hit.code, "")
    said = hit.meant is not None and hit.code in hit.meant.codes
    return Suggestion(
        label=spot.label,
        lat=spot.lat,
        lon=spot.lon,
        kind=spot.kind,
        ward=f"{NEAR_ENOUGH}{ward}" if ward and approximate and not said else ward,
        uncertainty_m=float(round(spot.uncertainty_m)),
        score=round(max(0.0, min(100.0, hit.score)), 1),
        old=hit.meant.old if hit.meant is not None and said else "",
        once=hit.once,
        understood=understood(hit.reading, text, spot.name or spot.label, hit.code, hit.meant, names),
    )
