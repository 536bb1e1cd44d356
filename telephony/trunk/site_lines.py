"""Where everything stands in the text of a site file: each line's statement, and the path that it is about.

Guarded here: brackets, quotes and '#' inside values never look like heads or comments; a text that is no TOML gives
places that may be wrong, and never an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

Path = tuple[str | int, ...]  # ("positions", 2, "phone"): entry 2 counts from 0

_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_HEAD = re.compile(rf"\s*(\[\[?)\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_PARTS = re.compile(_NAME)


class Kind(Enum):
    HEAD = "head"
    KEY = "key"
    COMMENT = "comment"
    BLANK = "blank"
    ODD = "odd"


@dataclass(frozen=True)
class Statement:
    """Lines `first` to `last`, from 0, of a text. `path`: of a head its table, of a key the value; else ()."""

    kind: Kind
    first: int
    last: int
    path: Path = ()


@dataclass(frozen=True)
class Block:
    """A head with what stands below it until the next one; the first block of a text has no head."""

    path: Path
    head: Statement | None
    body: tuple[Statement, ...]

    @property
    def keys(self) -> tuple[Statement, ...]:
        return tuple(statement for statement in self.body if statement.kind is Kind.KEY)

    @property
    def last_line(self) -> int:
        """Of its last key, or its head; -1 where there is neither."""
        if self.keys:
            return self.keys[-1].last
        return self.head.last if self.head is not None else -1


@lru_cache(maxsize=4)
def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text in its order. Every mistake asks for those of the same text."""
    found: list[tuple[Path, Statement | None, list[Statement]]] = [((), None, [])]
    for statement in statements(text):
        if statement.kind is Kind.HEAD:
            found.append((statement.path, statement, []))
        else:
            found[-1][2].append(statement)
    return tuple(Block(path, head, tuple(body)) for path, head, body in found)


def statements(text: str) -> tuple[Statement, ...]:
    """The statements of a text in its order; together they are all its lines."""
    lines = text.split("\n")
    found: list[Statement] = []
    counts: dict[tuple[str, ...], int] = {}
    inside: Path = ()
    at = 0
    while at < len(lines):
        line = lines[at].rstrip("\r")
        last = at
        if not line.strip():
            found.append(Statement(Kind.BLANK, at, at))
        elif line.lstrip().startswith("#"):
            found.append(Statement(Kind.COMMENT, at, at))
        elif head := _HEAD.match(line):
            inside = _counted(_names(head[2]), head[1] == "[[", counts)
            found.append(Statement(Kind.HEAD, at, at, inside))
        elif key := _KEY.match(line):
            last = _end_of_value(lines, at, key.end())
            found.append(Statement(Kind.KEY, at, last, (*inside, *_names(key[1]))))
        else:
            found.append(Statement(Kind.ODD, at, at))
        at = last + 1
    return tuple(found)


def line_of(text: str, path: Path) -> int:
    """The line, from 1, on which `path` stands: its key, else what it is in, else its first entry, else 0."""
    best, depth, first = 0, 0, 0
    for block in blocks(text):
        for statement in (*((block.head,) if block.head else ()), *block.keys):
            own = statement.path
            if depth < len(own) <= len(path) and path[: len(own)] == own:
                best, depth = statement.first + 1, len(own)
            elif path and not first and own[: len(path)] == path:
                first = statement.first + 1
    return best or first


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PARTS.findall(dotted))


def _counted(names: tuple[str, ...], one_of_several: bool, counts: dict[tuple[str, ...], int]) -> Path:
    """The path of a head, with the number of each entry in it."""
    if one_of_several:
        counts[names] = counts.get(names, -1) + 1
        for below in [known for known in counts if len(known) > len(names) and known[: len(names)] == names]:
            del counts[below]
    path: list[str | int] = []
    for at, name in enumerate(names):
        path.append(name)
        if names[: at + 1] in counts:
            path.append(counts[names[: at + 1]])
    return tuple(path)


def _end_of_value(lines: Sequence[str], at: int, begin: int) -> int:
    """The line on which a value ends that begins on line `at`, column `begin`."""
    depth, quote, column = 0, "", begin
    for number in range(at, len(lines)):
        line = lines[number]
        while column < len(line):
            three, one = line[column : column + 3], line[column]
            if quote:
                if one == "\\" and quote[0] == '"':
                    column += 1
                elif line.startswith(quote, column):
                    column += len(quote) - 1
                    quote = ""
            elif three in ('"""', "'''"):
                quote = three
                column += 2
            elif one in "\"'":
                quote = one
            elif one == "#":
                break
            elif one in "[{":
                depth += 1
            elif one in "]}":
                depth -= 1
            column += 1
        column = 0
        if len(quote) == 1:
            quote = ""  # not closed: no TOML
        if depth <= 0 and not quote:
            return number
    return at
