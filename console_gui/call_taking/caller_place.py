"""What a dispatcher is told of where a caller is: the place, who says so, how sure, how old, and what to doubt."""

from __future__ import annotations

from collections.abc import Callable

from console_gui.translations.formats import ago, metres, one_line
from console_gui.translations.tables import WORDS
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import Instant, Location

Say = Callable[..., str]

GAP = "   "
KEPT_TOGETHER = "\u00a0"
"""Between the words of one figure, so that a line never ends within it."""


def told_place(call: Call, words: Say, language: str, now: Instant) -> str:
    """"Thuê bao ở … ±180 m   điện thoại gửi (AML)   tin cậy 95%   12 s trước"; or why nothing is known; or ""."""
    place = call.location
    if place is None:
        return _unread(call.location_note, words)
    parts = [words("form.from", place=one_line(place.label, 120)), *_sure(place, words, language)]
    if place.at > 0:
        parts.append(ago(now - place.at, language))
    parts += _further(call, place, words, language)
    if place.lat is not None:
        parts.append(words("form.take_from"))
    place_said, *rest = parts
    return GAP.join([place_said, *(part.replace(" ", KEPT_TOGETHER) for part in rest)])


def doubted(call: Call, words: Say) -> str:
    """What must be asked again, "" where nothing is to be doubted."""
    doubt = call.location.doubt if call.location is not None else ""
    return words(f"doubt.{doubt}") if f"doubt.{doubt}" in WORDS else ""


def linked(call: Call, words: Say) -> str:
    """A location by reference: shown, to be copied, never opened from here."""
    return words("form.location_link", link=one_line(call.location_link, 200)) if call.location_link else ""


def _unread(note: str, words: Say) -> str:
    if not note:
        return ""
    why = f"unread.{note}"
    return words("form.location_because", why=words(why)) if why in WORDS else words("form.location_unread")


def _sure(place: Location, words: Say, language: str) -> list[str]:
    source = words(f"source.{place.source.value}")
    method = f"method.{place.method}"
    parts = [f"{source}, {words(method)}" if method in WORDS else source]
    if place.uncertainty_m:
        parts.append(f"±{metres(place.uncertainty_m, language)}")
    if place.confidence:
        parts.append(words("form.sure", percent=place.confidence))
    return parts


def _further(call: Call, place: Location, words: Say, language: str) -> list[str]:
    parts = []
    if place.floor:
        parts.append(words("form.floor", floor=one_line(place.floor, 20)))
    if place.altitude_m is not None:
        below = "-" if place.altitude_m < 0 else ""
        parts.append(words("form.height", height=below + metres(abs(place.altitude_m), language)))
    if call.other_locations:
        parts.append(words("form.other_locations", count=len(call.other_locations)))
    return parts
