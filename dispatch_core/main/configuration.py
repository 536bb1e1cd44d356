"""From the site's files to the commands that bring them into the state.

What decides must be in the journal, or a replay would differ: the site, the incident types, stations and units enter
as commands at every start and change nothing where nothing changed.
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from dispatch_core.domain.commands import ConfigureSite, LoadResources, LoadTypes
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import Site, Unit
from dispatch_core.domain.vocabulary import Area, IncidentType, Need, Reason, Service, Station
from gis.resources import read_stations, read_units
from telephony.trunk.site import Region
from telephony.trunk.site import Site as SiteFile


class ConfigurationError(DispatchError):
    """A file of the site that cannot be used; names file, entry and what to write instead."""


def offset_minutes(zone: str) -> int:
    """``+07:00`` as 420."""
    sign = -1 if zone.startswith("-") else 1
    hours, _, minutes = zone[1:].partition(":")
    return sign * (int(hours) * 60 + int(minutes))


def site_command(site: SiteFile) -> ConfigureSite:
    return ConfigureSite(
        site=Site(
            name=site.site.name,
            utc_offset_min=offset_minutes(site.site.timezone),
            services={
                it.code: Service(code=it.code, vi=it.vi, en=it.en, glyph=it.glyph, hue=it.hue) for it in site.services
            },
            numbers={it.dial: it.services for it in site.numbers},
            reasons={it.code: Reason(code=it.code, vi=it.vi, en=it.en) for it in site.duty.reasons},
            wrap_up_ms=site.duty.wrap_up * 1000,
            unattended_ms=site.duty.missed_alarm_after * 60_000,
            again_ms=site.duty.rings_again_within * 60_000,
            country_code=site.locations.country_code,
            area=_area(site.locations.area),
            prompt_after_s=site.silence.prompt_after,
        ),
        positions={it.id: (it.vi, it.services) for it in site.positions},
    )


def _area(region: Region | None) -> Area | None:
    if region is None:
        return None
    return Area(south=region.south, west=region.west, north=region.north, east=region.east)


class _TypesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    types: tuple[IncidentType, ...]


def types_command(file: Path, services: frozenset[str]) -> LoadTypes:
    """The incident types in ``file``. Raises ConfigurationError naming the type and the key."""
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
        found = msgspec.convert(written, _TypesFile).types
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise ConfigurationError(
            "types_file", f"{file}: {problem}; hãy sửa tệp.", f"{file}: {problem}; mend the file."
        ) from None
    types: dict[str, IncidentType] = {}
    for kind, entry in zip(found, written["types"], strict=True):
        _check_keys(file, kind.code, entry, IncidentType)
        for need in entry.get("needs", ()):
            _check_keys(file, kind.code, need, Need)
        if kind.code in types:
            raise _bad_type(file, kind.code, "khai báo hai lần", "is there twice")
        if not 1 <= kind.priority <= 5:
            raise _bad_type(file, kind.code, "priority phải từ 1 đến 5", "priority goes from 1 to 5")
        for need in kind.needs:
            if need.service not in services:
                allowed = ", ".join(sorted(services))
                raise _bad_type(
                    file,
                    kind.code,
                    f"lực lượng “{need.service}” không có; dùng: {allowed}",
                    f"service “{need.service}” is unknown; use: {allowed}",
                )
        types[kind.code] = kind
    return LoadTypes(types=types)


def _check_keys(file: Path, code: str, entry: dict[str, Any], kind: type[msgspec.Struct]) -> None:
    """A mistyped key would otherwise leave its default in force, in silence."""
    allowed = kind.__struct_fields__
    for key in entry:
        if key not in allowed:
            near = ", ".join(difflib.get_close_matches(key, allowed, 1) or allowed)
            raise _bad_type(file, code, f"không có khoá “{key}”; dùng: {near}", f"there is no key “{key}”; use: {near}")


def _bad_type(file: Path, code: str, vi: str, en: str) -> ConfigurationError:
    return ConfigurationError("types_file", f"{file}, loại “{code}”: {vi}.", f"{file}, type “{code}”: {en}.")


def resources_command(stations_file: Path, units_file: Path) -> LoadResources:
    """Stations and units from their files. Raises the reader's error naming file, line and column."""
    stations = {
        it.id: Station(id=it.id, service=it.service, name=it.name, lat=it.lat, lon=it.lon, sample=it.sample)
        for it in read_stations(stations_file)
    }
    units = []
    for it in read_units(units_file):
        home = stations.get(it.station)
        if home is None or home.service != it.service:
            raise ConfigurationError(
                "units_file",
                f"{units_file}, đơn vị {it.call_sign}: trạm “{it.station}” không có hoặc khác lực lượng.",
                f"{units_file}, unit {it.call_sign}: station “{it.station}” is unknown or of another service.",
            )
        units.append(
            Unit(
                call_sign=it.call_sign,
                service=it.service,
                station=it.station,
                label=it.label,
                capabilities=it.capabilities,
                vehicle=it.vehicle,
                lat=home.lat,
                lon=home.lon,
                sample=it.sample,
            )
        )
    return LoadResources(stations=stations, units=tuple(units))
