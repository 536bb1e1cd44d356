"""Whatever run of events is lost, one look later the core knows what the switch knows."""

from __future__ import annotations

from functools import cache

import pytest
from recorded_streams import NAMING, NODE, STREAMS, Outcome, began, run, whole_events

from dispatch_core.domain.commands import SwitchLooked
from dispatch_core.domain.vocabulary import CallState, EndedBy
from telephony.dialplan_contexts import CALL_NUMBER, CALL_SERVICE, CALL_UUID, HELD
from telephony.link.messages import AmiEvent
from telephony.translate import Tracker
from telephony.translate.followed_call import FollowedCall
from telephony.translate.look import Look, LookedChannel
from telephony.translate.looked import AWAY, merge

LATER = 3_000
"""A look is asked this much after the last event (ms), so that nothing is too new to be judged."""

FOLLOWED = [name for name in STREAMS if name.split("_")[0] not in ("04", "04c", "11", "12b", "13")]


@cache
def events_of(name: str) -> tuple[AmiEvent, ...]:
    return tuple(event for event in whole_events(name) if event.stamp)


class Told:
    """A tracker whose facts are decided as they come."""

    def __init__(self, name: str) -> None:
        self.tracker = Tracker(NODE, NAMING)
        self.outcome = Outcome(start=began(name))
        self.now = began(name)

    def hear(self, event: AmiEvent) -> None:
        self.now = max(self.now, event.at)
        for fact in self.tracker.apply(event):
            self.outcome.decide(fact, self.now)

    def look(self, look: Look) -> int:
        merged = merge(self.tracker, look)
        for fact in merged.facts:
            self.outcome.decide(fact, look.asked_at)
        return merged.repairs


def look_at(truth: Told, tick: int, later: int = LATER) -> Look:
    """What the switch would list where the tracker missed nothing."""
    channels = []
    for it in truth.tracker.wiring.channels.values():
        if it.ring == "over" and later:
            continue  # its end followed in the same moment
        call = truth.outcome.state.calls.get(it.call)
        channels.append(
            LookedChannel(
                uid=it.uid,
                name=it.name,
                state="Ringing" if it.ring == "ringing" else "Up",
                bridge=it.bridge,
                number=call.number if call is not None and it.carrier else "",
                exten="",
                seconds=1,
                variables={
                    CALL_UUID: it.call,
                    CALL_NUMBER: call.dialled if call is not None else "",
                    CALL_SERVICE: "police",
                },
                context=it.place,
            )
        )
    waiting = {
        call.caller: call.seen.queue for call in truth.tracker.calls.values() if call.waits and call.seen.queue
    }
    return Look(asked_at=truth.now + later, tick=tick, channels=tuple(channels), waiting=waiting)


def agrees(told: Told, truth: Told) -> None:
    """The live calls and who talks, waits and rings in them are the same."""
    live = {ident: call for ident, call in told.outcome.state.calls.items() if call.state.live}
    real = {ident: call for ident, call in truth.outcome.state.calls.items() if call.state.live}
    assert set(live) == set(real)
    for ident, call in real.items():
        known = live[ident]
        followed, wiring = truth.tracker.calls[ident], truth.tracker.wiring
        in_bridges = all(wiring.channels[uid].bridge for uid in (followed.caller, *followed.talking))
        if in_bridges:  # in the moment of a move nobody can tell
            assert known.position == followed.seen.talker
            assert set(known.parties) == set(call.parties)
        if wiring.channels[followed.caller].place == HELD and _sits_away(truth, followed):
            assert (known.state, known.position) == (CallState.HELD, followed.seen.talker)
        if call.state.waiting:
            assert (known.state.waiting, known.queue or call.queue) == (True, call.queue)
            assert set(known.ringing) == set(call.ringing)


def _sits_away(truth: Told, followed: FollowedCall) -> bool:
    """Whether the phone that has the caller on hold has come to where it asks somebody, or waits."""
    legs = [truth.tracker.wiring.channels[uid] for uid in followed.legs]
    talker = followed.seen.talker
    return any(leg.position == talker != "" and (leg.bridge or leg.place in AWAY) for leg in legs)


