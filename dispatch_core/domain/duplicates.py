"""Which open incidents may be one and the same: by place, time, type, words and callers. Pure; nothing is folded here.

A score is symmetric, falls with distance and with time, and comes with its reasons. It is cheap because most incidents
are out at the first look, at the clock or at the map, and of the rest only the nearest are weighed whole.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections.abc import Generator, Iterable
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import islice
from math import asin, cos, hypot, radians, sin, sqrt

from msgspec import Struct

from dispatch_core.domain.placing import UNSAID_M, plain_number
from dispatch_core.domain.sameness import Sameness
from dispatch_core.domain.state import Call, Incident, State
from dispatch_core.domain.vocabulary import Direction, IncidentState, Instant, LegState, Location

SHOWN = 3
WEIGHED = 40
"""Of a city full of calls so many, the nearest in place and time, are weighed whole."""

STEP = 250
"""So many of the others are looked at in one go."""

FAR = 3.0
"""So many times the spread apart is nowhere near, whatever the words say."""

WORDS_SHOWN = 4
WORDS_READ = 120
"""Words of an incident that are compared: its narrative's first ones say what it is."""

_MINUTE_MS = 60_000
_EARTH_M = 6_371_000.0
_DEGREE_M = 111_195.0
_WORD = re.compile(r"[^\W_]+")


class Kind(StrEnum):
    SAME = "same"  # others tell of it too
    AGAIN = "again"  # a caller of the one called about the other


class Likeness(Struct, frozen=True, kw_only=True):
    """``other`` may be the same as the incident that was asked for. ``metres`` is None where a place is unknown;
    ``words`` are those that both say, as one of them wrote them."""

    other: str
    kind: Kind
    score: int
    metres: float | None = None
    apart_ms: int = 0
    type: str = ""  # same, family, other, "" = at least one has none yet
    words: tuple[str, ...] = ()


def proposals(state: State, incident: Incident, most: int = SHOWN) -> tuple[Likeness, ...]:
    """The open incidents that may be the same as this open one, the likeliest first."""
    steps = proposing(state, incident, most)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            found: tuple[Likeness, ...] = done.value
            return found


def proposing(state: State, incident: Incident, most: int = SHOWN) -> Generator[None, None, tuple[Likeness, ...]]:
    """As ``proposals``, a little at a time: for whoever has something else to do beside a whole city."""
    if incident.state is IncidentState.CLOSED:
        return ()
    mine, found = Side(state, incident), []
    for other in (yield from _nearest(state, mine)):
        alike = compared(state, mine, Side(state, other))
        if alike is not None:
            found.append(alike)
        yield
    return tuple(sorted(found, key=lambda it: (-it.score, it.other))[:most])


def _nearest(state: State, mine: Side) -> Generator[None, None, list[Incident]]:
    """The incidents that are worth a closer look. Cheap: a whole city's incidents pass through here."""
    here, rules, incident = mine.place, state.sameness, mine.incident
    lat, lon = (here.lat, here.lon) if here is not None else (None, None)
    reach = 2 * FAR * hypot(rules.near_m, rules.unsure_m, rules.unsure_m) / _DEGREE_M
    came, own, closed = incident.received_at, incident.id, IncidentState.CLOSED
    found = []
    for count, (ident, other) in enumerate(state.incidents.items()):
        if count % STEP == STEP - 1:
            yield
        if other.state is closed or ident == own:
            continue
        away = reach  # a place that is unknown stands behind those that are near
        place = other.location
        if lat is not None and lon is not None and place is not None and place.lat is not None:
            away = abs(place.lat - lat) + abs((place.lon or 0.0) - lon)
            if away > reach:
                continue
        found.append((away, abs(other.received_at - came), ident))
    return [state.incidents[ident] for _, _, ident in heapq.nsmallest(WEIGHED, found)]


def likeness(state: State, incident: Incident, other: Incident) -> Likeness | None:
    """How alike two open incidents are; None where they are not to be proposed, or somebody said that they differ."""
    return compared(state, Side(state, incident), Side(state, other))


