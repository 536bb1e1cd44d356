"""What several switches say of one thing, as one: there is one queue view and one set of phones, whoever holds a call.

A last value's key is ``name@node``; what a value lacks, or has of a wrong shape, counts for nothing. No Qt.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dispatch_core.wire.envelopes import LiveValue

MOST_TELLING = ("INUSE", "BUSY", "RINGINUSE", "ONHOLD", "RINGING", "NOT_INUSE")
"""Of the states of one phone at several switches the first of these counts: it talks, whoever does not know of it."""


def name_of(value: LiveValue) -> str:
    return value.key.partition("@")[0]


def together(values: Iterable[LiveValue]) -> LiveValue:
    """One value of one name; ``values`` are of one kind and name, at least one."""
    each = sorted(values, key=lambda value: value.key)
    if len(each) == 1:
        return LiveValue(kind=each[0].kind, key=name_of(each[0]), at=each[0].at, value=each[0].value)
    merge = _queue if each[0].kind == "queue" else _phone
    return LiveValue(
        kind=each[0].kind, key=name_of(each[0]), at=max(it.at for it in each), value=merge([it.value for it in each])
    )


def _queue(values: list[dict[str, Any]]) -> dict[str, Any]:
    """Who waits anywhere; a phone is paused where no switch rings it."""
    members: dict[str, bool] = {}
    for value in values:
        found = value.get("members")
        for name, paused in (found if isinstance(found, dict) else {}).items():
            members[name] = members.get(name, True) and paused is True
    counts = [value.get("waiting") for value in values]
    return {"waiting": sum(it for it in counts if isinstance(it, int)), "members": members}


def _phone(values: list[dict[str, Any]]) -> dict[str, Any]:
    """``away``: the switches that cannot reach it, where another one can."""
    told = sorted(values, key=lambda value: _rank(value.get("state")))[0]
    reach = {value.get("node"): value.get("reachable") for value in values}
    away = sorted(str(node) for node, yes in reach.items() if yes is False)
    return {**told, "reachable": not away, "away": away if len(away) < len(reach) else []}


def _rank(state: Any) -> int:
    return MOST_TELLING.index(state) if state in MOST_TELLING else len(MOST_TELLING)
