"""Recordings: listen, pause, stop, go back; hold and release; the evidence of a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, Target, target, target_first_of
from console_gui.folding import fold
from dispatch_core.domain import commands as c
from dispatch_core.domain.state import Call, Incident
from dispatch_core.domain.vocabulary import Role

RECALL_S = 30
"""The key for instant recall plays the last of one's own call."""

MOST_S = 3_600
NUMBER = re.compile(r"\+?[0-9]{2,20}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Listen(Screen):
    """``last_s`` 0 = from the beginning."""

    call: str = ""
    incident: str = ""
    last_s: int = 0


@dataclass(frozen=True, slots=True)
class Export(Screen):
    """``since``: milliseconds UTC, 0 = everything."""

    number: str = ""
    since: int = 0


def listen(line: Line, context: Context) -> Outcome:
    """``nghe`` my own call's last 30 s, ``nghe #42``, ``nghe 0912… 60``."""
    parts = line.words()
    if parts and fold(parts[0]) == "lai":
        parts = parts[1:]
    last_s = 0
    if parts and parts[-1].isdecimal() and int(parts[-1]) <= MOST_S:
        last_s = int(parts.pop())
    if len(parts) > 1:
        syntax = ("nghe [#42 | số gọi đến] [giây]", "play [#42 | number] [seconds]")
        return wrong("extra", text=" ".join(parts[1:]), syntax=syntax)
    if not parts:
        own = resolve.own_call(context)
        if own is not None:
            return _of_call(own, last_s or RECALL_S)
    named = target(parts[0]) if parts else None
    if parts and named is None and not isinstance(seat := resolve.position(context.state, parts[0]), Wrong):
        return wrong("listen_or_play", position=seat)
    if parts and named is None:
        call = resolve.any_call(context.state, parts[0])
        return call if isinstance(call, Wrong) else _of_call(call, last_s)
    if named is not None and named.day and _full(named) not in context.state.incidents:
        return Listen(Act.PLAY, incident=_full(named), last_s=last_s)
    incident = resolve.incident(context, named)
    return incident if isinstance(incident, Wrong) else _of_incident(incident, context, last_s)


def _full(named: Target) -> str:
    return f"{named.day}-{named.number:05d}"


def _of_call(call: Call, last_s: int) -> Outcome:
    if not call.recording:
        return wrong("no_recording")
    return Listen(Act.PLAY, call=call.id, incident=call.incident, last_s=last_s)


def _of_incident(incident: Incident, context: Context, last_s: int) -> Outcome:
    """The newest call of it that was recorded."""
    calls = (context.state.calls.get(ident) for ident in reversed(incident.calls))
    recorded = next((call for call in calls if call is not None and call.recording), None)
    return wrong("no_recording") if recorded is None else _of_call(recorded, last_s)


def pause(line: Line, context: Context) -> Outcome:
    return Screen(Act.PAUSE)


def stop(line: Line, context: Context) -> Outcome:
    return Screen(Act.STOP)


def back(line: Line, context: Context) -> Outcome:
    seconds = line.rest or "5"
    if not seconds.isdecimal():
        return wrong("choice", text=line.rest, near=("lui, lui 10", "rewind, rewind 10"))
    return Screen(Act.BACK, seconds)


def hold(line: Line, context: Context) -> Outcome:
    return _held(line, context, c.HoldRecording, ("luu #42 LÝ DO", "keep #42 REASON"))


def release(line: Line, context: Context) -> Outcome:
    return _held(line, context, c.ReleaseHold, ("luu- #42 LÝ DO", "keep- #42 REASON"))


def _held(
    line: Line, context: Context, kind: type[c.HoldRecording] | type[c.ReleaseHold], syntax: tuple[str, str]
) -> Outcome:
    """An incident that has left the screen is named in full: ``luu #20261101-17 …``; the core knows it."""
    reason, named = target_first_of(line.rest)
    if named is not None and named.day and _full(named) not in context.state.incidents:
        ident = _full(named)
    else:
        incident = resolve.incident(context, named)
        if isinstance(incident, Wrong):
            return incident
        ident = incident.id
    return Send(kind(incident=ident, reason=reason)) if reason else wrong("usage", syntax=syntax)


def export(line: Line, context: Context) -> Outcome:
    """``chungcu 0912345678 2026-10-01``; without a number, the one that called about the open incident."""
    if context.role is not Role.SUPERVISOR:
        return wrong("role", verb=line.verb, near="")  # who may is said by the table
    parts = line.words()
    since = 0
    if parts and (day := _day(parts[-1])) is not None:
        zone = timezone(timedelta(minutes=context.state.site.utc_offset_min))
        since = int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
        parts = parts[:-1]
    number = re.sub(r"[\s.]", "", "".join(parts)) or _number_of(context)
    if not NUMBER.fullmatch(number):
        return wrong("usage", syntax=("chungcu 0912345678 [2026-10-01]", "evidence 0912345678 [2026-10-01]"))
    return Export(Act.EVIDENCE, number=number, since=since)


def _day(text: str) -> date | None:
    """Written with its hyphens: Python also takes bare digits for a day, and some numbers are."""
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def _number_of(context: Context) -> str:
    incident = context.state.incidents.get(context.current)
    calls = (context.state.calls.get(ident) for ident in (incident.calls if incident is not None else ()))
    return next((call.number for call in calls if call is not None and call.number), "")
