"""How the handshake reads in the narrative: who was asked, who said what, who was passed over and why. No Qt."""

from __future__ import annotations

from console_gui.translations.formats import one_line, short
from console_gui.translations.tables import WORDS, say
from dispatch_core.domain.state import Note, Offer, State
from dispatch_core.domain.vocabulary import OfferTo, UnitStatus

OF_A_LEG = frozenset({"offers_exhausted", "turned_back", "not_routed"})
"""Alarms whose subject is a leg."""


def station(state: State, ident: str) -> str:
    known = state.stations.get(ident)
    return one_line(known.name, 120) if known is not None else ident


def who(state: State, to: str, home: str, unit: str, language: str) -> str:
    """A station by its name, a crew by its call sign with its station."""
    if to == OfferTo.STATION or not unit:
        return station(state, home)
    return say(language, "offer.who", unit=unit, station=station(state, home))


def asked(state: State, offer: Offer, language: str) -> str:
    return who(state, offer.to, offer.station, offer.unit, language)


def why(state: State, code: str, reason: str, language: str) -> str:
    """A reason of the site's list, with the words that were added."""
    known = state.site.offers.reasons.get(code)
    name = code if known is None else known.vi if language == "vi" else known.en
    words = one_line(reason)
    return say(language, "why.given", why=name, reason=words) if name and words else name or words


def passed(state: State, about: tuple[str, ...], language: str) -> str:
    """``about``: unit or station, code, what the code is about; again and again."""
    parts = []
    for who_, code, what in zip(about[::3], about[1::3], about[2::3], strict=False):
        name = station(state, who_)
        told = what
        if code == "at_work":
            told = short(what)
        elif code == "not_available" and what in list(UnitStatus):
            told = say(language, f"status.{what}")
        key = f"not_asked.{code}"
        parts.append(f"{name} ({say(language, key, about=told) if key in WORDS else code})")
    return ", ".join(parts)


def note(state: State, line: Note, service: str, language: str) -> str | None:
    """One line of the story, None where it is of another subject; ``service`` as it is called."""
    about = (*line.about, "", "", "", "", "")
    match line.kind:
        case "offered":
            to, home, unit, seconds, _ = about[:5]
            of_station = "note.offered.station" if unit else "note.offered.station_alone"
            key = "note.offered" if to == OfferTo.CREW else of_station
            return say(language, key, unit=unit, station=station(state, home), seconds=seconds)
        case "offer_accepted":
            return say(language, "note.offer_accepted", who=station(state, about[1]), unit=about[2])
        case "offer_declined":
            name = who(state, about[0], about[1], about[2], language)
            return say(language, "note.offer_declined", who=name, why=why(state, about[3], line.text, language))
        case "offer_expired":
            return say(language, "note.offer_expired", who=who(state, about[0], about[1], about[2], language))
        case "offer_withdrawn":
            key = f"note.offer_withdrawn.{about[3]}"
            name = who(state, about[0], about[1], about[2], language)
            return say(language, key if key in WORDS else "note.offer_withdrawn", who=name)
        case "passed_over":
            return say(language, "note.passed_over", who=passed(state, line.about[1:], language))
        case "offers_exhausted":
            return say(language, "note.offers_exhausted", service=service)
        case "turned_back":
            return say(language, "note.turned_back", unit=about[0])
        case "not_routed":
            return say(language, "note.not_routed", service=service)
        case "station_gone":
            return say(language, "note.station_gone", service=service, station=one_line(about[1], 120))
        case "measured_first":
            return say(language, "note.measured_first", service=service)
        case "checked":
            return say(language, "note.checked", unit=about[0])
        case "overdue":
            status = say(language, f"status.{about[1]}") if about[1] in list(UnitStatus) else about[1]
            return say(language, "note.overdue", unit=about[0], status=status)
        case _:
            return None


def leg_named(state: State, subject: str, service: str) -> str:
    """The subject of an alarm about a leg, ``20261123-00042.fire``: ``#42 PCCC``."""
    return f"{short(subject.partition('.')[0])} {service}"
