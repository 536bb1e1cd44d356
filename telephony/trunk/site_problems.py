"""All mistakes of a site's text at once, each with its key, its line and what to write instead.

Guarded here: a text without mistakes is one that `parse_site` takes, and the other way round; what one mistake makes
unclear is not told as another one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

import msgspec

from telephony.trunk.site import Site
from telephony.trunk.site_checks import CHECKS
from telephony.trunk.site_errors import Path, Problem, missing_key, not_toml, unknown_key, unusable
from telephony.trunk.site_lines import line_of
from telephony.trunk.site_sections import Struct, entries_of, named_path, plain_type, struct_of

MOST = 200
"""So many mistakes are told."""


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """`key`: "carriers.viettel.peers"; `line`: from 1, 0 = none. `instead`: what to write, after "write …"."""

    code: str
    key: str
    line: int
    vi: str
    en: str
    instead_vi: str
    instead_en: str


def problems(text: str) -> tuple[Mistake, ...]:
    """Every mistake in the order of the lines, at most MOST; () for a text that `parse_site` takes."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return (_mistake({}, *not_toml(text, str(error))),)
    wrong: list[Problem] = []
    site = _taken(Site, raw, (), wrong)
    among = _among_entries(site, [problem.path for problem in wrong]) if len(wrong) < MOST else ()
    found = list(islice(chain(wrong, among), MOST))
    told = [_mistake(raw, problem, line_of(text, problem.path)) for problem in found]
    return tuple(sorted(dict.fromkeys(told), key=lambda it: it.line or 1_000_000)[:MOST])


def _mistake(raw: dict[str, Any], problem: Problem, line: int) -> Mistake:
    return Mistake(
        code=problem.code,
        key=named_path(raw, Site, problem.path),
        line=line,
        vi=problem.vi,
        en=problem.en,
        instead_vi=problem.instead_vi,
        instead_en=problem.instead_en,
    )


# --- the shape --------------------------------------------------------------------------------------------------------


def _taken(kind: Struct, raw: Any, path: Path, wrong: list[Problem]) -> Any:
    """The struct that `raw` is meant to be, what is wrong in it told and left as it stands: constructing a struct
    checks nothing, so that the rest can still be looked at."""
    if not isinstance(raw, dict):
        wrong.append(unusable(path, f"expected a table, not {type(raw).__name__}"))
        return raw
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    wrong += [unknown_key((*path, key), tuple(fields)) for key in raw if key not in fields]
    values: dict[str, Any] = {}
    for key, field in fields.items():
        if key in raw:
            values[field.name] = _value(field.type, raw[key], (*path, key), wrong)
        elif field.required:
            wrong.append(missing_key(path, key))
            values[field.name] = "" if plain_type(field.type) is str else ()
    return kind(**values)


def _value(kind: Any, raw: Any, path: Path, wrong: list[Problem]) -> Any:
    several, one = entries_of(kind), struct_of(kind)
    if several and isinstance(raw, list):
        found = tuple(_taken(several, entry, (*path, at), wrong) for at, entry in enumerate(raw))
        if not found and (problem := _refused(kind, raw, path)):
            wrong.append(problem)
        return found
    if one and isinstance(raw, dict):
        return _taken(one, raw, path, wrong)
    if problem := _refused(kind, raw, path):
        wrong.append(problem)
        return tuple(raw) if isinstance(raw, list) else raw
    return msgspec.convert(raw, type=kind)


def _refused(kind: Any, raw: Any, path: Path) -> Problem | None:
    try:
        msgspec.convert(raw, type=kind)
    except msgspec.ValidationError as error:
        return unusable(path, str(error).partition(" - at `$")[0])
    return None


# --- what entries say about one another -------------------------------------------------------------------------------


def _among_entries(site: Any, wrong: Sequence[Path]) -> Iterator[Problem]:
    """With a shape that is wrong somewhere a check may stumble: what it found until then counts, but for what it says
    about the very thing that is wrong."""
    for check in CHECKS:
        try:
            for it in check(site):
                if not any(_under(path, it.path) or _under(it.path, path) for path in wrong):
                    yield it
        except (AttributeError, IndexError, KeyError, StopIteration, TypeError, ValueError, RuntimeError):
            if not wrong:
                raise


def _under(path: Path, top: Path) -> bool:
    return path[: len(top)] == top

