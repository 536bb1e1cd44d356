"""Which numbers stand behind. A number that was erased is nobody's."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import NumberForgotten, NumberRated, NumberSet, Recorded
from dispatch_core.domain.evolve.rules import rule
from dispatch_core.domain.nuisance import CLOSURES_KEPT, NUMBERS_KEPT, Nuisance, worth_keeping
from dispatch_core.domain.state import State, drop, put
from dispatch_core.domain.vocabulary import Instant


def _keep(state: State, it: Nuisance, now: Instant) -> State:
    if not it.number or not worth_keeping(it, now):
        return replace(state, nuisance=drop(state.nuisance, it.number))
    numbers = put(state.nuisance, it.number, it)
    while len(numbers) > NUMBERS_KEPT:
        numbers.pop(min(numbers.values(), key=_newest).number)
    return replace(state, nuisance=numbers)


def _newest(it: Nuisance) -> tuple[Instant, str]:
    return max((*it.closures, it.set_at, it.lifted_at)), it.number


@rule(NumberRated)
def number_rated(state: State, event: NumberRated, recorded: Recorded) -> State:
    known = state.nuisance.get(event.number) or Nuisance(number=event.number)
    real_at = max(known.real_at, event.real_at)
    return _keep(state, replace(known, closures=event.closures[-CLOSURES_KEPT:], real_at=real_at), recorded.at)


@rule(NumberSet)
def number_set(state: State, event: NumberSet, recorded: Recorded) -> State:
    known = state.nuisance.get(event.number) or Nuisance(number=event.number)
    changed = replace(known, by=event.user, reason=event.reason)
    if event.on:
        at = max(recorded.at, known.cleared_at + 1)
        return _keep(state, replace(changed, set_at=at), recorded.at)
    at = max(recorded.at, known.set_at, known.real_at + 1)
    return _keep(state, replace(changed, lifted_at=at), recorded.at)


@rule(NumberForgotten)
def number_forgotten(state: State, event: NumberForgotten, _: Recorded) -> State:
    return replace(state, nuisance=drop(state.nuisance, event.number))
