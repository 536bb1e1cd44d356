"""What differs between two states, cheaply: entries are compared by identity first, because ``evolve`` shares what it
does not change. Only after a new snapshot do equal values have different identities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dispatch_core.domain.state import State

TABLES = (
    "types", "stations", "zone_sets", "positions", "people", "nodes", "calls", "incidents", "units", "alarms",
    "conversations", "nuisance", "missed", "watches", "holds", "closures",
    "declines", "memos", "hand_overs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delta:
    """The keys of one table that are new or changed, and those that are gone."""

    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed)


NOTHING = Delta()


@dataclass(frozen=True, slots=True)
class Changes:
    """Per table of ``State`` its delta; ``site`` tells whether services or numbers changed, ``map`` whether another map
    is in force."""

    tables: dict[str, Delta] = field(default_factory=dict)
    site: bool = False
    map: bool = False

    def of(self, table: str) -> Delta:
        return self.tables.get(table, NOTHING)

    def __bool__(self) -> bool:
        return self.site or self.map or bool(self.tables)

    def __iter__(self) -> Iterator[tuple[str, Delta]]:
        return iter(self.tables.items())


def delta(old: Mapping[str, Any], new: Mapping[str, Any]) -> Delta:
    if old is new:
        return NOTHING
    changed = tuple(
        key for key, value in new.items() if (known := old.get(key)) is not value and (known is None or known != value)
    )
    removed = tuple(key for key in old if key not in new)
    return Delta(changed, removed) if changed or removed else NOTHING


def difference(old: State, new: State) -> Changes:
    tables = {}
    for name in TABLES:
        step = delta(getattr(old, name), getattr(new, name))
        if step:
            tables[name] = step
    return Changes(tables, old.site is not new.site and old.site != new.site, old.map != new.map)
