"""A line of a site's text changed, put in or taken out, with everything around it left as the admin wrote it.

Guarded here: only the lines of what is changed are touched; comments, order and blank lines stay, and an entry that is
added stands before the comments that lead to the next section. Values are written by tomlkit and by nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import tomlkit
from tomlkit.items import Array, InlineTable

from telephony.trunk.site_lines import Block, Path, Statement, blocks

Value = Any  # str, int, float, bool, a list of them, a mapping of them


def statement_of(text: str, path: Path) -> Statement | None:
    """The line on which the value at `path` is written, whole or inside an inline value."""
    found = [
        statement
        for block in blocks(text)
        for statement in block.keys
        if path[: len(statement.path)] == statement.path
    ]
    return max(found, key=lambda statement: len(statement.path), default=None)


def block_of(text: str, path: Path) -> Block | None:
    """The block of the head with this path."""
    return next((block for block in blocks(text) if block.head is not None and block.path == path), None)


def blocks_under(text: str, path: Path) -> tuple[Block, ...]:
    """The block of `path` and those of what is in it."""
    return tuple(block for block in blocks(text) if block.head is not None and block.path[: len(path)] == path)


def written(key: str, value: Value) -> str:
    """`key = value`, one line."""
    document = tomlkit.document()
    document.add(key, item(value))
    return tomlkit.dumps(document).rstrip("\n")


def item(value: Value) -> Any:
    """What tomlkit writes for a value: mappings stand in one line."""
    if isinstance(value, Mapping):
        inline = tomlkit.inline_table()
        for key, inner in value.items():
            inline.append(key, item(inner))
        return inline
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        for inner in value:
            array.append(item(inner))
        return array
    return tomlkit.item(value)


def changed(text: str, statement: Statement, within: Path, value: Value) -> str:
    """The text with another value on this line, its comment kept; `within`: where in its inline value, () for all."""
    lines = text.split("\n")
    before = "\n".join(lines[statement.first : statement.last + 1])
    document = tomlkit.parse(before)
    keys = statement.path[-_depth(document) :]
    holder: Any = document
    for part in (*keys, *within)[:-1]:
        inside = holder[part]
        if not isinstance(inside, Mapping | list):
            holder[part] = tomlkit.inline_table()
        holder = holder[part]
    last = (*keys, *within)[-1]
    if value is None:
        del holder[last]
    elif isinstance(last, int) and last >= len(holder):
        holder.append(item(value))
    elif not _into_array(holder[last] if last in holder or isinstance(last, int) else None, value):
        holder[last] = item(value)
    return _with_lines(lines, statement.first, statement.last, [_aligned(before, tomlkit.dumps(document))])


def with_key(text: str, block: Block, line: str) -> str:
    """The text with one more line after the last key of a block."""
    at = block.last_line
    return _with_lines(text.split("\n"), at + 1, at, [line])


def without(text: str, statement: Statement) -> str:
    """The text without the lines of a statement."""
    return _with_lines(text.split("\n"), statement.first, statement.last, [])


def with_block(text: str, after: Sequence[Block], head: str, lines: Sequence[str]) -> str:
    """The text with a new block behind the last of these, at the end where there is none."""
    new = [head, *lines]
    if not after:
        return text.rstrip("\n") + "\n\n" * bool(text.strip()) + "\n".join(new) + "\n"
    at = after[-1].last_line
    rest = text.split("\n")
    gap = [] if at + 1 < len(rest) and not rest[at + 1].strip() else [""]
    return _with_lines(rest, at + 1, at, ["", *new, *gap])


def without_blocks(text: str, gone: Sequence[Block]) -> str:
    """The text without these blocks, each with the comment that stands right above its head; what follows its last key
    belongs to what comes next, and stays."""
    lines = text.split("\n")
    for block in reversed(gone):
        assert block.head is not None
        first, last = block.head.first, block.last_line
        while first > 0 and lines[first - 1].lstrip().startswith("#"):
            first -= 1
        if first > 0 and not lines[first - 1].strip() and (last + 1 >= len(lines) or not lines[last + 1].strip()):
            first -= 1
        del lines[first : last + 1]
    return "\n".join(lines)


def _into_array(array: Any, value: Value) -> bool:
    """A list over several lines keeps the comments of those of its lines that stay."""
    if not isinstance(array, Array) or not isinstance(value, list | tuple) or "\n" not in array.as_string():
        return False
    before, after = array.unwrap(), list(value)
    for what, at, until, new, new_until in reversed(SequenceMatcher(None, before, after, False).get_opcodes()):
        if what in ("replace", "delete"):
            for index in reversed(range(at, until)):
                del array[index]
        if what in ("replace", "insert"):
            for index, inner in enumerate(after[new:new_until]):
                array.insert(at + index, item(inner))
    return bool(array.unwrap() == after)


def _depth(document: Mapping[str, Any]) -> int:
    """How many keys the head of a line `a.b = …` has."""
    depth, inside = 0, document
    while isinstance(inside, Mapping) and not isinstance(inside, InlineTable) and inside:
        depth, inside = depth + 1, next(iter(inside.values()))
    return depth


def _aligned(before: str, after: str) -> str:
    """The comment at the end of a line begins where it did, where the value leaves room."""
    if "\n" in before or "\n" in after:
        return after
    column = _comment_at(before)
    now = _comment_at(after)
    if not column or not now:
        return after
    value = after[:now].rstrip()
    return value + " " * max(1, column - len(value)) + after[now:]


def _comment_at(line: str) -> int:
    """The column of the comment, 0 without one."""
    found = re.match(r"""(?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*')*#""", line)
    return found.end() - 1 if found else 0


def _with_lines(lines: Sequence[str], first: int, last: int, new: Sequence[str]) -> str:
    return "\n".join([*lines[:first], *new, *lines[last + 1 :]])


