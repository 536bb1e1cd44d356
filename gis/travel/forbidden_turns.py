"""Turn restrictions of the map, as bans of one edge after another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gis.travel.tags import BIKE, CAR

_FOR = {"restriction": CAR | BIKE, "restriction:motorcar": CAR, "restriction:motorcycle": BIKE}
_EXCEPT = {"motorcar": CAR, "motorcycle": BIKE, "motor_vehicle": CAR | BIKE, "emergency": CAR | BIKE}

Ban = tuple[int, int, int]
"""(edge come by, edge not to go on by, bits of those it binds)."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """``kind``: no_left_turn, only_straight_on, ...; ``via``: a node. Ways by their numbers in the map."""

    kind: str
    bits: int
    come: tuple[int, ...]
    via: int
    go: tuple[int, ...]


def read_restriction(tags: Mapping[str, str], members: Sequence[tuple[str, str, int]]) -> Restriction | None:
    """``members``: (n or w or r, role, number). None for what binds none of us, or runs over
    a way instead of a node."""
    said = next(((tags[key], bits) for key, bits in _FOR.items() if key in tags), None)
    vias = [number for kind, role, number in members if role == "via" and kind == "n"]
    if said is None or len(vias) != 1 or any(role == "via" and kind != "n" for kind, role, _ in members):
        return None
    kind, bits = said
    for name in tags.get("except", "").split(";"):
        bits &= ~_EXCEPT.get(name.strip(), 0)
    come = tuple(number for of, role, number in members if role == "from" and of == "w")
    go = tuple(number for of, role, number in members if role == "to" and of == "w")
    if not bits or not come or not go or not kind.startswith(("no_", "only_")):
        return None
    return Restriction(kind, bits, come, vias[0], go)


@dataclass(slots=True)
class Crossings:
    """The edges at the nodes that restrictions speak of, by the way that each is of."""

    arriving: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """Node to (edge, way)."""
    leaving: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, edge: int, way: int, tail: int, head: int) -> None:
        if tail in self.leaving:
            self.leaving[tail].append((edge, way))
        if head in self.arriving:
            self.arriving[head].append((edge, way))


def bans(restrictions: Iterable[Restriction], crossings: Crossings) -> list[Ban]:
    """Every pair of edges that a restriction forbids; ``only`` forbids all that it does not name."""
    found: dict[tuple[int, int], int] = {}
    for it in restrictions:
        leaving = crossings.leaving.get(it.via, [])
        named = {edge for edge, way in leaving if way in it.go}
        if not named:
            continue
        forbidden = {edge for edge, _ in leaving} - named if it.kind.startswith("only_") else named
        for come, way in crossings.arriving.get(it.via, []):
            if way not in it.come:
                continue
            for go in forbidden:
                turns_back = go == come ^ 1
                if it.kind.startswith("no_") and turns_back != (it.kind == "no_u_turn") and way in it.go:
                    continue  # the way runs on through the crossing: only its own kind of turn is meant
                found[come, go] = found.get((come, go), 0) | it.bits
    return [(come, go, bits) for (come, go), bits in sorted(found.items())]
