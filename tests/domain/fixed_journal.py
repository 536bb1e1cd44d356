"""A journal that was written once and stays: what it gives may change only together with ``EVOLVE_VERSION``.

``python -m tests.domain.fixed_journal`` adds events of kinds that the journal has not, and the checksums of a new
``EVOLVE_VERSION``. It changes nothing that is there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from dispatch_core.domain.canonical import checksum
from dispatch_core.domain.events import Event, Happened, Recorded
from dispatch_core.domain.evolve import fold
from dispatch_core.domain.state import EVOLVE_VERSION, State
from dispatch_core.domain.upcast import from_fields, to_fields

FOLDER = Path(__file__).with_name("journal")
SUMS = FOLDER / "checksums.json"
BUMP = (
    "the same events give another state than before: raise EVOLVE_VERSION in dispatch_core/domain/state/__init__.py "
    f"(it is {EVOLVE_VERSION}), then run python -m tests.domain.fixed_journal"
)

Sums = dict[str, dict[str, str]]
"""By EVOLVE_VERSION, by file: what the state is after it."""


def written(story: Iterable[Recorded]) -> str:
    """One event in a line, as the database keeps it: public and personal fields apart."""
    lines = []
    for it in story:
        public, personal = to_fields(it.event)
        kind = type(it.event)
        line: dict[str, Any] = {"at": it.at, "by": it.by, "command": it.command, "type": kind.__name__}
        line |= {"version": kind.VERSION, "public": public, "personal": personal}
        lines.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    return "".join(lines)


def story_of(text: str) -> list[Recorded]:
    story = []
    for seq, line in enumerate(map(json.loads, text.splitlines()), 1):
        event = from_fields(line["type"], line["version"], line["public"], line["personal"])
        story.append(Recorded(seq=seq, at=line["at"], by=line["by"], command=line["command"], event=event))
    return story


def stories() -> dict[str, list[Recorded]]:
    return {file.name: story_of(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.jsonl"))}


def kinds(told: dict[str, list[Recorded]]) -> set[type[Happened]]:
    return {type(it.event) for story in told.values() for it in story}


def missing() -> set[type[Happened]]:
    """Kinds of events that no file has."""
    return set(get_args(Event)) - kinds(stories())


def sums_of_now() -> dict[str, str]:
    return {name: checksum(fold(State(), story)) for name, story in stories().items()}


def kept_sums() -> Sums:
    return json.loads(SUMS.read_text("utf-8")) if SUMS.exists() else {}  # type: ignore[no-any-return]


def complaint(version: int, kept: Sums, now: dict[str, str]) -> str:
    """"" where what the journal gives is what was kept for this version; else what is to be done."""
    known = kept.get(str(version))
    if known is None:
        return f"no checksums are kept for EVOLVE_VERSION {version}: run python -m tests.domain.fixed_journal"
    other = sorted(name for name, value in known.items() if now.get(name) != value)
    if other:
        return f"{BUMP}. Told by {', '.join(other)}"
    return "" if set(known) == set(now) else "a file has no checksum: run python -m tests.domain.fixed_journal"


def _new_stories(lacking: set[type[Happened]]) -> dict[str, list[Recorded]]:
    """Stories of today's rules that have what lacks; what none of them has stands alone, about things that are not."""
    from tests.domain.stories import LONE, STORIES

    made: dict[str, list[Recorded]] = {}
    for name, tell in STORIES.items():
        story = tell()
        if lacking & {type(it.event) for it in story}:
            made[name] = story
    lone = sorted(lacking - kinds(made), key=lambda kind: kind.__name__)
    if lone:
        made["lone"] = [
            Recorded(seq=seq, at=1_795_410_000_000 + seq, by="core:test", command=f"{seq:032x}", event=LONE[kind])
            for seq, kind in enumerate(lone, 1)
        ]
    return made


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for name, story in _new_stories(missing()).items() if missing() else ():
        (FOLDER / f"{len(stories()) + 1:02d}-{name}.jsonl").write_text(written(story), "utf-8")
    kept, now = kept_sums(), sums_of_now()
    known = kept.setdefault(str(EVOLVE_VERSION), {})
    if any(now.get(name) != value for name, value in known.items()):
        print(BUMP, file=sys.stderr)
        return 1
    known.update(now)
    SUMS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
