"""A person's own macros: a name, the lines that it stands for, and a key if wanted. No Qt.

``$1`` to ``$9`` are the words typed after the name, ``$*`` is all that was typed. A macro calls no other: what it does
is read at a glance in the sheet behind F1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

STEPS = 12
MOST = 60
NAME_LENGTH = 20
STEP_LENGTH = 400
BREAK = " ; "
_NAME = re.compile(rf"[^\W_]{{1,{NAME_LENGTH}}}")
_KEY = re.compile(r"ctrl\+f(1[0-2]|[1-9])", re.IGNORECASE)
_HOLE = re.compile(r"\$([1-9*])")


class Macro(msgspec.Struct, frozen=True):
    """``steps`` are lines as typed; ``key`` is ``Ctrl+F5`` or empty."""

    name: str
    steps: tuple[str, ...]
    key: str = ""

    @property
    def body(self) -> str:
        return BREAK.join(self.steps)

    @property
    def words(self) -> int:
        """So many words must follow the name."""
        holes = [hit for step in self.steps for hit in _HOLE.findall(step)]
        return max((int(hit) for hit in holes if hit != "*"), default=0)

    def lines(self, rest: str) -> list[str]:
        """What is carried out for the words ``rest``, which are at least ``words``."""
        given = rest.split()

        def fill(hit: re.Match[str]) -> str:
            return rest if hit[1] == "*" else given[int(hit[1]) - 1]

        return [_HOLE.sub(fill, step).strip() for step in self.steps]


def read(text: str) -> Macro | None:
    """``name [Ctrl+F5] = line ; line``. None where it is not written so."""
    head, sign, body = text.partition("=")
    parts = head.split()
    if not sign or len(parts) not in (1, 2) or (len(parts) == 2 and not _KEY.fullmatch(parts[1])):
        return None
    steps = tuple(step.strip() for step in f" {body} ".split(BREAK) if step.strip())
    key = parts[1].title() if len(parts) == 2 else ""
    return Macro(parts[0].casefold(), steps, key) if steps else None


def well_named(name: str) -> bool:
    return bool(_NAME.fullmatch(name))


def kept_with(macros: Mapping[str, Macro], macro: Macro) -> dict[str, Macro]:
    """The macros with this one; a key belongs to the last that took it."""
    others = (
        Macro(it.name, it.steps) if macro.key and it.key == macro.key else it
        for it in macros.values() if it.name != macro.name
    )  # fmt: skip
    return {it.name: it for it in (*others, macro)}


def encoded(macros: Mapping[str, Macro]) -> str:
    return msgspec.json.encode(list(macros.values())).decode()


def decoded(text: str) -> dict[str, Macro]:
    """What was kept; what cannot be read counts as none."""
    try:
        kept = msgspec.json.decode(text.encode(), type=list[Macro])
    except msgspec.DecodeError:
        return {}
    return {it.name: it for it in kept[:MOST]}
