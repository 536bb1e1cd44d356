"""House and alley numbers as keys: ``220/9/43``, ``59 Bis`` and ``059BIS`` are the same number however written."""

from __future__ import annotations

import re

_PART = re.compile(r"0*(\d+)([a-z]*\d*)\Z|([a-z]\w*)\Z")
_RANGE = re.compile(r"(\d+)([a-z]{0,4})-(?:\d+-)*(\d+)([a-z]{0,4})\Z")
MAX_KEY = 40


def number_key(text: str) -> str:
    """Lower case, no spaces, no leading zeros; parts by ``/``, a range as ``22-36``. "" for what is no number."""
    plain = re.sub(r"\s+", "", text.lower().replace("\\", "/"))[:MAX_KEY]
    if not plain[:1].isdigit():
        return ""
    parts = []
    for part in plain.split("/"):
        pieces = [_piece(it) for it in part.split("-")]
        if not part or not all(pieces):
            return ""
        parts.append("-".join(pieces))
    return "/".join(parts)


def _piece(text: str) -> str:
    found = _PART.match(text)
    if found is None:
        return ""
    return f"{int(found.group(1))}{found.group(2)}" if found.group(1) else found.group(3)


def main_number(key: str) -> int:
    """The number on the street itself: 220 of 220/9/43; 0 where there is none."""
    found = re.match(r"\d+", key)
    return int(found.group()) if found else 0


def span(key: str) -> tuple[int, int]:
    """First and last number that a building has: (22, 36) of ``22-36``, (59, 59) of ``59bis``."""
    found = _RANGE.match(key)
    first = main_number(key)
    if found is None:
        return first, first
    return first, max(first, int(found.group(3)))


def alley_paths(key: str) -> list[str]:
    """The alleys that a number leads through, the innermost first: ``220/9`` and ``220`` of ``220/9/43``."""
    parts = key.split("/")
    return ["/".join(parts[:n]) for n in range(len(parts) - 1, 0, -1)]
