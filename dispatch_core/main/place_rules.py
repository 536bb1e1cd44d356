"""The site's words and numbers about places, out of ``place_rules.toml``."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from dispatch_core.domain.vocabulary import USUAL_PLACE_RULES, PlaceRules, PremiseKind, ReachRule, Term
from dispatch_core.main.response_plans import ConfigurationError

T = TypeVar("T", PremiseKind, Term)
MINUTES_MOST = 120


class _Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    delivered: str = USUAL_PLACE_RULES.delivered
    history_m: int = USUAL_PLACE_RULES.history_m
    history_most: int = USUAL_PLACE_RULES.history_most
    hydrants_m: int = USUAL_PLACE_RULES.hydrants_m
    hydrants_most: int = USUAL_PLACE_RULES.hydrants_most
    hydrant_service: str = USUAL_PLACE_RULES.hydrant_service


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kinds: tuple[PremiseKind, ...] = ()
    beds: tuple[Term, ...] = ()
    skills: tuple[Term, ...] = ()
    covers: tuple[ReachRule, ...] = ()
    numbers: _Numbers = _Numbers()


def read_place_rules(file: Path, services: Collection[str]) -> PlaceRules:
    """Raises ConfigurationError naming the entry and the key."""
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        found = msgspec.convert(written, _File)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise _wrong(file, f"{problem}; hãy sửa tệp", f"{problem}; mend the file") from None
    for table, kind in (("kinds", PremiseKind), ("beds", Term), ("skills", Term), ("covers", ReachRule)):
        for entry in written.get(table, ()):
            _known_keys(file, table, entry, kind.__struct_fields__)
    for number, cover in enumerate(found.covers, 1):
        if cover.service not in services:
            allowed = ", ".join(sorted(services))
            raise _wrong(
                file,
                f"covers {number}: lực lượng “{cover.service}” không có; dùng: {allowed}",
                f"covers {number}: service “{cover.service}” is unknown; use: {allowed}",
            )
        if not 1 <= cover.minutes <= MINUTES_MOST:
            wanted = f"minutes = 1 … {MINUTES_MOST}"
            raise _wrong(file, f"covers {number}: cần {wanted}", f"covers {number}: {wanted} is needed")
    numbers = found.numbers
    for name in ("history_m", "history_most", "hydrants_m", "hydrants_most"):
        if not 0 <= getattr(numbers, name) <= 5_000:
            raise _wrong(file, f"numbers.{name} từ 0 đến 5000", f"numbers.{name} goes from 0 to 5000")
    beds = _by_code(file, "beds", found.beds) or USUAL_PLACE_RULES.beds
    if numbers.delivered not in beds:
        allowed = ", ".join(beds)
        raise _wrong(file, f"numbers.delivered: một trong {allowed}", f"numbers.delivered: one of {allowed}")
    return PlaceRules(
        kinds=_by_code(file, "kinds", found.kinds) or USUAL_PLACE_RULES.kinds,
        beds=beds,
        skills=_by_code(file, "skills", found.skills) or USUAL_PLACE_RULES.skills,
        covers=found.covers or tuple(it for it in USUAL_PLACE_RULES.covers if it.service in services),
        **msgspec.structs.asdict(numbers),
    )


def _by_code(file: Path, table: str, entries: Sequence[T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for entry in entries:
        if entry.code in found:
            raise _wrong(
                file, f"{table}: mã “{entry.code}” khai báo hai lần", f"{table}: the code “{entry.code}” is there twice"
            )
        found[entry.code] = entry
    return found


def _known_keys(file: Path, table: str, entry: dict[str, Any], allowed: Sequence[str]) -> None:
    """A mistyped key would otherwise leave its default in force, in silence."""
    for key in entry:
        if key not in allowed:
            near = ", ".join(difflib.get_close_matches(key, allowed, 1) or allowed)
            raise _wrong(file, f"{table}: không có khoá “{key}”; dùng: {near}", f"{table}: no key “{key}”; use: {near}")


def _wrong(file: Path, vi: str, en: str) -> ConfigurationError:
    return ConfigurationError("place_rules", f"{file}: {vi}.", f"{file}: {en}.")
