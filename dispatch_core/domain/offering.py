"""The handshake's own arithmetic: which offers stand, who has already said no, who is asked next and why not another.

Pure. The order of asking is the order of ``Leg.candidates``; a station's turn comes with its zone, its backups, then
with its best candidate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from dispatch_core.domain.plans import needs_for
from dispatch_core.domain.shifts import exhausted_by
from dispatch_core.domain.state import Incident, Leg, Offer, State, Unit
from dispatch_core.domain.vocabulary import CrewState, Instant, OfferOutcome, OfferTo, Passed, UnitStatus

OFFERS_KEPT = 60
"""Offers that a leg carries in the live state; the journal has them all."""

PASSED_TOLD = 12
SKIPPED, TAKEN_BACK, TAKEN = "skipped", "taken_back", "taken"
"""Why an offer was withdrawn: somebody wanted the next one, took it back, or another one was first."""

TURNED_BACK = "turned_back"
"""Why a crew is passed over that was on its way and did not come."""

NOT_TAKEN = frozenset({OfferOutcome.DECLINED, OfferOutcome.EXPIRED})


def offer_id(incident: str, service: str, number: int) -> str:
    """``20261123-00042.fire.3``: can stand in an address."""
    return f"{incident}.{service}.{number}"


def find_offer(state: State, ident: str) -> tuple[Incident, Leg, Offer] | None:
    incident = state.incidents.get(ident.partition(".")[0])
    for leg in incident.legs.values() if incident is not None else ():
        for offer in leg.offers:
            if offer.id == ident and incident is not None:
                return incident, leg, offer
    return None


def pending(leg: Leg) -> tuple[Offer, ...]:
    return tuple(offer for offer in leg.offers if offer.outcome is OfferOutcome.PENDING)


def unit_offer(leg: Leg | None, unit: str) -> Offer | None:
    """The offer that this crew has not answered yet."""
    asked = pending(leg) if leg is not None else ()
    return next((it for it in asked if it.to is OfferTo.CREW and it.unit == unit), None)


def asked_by_itself(leg: Leg) -> int:
    """Offers on a clock that nobody named: a person's orders do not use up what a leg may ask."""
    return sum(it.until > 0 and not it.named for it in leg.offers)


def came_by_itself(leg: Leg, unit: str) -> OfferTo | None:
    """Who was asked on a clock, the crew or its station, so that it came; None: a person sent it. (Of several crews
    that a station named the offer has the first.)"""
    last = next((it for it in reversed(leg.offers) if it.unit == unit), leg.offers[-1])
    return last.to if last.until else None


def run_out(offer: Offer, now: Instant) -> bool:
    """Whether its clock is over, from either side: a clock that was set back keeps nobody waiting for an hour."""
    standing = offer.outcome is OfferOutcome.PENDING and offer.until > 0
    return standing and (now >= offer.until or now < offer.at - (offer.until - offer.at))


def _refused(offer: Offer) -> bool:
    """They are not asked again by themselves."""
    return offer.outcome in NOT_TAKEN or (offer.outcome is OfferOutcome.WITHDRAWN and offer.why == SKIPPED)


def stations_passed(leg: Leg, declines: int) -> frozenset[str]:
    """Stations that are asked no more on this leg: they or their crews declined too often, or the station itself gave
    no answer, or somebody passed on from it."""
    said_no = Counter(it.station for it in leg.offers if it.outcome is OfferOutcome.DECLINED)
    of_stations = (it for it in leg.offers if it.to is OfferTo.STATION and it.outcome is not OfferOutcome.DECLINED)
    silent = {it.station for it in of_stations if _refused(it)}
    return frozenset(station for station, times in said_no.items() if times >= declines) | silent


def crews_passed(leg: Leg) -> frozenset[str]:
    """Call signs of the crews that are not asked again on this leg."""
    return frozenset(it.unit for it in leg.offers if it.unit and _refused(it)) | frozenset(leg.turned_back)


def declined_on(leg: Leg | None, unit: Unit, declines: int) -> bool:
    """Whether the crew, or its whole station, is asked no more on this leg. (A call sign may be a station's id too.)"""
    return leg is not None and (
        unit.call_sign in crews_passed(leg) or unit.station in stations_passed(leg, declines)
    )


