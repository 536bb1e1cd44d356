"""What an INVITE said of a place and the call that it became find each other, whichever is told first or not at all."""

from __future__ import annotations

from msgspec.structs import replace
from recorded_streams import NAMING, NODE

from dispatch_core.domain.commands import CallPlaced
from dispatch_core.domain.vocabulary import Location, LocationSource
from telephony.caller_location.sip_invite import Told
from telephony.dialplan_contexts import CALL_NUMBER, CALL_SERVICE, CALL_UUID
from telephony.translate import Tracker
from telephony.translate.heard_places import CALL_ID_LENGTH, KEPT, HeardPlaces
from telephony.translate.look import Look, LookedChannel
from telephony.translate.looked import merge

HERE = Location(label="here", source=LocationSource.PIDF_LO, lat=10.7, lon=106.7)
THERE = Location(label="there", source=LocationSource.PIDF_LO, lat=10.8, lon=106.7)


def test_either_may_come_first() -> None:
    places = HeardPlaces()
    assert places.arrived("a", "c1") == []
    assert places.told(Told("a", (HERE,))) == [CallPlaced(call="c1", location=HERE)]
    assert places.told(Told("b", (HERE, THERE), link="https://x")) == []
    assert places.arrived("b", "c2") == [
        CallPlaced(call="c2", location=HERE, link="https://x"), CallPlaced(call="c2", location=THERE),
    ]  # fmt: skip
    assert places.arrived("b", "c2") == []


def test_a_later_invite_of_the_same_call_is_told_too() -> None:
    places = HeardPlaces()
    places.arrived("a", "c1")
    assert places.told(Told("a", (HERE,))) and places.told(Told("a", (THERE,)))
    assert places.told(Told("a", (), "syntax")) == [CallPlaced(call="c1", note="syntax")]


def test_an_invite_that_is_sent_again_brings_no_newer_place() -> None:
    places = HeardPlaces()
    places.arrived("a", "c1")
    assert places.told(Told("a", (HERE,)))
    later = replace(HERE, at=9_000)
    assert places.told(Told("a", (later,))) == []
    assert places.told(Told("a", (THERE,))) and places.told(Told("a", (later,)))
    assert places.told(Told("b", (HERE,))) == [] and places.told(Told("b", (later,))) == []
    assert places.arrived("b", "c2") == [CallPlaced(call="c2", location=HERE)]


def test_the_dialplan_cuts_long_ids() -> None:
    places = HeardPlaces()
    assert places.told(Told("x" * 900, (HERE,))) == []
    assert places.arrived("x" * CALL_ID_LENGTH, "c1")
    assert places.arrived("", "c2") == []


def test_a_flood_is_bounded() -> None:
    places = HeardPlaces()
    for number in range(KEPT + 10):
        places.told(Told(f"t{number}", (HERE,)))
        places.arrived(f"a{number}", f"c{number}")
    assert places.arrived("t5", "c") == [] and places.arrived(f"t{KEPT + 9}", "c") != []
    assert places.told(Told("a5", (HERE,))) == [] and places.told(Told(f"a{KEPT + 9}", (HERE,))) != []


def test_a_look_brings_the_call_that_no_event_told_of() -> None:
    tracker = Tracker(NODE, NAMING)
    tracker.places.told(Told("a@b", (HERE,)))
    channel = LookedChannel(
        uid="pbx1-1.1", name="PJSIP/trunk1-00000001", state="Up", bridge="", number="0912345678", exten="",
        seconds=1, variables={CALL_UUID: "pbx1-1.1", CALL_NUMBER: "115", CALL_SERVICE: "ambulance"},
    )  # fmt: skip
    look = Look(asked_at=9_000, tick=tracker.tick, channels=(channel,), sip_calls={"pbx1-1.1": "a@b"})
    assert CallPlaced(call="pbx1-1.1", location=HERE) in merge(tracker, look).facts
    assert not any(isinstance(fact, CallPlaced) for fact in merge(tracker, look).facts)
