"""From typed words to things of the state: each gives the thing, or ``Wrong`` with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from console_gui.command_line.outcomes import Context, Wrong, wrong
from console_gui.command_line.tokens import Target
from console_gui.folding import fold
from console_gui.short_words import DISPOSITIONS, STATUS_ALSO, STATUS_WORDS
from console_gui.translations.formats import short
from console_gui.type_search import EXACT, search
from dispatch_core.domain.nuisance import stands_behind
from dispatch_core.domain.state import Call, Incident, State, Unit
from dispatch_core.domain.unit_status import FOLLOWS
from dispatch_core.domain.vocabulary import Direction, IncidentType, TargetKind, UnitStatus

NEAR = 5
"""So many examples stand in a sentence that says what to write instead."""


def listed(names: Iterable[str], most: int = NEAR) -> str:
    names = list(names)
    return ", ".join(names[:most]) + ("…" if len(names) > most else "") if names else "—"


def incident(context: Context, named: Target | None) -> Incident | Wrong:
    """The incident that was named, else the one that is open on the screen."""
    incidents = context.state.incidents
    if named is None:
        known = incidents.get(context.current)
        return known if known is not None else wrong("no_incident")
    number = f"-{named.number:05d}"
    today = named.day or context.state.day
    if today + number in incidents:
        return incidents[today + number]
    older = sorted((ident for ident in incidents if ident.endswith(number)), reverse=True)
    if older and not named.day:
        return incidents[older[0]]
    newest = [short(ident) for ident in sorted(incidents, reverse=True)]
    return wrong("incident", number=named.text.partition("/")[0], near=listed(newest))


def service(state: State, word: str) -> str | Wrong:
    """By code, by the number that maps to it, or by first letters of its code or name."""
    services = state.site.services
    asked = fold(word)
    if asked in services:
        return asked
    mapped = state.site.numbers.get(asked, ())
    if len(mapped) == 1:
        return mapped[0]
    begins = [
        code for code, it in services.items()
        if asked and any(_begins(name, asked) for name in (code, it.vi, it.en))
    ]  # fmt: skip
    if len(begins) == 1:
        return begins[0]
    short = [number for number, codes in state.site.numbers.items() if len(codes) == 1]
    return wrong("service", service=word, near=listed(short or services))


def _begins(name: str, asked: str) -> bool:
    return fold(name).replace(" ", "").startswith(asked.replace(" ", ""))


def unit(state: State, word: str) -> Unit | Wrong:
    known = state.units.get(word) or state.units.get(word.upper())
    if known is not None:
        return known
    signs = {fold(sign): sign for sign in state.units}
    if fold(word) in signs:
        return state.units[signs[fold(word)]]
    close = [signs[near] for near in get_close_matches(fold(word), signs, NEAR, 0.5)]
    return wrong("unit", unit=word, near=listed(close or natural(state.units)))


def natural(names: Iterable[str]) -> list[str]:
    """In the order that people count: A2 before A12."""
    return sorted(names, key=natural_key)


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.findall(r"\d+|\D+", name))


def status(word: str, of: Unit) -> UnitStatus | Wrong:
    asked = fold(word)
    for known, names in STATUS_WORDS.items():
        if asked in names or asked in map(fold, STATUS_ALSO[known]):
            return known
    possible = FOLLOWS[of.status]
    near = tuple(listed((STATUS_WORDS[it][which] for it in possible), len(STATUS_WORDS)) for which in (0, 1))
    return wrong("status", status=word, near=near)


def incident_type(state: State, text: str) -> IncidentType | Wrong:
    found = search(state.types.values(), text)
    if not found:
        every = tuple(
            listed(kind.keywords[0] if which == 0 and kind.keywords else kind.code for kind in state.types.values())
            for which in (0, 1)
        )
        return wrong("type", type=text, near=every)
    best = [kind for points, kind in found if points == found[0][0]]
    if len(best) == 1 or found[0][0] == EXACT:
        return best[0]
    return wrong("types", type=text, near=(listed(it.vi for it in best), listed(it.en for it in best)))


def person(state: State, word: str) -> str | Wrong:
    asked = fold(word.removeprefix("@"))
    if asked in state.people:
        return asked
    fits = [
        user for user, it in state.people.items()
        if asked and (fold(user).startswith(asked) or asked in fold(it.name).split())
    ]  # fmt: skip
    if len(fits) == 1:
        return fits[0]
    return wrong("user", user=word.removeprefix("@"), near=listed(f"@{user}" for user in sorted(state.people)))


def station(state: State, word: str, serves: str) -> str | Wrong:
    ids = [it.id for it in state.stations.values() if it.service == serves]
    asked = fold(word)
    fits = [ident for ident in state.stations if fold(ident) == asked]
    fits = fits or [ident for ident in ids if asked and fold(ident).startswith(asked)]
    if len(fits) == 1:
        return fits[0]
    return wrong("station", station=word, near=listed(sorted(ids)))


def position(state: State, word: str) -> str | Wrong:
    for ident in state.positions:
        if fold(ident) == fold(word):
            return ident
    free = [ident for ident, seat in state.positions.items() if not seat.user and not seat.installing]
    return wrong("position", position=word, near=listed(natural(free)))


def steer_target(state: State, text: str) -> tuple[TargetKind, str] | Wrong:
    """A position by its id, a partner by what is typed for it or by its name, a service by its number or name, else an
    outside number."""
    for ident in state.positions:
        if fold(ident) == fold(text):
            return TargetKind.POSITION, ident
    if typed := state.site.partners.get(fold(text)):
        return TargetKind.NUMBER, typed.dial
    number = re.sub(r"[\s.\-]", "", text)
    if re.fullmatch(r"\+?[0-9]+", number) and number not in state.site.numbers:
        return TargetKind.NUMBER, number
    found = service(state, text)
    if not isinstance(found, Wrong):
        return TargetKind.SERVICE, found
    asked = fold(text)
    named = [it for it in state.site.partners.values() if asked and (_begins(it.vi, asked) or _begins(it.en, asked))]
    if len(named) == 1:
        return TargetKind.NUMBER, named[0].dial
    return wrong("steer_target", text=text, near=listed([*state.site.partners, *natural(state.positions)]))


def disposition(text: str) -> str | Wrong:
    """A code of the table where ``text`` begins one of its words, else the words as typed."""
    asked = fold(text)
    if not asked:
        near = tuple(listed((pair[which] for pair in DISPOSITIONS.values()), len(DISPOSITIONS)) for which in (0, 1))
        return wrong("disposition", near=near)
    for code, names in DISPOSITIONS.items():
        if asked == code or asked in map(fold, names):
            return code
    fits = [
        code for code, names in DISPOSITIONS.items() if any(fold(name).startswith(asked) for name in (code, *names))
    ]
    return fits[0] if len(fits) == 1 else text


def live_call(state: State, word: str) -> Call | Wrong:
    """By id, by number, or by the end of either."""
    live = [call for call in state.calls.values() if call.state.live]
    asked = re.sub(r"[\s.]", "", word).casefold()
    exact = [call for call in live if call.id.casefold() == word.casefold() or call.number == asked]
    fits = exact or [
        call for call in live if asked and (call.id.casefold().endswith(asked) or call.number.endswith(asked))
    ]
    if len(fits) == 1:
        return fits[0]
    shown = listed(call.number or call.id for call in (fits or live))
    return wrong("calls" if fits else "call", text=word, near=shown)


def any_call(state: State, word: str) -> Call | Wrong:
    """As ``live_call``, and also one that is over; of several of one number, the newest."""
    asked = re.sub(r"[\s.]", "", word).casefold()
    fits = [
        call for call in state.calls.values()
        if asked and (call.id.casefold().endswith(asked) or call.number.endswith(asked))
    ]  # fmt: skip
    if len({call.number or call.id for call in fits}) == 1:
        return max(fits, key=lambda call: (call.arrived_at, call.id))
    shown = listed(call.number or call.id for call in (fits or state.calls.values()))
    return wrong("calls" if fits else "call", text=word, near=shown)


def own_call(context: Context) -> Call | None:
    """The call in which this person's position talks."""
    someone = context.state.people.get(context.user)
    if someone is None or not someone.position:
        return None
    for call in context.state.calls.values():
        if call.state.live and call.position == someone.position:
            return call
    return None


def _behind(state: State, call: Call) -> bool:
    """Whether the caller's number stands behind others, as it does at the switch since the call came."""
    return stands_behind(state.nuisance.get(call.number), call.arrived_at)


def next_call(context: Context) -> Call | Wrong:
    """The call that has waited longest for this person's position: of its services, ringing there, or overflowed."""
    state = context.state
    someone = state.people.get(context.user)
    seat = state.positions.get(someone.position) if someone is not None else None
    waiting = sorted(
        (call for call in state.calls.values() if call.state.waiting and call.queue and call.intent is None),
        key=lambda call: (call.direction is Direction.TEST, _behind(state, call), call.arrived_at, call.id),
    )
    if seat is None:
        return waiting[0] if waiting else wrong("nobody_waits")  # the core says what is missing: a position
    for call in waiting:
        if call.overflowed or seat.id in call.ringing or set(call.services) & set(seat.services):
            return call
    if waiting:
        return wrong("others_wait", near=listed(call.number or call.id for call in waiting))
    return wrong("nobody_waits")
