"""What several rows begin with: a caller at the desk, an incident with legs ranked, two incidents about one thing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scripts.acceptance.console.keyed import KeyedRig, Person
from scripts.acceptance.spine.rig import until
from scripts.stage.callers import Caller

PATIENCE_S = 90.0
CROSSING = (10.80160, 106.71170, 25.0)  # Hàng Xanh
NEAR = (10.80290, 106.71170, 40.0)  # 145 m north of it


@contextmanager
def caller_with(
    r: KeyedRig, person: Person, dial: str = "115", where: tuple[float, float, float] | None = None
) -> Iterator[dict[str, Any]]:
    """A caller whom this person answers, by key; the call, with its incident open."""
    with caller_waits(r, person, dial, where) as number:
        yield answer(r, person, number)


@contextmanager
def caller_waits(
    r: KeyedRig, person: Person, dial: str = "115", where: tuple[float, float, float] | None = None
) -> Iterator[str]:
    """A caller who stands in this person's list; the number."""
    number = r.number()
    with r.calling(Caller(dial, number, patience=PATIENCE_S, location=where)):
        r.shown(person.console, number, "queued", "ringing")
        yield number


def answer(r: KeyedRig, person: Person, number: str) -> dict[str, Any]:
    person.press("F5")
    call = r.shown(person.console, number, "answered")
    person.in_form(call["incident"])
    return call


def hang_up(r: KeyedRig, person: Person, number: str) -> None:
    """Also out of what is written up after a call."""
    person.press("F10")
    r.shown(person.console, number, "ended")


def describe(person: Person, kind: str, shown: str, place: str, offered: str, note: str = "") -> None:
    """Type, address and narrative into the form, each taken with one Return from what it offers first."""
    person.press("F6")
    person.type(kind)
    person.offered(shown)
    person.press("Return")
    person.press("F3")
    person.type(place, "address")
    person.offered(offered)
    person.press("Return")
    if note:
        person.press("F7")
        person.type(note, "narrative")
        person.press("Return")


def legs_of(person: Person, incident: str) -> dict[str, dict[str, Any]]:
    legs: dict[str, dict[str, Any]] = person.console.incidents[incident]["legs"]
    return legs


def ranked(person: Person, incident: str, count: int) -> None:
    """Until so many legs propose somebody."""

    def proposed() -> bool:
        legs = legs_of(person, incident).values()
        return len(legs) == count and all(leg["zone"] and leg["candidates"] for leg in legs)

    until(proposed, f"{count} legs of {incident} with somebody proposed")


@contextmanager
def incident_at_work(r: KeyedRig, person: Person, dial: str = "115") -> Iterator[str]:
    """A crash with somebody trapped at Hàng Xanh: three legs, each with its proposal; the caller is gone, and so is the
    carrier, so that another caller may come."""
    with caller_with(r, person, dial) as call:
        describe(person, "ket", "có người kẹt", "nga tu hang xanh", "Ngã tư Hàng Xanh")
        ranked(person, call["incident"], 3)
        hang_up(r, person, call["number"])
    yield str(call["incident"])
