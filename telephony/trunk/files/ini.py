"""Asterisk's configuration syntax: sections of `key = value` lines.

Guarded here: a value never holds a line break, and a ';' that is not escaped never makes the rest of a value
a comment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Value = str | int
Pairs = Mapping[str, Value] | Iterable[tuple[str, Value]]

HEAD = "; Rendered from site.toml. What is changed here by hand is lost at the next change of the site.\n"


def section(name: str, pairs: Pairs) -> str:
    """`[name]` and its lines. Give tuples where a key stands more than once. ValueError: see module."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    lines = [f"[{_clean(name)}]"]
    lines += [f"{_clean(key)} = {_clean(str(value))}".rstrip() for key, value in items]
    return "\n".join(lines) + "\n"


def file(*sections: str) -> str:
    """The text of a file of these sections."""
    return HEAD + "\n" + "\n".join(sections)


def _clean(text: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError(f"a control character in {text!r}")
    if ";" in text.replace("\\;", ""):
        raise ValueError(f"an unescaped ';' in {text!r}")
    return text
