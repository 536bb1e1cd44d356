"""What must hold after every decision, whoever asked what: laws of the state, of each event, and of what is shown."""

from __future__ import annotations

import json
import struct
from itertools import groupby

import msgspec

from dispatch_core.domain.canonical import checksum, decode_state, encode_state
from dispatch_core.domain.commands import Asked
from dispatch_core.domain.conversations import ANSWER_BYTES, CONVERSATIONS_KEPT, LINES_KEPT, TextState
from dispatch_core.domain.decide import Decision, decide
from dispatch_core.domain.events import CrewTurnedBack, OfferEnded, Recorded
from dispatch_core.domain.evolve import evolve, fold, pass_over
from dispatch_core.domain.evolve import offers as offers_made
from dispatch_core.domain.evolve.folding import FOLDED
from dispatch_core.domain.evolve.missed import DONE_KEPT
from dispatch_core.domain.numbers import digits, same_subscriber
from dispatch_core.domain.offering import NOT_TAKEN, OFFERS_KEPT, find_offer, pending, places_left
from dispatch_core.domain.placing import plain_number
from dispatch_core.domain.refusals import SENTENCES, Refusal
from dispatch_core.domain.silence import KEYS_KEPT
from dispatch_core.domain.state import Duty, State
from dispatch_core.domain.upcast import from_fields, to_fields
from dispatch_core.domain.views import View, shown_event, shown_state
from dispatch_core.domain.vocabulary import (
    CallState,
    Direction,
    DutyState,
    IncidentState,
    Instant,
    LegState,
    OfferOutcome,
    OfferTo,
    UnitStatus,
)
from tests.domain.world import PLANT, PLANTED_LAT, PLANTED_LON, PLANTED_NUMBER

PLANTS = (
    PLANT.encode(),
    PLANTED_NUMBER.encode(),
    *(struct.pack(">d", number) for number in (PLANTED_LAT, PLANTED_LON)),
    *(str(number).encode() for number in (PLANTED_LAT, PLANTED_LON)),
)


def personal_in(data: bytes) -> bool:
    return any(plant in data for plant in PLANTS)


# --- the state --------------------------------------------------------------------------------------------------------


def units_agree(state: State) -> None:
    """A unit is on at most one leg, and unit and leg say the same."""
    on_legs = [
        (unit, incident.id, service)
        for incident in state.incidents.values()
        for service, leg in incident.legs.items()
        for unit in leg.units
    ]
    assert len({unit for unit, _, _ in on_legs}) == len(on_legs), on_legs
    assigned = {
        (unit.call_sign, unit.assignment.incident, unit.assignment.service)
        for unit in state.units.values()
        if unit.assignment is not None
    }
    assert assigned == set(on_legs)
    for unit in state.units.values():
        at_rest = unit.status in (UnitStatus.AVAILABLE, UnitStatus.OUT_OF_SERVICE)
        assert at_rest == (unit.assignment is None), unit


def offers_agree(state: State) -> None:
    """A crew is OFFERED exactly while its offer stands; a closed leg asks nobody; numbers are given once."""
    for incident in state.incidents.values():
        for leg in incident.legs.values():
            standing = pending(leg)
            crews = [it.unit for it in standing if it.to is OfferTo.CREW]
            known = (state.units.get(sign) for sign in leg.units)
            assert sorted(crews) == sorted(
                it.call_sign for it in known if it is not None and it.status is UnitStatus.OFFERED
            ), leg
            stations = [it.station for it in standing if it.to is OfferTo.STATION]
            assert len(set(stations)) == len(stations), leg
            assert leg.state is LegState.OPEN or not (standing or leg.spent_at)
            assert not (standing and leg.spent_at), leg
            assert len({it.id for it in leg.offers}) == len(leg.offers) <= max(OFFERS_KEPT, len(standing))
            assert len(leg.offers) <= leg.offered
            for offer in leg.offers:
                assert (offer.outcome is OfferOutcome.PENDING) == (not offer.ended_at)
                assert offer.to is OfferTo.CREW or offer.until
    assert len({it.day for it in state.declines.values()}) <= 1
    for it in state.declines.values():
        assert len(it.lines) <= min(offers_made.LINES_KEPT, it.declined + it.expired) and it.lines


def closed_is_closed(state: State) -> None:
    for incident in state.incidents.values():
        if incident.state is IncidentState.CLOSED:
            assert incident.closed_at and incident.owner and incident.disposition
            for leg in incident.legs.values():
                assert leg.state is LegState.CLOSED and not leg.units
        else:
            assert not incident.closed_at and not incident.disposition
        for leg in incident.legs.values():
            assert (leg.state is LegState.CLOSED) == bool(leg.closed_at)
            assert leg.state is LegState.OPEN or not leg.units
        if incident.state is IncidentState.RECEIVING:
            assert not incident.legs and not incident.type and incident.location_version == 0