def compared(state: State, mine: Side, theirs: Side) -> Likeness | None:
    """As ``likeness``. The words, which cost most, are only read where they can make the difference."""
    incident, other, rules = mine.incident, theirs.incident, state.sameness
    if IncidentState.CLOSED in (incident.state, other.state) or incident.id == other.id:
        return None
    if other.id in incident.unlike or incident.id in other.unlike:
        return None
    window = rules.window_min * _MINUTE_MS
    apart = max(0, theirs.span[0] - mine.span[1], mine.span[0] - theirs.span[1])
    if apart > window:
        return None
    metres, placed = _by_place(mine.place, theirs.place, rules)
    if placed is None:
        return None
    typed, of_type = _by_type(state, incident, other, rules)
    again = not mine.numbers.isdisjoint(theirs.numbers)
    score = placed + rules.time * (1 - apart / window) + of_type + (rules.again if again else 0)
    if round(score + rules.words) < rules.threshold:
        return None
    words = mine.words & theirs.words
    if metres is None:
        words |= mine.placed_words & theirs.placed_words
    score += rules.words * (1 - 0.6 ** len(words))
    if round(score) < rules.threshold:
        return None
    return Likeness(
        other=other.id, kind=Kind.AGAIN if again else Kind.SAME, score=min(100, round(score)), metres=metres,
        apart_ms=apart, type=typed, words=_as_written(mine, theirs, words),
    )  # fmt: skip


class Side:
    """One of two incidents, with what is compared of it worked out once, and only if it is asked for."""

    def __init__(self, state: State, incident: Incident) -> None:
        self._state, self.incident = state, incident
        self.place = place_of(state, incident)

    @cached_property
    def span(self) -> tuple[Instant, Instant]:
        """From its first to its newest call: a long fire goes on being told of."""
        came, calls = self.incident.received_at, self._state.calls
        return came, max((came, *(calls[it].arrived_at for it in self.incident.calls if it in calls)))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Who called about it."""
        country, calls = self._state.site.country_code, self._state.calls
        told = (calls[it] for it in self.incident.calls if it in calls)
        plain = (plain_number(it.number, country) for it in told if it.number and it.direction is Direction.INCOMING)
        return frozenset(number for number in plain if number)

    @cached_property
    def said(self) -> list[tuple[str, str]]:
        """What was typed of it, and then its place in words, without and with diacritics."""
        texts = [note.text for note in self.incident.notes if note.kind == "note"]
        texts += [self.incident.location.label] if self.incident.location is not None else []
        return [word for text in texts for word in (*folded(text), ("", ""))]  # no word goes on in the next text

    @cached_property
    def words(self) -> frozenset[str]:
        """Of the narrative, but for those that anybody says."""
        texts = (note.text for note in self.incident.notes if note.kind == "note")
        return self._telling(word[0] for text in texts for word in folded(text))

    @cached_property
    def placed_words(self) -> frozenset[str]:
        """The same with its place in words: what there is of a place that is not on the map."""
        return self._telling(word[0] for word in self.said)

    def _telling(self, words: Iterable[str]) -> frozenset[str]:
        read = islice((word for word in words if len(word) > 1 or word.isdecimal()), WORDS_READ)
        return frozenset(read).difference(self._state.sameness.stop_words)


def fold_way(one: Incident, other: Incident) -> tuple[str, str]:
    """(which is folded, into which): one with units at work is never folded, else the newer goes into the older."""
    first, second = sorted((one, other), key=lambda it: (not _at_work(it), it.received_at, it.id))
    return second.id, first.id


def _at_work(incident: Incident) -> bool:
    return any(leg.units for leg in incident.legs.values() if leg.state is LegState.OPEN)


# --- place and time ---------------------------------------------------------------------------------------------------


def place_of(state: State, incident: Incident) -> Location | None:
    """Where it is: as somebody set it, else where one of its callers is known to be."""
    if _mapped(incident.location):
        return incident.location
    for ident in incident.calls:
        call = state.calls.get(ident)
        if call is not None and _mapped(call.location):
            return call.location
    return incident.location


def _mapped(place: Location | None) -> bool:
    return place is not None and place.lat is not None and place.lon is not None and not place.doubt


def distance(one: Location, other: Location) -> float | None:
    """Metres on the sphere; None where one has no coordinates."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    south, north = radians(one.lat), radians(other.lat)
    half = sin((north - south) / 2) ** 2
    half += cos(south) * cos(north) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * _EARTH_M * asin(min(1.0, sqrt(half)))


