"""Commands that wait while cut off, and the board on paper."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target
from console_gui.limits import PAPER_MINUTES_MOST
from dispatch_core.domain.commands import OpenIncident
from dispatch_core.domain.vocabulary import Instant, Location, LocationSource


def waiting(line: Line, context: Context) -> Outcome:
    return Screen(Act.WAITING)


def send(line: Line, context: Context) -> Outcome:
    return _numbered(line, Act.SEND_WAITING, "gui 2")


def drop(line: Line, context: Context) -> Outcome:
    return _numbered(line, Act.DROP_WAITING, "bo 2")


def _numbered(line: Line, act: Act, syntax: str) -> Outcome:
    number = line.rest.strip()
    if number and not (number.isascii() and number.isdecimal() and len(number) <= 4):
        return wrong("usage", syntax=syntax)
    return Screen(act, number)


def print_board(line: Line, context: Context) -> Outcome:
    """``in`` the board, ``in #42`` an incident's card, ``in 10`` the minutes between two sheets of itself."""
    text = line.rest.strip()
    if text.isascii() and text.isdecimal():
        if not 1 <= int(text[:4]) <= PAPER_MINUTES_MOST:
            return wrong("minutes", text=text, most=PAPER_MINUTES_MOST)
        return Screen(Act.PRINT_EVERY, text)
    if not text:
        return Screen(Act.PRINT)
    named = target(text)
    if named is None:
        return wrong("usage", syntax="in #42")
    incident = resolve.incident(context, named)
    return incident if isinstance(incident, Wrong) else Screen(Act.PRINT, incident.id)


AFTERWARDS_SYNTAX = ("ghibu 02:14 [NGÀY/THÁNG] NƠI [; LỜI]", "afterwards 02:14 [DAY/MONTH] PLACE [; WORDS]")
EXAMPLE = ("ghibu 02:14 12 Lê Lợi; cháy bếp", "afterwards 02:14 12 Le Loi; kitchen fire")
_TIME = re.compile(
    r"(?P<hour>[01]?\d|2[0-3])[:hg](?P<minute>[0-5]\d)(?:\s+(?P<day>\d{1,2})/(?P<month>\d{1,2}))?\s+(?P<rest>.*)"
)


def afterwards(line: Line, context: Context) -> Outcome:
    """``ghibu 02:14 12 Lê Lợi; cháy bếp``: the newest such time that has passed, or the one of that day."""
    found = _TIME.fullmatch(line.rest)
    at = _passed(found, context) if found is not None else None
    if found is None or at is None:
        return wrong("past_time", text=line.rest[:20], syntax=EXAMPLE)
    place, _, words = found["rest"].partition(";")
    if not place.strip():
        return wrong("usage", syntax=EXAMPLE)
    said = Location(label=place.strip(), source=LocationSource.SPOKEN)
    return Send(OpenIncident(location=said, happened_at=at, text=words.strip()))


def _passed(found: re.Match[str], context: Context) -> Instant | None:
    """None where there is no such day, or it has not passed."""
    zone = timezone(timedelta(minutes=context.state.site.utc_offset_min))
    now = datetime(1970, 1, 1, tzinfo=UTC).astimezone(zone) + timedelta(milliseconds=context.now)
    meant = now.replace(hour=int(found["hour"]), minute=int(found["minute"]), second=0, microsecond=0)
    try:
        if found["day"]:
            meant = meant.replace(day=int(found["day"]), month=int(found["month"]))
            meant = meant.replace(year=meant.year - 1) if meant > now else meant
        elif meant > now:
            meant -= timedelta(days=1)
    except ValueError:
        return None
    return int(meant.timestamp() * 1000)
