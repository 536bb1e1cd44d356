"""Move-up: a free unit covers a station that has none left, and goes home again."""

from __future__ import annotations

from dispatch_core.domain.commands import MoveUp, SendHome
from dispatch_core.domain.decide.story import Story, rule, service_named
from dispatch_core.domain.events import UnitMovedUp, UnitSentHome
from dispatch_core.domain.recommending import is_free
from dispatch_core.domain.refusals import Refusal, refuse


@rule(MoveUp)
def move_up(story: Story, body: MoveUp) -> Refusal | None:
    unit = story.state.units.get(body.unit)
    if unit is None:
        return refuse("unknown_unit", unit=body.unit)
    station = story.state.stations.get(body.station)
    if station is None:
        return refuse("unknown_station", station=body.station)
    if station.service != unit.service:
        has, wants = service_named(story.state, station.service), service_named(story.state, unit.service)
        return refuse("wrong_station", station=station.name, has=has, wants=wants)
    if not is_free(unit):
        return refuse("unit_at_work", unit=unit.call_sign)
    if station.id == (unit.cover or unit.station):
        return refuse("already_so")
    if station.id == unit.station:
        story.happen(UnitSentHome(unit=unit.call_sign))
    else:
        story.happen(UnitMovedUp(unit=unit.call_sign, station=station.id))
    return None


@rule(SendHome)
def send_home(story: Story, body: SendHome) -> Refusal | None:
    """Also while it works: it then goes home after that."""
    unit = story.state.units.get(body.unit)
    if unit is None:
        return refuse("unknown_unit", unit=body.unit)
    if not unit.cover:
        return refuse("covers_nothing", unit=unit.call_sign)
    story.happen(UnitSentHome(unit=unit.call_sign))
    return None