def places_left(state: State, incident: Incident, leg: Leg) -> int:
    """How many the plan still wants on this leg, at least one in all."""
    wanted = sum(need.count for need in needs_for(state, incident, leg.service))
    return max(1, wanted) - len(on_the_leg(state, leg))


def is_short(state: State, incident: Incident, leg: Leg) -> bool:
    """Whether the plan wants more than those who go and those who are being asked."""
    return places_left(state, incident, leg) > len(pending(leg))


def asked_at_once(state: State, incident: Incident, leg: Leg) -> int:
    """How many are to be asked together: each place so many times as the plan says."""
    parallel = max((need.parallel for need in needs_for(state, incident, leg.service)), default=1)
    return max(1, places_left(state, incident, leg)) * max(1, parallel)


def stations_at_once(state: State, incident: Incident, leg: Leg) -> int:
    """As many, and at the first asking the stations too that are alerted beside the zone's own."""
    beside = 0 if leg.offers else len(leg.also)
    return asked_at_once(state, incident, leg) + beside


def on_the_leg(state: State, leg: Leg) -> tuple[str, ...]:
    """Its units that have said yes, and have not turned back since."""
    known = (state.units.get(sign) for sign in leg.units if sign not in leg.turned_back)
    return tuple(it.call_sign for it in known if it is not None and it.status is not UnitStatus.OFFERED)


def is_free(unit: Unit) -> bool:
    """Whether the unit may be sent, or asked, now."""
    at_rest = unit.assignment is None and unit.status is UnitStatus.AVAILABLE
    return at_rest and unit.crew.state is not CrewState.UNSTAFFED


def why_not_free(unit: Unit) -> Passed:
    if unit.assignment is not None:
        return Passed(unit=unit.call_sign, why="at_work", about=(unit.assignment.incident,))
    if unit.status is not UnitStatus.AVAILABLE:
        return Passed(unit=unit.call_sign, why="not_available", about=(unit.status.value,))
    return Passed(unit=unit.call_sign, why="not_staffed")


def why_spared(state: State, unit: Unit, now: Instant) -> Passed | None:
    """Why a crew that may be sent is not asked by itself: it rests, or has done as much as a shift allows."""
    if unit.crew.state is CrewState.RESTING:
        return Passed(unit=unit.call_sign, why="resting", about=(str(unit.crew.until),))
    done = exhausted_by(state.site, unit, now)
    return Passed(unit=unit.call_sign, why="exhausted", about=done) if done else None


def stands_at(unit: Unit) -> str:
    """The station from which the unit would come: the one that it covers, else its own."""
    return unit.cover or unit.station


def _why_not_again(leg: Leg, unit: str) -> str:
    if unit in leg.turned_back:
        return TURNED_BACK
    last = next(it for it in reversed(leg.offers) if it.unit == unit and _refused(it))
    return SKIPPED if last.why == SKIPPED else last.outcome.value


def next_crew(state: State, incident: Incident, leg: Leg, now: Instant) -> tuple[str, tuple[Passed, ...]]:
    """The next crew to ask ("" = nobody is left), and those before it with the reason."""
    crews, stations = crews_passed(leg), stations_passed(leg, state.site.offers.declines)
    passed: list[Passed] = []
    for unit in _candidates(state, leg):
        if unit.call_sign in crews:
            passed.append(Passed(unit=unit.call_sign, why=_why_not_again(leg, unit.call_sign)))
        elif unit.station in stations:
            passed.append(Passed(unit=unit.call_sign, why="station_declined", about=(unit.station,)))
        elif unit_offer(leg, unit.call_sign) is not None:
            continue
        elif not is_free(unit):
            passed.append(why_not_free(unit))
        elif (spared := why_spared(state, unit, now)) is not None:
            passed.append(spared)
        else:
            return unit.call_sign, tuple(passed[-PASSED_TOLD:])
    return "", tuple(passed[-PASSED_TOLD:])


def _candidates(state: State, leg: Leg) -> Iterator[Unit]:
    known = (state.units.get(it.unit) for it in leg.candidates)
    return (unit for unit in known if unit is not None)


def station_order(state: State, leg: Leg) -> tuple[str, ...]:
    """The station of the zone, those of other zones in which the place lies too, those that stand in for it, then the
    stations of the candidates, the soonest first."""
    backups = leg.zone.backups if leg.zone is not None else ()
    homes = (stands_at(unit) for unit in _candidates(state, leg))
    return tuple(it for it in dict.fromkeys((leg.station, *leg.also, *backups, *homes)) if it in state.stations)


