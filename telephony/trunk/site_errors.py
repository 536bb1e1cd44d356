"""How a mistake in `site.toml` is told: file, line, key, what is wrong, what to write instead.

Guarded here: every refusal of a site file has all of these in Vietnamese and in English, and a stable code.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from dispatch_core.domain.errors import DispatchError
from telephony.trunk.site_hints import HINTS
from telephony.trunk.site_lines import Path as Path
from telephony.trunk.site_lines import line_of
from telephony.trunk.site_slips import of_value, slip


class SiteError(DispatchError):
    """The site file cannot be used. `details`: file, line (0 when there is none) and key."""


@dataclass(frozen=True)
class Problem:
    """What one entry says wrongly, and what to write instead, in both languages."""

    code: str
    path: Path
    vi: str
    en: str
    instead_vi: str
    instead_en: str


def cannot_read(file: str, error: Exception) -> SiteError:
    """The file is absent, closed to us or not UTF-8."""
    if isinstance(error, OSError):
        vi, en = error.strerror or str(error), error.strerror or str(error)
    else:
        vi, en = "không phải văn bản UTF-8", "not UTF-8 text"
    problem = Problem(
        "site.unreadable",
        (),
        f"không đọc được tệp ({vi})",
        f"the file cannot be read ({en})",
        "đường dẫn của một tệp site.toml đọc được, mã UTF-8",
        "the path of a readable site.toml in UTF-8",
    )
    return refuse(file, "", problem)


def refuse(file: str, text: str, problem: Problem, line: int | None = None) -> SiteError:
    """The error that tells `problem` of the file with this text."""
    if line is None:
        line = line_of(text, problem.path)
    key = dotted(problem.path)
    where_vi = file + (f", dòng {line}" if line else "") + (f", mục {key}" if key else "")
    where_en = file + (f", line {line}" if line else "") + (f", {key}" if key else "")
    return SiteError(
        problem.code,
        f"{where_vi}: {problem.vi}; hãy ghi {problem.instead_vi}.",
        f"{where_en}: {problem.en}; write {problem.instead_en}.",
        file=file,
        line=line,
        key=key,
    )


def wrong_shape(file: str, text: str, error: msgspec.DecodeError, site_type: Any) -> SiteError:
    """The error for a text that is not TOML, or not of the shape of a site."""
    message = str(error)
    if not isinstance(error, msgspec.ValidationError):
        return refuse(file, text, *not_toml(text, message))
    said, path = _said_and_path(message)
    known = _keys_by_section(msgspec.inspect.type_info(site_type), "")
    if unknown := re.search(r"unknown field `(.*?)`", said):
        problem = unknown_key((*path, unknown[1]), known.get(_section(path), ()))
    elif missing := re.search(r"missing required field `(.*?)`", said):
        problem = missing_key(path, missing[1])
    else:
        problem = unusable(path, said)
    return refuse(file, text, problem)


def not_toml(text: str, said: str) -> tuple[Problem, int]:
    """The problem of a text that is not TOML, and its line; `said`: the parser's own sentence."""
    at = re.search(r"at line (\d+)", said)
    line = int(at[1]) if at else max(1, text.rstrip("\n").count("\n") + 1)
    return Problem("site.not-toml", (), *slip(text, said, line)), line


def dotted(path: Path) -> str:
    """`positions[2].phone`, counted from 1 as a person counts."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).lstrip(".")


def _said_and_path(message: str) -> tuple[str, Path]:
    """msgspec's sentence and the path that it names: 'Expected `int` - at `$.ports.sip`'."""
    said, _, where = message.partition(" - at `$")
    return said, tuple(_path_parts(where.rstrip("`")))


def _path_parts(where: str) -> Iterator[str | int]:
    for name, index in re.findall(r"\.([^.\[]+)|\[(\d+)\]", where):
        yield int(index) if index else str(name)


def _section(path: Path) -> str:
    """`positions.phone` for every entry: the key under which hints and known keys are kept."""
    return ".".join(part for part in path if isinstance(part, str))


def _keys_by_section(kind: Any, at: str) -> dict[str, tuple[str, ...]]:
    if isinstance(kind, msgspec.inspect.VarTupleType):
        return _keys_by_section(kind.item_type, at)
    if isinstance(kind, msgspec.inspect.UnionType):
        return {key: names for member in kind.types for key, names in _keys_by_section(member, at).items()}
    if not isinstance(kind, msgspec.inspect.StructType):
        return {}
    found = {at: tuple(field.encode_name for field in kind.fields)}
    for field in kind.fields:
        found |= _keys_by_section(field.type, f"{at}.{field.encode_name}".lstrip("."))
    return found


def unusable(path: Path, said: str) -> Problem:
    """A value that is not what belongs there; `said`: msgspec's own sentence."""
    hint = HINTS.get(_section(path), ("một giá trị khác", "another value"))
    return Problem("site.bad-value", path, *of_value(said), *hint)


def unknown_key(path: Path, known: tuple[str, ...]) -> Problem:
    """A key that there is not; `known`: those that there are."""
    key = str(path[-1])
    near = difflib.get_close_matches(key, known, n=1) or [", ".join(known)]
    return Problem(
        "site.unknown-key", path, f"không có khoá tên “{key}”", f"there is no key {key!r}", near[0], near[0]
    )


def missing_key(path: Path, key: str) -> Problem:
    """A key that must stand in what `path` is."""
    vi, en = HINTS.get(_section((*path, key)), ("giá trị của nó", "its value"))
    return Problem(
        "site.missing-key",
        path,
        f"thiếu khoá “{key}”",
        f"the key {key!r} is missing",
        f"{key} = {vi}",
        f"{key} = {en}",
    )
