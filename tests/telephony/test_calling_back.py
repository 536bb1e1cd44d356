"""A call-back as the switch tells of it: by events, by looks, and in whatever order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import Command, LiveCall, SwitchLooked
from dispatch_core.domain.vocabulary import CallBackOutcome, EndedBy
from telephony.dialplan_contexts import CALL_NUMBER, CALL_UUID, CALLBACK
from telephony.link.messages import AmiEvent
from telephony.translate import Naming, Tracker
from telephony.translate.look import Look, LookedChannel
from telephony.translate.looked import merge
from telephony.translate.tracker import LOOKS_AWAITED

CB, FAR = "cb0001", "pbx1-9.1"
OURS, THEIRS = "PJSIP/B01-00000001", "PJSIP/viettel-00000002"
T0 = 1_795_444_000_000
DONE = CallBackOutcome


class Line:
    """One node whose events and looks are made by hand, a second apart."""

    def __init__(self) -> None:
        self.tracker = Tracker("pbx1", Naming(frozenset({"viettel"}), {"115": ("ambulance",)}))
        self.at = T0

    def hear(self, name: str, **headers: str) -> list[Command]:
        self.at += 1_000
        variables = {f"{prefix}{CALL_UUID}": CB for prefix in ("", "Dest")}
        return self.tracker.apply(AmiEvent(name, self.at * 1000, headers, variables))

    def ordered(self) -> None:
        self.tracker.ordered(CB, "B01", "0912")

    def rings_here(self) -> list[Command]:
        return self.hear("DialBegin", DestChannel=OURS, DestUniqueid=CB)

    def tells(self, event: str, **headers: str) -> list[Command]:
        return self.hear("UserEvent", UserEvent=event, Channel=OURS, Uniqueid=CB, **headers)

    def dials(self) -> list[Command]:
        return self.tells("DispatchCallbackDialling", Position="B01", Number="0912", Carrier="viettel")

    def ends(self, outcome: str, cause: str = "16") -> list[Command]:
        return self.tells("DispatchCallbackEnded", Outcome=outcome, Cause=cause)

    def hangs_up(self) -> list[Command]:
        return self.hear("Hangup", Channel=OURS, Uniqueid=CB, Cause="17")

    def look(self, *channels: LookedChannel) -> tuple[list[Command], Sequence[LiveCall]]:
        self.at += 5_000
        facts = merge(self.tracker, Look(self.at, self.tracker.tick, channels)).facts
        looked = next(it for it in facts if isinstance(it, SwitchLooked))
        return [it for it in facts if it is not looked], looked.calls


def channel(uid: str, name: str, bridge: str = "", number: str = "") -> LookedChannel:
    state = "Up" if bridge else "Ringing"
    return LookedChannel(uid, name, state, bridge, number, "", 3, {CALL_UUID: CB, CALL_NUMBER: "115"})


@pytest.fixture
def line() -> Line:
    return Line()


def test_ordered_dialled_and_not_reached(line: Line) -> None:
    line.ordered()
    assert line.rings_here() == []
    (started,) = line.dials()
    assert isinstance(started, c.CallBackStarted) and (started.call, started.position) == (CB, "B01")
    assert line.dials() == []  # another carrier is tried
    assert line.ends("BUSY") == [c.CallBackOver(call=CB, outcome=DONE.BUSY)]
    (over,) = line.hangs_up()
    assert isinstance(over, c.CallOver) and over.by is EndedBy.UNREACHED
    assert line.ends("BUSY") == [c.CallBackOver(call=CB, outcome=DONE.BUSY)]  # told again, late: it changes nothing


@pytest.mark.parametrize(
    ("said", "cause", "outcome"),
    [
        ("ANSWER", "16", DONE.REACHED), ("NOANSWER", "19", DONE.NO_ANSWER), ("CANCEL", "16", DONE.GIVEN_UP),
        ("INVALIDARGS", "0", DONE.INVALID), ("CHANUNAVAIL", "1", DONE.INVALID), ("CONGESTION", "34", DONE.UNREACHABLE),
    ],
)  # fmt: skip
def test_what_the_dialplan_says_became_of_it(line: Line, said: str, cause: str, outcome: CallBackOutcome) -> None:
    line.ordered()
    line.dials()
    assert line.ends(said, cause) == [c.CallBackOver(call=CB, outcome=outcome)]


def test_our_own_phone_is_not_lifted(line: Line) -> None:
    line.ordered()
    line.rings_here()
    told = line.hear(
        "OriginateResponse", Response="Failure", Channel="PJSIP/B01", Context=CALLBACK, Reason="3", Uniqueid=CB
    )
    assert [type(it) for it in told] == [c.CallBackOver, c.CallOver]
    assert told[0] == c.CallBackOver(call=CB, outcome=DONE.NO_PICK_UP)


def test_hanging_up_ends_our_own_end_until_somebody_was_reached(line: Line) -> None:
    line.ordered()
    assert line.tracker.caller_of(CB) == ""
    line.rings_here()
    line.dials()
    line.hear("DialBegin", Channel=OURS, Uniqueid=CB, DestChannel=THEIRS, DestUniqueid=FAR)
    assert line.tracker.caller_of(CB) == CB
    line.hear("BridgeEnter", Channel=THEIRS, Uniqueid=FAR, BridgeUniqueid="b1")
    (taken,) = line.hear("BridgeEnter", Channel=OURS, Uniqueid=CB, BridgeUniqueid="b1")
    assert isinstance(taken, c.CallTakenAt) and taken.position == "B01"
    assert line.tracker.caller_of(CB) == FAR


def test_a_look_lists_one_that_only_rings_here(line: Line) -> None:
    line.ordered()
    line.rings_here()
    told, calls = line.look(channel(CB, OURS))
    assert told == [] and [(it.call, it.outgoing) for it in calls] == [(CB, True)]


def test_looks_that_are_too_early_do_not_forget_it(line: Line) -> None:
    line.ordered()
    for _ in range(LOOKS_AWAITED):
        assert line.look() == ([], ())
    assert [type(it) for it in line.dials()] == [c.CallBackStarted]
    line.ordered()


def test_one_that_was_refused_is_forgotten(line: Line) -> None:
    line.ordered()
    line.tracker.forget(CB)
    assert CB not in line.tracker.calls


def test_a_core_that_starts_in_its_middle_finds_it(line: Line) -> None:
    """By the id that was chosen: first while our own phone rings, then from the carrier's end."""
    told, calls = line.look(channel(CB, OURS))
    assert told == [] and calls[0].outgoing and not calls[0].position
    (started,) = line.dials()
    assert isinstance(started, c.CallBackStarted)
    assert line.ends("BUSY") == [c.CallBackOver(call=CB, outcome=DONE.BUSY)]
    again = Line()
    told, calls = again.look(channel(CB, OURS, "b1"), channel(FAR, THEIRS, "b1", "0912"))
    assert [type(it) for it in told] == [c.CallBackStarted]
    assert (calls[0].call, calls[0].outgoing, calls[0].position) == (CB, True, "B01")
