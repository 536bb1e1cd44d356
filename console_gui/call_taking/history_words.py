"""What a number called for before, in a line: how often, the newest, what came of it. No Qt."""

from __future__ import annotations

from console_gui.callers import Callers
from console_gui.translations import sentences
from console_gui.translations.formats import one_line, wall_clock
from console_gui.translations.language import Words
from dispatch_core.domain.state import Call, State
from dispatch_core.domain.vocabulary import Direction, IncidentState, Instant
from dispatch_core.wire.callers import CalledFor, CallerHistory

DAY_MS = 24 * 3_600_000


def history_line(state: State, call: Call, callers: Callers, words: Words, now: Instant) -> str:
    """"" for a number that is withheld, and while nothing is known yet."""
    if not call.number or call.direction is not Direction.INCOMING:
        return ""
    known = callers.of(state, call)
    problem = callers.problem(call)
    if known is None:
        return words("history.unknown") if problem is not None else ""
    if not known.calls:
        return words("history.first")
    parts = [counted(known, words)]
    if known.newest:
        parts.append(words("history.newest", what=told(state, known.newest[0], words, now)))
    if problem is not None:
        parts.append(words("history.part"))
    return "   ".join(parts)


def counted(known: CallerHistory, words: Words) -> str:
    text = words("history.counts", calls=known.calls, incidents=known.incidents)
    return words("history.empty", text=text, count=known.without_content) if known.without_content else text


def told(state: State, it: CalledFor, words: Words, now: Instant) -> str:
    """``12/11 Cháy nhà dân, Hẻm 214 (đã xử lý)``."""
    what = ", ".join(filter(None, (type_named(state, it, words), place_named(it, words))))
    return f"{moment(state, it.at, now)} {what} ({outcome(it, words)})"


def moment(state: State, at: Instant, now: Instant) -> str:
    """The time of day, of another day the day too, of another year that."""
    offset = state.site.utc_offset_min
    day = wall_clock(at, offset, "%d/%m")
    if wall_clock(at, offset, "%d/%m/%Y") == wall_clock(now, offset, "%d/%m/%Y"):
        return wall_clock(at, offset, "%H:%M")
    same = wall_clock(at, offset, "%Y") == wall_clock(now, offset, "%Y")
    return f"{day} {wall_clock(at, offset, '%H:%M')}" if same else wall_clock(at, offset, "%d/%m/%Y")


def type_named(state: State, it: CalledFor, words: Words) -> str:
    known = state.types.get(it.type)
    return words.pick(known.vi, known.en) if known is not None else one_line(it.type, 60) or words("incident.no_type")


def place_named(it: CalledFor, words: Words) -> str:
    label = one_line(it.place, 120)
    return words("place.no_words") if sentences.is_coordinates(label) else label


def outcome(it: CalledFor, words: Words) -> str:
    if it.state != IncidentState.CLOSED:
        return words(f"incident.{it.state}") if it.state in list(IncidentState) else it.state
    return sentences.disposition(it.disposition, words.language)
