"""What is still to be done about what is handed over: one line for each thing, the latest first. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console_gui.clocks import Stage, of_incident, of_unit
from console_gui.desks.words import caller_of_text
from console_gui.translations import sentences
from console_gui.translations.formats import one_line, phone
from console_gui.translations.tables import say
from dispatch_core.domain.handing import InHand, named
from dispatch_core.domain.offering import pending
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.vocabulary import Instant, LegState


@dataclass(frozen=True, slots=True)
class Handed:
    """One line of the sheet. ``ident``: an incident, or "" where it is a text or a missed call of none."""

    key: str
    ident: str
    incident: Incident | None
    since: Instant
    late: Stage
    todo: tuple[str, ...]
    what: str = ""


def handed(
    state: State, hand: InHand, drafts: Mapping[str, str], now: Instant, language: str
) -> dict[str, Handed]:
    """Every line, by its key. What belongs to an incident of the list is said there."""
    found: dict[str, Handed] = {}
    incidents = named(hand)
    for ident in incidents:
        incident = state.incidents[ident]
        late = _late(state, incident, now)
        todo = _todo(state, incident, hand, drafts.get(ident, ""), now, language)
        found[ident] = Handed(ident, ident, incident, incident.received_at, late, todo)
    for talk in hand.conversations:
        if state.conversations[talk].incident not in incidents:
            what = say(language, "todo.text_alone", number=caller_of_text(state, talk))
            waits = state.conversations[talk].waits_since
            todo = (say(language, "todo.text"),) if waits else (say(language, "todo.nothing"),)
            found[talk] = Handed(talk, "", None, waits or state.conversations[talk].began_at, Stage.CALM, todo, what)
    for line in hand.missed:
        known = state.missed[line]
        if known.incident not in incidents:
            number = phone(one_line(known.number, 40)) or say(language, "form.hidden_number")
            what = say(language, "todo.missed_alone", number=number)
            todo = (say(language, "todo.call_back", number=number),)
            found[line] = Handed(line, "", None, known.first_at, Stage.CALM, todo, what)
    return found


def _late(state: State, incident: Incident, now: Instant) -> Stage:
    """The latest of its clocks."""
    units = (state.units[it] for leg in incident.legs.values() for it in leg.units if it in state.units)
    return max((of_incident(state, incident, now), *(of_unit(state, it, now) for it in units)))


def _todo(
    state: State, incident: Incident, hand: InHand, draft: str, now: Instant, language: str
) -> tuple[str, ...]:
    said = []
    if any(state.calls[it].state.live and state.calls[it].answered_at for it in incident.calls if it in state.calls):
        said.append(say(language, "todo.call"))
    if incident.location is None:
        said.append(say(language, "todo.no_place"))
    if not incident.type:
        said.append(say(language, "todo.no_type"))
    for code, leg in incident.legs.items():
        if leg.state is not LegState.OPEN:
            continue
        service = sentences.service(state, code, language)
        if leg.spent_at:
            said.append(say(language, "todo.spent", service=service))
        elif pending(leg):
            said.append(say(language, "todo.offer", service=service))
        elif not leg.units:
            said.append(say(language, "todo.no_unit", service=service))
        late = [it for it in leg.units if it in state.units and of_unit(state, state.units[it], now) is Stage.LATE]
        if late:
            said.append(say(language, "todo.overdue", units=", ".join(late)))
    for talk in hand.conversations:
        if state.conversations[talk].incident == incident.id and state.conversations[talk].waits_since:
            said.append(say(language, "todo.text"))
    for line in hand.missed:
        if state.missed[line].incident == incident.id:
            number = phone(one_line(state.missed[line].number, 40)) or say(language, "form.hidden_number")
            said.append(say(language, "todo.call_back", number=number))
    if draft:
        said.append(say(language, "todo.draft", text=one_line(draft, 60)))
    return tuple(said) or (say(language, "todo.nothing"),)
