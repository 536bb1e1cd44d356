"""A typed line in its parts: verb, the rest, words with quotes, and the incident that it names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from console_gui.folding import fold

_WORDS = re.compile(r'["“](?P<quoted>[^"”]*)["”]?|(?P<bare>\S+)')
_INCIDENT = re.compile(r"#(?:(?P<day>\d{8})-)?(?P<number>\d{1,9})(?:/(?P<leg>\S+))?")


@dataclass(frozen=True, slots=True)
class Target:
    """``#42``, ``#20261123-42`` or ``#42/115`` as typed; empty parts were not written."""

    text: str
    day: str
    number: int
    leg: str


@dataclass(frozen=True, slots=True)
class Line:
    """``verb`` is folded; ``rest`` is as typed."""

    verb: str
    rest: str

    def words(self) -> list[str]:
        return words(self.rest)


def plain_line(text: str) -> str:
    """What was typed or pasted as one line of plain words: breaks, tabs and control characters are spaces, marks that
    turn the direction of writing or take no room are nothing."""
    kinds = {mark: unicodedata.category(mark) for mark in set(text)}
    return "".join(
        "" if kinds[mark] == "Cf" else " " if kinds[mark] in ("Cc", "Cs", "Zl", "Zp", "Zs") else mark for mark in text
    ).strip()


def words(text: str) -> list[str]:
    """Split at spaces; ``"Bàn 8"`` is one word."""
    return [hit["bare"] if hit["bare"] is not None else hit["quoted"] for hit in _WORDS.finditer(text)]


def read(text: str) -> Line:
    """The verb and the rest. ``@ place`` and ``#42`` are verbs by their sign; a slash before a verb may be left out."""
    text = plain_line(text)
    if text.startswith(("@!", "@@", "@-")):
        return Line(text[:2], text[2:].strip())
    if text.startswith(("@", "#")):
        return Line(text[0], text[1:].strip())
    if re.match(r"/\s|/$", text):
        return Line("/", text[1:].strip())
    verb, _, rest = text.removeprefix("/").partition(" ")
    return Line(fold(verb), rest.strip())


def target(word: str) -> Target | None:
    hit = _INCIDENT.fullmatch(word)
    if hit is None:
        return None
    return Target(word, hit["day"] or "", int(hit["number"]), hit["leg"] or "")


def target_last(parts: list[str]) -> tuple[list[str], Target | None]:
    """The words without an incident that stands last, and that incident."""
    found = target(parts[-1]) if parts else None
    return (parts[:-1], found) if found is not None else (parts, None)


def target_last_of(text: str) -> tuple[str, Target | None]:
    """The same for a text whose spaces matter."""
    before, _, last = text.rpartition(" ")
    found = target(last)
    return (before.strip(), found) if found is not None else (text, None)


def target_first_of(text: str) -> tuple[str, Target | None]:
    first, _, after = text.partition(" ")
    found = target(first)
    return (after.strip(), found) if found is not None else (text, None)
