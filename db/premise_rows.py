"""The versions of premise notes out of a batch, in their order. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dispatch_core.domain.events import PremiseRemoved, PremiseUndone, PremiseWritten, Recorded


def premise_rows(story: Iterable[Recorded]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for recorded in story:
        event = recorded.event
        if not isinstance(event, PremiseWritten | PremiseRemoved | PremiseUndone):
            continue
        row = {"premise": event.premise, "seq": recorded.seq, "at": recorded.at, "by": recorded.by}
        if isinstance(event, PremiseWritten):
            row |= {
                "how": "written", "kind": event.kind, "lat": event.lat, "lon": event.lon, "radius_m": event.radius_m,
                "until": event.until, "label": event.label.replace("\0", "\ufffd"),
                "text": event.text.replace("\0", "\ufffd"), "removed": False,
            }  # fmt: skip
        else:
            row["how"] = "removed" if isinstance(event, PremiseRemoved) else "undone"
        rows.append(row)
    return rows
