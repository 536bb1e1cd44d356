"""One figure of a benchmark: ours and the other's in the same rounds, and the ratio between them.

With `--json` a figure is one object a line with the keys of ``Figure.as_json``; trust ratios, not single times.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """``ours`` and ``others``: one value a round, in ``unit``; ``ratio``: ours / the other's, round by round."""

    area: str
    case: str
    unit: str
    against: str
    ours: Sequence[float]
    others: Sequence[float]
    promise: float | None = None  # ours must not be above it, in ``unit``

    @property
    def held(self) -> bool:
        return self.promise is None or statistics.median(self.ours) <= self.promise

    @property
    def ratios(self) -> list[float]:
        return [mine / other for mine, other in zip(self.ours, self.others, strict=True)]

    def as_json(self) -> str:
        ratios = self.ratios
        promised = {} if self.promise is None else {"promise": self.promise, "held": self.held}
        return json.dumps(
            {
                "area": self.area,
                "case": self.case,
                "unit": self.unit,
                "ours": round(statistics.median(self.ours), 4),
                "against": self.against,
                "against_value": round(statistics.median(self.others), 4),
                "ratio": round(statistics.median(ratios), 3),
                "rounds": len(ratios),
                "lowest": round(min(ratios), 3),
                "highest": round(max(ratios), 3),
                **promised,
            }
        )

    def as_row(self) -> str:
        ratios = self.ratios
        word = "held" if self.held else "BROKEN"
        promised = "" if self.promise is None else f" | {word}: {self.promise:g} {self.unit}"
        return (
            f"{self.case:<34} {statistics.median(self.ours):9.3f} {self.unit:<4} | {self.against} "
            f"{statistics.median(self.others):.3f} {self.unit} | ratio {statistics.median(ratios):.2f} "
            f"({min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} rounds){promised}"
        )


def quantile(values: Sequence[float], share: float) -> float:
    """The value at ``share`` (0 to 1) of the sorted values: nearest rank, so p99 of few values is the worst one."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]
