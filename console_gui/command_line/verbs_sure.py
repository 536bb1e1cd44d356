"""Commands that wait while cut off, and the board on paper."""

from __future__ import annotations

from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, wrong
from console_gui.command_line.tokens import Line


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
    return Screen(Act.PRINT, line.rest)
