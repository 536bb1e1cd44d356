"""What a list would change in the one in force: added, moved by so many metres, changed, removed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from gis.travel.straight import metres_between

LISTED = 15
MOVED_M = 1.0
NOT_TOLD = frozenset({"lat", "lon", "sample"})


@dataclass(frozen=True, slots=True)
class Changed:
    """``kept``: removed from the list and still at work: they stay until they are free."""

    added: tuple[str, ...] = ()
    moved: tuple[tuple[str, float], ...] = ()
    changed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.moved or self.changed or self.removed or self.kept)

    def lines(self, language: str) -> list[str]:
        vi = language == "vi"
        out = []
        for words, things in (
            (("thêm", "added"), list(self.added)),
            (("dời", "moved"), [f"{name} ({metres:.0f} m)" for name, metres in self.moved]),
            (("đổi", "changed"), [f"{name} ({', '.join(fields)})" for name, fields in self.changed]),
            (("bỏ", "removed"), list(self.removed)),
            (("bỏ khi xong việc", "removed when free"), list(self.kept)),
        ):
            if things:
                more = f" … (+{len(things) - LISTED})" if len(things) > LISTED else ""
                out.append(f"{words[0] if vi else words[1]} {len(things)}: {', '.join(things[:LISTED])}{more}")
        return out or ["không đổi gì" if vi else "nothing changes"]


def compare(before: Mapping[str, Any], after: Mapping[str, Any], at_work: Collection[str] = ()) -> Changed:
    """Both by id; the values are structs with ``lat`` and ``lon``."""
    moved, changed = [], []
    for name in sorted(before.keys() & after.keys()):
        old, new = before[name], after[name]
        metres = metres_between(old.lat, old.lon, [(new.lat, new.lon)])[0]
        if metres >= MOVED_M:
            moved.append((name, metres))
        other = tuple(
            field for field in new.__struct_fields__
            if field not in NOT_TOLD and getattr(old, field) != getattr(new, field)
        )  # fmt: skip
        if other:
            changed.append((name, other))
    gone = sorted(before.keys() - after.keys())
    return Changed(
        added=tuple(sorted(after.keys() - before.keys())),
        moved=tuple(moved),
        changed=tuple(changed),
        removed=tuple(name for name in gone if name not in at_work),
        kept=tuple(name for name in gone if name in at_work),
    )
