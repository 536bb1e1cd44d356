"""What it means that cards came and were answered."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import CardAnswered, CardsLoaded, Recorded
from dispatch_core.domain.evolve.rules import change_incident, rule, tell
from dispatch_core.domain.state import Given, Incident, State, Triage


@rule(CardsLoaded)
def cards_loaded(state: State, event: CardsLoaded, _: Recorded) -> State:
    return replace(state, cards=event.book)


@rule(CardAnswered)
def card_answered(state: State, event: CardAnswered, recorded: Recorded) -> State:
    """The story tells what was asked and said, and what was said before; the newest answer counts."""
    given = Given(
        question=event.question, answer=event.answer, card=event.card, version=event.version, ask=event.ask,
        said=event.said, type=event.type, type_priority=event.type_priority, priority=event.priority, wants=event.wants,
        at=recorded.at, by=recorded.by,
    )  # fmt: skip
    gone = {event.question, *event.dropped}

    def answer(incident: Incident) -> Incident:
        triage = incident.triage
        left = tuple(it for it in triage.given if it.question not in gone)
        known = replace(triage, given=(*left, given), base=triage.base or incident.type)
        changed = replace(incident, triage=known)
        changed = tell(changed, recorded, "card", *event.ask, *event.said, *event.was)
        for it in triage.given:
            if it.question in event.dropped:
                changed = tell(changed, recorded, "card_dropped", *it.ask, *it.said)
        return changed

    return change_incident(state, event.incident, answer)


def decided_type(incident: Incident, kind: str, card: str) -> Incident:
    """A type came. By hand: what the card had set was overruled where there is such, and the priority is the type's."""
    triage = incident.triage
    if card:
        return incident
    overruled = bool(triage.base) and incident.type != triage.base
    base = kind if triage.base else ""
    held = triage.type_held or overruled
    return replace(incident, triage=replace(triage, base=base, type_held=held, priority_held=False))


def decided_priority(incident: Incident, card: str) -> Incident:
    if card:
        return incident
    return replace(incident, triage=replace(incident.triage, priority_held=True))


def with_answers_of(triage: Triage, source: Incident) -> Triage:
    """What was answered about an incident that is folded holds here too, where nothing was answered."""
    known = {it.question for it in triage.given}
    brought = (replace(it, of=source.id) for it in source.triage.given if it.question not in known and not it.of)
    return replace(triage, given=(*triage.given, *brought))


def without_answers_of(triage: Triage, source: Incident) -> Triage:
    return replace(triage, given=tuple(it for it in triage.given if it.of != source.id))