def calls_agree(state: State) -> None:
    for call in state.calls.values():
        if call.direction is Direction.INCOMING:
            assert call.id in state.incidents[call.incident].calls
        assert call.state.live == (call.ended_by is None)
        since = [talk.since for talk in call.talks]
        assert since == sorted(since)
        assert call.answered_at == (since[0] if since else 0)
        assert call.positions == tuple(name for name, _ in groupby(talk.position for talk in call.talks))
        if call.position:
            assert call.state in (CallState.ANSWERED, CallState.HELD)
            assert call.position == call.positions[-1]
        assert (call.state is CallState.HELD) <= bool(call.held_at)
        if not call.state.live:
            assert not (call.position or call.ringing or call.parties or call.intent or call.held_at)
            assert not (call.steer or call.muted)
        assert set(call.muted) <= {call.position, *call.parties}
        assert call.hang_up_asked == bool(call.hang_up_at)
        assert call.state.live or not call.hold_told_at
        if call.state.waiting:
            ours = call.direction is not Direction.INCOMING
            assert not call.hang_up_asked or ours, "a caller who waits is not dropped"
            assert bool(call.ringing) == (call.state is CallState.RINGING)
        if call.ringing:
            assert call.state is CallState.RINGING
        if call.state is CallState.ABANDONED:
            assert call.direction is Direction.INCOMING and not call.answered_at
        if call.intent is not None:
            assert not call.position
        assert call.queued_at <= call.requeued_at
    for incident in state.incidents.values():
        for ident in incident.calls:
            assert state.calls[ident].incident == incident.id
    intents = [call.intent.position for call in state.calls.values() if call.intent is not None]
    assert len(set(intents)) == len(intents), "one phone was told to pick up two calls"


def seats_agree(state: State) -> None:
    sitting = {user: person.position for user, person in state.people.items() if person.position}
    seated = {seat.user: ident for ident, seat in state.positions.items() if seat.user}
    assert sitting == seated
    assert len(seated) == sum(1 for seat in state.positions.values() if seat.user)
    for seat in state.positions.values():
        assert not (seat.installing and seat.user)


def missed_agree(state: State) -> None:
    """A line is of one number and of calls that nobody took; a number has one line."""
    country = state.site.country_code
    for line in state.missed.values():
        assert line.calls and line.count >= len(line.calls) and line.first_at <= line.last_at
        for call in (state.calls[it] for it in line.calls if it in state.calls):
            assert same_subscriber(call.number, line.number, country) or not digits(line.number)
            assert not call.state.live and (not call.answered_at or line.cut)
    numbers = [plain_number(line.number, country) for line in state.missed.values() if digits(line.number)]
    assert len(set(numbers)) == len(numbers)
    waiting = {call for line in state.missed.values() for call in line.calls}
    for call in state.calls.values():
        if call.state is CallState.ABANDONED and call.id not in waiting:
            assert state.missed_done, "nobody knows of an abandoned call"
    assert len(state.missed_done) <= DONE_KEPT


def folds_agree(state: State) -> None:
    for incident in state.incidents.values():
        assert (incident.folded is not None) == (incident.disposition == FOLDED)
        if incident.folded is not None:
            assert incident.state is IncidentState.CLOSED and incident.folded.into != incident.id
        assert len(set(incident.calls)) == len(incident.calls)


def duties_agree(state: State) -> None:
    for seat in state.positions.values():
        assert seat.user or seat.duty == Duty()
        assert (seat.duty.state is DutyState.WRAP_UP) == bool(seat.duty.until)
        assert (seat.duty.state is DutyState.NOT_READY) == bool(seat.duty.why)


def keys_agree(state: State) -> None:
    tables = (
        state.calls, state.incidents, state.positions, state.nodes, state.conversations, state.missed,
        state.missed_done,
    )  # fmt: skip
    for table in tables:
        assert all(key == thing.id for key, thing in table.items())
    assert all(key == it.number for key, it in state.nuisance.items())
    assert all(key == person.user for key, person in state.people.items())
    assert all(key == unit.call_sign for key, unit in state.units.items())
    assert all(key == watch.position for key, watch in state.watches.items())
    assert all(key == alarm.key for key, alarm in state.alarms.items())
    assert all(key == leg.service for it in state.incidents.values() for key, leg in it.legs.items())


def conversations_agree(state: State) -> None:
    assert len(state.conversations) <= CONVERSATIONS_KEPT
    for it in state.conversations.values():
        assert 0 < len(it.lines) <= LINES_KEPT
        assert [(line.at, line.id) for line in it.lines] == sorted({(line.at, line.id) for line in it.lines})
        for line in it.lines:
            assert (line.state is TextState.CAME) == (not line.by)
            assert not line.by or len(line.text.encode()) <= ANSWER_BYTES
        assert not it.waits_since or it.open


