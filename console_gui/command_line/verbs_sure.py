"""Commands that wait while cut off, and the board on paper."""

from __future__ import annotations

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Wrong, wrong
from console_gui.command_line.tokens import Line, target
from console_gui.limits import PAPER_MINUTES_MOST


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