@pytest.mark.parametrize("name", FOLLOWED)
def test_any_run_of_events_may_be_lost(name):
    events = events_of(name)
    for first in range(0, len(events), 3):
        for lost in (1, 4, 12, len(events)):
            told, truth = Told(name), Told(name)
            for place, event in enumerate(events[: first + lost]):
                truth.hear(event)
                if place < first:
                    told.hear(event)
            if not truth.outcome.calls:
                continue  # nobody knows of the call yet
            told.look(look_at(truth, told.tracker.tick))
            agrees(told, truth)
            for event in events[first + lost :]:
                told.hear(event)
            assert not any(call.state.live for call in told.outcome.calls), (first, lost)
            if not name.startswith("06x"):  # there two positions go on talking after the caller was dropped
                assert not told.tracker.calls
                assert not told.tracker.wiring.channels


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_look_where_nothing_was_lost_changes_nothing(name):
    events = events_of(name)
    plain = run(events, began(name))
    told = Told(name)
    for event in events:
        told.hear(event)
        known = told.outcome.state
        if known.calls:
            assert told.look(look_at(told, told.tracker.tick, later=0)) == 0
            assert told.outcome.state == known
    assert told.outcome.state.calls == plain.state.calls


def test_a_look_that_is_older_than_an_event_does_not_overrule_it():
    name = "01_answered_caller_hangup"
    told = Told(name)
    for event in events_of(name):
        look = look_at(told, told.tracker.tick)
        told.hear(event)
        known = told.outcome.state.calls
        wiring = {uid: it.bridge for uid, it in told.tracker.wiring.channels.items()}
        told.look(Look(told.now, look.tick, look.channels, look.waiting))
        assert told.outcome.state.calls == known
        assert {uid: it.bridge for uid, it in told.tracker.wiring.channels.items()} == wiring


def test_a_core_that_starts_in_mid_call_takes_the_call_from_the_look():
    name = "06_blind_transfer_ami"
    events = [event for event in events_of(name) if event.at - began(name) < 1_200]
    truth, late = Told(name), Told(name)
    for event in events:
        truth.hear(event)
    late.look(look_at(truth, 0, later=0))
    call = late.outcome.call
    assert (call.state, call.position, call.dialled) == (CallState.ANSWERED, "agent1", "113")
    assert (call.services, call.number, call.carrier) == (("police",), "0912345678", "trunk1")
    for event in events_of(name)[len(events) :]:
        late.hear(event)
    assert late.outcome.call.positions == ("agent1", "agent2")
    assert late.outcome.call.ended_by is EndedBy.CALLER


def test_a_call_that_is_gone_is_ended_by_the_look():
    name = "01_answered_caller_hangup"
    told = Told(name)
    for event in events_of(name):
        if event.name == "Hangup":
            break
        told.hear(event)
    told.look(Look(asked_at=told.now + LATER, tick=told.tracker.tick, channels=()))
    assert (told.outcome.call.state, told.outcome.call.ended_by) == (CallState.ENDED, EndedBy.SWITCH_LOST)
    assert isinstance(told.outcome.facts[-1], SwitchLooked)
    assert not told.tracker.calls


def test_hold_before_a_restart_of_the_core_ends_with_the_first_word_about_it():
    """Whether a caller is on hold cannot be looked up: the next event must count, whatever was told before."""
    name = "09_hold_unhold"
    events = events_of(name)
    held = next(place for place, event in enumerate(events) if event.name == "Hold") + 1
    before = Told(name)
    for event in events[:held]:
        before.hear(event)
    assert before.outcome.call.state is CallState.HELD
    after = Told(name)
    after.outcome.state = before.outcome.state
    after.look(look_at(before, 0, later=0))
    assert after.outcome.call.state is CallState.HELD
    for event in events[held:]:
        after.hear(event)
        if event.name == "Unhold":
            assert after.outcome.call.state is CallState.ANSWERED
    assert after.outcome.call.ended_by is EndedBy.CALLER