def _by_place(here: Location | None, there: Location | None, rules: Sameness) -> tuple[float | None, float | None]:
    """(metres, points); no points at all: too far to be the same. Places that are not sure can be near, and say less
    by it."""
    if here is None or there is None:
        return None, 0.0
    metres = distance(here, there)
    if metres is None:
        return None, 0.0
    unsure = [min(it.uncertainty_m or _unsaid(it), rules.unsure_m) for it in (here, there)]
    spread = hypot(rules.near_m, *unsure)
    if metres > FAR * spread:
        return metres, None
    sharp = 0.5 + 0.5 * rules.near_m / spread
    return metres, rules.place * sharp * 0.5 ** ((metres / spread) ** 2)


def _unsaid(place: Location) -> float:
    """A place that somebody set is a place; a phone that does not say how sure it is may be a cell."""
    return UNSAID_M if place.source.value in ("pidf_lo", "aml", "app") else 0.0


# --- type, callers, words ---------------------------------------------------------------------------------------------


def _by_type(state: State, one: Incident, other: Incident, rules: Sameness) -> tuple[str, int]:
    if not one.type or not other.type:
        return "", rules.untyped
    if one.type == other.type:
        return "same", rules.type
    kinds = [state.types.get(it.type) for it in (one, other)]
    families = {kind.family if kind is not None else "" for kind in kinds}
    return ("family", rules.family) if len(families) == 1 and "" not in families else ("other", -rules.other_type)


@lru_cache(maxsize=4_096)
def folded(text: str) -> tuple[tuple[str, str], ...]:
    """The words of a text as (without diacritics, as written), at most ``WORDS_READ``."""
    found = []
    for match in _WORD.finditer(unicodedata.normalize("NFC", text)):
        bare = unicodedata.normalize("NFD", match[0].replace("đ", "d").replace("Đ", "D"))
        plain = "".join(mark for mark in bare if not unicodedata.combining(mark)).casefold()
        found.append((plain, match[0].lower()))
        if len(found) == WORDS_READ:
            break
    return tuple(found)


def _as_written(mine: Side, theirs: Side, shared: frozenset[str]) -> tuple[str, ...]:
    """Syllables that stand side by side are one word again: ``cháy``, ``nhà xe``. Of both texts the one that was there
    first is quoted, so that either incident names the same words."""
    if not shared:
        return ()
    quoted = min((mine, theirs), key=lambda it: (it.incident.received_at, it.incident.id))
    runs: list[list[str]] = []
    left, running = set(shared), False
    for bare, written in quoted.said:
        if bare not in left:
            running = False
            continue
        left.discard(bare)
        if running and len(runs[-1]) < 2:
            runs[-1].append(written)
        else:
            runs.append([written])
        running = True
    return tuple(" ".join(run) for run in runs[:WORDS_SHOWN])


# --- about one thing --------------------------------------------------------------------------------------------------


def callers_of(state: State, incident: Incident) -> int:
    """How many people called about it: one for each number, and each that was withheld."""
    calls: list[Call] = [state.calls[it] for it in incident.calls if it in state.calls]
    country = state.site.country_code
    incoming = [it for it in calls if it.direction is Direction.INCOMING]
    return len({plain_number(it.number, country) or it.id for it in incoming})
