"""What whoever leads asks: the list behind a figure, the order of incidents, whose they are, a unit elsewhere, the undo
of a slip, the wall."""

from __future__ import annotations

from dataclasses import dataclass

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target
from console_gui.folding import fold
from dispatch_core.domain import commands as c
from dispatch_core.domain.decide.redirecting import UNDO_MS

ORDER_WORDS = {
    "tre": "late", "late": "late", "ut": "priority", "uu tien": "priority", "priority": "priority",
    "ll": "service", "luc luong": "service", "service": "service", "tuoi": "age", "age": "age",
}  # fmt: skip
ORDER_SYNTAX = ("xep tre | ut | ll | tuoi", "sort late | priority | service | age")

Handing = c.ReassignIncident | c.ReassignLeg | c.RedirectUnit


@dataclass(frozen=True, slots=True)
class AskReason(Screen):
    """The reassignment is clear but for its reason, which a dialog asks for; None: it asks for everything."""

    body: Handing | None = None


def reassigned(body: Handing) -> Outcome:
    """Sent where the reason was given, else asked for."""
    return Send(body) if body.reason else AskReason(Act.REASSIGN, body=body)


def redirect(first: str, rest: str, context: Context) -> Outcome:
    """``re A12 #43 why``: a unit at work goes to another incident."""
    unit = resolve.unit(context.state, first)
    if isinstance(unit, Wrong):
        return unit
    word, _, reason = rest.strip().partition(" ")
    named = target(word)
    if named is None:
        return wrong("usage", syntax=("re A12 #43 lý do", "re A12 #43 reason"))
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    return reassigned(c.RedirectUnit(unit=unit.call_sign, incident=incident.id, reason=reason.strip()))


def undo(line: Line, context: Context) -> Outcome:
    """The newest reassignment of one's own that can still be taken back."""
    me, state = f"person:{context.user}", context.state
    found = [
        (it.handed.at, c.UndoReassign(incident=it.id))
        for it in state.incidents.values()
        if it.handed is not None and it.handed.by == me and context.now - it.handed.at <= UNDO_MS
    ]
    found += [
        (it.redirected.at, c.UndoReassign(unit=it.call_sign))
        for it in state.units.values()
        if it.redirected is not None and it.redirected.by == me and context.now - it.redirected.at <= UNDO_MS
    ]
    if not found:
        return wrong("no_undo", seconds=UNDO_MS // 1000)
    return Send(max(found, key=lambda it: it[0])[1])


def figure(line: Line, context: Context) -> Outcome:
    return Screen(Act.FIGURE, line.rest) if not line.rest or line.rest.isdecimal() else wrong(
        "choice", text=line.rest, near=("sl 1, sl 2, …", "figure 1, figure 2, …")
    )  # fmt: skip


def order(line: Line, context: Context) -> Outcome:
    named = ORDER_WORDS.get(fold(line.rest), "")
    if line.rest and not named:
        return wrong("choice", text=line.rest, near=ORDER_SYNTAX)
    return Screen(Act.ORDER, named)


def of_person(line: Line, context: Context) -> Outcome:
    """The incidents that somebody works on; of nobody: everything again."""
    if not line.rest:
        return Screen(Act.OF_PERSON)
    user = resolve.person(context.state, line.rest)
    return user if isinstance(user, Wrong) else Screen(Act.OF_PERSON, user)


def wall(line: Line, context: Context) -> Outcome:
    return Screen(Act.WALL)
