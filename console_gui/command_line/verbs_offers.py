"""The handshake at the line: ask stations and crews, take down what they answer, look after crews."""

from __future__ import annotations

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Context, Outcome, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target_last
from console_gui.folding import fold
from dispatch_core.domain import commands as c
from dispatch_core.domain.offering import pending
from dispatch_core.domain.state import Incident, Offer, State
from dispatch_core.domain.vocabulary import IncidentState, OfferTo

CREWS = ("xe", "crew")
"""After a service: its crews are asked, not its stations."""


def offer(line: Line, context: Context) -> Outcome:
    """``dn``: each leg's station; ``dn 114``: that leg's; ``dn PS01``, ``dn A12 A13``: those; ``dn 114 xe``: the leg's
    best crews."""
    words, named = target_last(line.rest.replace(",", " ").split())
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    if not words:
        return Send(c.OfferStation(incident=incident.id))
    state = context.state
    known = resolve.unit(state, words[0])
    if not isinstance(known, Wrong):
        return _units(state, incident, words)
    station = station_named(state, words[0])
    if station:
        return Send(c.OfferStation(incident=incident.id, station=station))
    service = resolve.service(state, words[0])
    if isinstance(service, Wrong):
        return known if words[0].isalnum() and not words[0].isdecimal() else service
    if len(words) > 1 and fold(words[1]) in CREWS:
        return Send(c.OfferUnits(incident=incident.id, service=service))
    return Send(c.OfferStation(incident=incident.id, service=service))


def _units(state: State, incident: Incident, words: list[str]) -> Outcome:
    signs = []
    for word in words:
        unit = resolve.unit(state, word)
        if isinstance(unit, Wrong):
            return unit
        signs.append(unit.call_sign)
    return Send(c.OfferUnits(incident=incident.id, units=tuple(signs)))


def station_named(state: State, word: str) -> str:
    """By its id, "" where there is none."""
    return next((ident for ident in state.stations if fold(ident) == fold(word)), "")


def standing(state: State, incident: str = "") -> list[tuple[Incident, Offer]]:
    """Offers that wait for an answer: those of this incident, or all; the one whose clock is over first goes first."""
    found = [
        (it, asked)
        for it in state.incidents.values()
        if it.state is not IncidentState.CLOSED and incident in ("", it.id)
        for leg in it.legs.values()
        for asked in pending(leg)
    ]
    return sorted(found, key=lambda pair: (pair[1].until or 1 << 62, pair[1].at, pair[1].id))


def name_of(asked: Offer) -> str:
    return asked.station if asked.to is OfferTo.STATION else asked.unit


def which(context: Context, word: str) -> Offer | Wrong:
    """The offer that is meant: by crew, station or service; without a word the only one of the open incident."""
    state = context.state
    every = [asked for _, asked in standing(state)]
    mine = [asked for _, asked in standing(state, context.current)] if context.current else every
    if not word:
        if len(mine) == 1:
            return mine[0]
        return wrong("which_offer", near=resolve.listed(name_of(it) for it in mine or every))
    asked_for = fold(word)
    fits = [it for it in every if fold(name_of(it)) == asked_for]
    if not fits and word in state.site.numbers:
        services = state.site.numbers[word]
        fits = [it for it in mine if it.id.split(".")[1] in services]
    if not fits:
        fits = [it for it in mine if it.to is OfferTo.STATION and it.unit and fold(it.unit) == asked_for]
    if len(fits) == 1 or (fits and fits[0] in mine):
        return fits[0]
    return wrong("no_offer", text=word, near=resolve.listed(name_of(it) for it in every))


def accept(line: Line, context: Context) -> Outcome:
    """``nhan A12``; a station with the crews that it sends: ``nhan PS01 C1 C2``."""
    first, _, rest = line.rest.partition(" ")
    asked = which(context, first)
    if isinstance(asked, Wrong):
        return asked
    units = []
    for word in rest.replace(",", " ").split():
        unit = resolve.unit(context.state, word)
        if isinstance(unit, Wrong):
            return unit
        units.append(unit.call_sign)
    return Send(c.AcceptOffer(offer=asked.id, units=tuple(units)))


def decline(line: Line, context: Context) -> Outcome:
    """``tc A12 xe hong``: a reason of the site's list, by its code or how a word of its name begins, else the words."""
    first, _, said = line.rest.partition(" ")
    asked = which(context, first)
    if isinstance(asked, Wrong):
        return asked
    reasons = context.state.site.offers.reasons
    said = said.strip()
    if not said:
        names = ([it.vi for it in reasons.values()], [it.en for it in reasons.values()])
        near = tuple(resolve.listed(each, len(reasons)) for each in names)
        return wrong("decline_why", near=near)
    wanted = fold(said)
    exact = [code for code, it in reasons.items() if wanted in (fold(code), fold(it.vi), fold(it.en))]
    fits = exact or [
        code for code, it in reasons.items() if any(f" {wanted}" in f" {fold(name)}" for name in (it.vi, it.en))
    ]
    if len(fits) == 1:
        return Send(c.DeclineOffer(offer=asked.id, why=fits[0]))
    return Send(c.DeclineOffer(offer=asked.id, reason=said))


def skip(line: Line, context: Context) -> Outcome:
    asked = which(context, line.rest)
    return asked if isinstance(asked, Wrong) else Send(c.WithdrawOffer(offer=asked.id, skip=True))


def withdraw(line: Line, context: Context) -> Outcome:
    asked = which(context, line.rest)
    return asked if isinstance(asked, Wrong) else Send(c.WithdrawOffer(offer=asked.id))


def check(line: Line, context: Context) -> Outcome:
    if not line.rest:
        return wrong("usage", syntax=("at A12", "check A12"))
    unit = resolve.unit(context.state, line.rest)
    return unit if isinstance(unit, Wrong) else Send(c.CheckUnit(unit=unit.call_sign))