def free_at(
    state: State, incident: Incident, leg: Leg, station: str, now: Instant, gone: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """The crews at a station that could go now, the best first. Of those that were not measured, or not kept, whoever
    cannot do the work is asked only where nobody free can."""
    return free_at_each(state, incident, leg, (station,), now, gone).get(station, ())


def free_at_each(
    state: State, incident: Incident, leg: Leg, stations: Collection[str], now: Instant,
    gone: frozenset[str] = frozenset(),
) -> Mapping[str, tuple[str, ...]]:  # fmt: skip
    """The same of several stations in one look at the units; one that has nobody is not there."""
    wanted = frozenset(need.capability for need in needs_for(state, incident, leg.service))
    at_hand = [it for it in state.units.values() if it.service == leg.service and is_free(it)]
    able = {it.call_sign for it in at_hand if "" in wanted or wanted & set(it.capabilities)}
    place = {it.unit: at for at, it in enumerate(leg.candidates)}
    passing = ("at_work", "declined", TURNED_BACK, *UnitStatus)
    unfit = {it.unit for it in leg.passed if it.why not in passing} | set(leg.unfit)
    free = [
        unit
        for unit in at_hand
        if stands_at(unit) in stations and unit.call_sign not in gone and unit.call_sign not in unfit
        and (not able or unit.call_sign in able or unit.call_sign in place) and why_spared(state, unit, now) is None
    ]  # fmt: skip
    found: dict[str, tuple[str, ...]] = {}
    for unit in sorted(free, key=lambda it: (place.get(it.call_sign, len(place)), it.call_sign)):
        found[stands_at(unit)] = (*found.get(stands_at(unit), ()), unit.call_sign)
    return found


def best_at(state: State, incident: Incident, leg: Leg, station: str, now: Instant) -> str:
    """The crew of a station that a person's own asking is for: one that has not said no, where there is one; "" where
    none is free."""
    said_no = frozenset(it.unit for it in leg.offers if _refused(it))
    willing = free_at(state, incident, leg, station, now, said_no)
    return next(iter(willing or free_at(state, incident, leg, station, now)), "")


def next_station(state: State, incident: Incident, leg: Leg, now: Instant) -> tuple[str, str, tuple[Passed, ...]]:
    """The next station to ask with the crew that is proposed ("" = nobody is left), and those before it."""
    crews, stations = crews_passed(leg), stations_passed(leg, state.site.offers.declines)
    asked = {it.station for it in pending(leg) if it.to is OfferTo.STATION}
    passed: list[Passed] = []
    for station in station_order(state, leg):
        if station in stations:
            passed.append(Passed(unit=station, why=_why_station(leg, station)))
        elif station not in asked:
            free = free_at(state, incident, leg, station, now, crews)
            if free:
                return station, free[0], tuple(passed[-PASSED_TOLD:])
            passed.append(Passed(unit=station, why="no_unit"))
    return "", "", tuple(passed[-PASSED_TOLD:])


class Ahead(Struct, frozen=True):
    """A station that would be asked, and for which crew; "" = none of its crews could go."""

    station: str
    unit: str = ""


def stations_ahead(state: State, incident: Incident, leg: Leg, now: Instant, most: int) -> tuple[Ahead, ...]:
    """Whom a leg would ask next, in its order: stations that have a crew, at most so many. The zone's own comes first
    even without one, for whoever waits for it waits in vain."""
    asked = {it.station for it in pending(leg) if it.to is OfferTo.STATION}
    over = stations_passed(leg, state.site.offers.declines) | asked
    order = [it for it in station_order(state, leg) if it not in over]
    free = free_at_each(state, incident, leg, frozenset(order), now, crews_passed(leg))
    able = [Ahead(it, free[it][0]) for it in order if it in free][:most]
    alone = leg.station in order and leg.station not in free
    return (Ahead(leg.station), *able) if alone else tuple(able)


def _why_station(leg: Leg, station: str) -> str:
    last = next(it for it in reversed(leg.offers) if it.station == station and _refused(it))
    return "station_declined" if last.outcome is OfferOutcome.DECLINED else (
        "expired" if last.outcome is OfferOutcome.EXPIRED else SKIPPED
    )  # fmt: skip
