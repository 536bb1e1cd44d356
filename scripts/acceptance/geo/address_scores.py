"""The address search judged by the labelled queries: right place and right ward by kind, and how long it takes."""

from __future__ import annotations

import json
import math
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Suggestion
from gis.addresses import build
from gis.addresses.street_index import StreetIndex
from gis.addresses.wards import present_wards
from gis.locator import Locator
from gis.map_import.importing import import_map
from gis.map_import.versions import MapVersions
from gis.zones.file import read_zone_file
from gis.zones.gate import admit
from gis.zones.zone_set import ZoneSet
from scripts.acceptance.geo.address_queries import UNMEASURED, Query, is_right
from scripts.acceptance.geo.address_truth import STREETS, WARDS
from scripts.acceptance.rows import need

AT = 1_795_410_000_000
SHOWN = 8
WARD_GOAL, PLACE_GOAL, P50_MS, P99_MS, LEAST = 0.95, 0.90, 10.0, 50.0, 300


@dataclass
class Score:
    right: int = 0
    of: int = 0
    wards_right: int = 0
    wards_of: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Scores:
    """``placed``: queries with street and district, of which the first answer is judged; times in ms, by the clock on
    the wall and of this process's own work."""

    kinds: dict[str, Score] = field(default_factory=dict)
    placed_right: int = 0
    placed: int = 0
    wall_ms: list[float] = field(default_factory=list)
    work_ms: list[float] = field(default_factory=list)

    @property
    def queries(self) -> int:
        return len(self.wall_ms)

    @property
    def ward_share(self) -> float:
        of = sum(it.wards_of for it in self.kinds.values())
        return sum(it.wards_right for it in self.kinds.values()) / of if of else math.nan

    @property
    def place_share(self) -> float:
        return self.placed_right / self.placed if self.placed else math.nan


@contextmanager
def real_search(folder: Path, source: Path | None = None, exact_wards: bool = True) -> Iterator[Locator]:
    """The search as the core has it: streets through the map import, wards through the gate for zones. Missing data
    raises. ``source`` instead of the city's extract."""
    locator = Locator()
    if exact_wards:
        draft = admit(read_zone_file(folder / WARDS), service="police", name="wards-2025", clean=True)
        locator.use(ZoneSet("police", draft.name, 1, draft.zones))
    with tempfile.TemporaryDirectory(prefix="dispatch-map-") as directory:
        versions = MapVersions(Path(directory))
        taken = import_map(source or folder / STREETS, versions, lambda _: None, AT, "", {"addresses": build.build})
        locator.use_streets(StreetIndex(taken.folder))
        yield locator


def judge(locator: Locator, queries: Iterable[Query]) -> Scores:
    """Every query once, in order, each timed."""
    names = {it.code: it.name for it in present_wards()}
    scores = Scores()
    for query in queries:
        wall, work = time.perf_counter(), time.thread_time()
        found = answers(locator, query.text)
        scores.work_ms.append(1_000 * (time.thread_time() - work))
        scores.wall_ms.append(1_000 * (time.perf_counter() - wall))
        first = found[0] if found else None
        score = scores.kinds.setdefault(query.kind, Score())
        right = first is not None and is_right(query, first.lat, first.lon)
        if query.points:
            score.of += 1
            score.right += right
            scores.placed += query.placed
            scores.placed_right += right and query.placed
        ward = first is not None and first.ward in {names[code] for code in query.wards}
        if query.wards:
            score.wards_of += 1
            score.wards_right += ward
        if (query.points and not right) or (query.wards and not ward):
            told = f"{first.label} ({first.ward or '—'})" if first is not None else "nothing"
            score.wrong.append(f"{query.text}  →  {told}")
    return scores


def answers(locator: Locator, text: str) -> Sequence[Suggestion]:
    try:
        return locator.suggest(text, None, SHOWN)
    except DispatchError:  # the text names a ward that does not exist, and nothing else is found
        return []


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def table(scores: Scores, wrong: int) -> list[str]:
    """A line a kind, then the totals; ``wrong``: how many wrong answers of a kind are shown."""
    lines = [f"{'kind':36} {'first right':>14} {'ward right':>14}"]
    for kind, it in scores.kinds.items():
        lines.append(f"{kind:36} {_share(it.right, it.of):>14} {_share(it.wards_right, it.wards_of):>14}")
        lines += [f"    {text}" for text in it.wrong[:wrong]]
    lines += [f"{'not measured: ' + kind:36}   {why}" for kind, why in UNMEASURED.items()]
    lines.append(summary(scores))
    return lines


def summary(scores: Scores) -> str:
    wards = sum(it.wards_of for it in scores.kinds.values())
    every = sum(it.of for it in scores.kinds.values())
    return (
        f"{scores.queries} queries: right ward {scores.ward_share:.1%} of {wards} that name one; first answer right "
        f"{scores.place_share:.1%} of {scores.placed} with street and district, "
        f"{sum(it.right for it in scores.kinds.values()) / max(1, every):.1%} of all {every} with a place; "
        f"p50 {percentile(scores.wall_ms, 0.5):.1f} ms, p99 {percentile(scores.wall_ms, 0.99):.1f} ms "
        f"(own work {percentile(scores.work_ms, 0.5):.1f} and {percentile(scores.work_ms, 0.99):.1f} ms)"
    )


def meets(scores: Scores) -> str:
    """The summary, where every goal is met; raises Unmet where one is not."""
    told = summary(scores)
    need(scores.queries >= LEAST, f"too few queries: {told}")
    need(scores.ward_share >= WARD_GOAL, f"wards below {WARD_GOAL:.0%}: {told}")
    need(scores.place_share >= PLACE_GOAL, f"places below {PLACE_GOAL:.0%}: {told}")
    need(percentile(scores.wall_ms, 0.5) <= P50_MS, f"p50 above {P50_MS} ms: {told}")
    need(percentile(scores.wall_ms, 0.99) <= P99_MS, f"p99 above {P99_MS} ms: {told}")
    return told


def further(file: Path) -> list[Query]:
    """Queries that somebody else made: JSON lines with the fields of ``Query``; what may be left out has a default."""
    out = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
            points = tuple((float(lat), float(lon)) for lat, lon in one.pop("points", ()))
            out.append(Query(**{"kind": "further", "source": file.name, **one, "points": points,
                                "wards": tuple(one.get("wards", ()))}))  # fmt: skip
        except (ValueError, TypeError, AttributeError) as problem:
            raise SystemExit(f"{file}, line {number}: {problem}") from None
    return out


def _share(right: int, of: int) -> str:
    return f"{right}/{of} {right / of:.0%}" if of else "—"
