"""Incident types, response plans and capabilities out of their files, each error with file, entry, key and what to
write instead."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from dispatch_core.domain.commands import LoadTypes
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.plans import UNITS_OF_A_LINE
from dispatch_core.domain.sameness import Sameness
from dispatch_core.domain.vocabulary import ALARM_LEVELS, Capability, IncidentType, Need, ResponsePlan


class ConfigurationError(DispatchError):
    """A file of the site that cannot be used; names file, entry and what to write instead."""


class _TypesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    types: tuple[IncidentType, ...]
    plans: tuple[ResponsePlan, ...] = ()
    sameness: Sameness = Sameness()


class _CapabilitiesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    capabilities: tuple[Capability, ...]


def types_command(file: Path, services: Collection[str], capabilities_file: Path | None = None) -> LoadTypes:
    """The incident types and response plans in ``file``. Raises ConfigurationError naming the entry and the key."""
    written = _read(file)
    found = _convert(file, written, _TypesFile)
    capabilities = _capabilities(capabilities_file, services) if capabilities_file is not None else {}
    types: dict[str, IncidentType] = {}
    for kind, entry in zip(found.types, written["types"], strict=True):
        where = _Entry(file, ("loại", "type"), kind.code)
        where.keys(entry, IncidentType)
        where.once(types)
        where.within("priority", kind.priority, 1, 5)
        where.needs(kind.needs, entry.get("needs", ()), services, capabilities)
        types[kind.code] = kind
    seen: dict[str, ResponsePlan] = {}
    for plan, entry in zip(found.plans, written.get("plans", ()), strict=True):
        where = _Entry(file, ("kế hoạch", "plan"), plan.code)
        where.keys(entry, ResponsePlan)
        where.once(seen)
        where.within("level", plan.level, 1, ALARM_LEVELS)
        for priority in plan.priorities:
            where.within("priorities", priority, 1, 5)
        for code in plan.types:
            where.known("types", code, types)
        if not plan.types or not plan.needs:
            raise where.wrong(
                "cần ít nhất một mã trong types và một mục [[plans.needs]]",
                "at least one code in types and one [[plans.needs]] entry are needed",
            )
        where.needs(plan.needs, entry.get("needs", ()), services, capabilities)
        seen[plan.code] = plan
    _sameness(file, found.sameness, written.get("sameness", {}))
    return LoadTypes(types=types, plans=found.plans, capabilities=capabilities, sameness=found.sameness)


def _sameness(file: Path, rules: Sameness, written: Mapping[str, Any]) -> None:
    where = _Entry(file, ("phần", "section"), "sameness")
    where.keys(written, Sameness)
    for key in ("place", "time", "type", "family", "untyped", "other_type", "words", "again"):
        where.within(key, getattr(rules, key), 0, 100)
    where.within("threshold", rules.threshold, 1, 100)
    where.within("near_m", rules.near_m, 1, 100_000)
    where.within("unsure_m", rules.unsure_m, 1, 100_000)
    where.within("window_min", rules.window_min, 1, 24 * 60)


def _capabilities(file: Path, services: Collection[str]) -> dict[str, Capability]:
    written = _read(file)
    known: dict[str, Capability] = {}
    for it, entry in zip(_convert(file, written, _CapabilitiesFile).capabilities, written["capabilities"], strict=True):
        where = _Entry(file, ("khả năng", "capability"), it.code)
        where.keys(entry, Capability)
        where.once(known)
        where.known("service", it.service, services)
        known[it.code] = it
    return known


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise _unreadable(file, problem) from None


def _convert(file: Path, written: dict[str, Any], kind: type[Any]) -> Any:
    try:
        return msgspec.convert(written, kind)
    except msgspec.ValidationError as problem:
        raise _unreadable(file, problem) from None


def _unreadable(file: Path, problem: Exception) -> ConfigurationError:
    return ConfigurationError("types_file", f"{file}: {problem}; hãy sửa tệp.", f"{file}: {problem}; mend the file.")


class _Entry:
    """One entry of a file, for saying what is wrong with it."""

    def __init__(self, file: Path, kind: tuple[str, str], code: str) -> None:
        self._file, self._kind, self._code = file, kind, code

    def wrong(self, vi: str, en: str) -> ConfigurationError:
        here = [f"{self._file}, {kind} “{self._code}”" for kind in self._kind]
        return ConfigurationError("types_file", f"{here[0]}: {vi}.", f"{here[1]}: {en}.")

    def keys(self, entry: Mapping[str, Any], kind: type[msgspec.Struct]) -> None:
        """A mistyped key would otherwise leave its default in force, in silence."""
        for key in entry:
            if key not in kind.__struct_fields__:
                near = _near(key, kind.__struct_fields__)
                raise self.wrong(f"không có khoá “{key}”; dùng: {near}", f"there is no key “{key}”; use: {near}")

    def once(self, seen: Mapping[str, Any]) -> None:
        if not self._code:
            raise self.wrong("chưa có mã (code)", "the code is missing")
        if self._code in seen:
            raise self.wrong("khai báo hai lần", "is there twice")

    def within(self, key: str, value: float, low: float, high: float) -> None:
        if not low <= value <= high:
            raise self.wrong(
                f"{key} phải từ {low:g} đến {high:g}, không phải {value:g}",
                f"{key} goes from {low:g} to {high:g}, not {value:g}",
            )

    def known(self, key: str, value: str, options: Collection[str]) -> None:
        if value not in options:
            near = _near(value, options)
            raise self.wrong(
                f"{key}: không có “{value}”; dùng: {near}", f"{key}: “{value}” is unknown; use: {near}"
            )

    def needs(
        self,
        needs: Iterable[Need],
        written: Iterable[Mapping[str, Any]],
        services: Collection[str],
        capabilities: Mapping[str, Capability],
    ) -> None:
        for need, entry in zip(needs, written, strict=True):
            self.keys(entry, Need)
            if need.service not in services:
                allowed = ", ".join(sorted(services))
                raise self.wrong(
                    f"lực lượng “{need.service}” không có; dùng: {allowed}",
                    f"service “{need.service}” is unknown; use: {allowed}",
                )
            self.within("count", need.count, 1, UNITS_OF_A_LINE)
            self.within("parallel", need.parallel, 1, UNITS_OF_A_LINE)
            self.within("radius_km", need.radius_km, 0, 2000)
            of_service = [it.code for it in capabilities.values() if it.service == need.service]
            if need.capability and capabilities and need.capability not in of_service:
                near = difflib.get_close_matches(need.capability, of_service, 3) or of_service
                allowed = ", ".join(sorted(near))
                raise self.wrong(
                    f"khả năng “{need.capability}” của lực lượng “{need.service}” không có; dùng: {allowed}",
                    f"capability “{need.capability}” of service “{need.service}” is unknown; use: {allowed}",
                )


def _near(word: str, options: Collection[str]) -> str:
    known = sorted(options)
    return ", ".join(difflib.get_close_matches(word, known, 3) or known[:20])
