"""Looking after crews: who stays too long in a status is told, and who was heard from begins anew."""

from __future__ import annotations

from dispatch_core.domain.commands import ActorKind, CheckUnit, UnitOverdue
from dispatch_core.domain.decide.calming import calm_unit
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.decide.switch import NOTHING
from dispatch_core.domain.events import AlarmRaised, UnitChecked, UnitFoundOverdue
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.safety import KIND_OF, to_be_told
from dispatch_core.domain.unit_status import NOT_THERE_YET
from dispatch_core.domain.vocabulary import AlarmLevel
from dispatch_core.domain.words import STATUSES


@rule(CheckUnit)
def check_unit(story: Story, body: CheckUnit) -> Refusal | None:
    """That a crew is well does not say that it moves: another system cannot silence the clocks of who is to come."""
    unit = story.state.units.get(body.unit)
    if unit is None:
        return refuse("unknown_unit", unit=body.unit)
    if unit.assignment is None:
        return refuse("unit_free", unit=body.unit)
    if story.asked.actor.kind is ActorKind.INTAKE and unit.status in NOT_THERE_YET:
        return refuse("unit_not_there", unit=unit.call_sign, status=STATUSES[unit.status])
    story.happen(UnitChecked(unit=unit.call_sign))
    calm_unit(story, unit.call_sign)
    return None


@rule(UnitOverdue)
def unit_overdue(story: Story, body: UnitOverdue) -> Refusal | None:
    """Told again, and counted, as long as nobody has heard from the crew."""
    unit = story.state.units.get(body.unit)
    if unit is None or unit.status is not body.status or not to_be_told(story.state, unit, story.now):
        return NOTHING
    story.happen(UnitFoundOverdue(unit=unit.call_sign, status=unit.status))
    told = KIND_OF[unit.status]
    key, subject = f"{told}:{unit.call_sign}", unit.call_sign
    if told == "unit_not_moving":
        story.happen(AlarmRaised(key=key, kind="unit_not_moving", subject=subject, level=AlarmLevel.HIGH))
    elif told == "unit_late":
        story.happen(AlarmRaised(key=key, kind="unit_late", subject=subject, level=AlarmLevel.HIGH))
    elif told == "crew_unchecked":
        story.happen(AlarmRaised(key=key, kind="crew_unchecked", subject=subject, level=AlarmLevel.CRITICAL))
    else:
        story.happen(AlarmRaised(key=key, kind="unit_long", subject=subject, level=AlarmLevel.LOW))
    return None
