"""A call that ended while nobody listened: the switch remembers who ended it and when, and the look asks."""

from __future__ import annotations

import asyncio

import pytest

from dispatch_core.domain.vocabulary import CallState, EndedBy
from dispatch_core.ports import ActionFailed
from telephony.link.messages import Answer
from telephony.reconcile import look
from telephony.translate.look import Ending, Look
from telephony.translate.looked import lost_callers
from tests.telephony.test_looked import Told, events_of

CALLER = "psap1-1795444135.0"  # of stream 01


def cut_off() -> Told:
    """Stream 01 as far as the two talk."""
    told = Told("01")
    for event in events_of("01"):
        if event.name == "HangupRequest":
            break
        told.hear(event)
    assert told.outcome.call.state is CallState.ANSWERED
    return told


@pytest.mark.parametrize(
    ("by", "ended_by"),
    [
        ("PJSIP/trunk1-00000000", EndedBy.CALLER),
        ("PJSIP/agent1-00000001", EndedBy.POSITION),
        ("", EndedBy.US),
    ],
)
def test_the_end_is_as_if_it_had_been_heard(by, ended_by):
    told = cut_off()
    at = told.now + 1_500
    told.look(Look(told.now + 5_000, told.tracker.tick, (), endings={CALLER: Ending(at, 16, by)}))
    call = told.outcome.call
    assert (call.state, call.ended_by, call.ended_at) == (CallState.ENDED, ended_by, at)
    assert call.positions == ("agent1",)
    assert not told.tracker.calls and not told.tracker.wiring.channels


def test_what_the_switch_does_not_remember_is_lost():
    told = cut_off()
    told.look(Look(told.now + 5_000, told.tracker.tick, ()))
    assert told.outcome.call.ended_by is EndedBy.SWITCH_LOST


def test_only_a_caller_who_is_not_listed_and_of_whom_nothing_is_new_is_asked_about():
    told = cut_off()
    assert lost_callers(told.tracker, (), told.tracker.tick) == [CALLER]
    assert lost_callers(told.tracker, (), told.tracker.tick - 100) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (f"{CALLER} 1795444139000 16 PJSIP/agent1-00000001", Ending(1795444139000, 16, "PJSIP/agent1-00000001")),
        (f"{CALLER} 1795444139000 16 ", Ending(1795444139000, 16, "")),
        (f"{CALLER} 1795444139000 16", Ending(1795444139000, 16, "")),
        ("psap1-1795444135.512 1795444139000 16 ", None),  # another call has taken its place
        (f"{CALLER} soon 16 ", None),
        ("", None),
    ],
)
def test_what_the_switch_remembers_is_read_or_nothing_is(value, found):
    told, asked = cut_off(), []

    async def ask(name: str, **headers: object) -> Answer:
        asked.append((name, headers))
        if name == "Getvar":
            return Answer({"Response": "Success", "Value": value})
        if name == "PJSIPShowEndpoints":
            raise ActionFailed(name, "none")
        return Answer({"Response": "Success"})

    seen = asyncio.run(look(ask, told.tracker, lambda: told.now + 5_000))
    assert ("Getvar", {"Variable": "CALL_ENDED_0"}) in asked
    assert seen.look.endings == ({} if found is None else {CALLER: found})
