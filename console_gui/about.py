"""What a command is about, as the screen says it at one moment; and what of that differs at another. No Qt.

The facts are taken when a command is given and kept with it, also on disk, so that whoever confirms it later sees
what has changed meanwhile beside what was typed.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from console_gui.translations import sentences
from console_gui.translations.formats import one_line, short
from console_gui.translations.tables import say
from dispatch_core.domain.commands import Command, Locate, SetPriority, SetType
from dispatch_core.domain.commands.dispatching import LowerAlarmLevel, RaiseAlarmLevel
from dispatch_core.domain.state import State

MOST = 12
"""Facts of one command: one that names forty units is not followed unit by unit."""

LANGUAGES = ("vi", "en")


class Fact(Struct, frozen=True):
    """``key`` names the thing and what of it; ``vi`` and ``en`` are how it read."""

    key: str
    vi: str
    en: str

    def value(self, language: str) -> str:
        return self.vi if language == "vi" else self.en


Facts = tuple[Fact, ...]


def facts(state: State, body: Command) -> Facts:
    """Of every incident, call, unit and position that the command names, what decides."""
    found: list[Fact] = []
    for field in ("incident", "into"):
        found += _incident(state, _text(body, field))
    for unit in (_text(body, "unit"), *_texts(body, "units")):
        found += _unit(state, unit)
    found += _call(state, _text(body, "call"))
    found += _position(state, _text(body, "position"))
    return tuple(found[:MOST])


def changed(before: Facts, now: Facts, language: str) -> list[str]:
    """Each thing that reads otherwise now: ``#42 trạng thái: mở → đã đóng``."""
    was = {it.key: it for it in before}
    told = []
    for it in now:
        old = was.pop(it.key, None)
        if old is not None and (old.vi, old.en) != (it.vi, it.en):
            thing, _, what = it.key.partition("|")
            values = {"thing": thing, "what": say(language, f"about.{what}"), "now": it.value(language)}
            told.append(say(language, "about.changed", was=old.value(language), **values))
    for old in was.values():
        told.append(say(language, "about.gone", thing=old.key.partition("|")[0]))
    return list(dict.fromkeys(told))


def as_seen_now(state: State, body: Command) -> Command:
    """The command of a person who has just been shown the newest values: it names those as what was seen."""
    incident = state.incidents.get(_text(body, "incident"))
    if incident is None:
        return body
    if isinstance(body, SetType):
        return msgspec.structs.replace(body, seen=incident.type)
    if isinstance(body, SetPriority):
        return msgspec.structs.replace(body, seen=incident.priority)
    if isinstance(body, Locate):
        return msgspec.structs.replace(body, seen=incident.location_version)
    if isinstance(body, RaiseAlarmLevel | LowerAlarmLevel):
        return msgspec.structs.replace(body, seen=incident.level)
    return body


def _incident(state: State, ident: str) -> list[Fact]:
    it = state.incidents.get(ident)
    if it is None:
        return []
    name = short(ident)
    lines = sum(1 for note in it.notes if note.kind == "note")
    legs = {
        language: ", ".join(
            f"{sentences.service(state, code, language)} {' '.join(leg.units) or '—'}" for code, leg in it.legs.items()
        )
        for language in LANGUAGES
    }
    return [
        _fact(f"{name}|state", lambda language: say(language, f"incident.{it.state.value}")),
        _fact(f"{name}|owner", lambda language: sentences.person(state, it.owner, language)),
        _fact(f"{name}|type", lambda language: sentences.incident_type(state, it, language)),
        _fact(f"{name}|priority", lambda language: f"P{it.priority}"),
        _fact(f"{name}|place", lambda language: one_line(sentences.place(it, language), 80)),
        _fact(f"{name}|legs", lambda language: one_line(legs[language], 120)),
        _fact(f"{name}|notes", lambda language: str(lines)),
    ]


def _unit(state: State, ident: str) -> list[Fact]:
    it = state.units.get(ident)
    if it is None:
        return []
    on = short(it.assignment.incident) if it.assignment is not None else ""
    return [_fact(f"{ident}|unit", lambda language: f"{say(language, f'status.{it.status.value}')} {on}".strip())]


def _call(state: State, ident: str) -> list[Fact]:
    it = state.calls.get(ident)
    if it is None:
        return []
    name = short(it.incident) if it.incident else "☎"
    where = f" {it.position}" if it.position else ""
    return [_fact(f"{name}|call", lambda language: say(language, f"call.{it.state.value}") + where)]


def _position(state: State, ident: str) -> list[Fact]:
    it = state.positions.get(ident)
    return [] if it is None else [_fact(f"{ident}|seat", lambda language: sentences.person(state, it.user, language))]


def _fact(key: str, value: Any) -> Fact:
    return Fact(key, value("vi"), value("en"))


def _text(body: Command, field: str) -> str:
    value = getattr(body, field, "")
    return value if isinstance(value, str) else ""


def _texts(body: Command, field: str) -> tuple[str, ...]:
    value = getattr(body, field, ())
    return tuple(it for it in value if isinstance(it, str)) if isinstance(value, tuple) else ()