def silence_agrees(state: State) -> None:
    for call in state.calls.values():
        known = call.silence
        assert len(known.keys) <= KEYS_KEPT and list(known.keys) == sorted(known.keys, key=lambda it: (it.at, it.digit))
        assert bool(known.cannot_speak_at) >= any(it.digit == "5" for it in known.keys)
        assert not known.prompt_asked_at or known.prompts_asked


def check_state(state: State) -> None:
    conversations_agree(state)
    silence_agrees(state)
    units_agree(state)
    offers_agree(state)
    closed_is_closed(state)
    calls_agree(state)
    seats_agree(state)
    keys_agree(state)
    missed_agree(state)
    folds_agree(state)
    duties_agree(state)
    data = encode_state(state)
    again = decode_state(data)
    assert again == state and encode_state(again) == data
    assert not personal_in(encode_state(shown_state(View.TELEPHONY, state)))


# --- events -----------------------------------------------------------------------------------------------------------


def check_event(state: State, recorded: Recorded) -> State:
    """The laws of one event that happens to ``state``; the state after it."""
    if isinstance(recorded.event, OfferEnded):
        found = find_offer(state, recorded.event.offer)
        assert found is not None and found[2].outcome is OfferOutcome.PENDING, "an offer ended twice"
    after = evolve(state, recorded)
    reloaded = evolve(decode_state(encode_state(state)), recorded)
    assert reloaded == after and checksum(reloaded) == checksum(after)

    for view in View:
        shown = shown_event(view, recorded)
        before = shown_state(view, state)
        moved = pass_over(before, recorded.seq) if shown is None else evolve(before, shown)
        assert checksum(moved) == checksum(shown_state(view, after)), (view, recorded)
        data = b"" if shown is None else msgspec.msgpack.encode(shown)
        assert msgspec.msgpack.decode(data, type=Recorded) == shown if shown else True
        assert view is View.OPERATIONS or not personal_in(data), recorded

    assert kept_and_read(recorded, erased=False) == recorded
    return after


def kept_and_read(recorded: Recorded, *, erased: bool) -> Recorded:
    """The event as the journal gives it back: its public fields never hold anything personal."""
    public, personal = to_fields(recorded.event)
    stored = json.dumps(public, ensure_ascii=False).encode()
    assert PLANT.encode() not in stored and str(PLANTED_LAT).encode() not in stored, recorded
    kind, version = type(recorded.event).__name__, type(recorded.event).VERSION
    kept = {} if erased else json.loads(json.dumps(personal))
    return msgspec.structs.replace(recorded, event=from_fields(kind, version, json.loads(stored), kept))


def check_erased(before: State, story: list[Recorded]) -> None:
    """A journal whose personal rows are all gone still tells a whole story, and nobody is in it."""
    state = before
    for recorded in story:
        state = evolve(state, kept_and_read(recorded, erased=True))
        assert state.seq == recorded.seq
    assert not personal_in(encode_state(state))


# --- decisions --------------------------------------------------------------------------------------------------------


def check_decision(before: State, asked: Asked, now: Instant, decision: Decision | Refusal) -> None:
    frozen = checksum(before)
    assert decide(before, asked, now) == decision
    assert decide(decode_state(encode_state(before)), asked, now) == decision
    assert checksum(before) == frozen, "a decision changed the state that it was asked about"
    if isinstance(decision, Refusal):
        assert decision.code in SENTENCES
        for language in ("vi", "en"):
            sentence = decision.sentence(language)
            assert "?" not in sentence and "{" not in sentence, sentence
        assert not personal_in(msgspec.msgpack.encode(decision)), "refusals are audit: they cannot be erased"
        return
    assert decision.events, "an acceptance without events is a lost command"
    assert fold(before, decision.events) == decision.state
    state = before
    for recorded in decision.events:
        assert (recorded.at, recorded.command) == (now, asked.id)
        assert recorded.by == f"{asked.actor.kind}:{asked.actor.name}"
        state = check_event(state, recorded)
    for recorded in decision.events:
        if isinstance(recorded.event, OfferEnded) and recorded.event.outcome in NOT_TAKEN:
            incident = state.incidents[recorded.event.incident]
            leg = incident.legs[recorded.event.service]
            wanted = places_left(state, incident, leg) > 0
            assert pending(leg) or leg.spent_at or not wanted, "nobody took it, nobody else is asked, nobody is told"
        if isinstance(recorded.event, CrewTurnedBack):
            incident = state.incidents[recorded.event.incident]
            leg = incident.legs[recorded.event.service]
            told = f"turned_back:{incident.id}.{leg.service}" in state.alarms or leg.spent_at
            wanted = places_left(state, incident, leg) > 0
            assert pending(leg) or told or not wanted, "a crew turned back, nobody is asked, nobody is told"
    check_state(state)
