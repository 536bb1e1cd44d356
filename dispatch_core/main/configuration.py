"""From the site's files to the commands that bring them into the state.

What decides must be in the journal, or a replay would differ: the site, the incident types, stations and units enter
as commands at every start and change nothing where nothing changed.
"""

from __future__ import annotations

from pathlib import Path

from dispatch_core.domain.commands import ConfigureSite, LoadResources
from dispatch_core.domain.state import Site, Unit
from dispatch_core.domain.surge import SurgeRules
from dispatch_core.domain.vocabulary import (
    AlarmLevel,
    Area,
    ClockRule,
    DeskClocks,
    OfferRules,
    Partner,
    Reason,
    RecommendRules,
    SafetyRules,
    Service,
    Station,
)
from dispatch_core.main.response_plans import ConfigurationError
from gis.resources import read_stations, read_units
from telephony.trunk.site import ClockRow, Clocks, Recommending, Region
from telephony.trunk.site import Site as SiteFile


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
            partners={it.code: Partner(code=it.code, vi=it.vi, en=it.en, dial=it.dial) for it in site.partners},
            reasons={
                it.code: Reason(code=it.code, vi=it.vi, en=it.en, most_min=it.most) for it in site.duty.reasons
            },
            wrap_up_ms=site.duty.wrap_up * 1000,
            unattended_ms=site.duty.missed_alarm_after * 60_000,
            again_ms=site.duty.rings_again_within * 60_000,
            country_code=site.locations.country_code,
            area=_area(site.locations.area),
            prompt_after_s=site.silence.prompt_after,
            recommending=_recommending(site.recommending),
            offers=OfferRules(
                crew_s=site.offers.crew_seconds,
                station_s=site.offers.station_seconds,
                declines=site.offers.declines,
                most=site.offers.most,
                late_s=site.offers.late,
                reasons={it.code: Reason(code=it.code, vi=it.vi, en=it.en) for it in site.offers.reasons},
            ),
            safety=SafetyRules(
                offered_s=site.safety.offered,
                acknowledged_s=site.safety.acknowledged,
                en_route_s=site.safety.en_route,
                en_route_factor=site.safety.en_route_factor,
                on_scene_s=site.safety.on_scene,
                transporting_s=site.safety.transporting,
                at_hospital_s=site.safety.at_hospital,
                returning_s=site.safety.returning,
            ),
            clocks=_clocks(site.clocks),
            surge=SurgeRules(
                waiting=site.surge.waiting, arrivals=site.surge.arrivals, alike=site.surge.alike,
                radius_m=site.surge.radius_m, minutes=site.surge.minutes, sounds=site.surge.sounds,
            ),
        ),
        positions={it.id: (it.vi, it.services) for it in site.positions},
    )


def _recommending(it: Recommending) -> RecommendRules:
    return RecommendRules(
        radius_km=dict(it.radius_km),
        stale_s=it.stale_after,
        runs_most=it.runs_most,
        work_most_min=it.work_most * 60,
        better_by_s=it.better_by,
        fresh_s=it.fresh,
        shifts=tuple(sorted(int(clock[:2]) * 60 + int(clock[3:]) for clock in it.shifts)),
    )


def _clocks(it: Clocks) -> DeskClocks:
    def rule(row: ClockRow) -> ClockRule:
        level = AlarmLevel(row.sound)
        return ClockRule(limit_s=row.late, attention=row.attention, level=level, repeat_s=row.repeat)

    return DeskClocks(
        ringing=rule(it.ringing),
        offer=rule(it.offer),
        unconfirmed=rule(it.unconfirmed),
        no_unit=rule(it.no_unit),
        safety=ClockRule(attention=it.safety_attention, level=AlarmLevel.LOW),
        critical_repeat_s=it.critical_repeat,
        high_repeat_s=it.high_repeat,
    )


def _area(region: Region | None) -> Area | None:
    if region is None:
        return None
    return Area(south=region.south, west=region.west, north=region.north, east=region.east)


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
