"""What the journal keeps: events in two parts, read back in today's shape, with or without what was erased."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest
from msgspec import NODEFAULT

from dispatch_core.domain import events as e
from dispatch_core.domain import upcast
from dispatch_core.domain.canonical import checksum, encode_state
from dispatch_core.domain.evolve import evolve, fold, pass_over
from dispatch_core.domain.evolve.rules import RULES
from dispatch_core.domain.evolve.rules import rule as evolved_by
from dispatch_core.domain.state import State
from dispatch_core.domain.upcast import TYPES, from_fields, to_fields
from dispatch_core.domain.vocabulary import (
    AlarmLevel,
    CallBackOutcome,
    Direction,
    LocationSource,
    MissedEnd,
    PlaceRules,
    SteerAct,
)
from tests.domain.laws import check_erased, kept_and_read, personal_in
from tests.domain.world import CARDS, T0, busy, place

EVENTS: tuple[type[e.Happened], ...] = get_args(e.Event)
BUSY = busy()


def test_every_event_has_one_meaning() -> None:
    assert set(RULES) == set(EVENTS)
    declared = {kind for kind in vars(e).values() if isinstance(kind, type) and issubclass(kind, e.Happened)}
    assert declared - {e.Happened} == set(EVENTS)
    with pytest.raises(ValueError, match="two rules for CallEnded"):
        evolved_by(e.CallEnded)(lambda state, event, recorded: state)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_what_may_be_erased_has_a_default(kind: type[e.Happened]) -> None:
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    for name in kind.PERSONAL:
        assert fields[name].default is not NODEFAULT, f"{kind.__name__}.{name}"
    assert kind.VERSION >= 1
    tag = kind.__struct_config__.tag
    assert (tag, kind.__struct_config__.tag_field) == (kind.__name__, "t")


def test_names_that_hold_personal_data_are_all_marked() -> None:
    """A number, a name, words of a caller or about one: wherever an event has such a field, it is erasable."""
    for kind in EVENTS:
        names = {"number", "text", "location", "link", "reason", "digit", "asked", "found", "drafts"}
        suspicious = names & set(kind.__struct_fields__)
        if kind is e.CallArrived:
            suspicious.add("name")
        if kind is e.PremiseWritten:
            suspicious.add("label")
        assert suspicious == set(kind.PERSONAL), kind


def test_a_busy_shift_is_kept_and_read() -> None:
    kinds = set()
    for recorded in BUSY.story:
        assert kept_and_read(recorded, erased=False) == recorded
        kinds.add(type(recorded.event))
    assert len(kinds) > 30
    replayed = fold(State(), [kept_and_read(recorded, erased=False) for recorded in BUSY.story])
    assert checksum(replayed) == checksum(BUSY.state)


def test_after_an_erasure_the_story_is_whole_and_nobody_is_in_it() -> None:
    assert personal_in(encode_state(BUSY.state))
    check_erased(State(), BUSY.story)


def test_only_what_says_something_is_kept_apart() -> None:
    event = e.CallArrived(
        call="c1", node="n", at=T0, direction=Direction.INCOMING, dialled="113", services=(), number="0903"
    )
    public, personal = to_fields(event)
    assert personal == {"number": "0903"}
    assert "number" not in public and "name" not in public and "t" not in public
    located = e.IncidentLocated(incident="i", location=place("a", source=LocationSource.WARD))
    public, personal = to_fields(located)
    assert public == {"incident": "i"} and set(personal) == {"location"}
    assert from_fields("IncidentLocated", 1, public, {}) == e.IncidentLocated(incident="i")


def test_older_shapes_are_lifted_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def words_to_text(fields: dict[str, Any]) -> dict[str, Any]:
        return {"incident": fields["incident"], "words": " ".join(fields["lines"])}

    def text_at_last(fields: dict[str, Any]) -> dict[str, Any]:
        return {"incident": fields["incident"], "text": fields["words"]}

    monkeypatch.setattr(e.NoteAdded, "VERSION", 3)
    monkeypatch.setitem(upcast.UPCASTERS, ("NoteAdded", 1), words_to_text)
    monkeypatch.setitem(upcast.UPCASTERS, ("NoteAdded", 2), text_at_last)
    i = {"incident": "i"}
    assert from_fields("NoteAdded", 1, i, {"lines": ["a", "b"]}) == e.NoteAdded(incident="i", text="a b")
    assert from_fields("NoteAdded", 3, i, {"text": "c"}) == e.NoteAdded(incident="i", text="c")


def test_a_shape_that_nobody_knows_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown event type 'Dreamt'"):
        from_fields("Dreamt", 1, {}, {})
    with pytest.raises(msgspec.ValidationError, match="newer than this program"):
        from_fields("NoteAdded", 2, {"incident": "i"}, {})
    with pytest.raises(msgspec.ValidationError):
        from_fields("NoteAdded", 1, {"incident": 7}, {})
    assert set(TYPES) == {kind.__name__ for kind in EVENTS}


# --- evolve is total --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_an_event_about_what_is_not_there_changes_nothing_there(kind: type[e.Happened]) -> None:
    """The views that leave things out, and states after an archive, meet events about things that they do not hold."""
    told = [recorded for recorded in BUSY.story if type(recorded.event) is kind] or [recorded_of(kind)]
    for recorded in told:
        empty = State(seq=recorded.seq - 1)
        after = evolve(empty, recorded)
        assert after.seq == recorded.seq
        if kind not in MAKES_SOMETHING:
            assert msgspec.structs.replace(after, seq=empty.seq) == empty


MAKES_SOMETHING = {
    e.MemoSent, e.ShiftHanded,
    e.SiteConfigured, e.TypesLoaded, e.ResourcesLoaded, e.ZoneSetPublished, e.PersonSignedIn, e.PositionAsked,
    e.NodeConnected, e.NodeLost, e.CallArrived, e.TextReceived, e.IncidentReceived, e.AlarmRaised,
    e.HoldPlaced, e.SurgeProposed, e.SurgeBegan,
    e.LocationKept,
    e.NodeConnected, e.NodeLost, e.CallArrived, e.TextReceived, e.IncidentReceived, e.AlarmRaised, e.CallBackAsked,
    e.CallSplit, e.ServiceUnready,
    e.NumberSet, e.NumberRated,
    e.WatchAsked,
    e.MapPublished, e.ClosureDrawn,
    e.PlaceRulesLoaded, e.HospitalsLoaded, e.PremiseWritten,
    e.CardsLoaded,
}  # fmt: skip

RARE: dict[type[e.Happened], e.Event] = {
    e.EnteredAfterwards: e.EnteredAfterwards(incident="i", happened_at=1),
    e.MemoRead: e.MemoRead(memo="m", user="lan", position="B01"),
    e.MemoFiled: e.MemoFiled(memo="m"),
    e.ShiftTaken: e.ShiftTaken(user="lan", to="minh", incidents=("i",)),
    e.ShiftEnded: e.ShiftEnded(user="lan", to="minh"),
    e.ShiftLate: e.ShiftLate(user="lan"),
    e.SoundTold: e.SoundTold(user="lan", works=False),
    e.TrunkTouched: e.TrunkTouched(kind="apply", by="tuan", outcome="done", version=2),
    e.CardsLoaded: e.CardsLoaded(book=CARDS),
    e.CardAnswered: e.CardAnswered(
        incident="i", card="road", version=1, question="awake", answer="no", ask=("Tỉnh?", "Awake?"),
        said=("Không", "No"),
    ),
    e.PlaceRulesLoaded: e.PlaceRulesLoaded(rules=PlaceRules()),
    e.PremiseRemoved: e.PremiseRemoved(premise="P1"),
    e.PremiseUndone: e.PremiseUndone(premise="P1"),
    e.UnitSentHome: e.UnitSentHome(unit="P2"),
    e.PatientDelivered: e.PatientDelivered(incident="i", unit="A1", hospital="H1", kind="icu"),
    e.NodeDrained: e.NodeDrained(node="hcm2", on=True),
    e.NodeRetired: e.NodeRetired(node="hcm2"),
    e.CallFound: e.CallFound(call="c1"),
    e.CallParted: e.CallParted(call="c1", party="B01"),
    e.CallRingStopped: e.CallRingStopped(call="c1", position="B01"),
    e.AnswerDropped: e.AnswerDropped(call="c1", position="B01", why=""),
    e.CallHeld: e.CallHeld(call="c1", at=T0),
    e.CallResumed: e.CallResumed(call="c1", at=T0),
    e.PositionReleased: e.PositionReleased(call="c1", position="B01"),
    e.HangUpDropped: e.HangUpDropped(call="c1", why=""),
    e.SteerDropped: e.SteerDropped(call="c1", act=SteerAct.HOLD, why=""),
    e.WatchStopAsked: e.WatchStopAsked(position="B01", channel="w"),
    e.WatchEnded: e.WatchEnded(position="B01", channel="w"),
    e.PrioritySet: e.PrioritySet(incident="i", priority=1),
    e.LegClosed: e.LegClosed(incident="i", service="fire"),
    e.UnitReleased: e.UnitReleased(incident="i", service="fire", unit="F1"),
    e.ReassignUndone: e.ReassignUndone(incident="i", what="incident", service="", was="a", to="b"),
    e.IncidentReassigned: e.IncidentReassigned(incident="i", was="a", to="b"),
    e.IncidentArchived: e.IncidentArchived(incident="i", calls=("c1",)),
    e.AlarmHandled: e.AlarmHandled(key="k"),
    e.NodeLost: e.NodeLost(node="n", why=""),
    e.RecordingKept: e.RecordingKept(call="c1", incident="i", files=()),
    e.HoldReleased: e.HoldReleased(incident="i", call=""),
    e.RecordingRemoved: e.RecordingRemoved(call="c1", incident="i", file="c1.wav"),
    e.EvidenceExported: e.EvidenceExported(call="c1", calls=1, sha256=""),
    e.PersonSignedOut: e.PersonSignedOut(user="lan"),
    e.PositionLeft: e.PositionLeft(user="lan", position="B01"),
    e.LocationDropped: e.LocationDropped(ident="l1"),
    e.PositionAdded: e.PositionAdded(position="B07"),
    e.PositionRefused: e.PositionRefused(position="B07", vi="", en=""),
    e.CallBackDialling: e.CallBackDialling(call="cb1", at=T0),
    e.CallBackUnsure: e.CallBackUnsure(call="cb1", why="unknown"),
    e.CallBackReached: e.CallBackReached(call="cb1", position="B01", incident="i"),
    e.CallBackEnded: e.CallBackEnded(call="cb1", outcome=CallBackOutcome.BUSY, incident="i"),
    e.MissedWithdrawn: e.MissedWithdrawn(call="c1", line="c1"),
    e.MissedTaken: e.MissedTaken(line="c1", end=MissedEnd.BY_HAND),
    e.MissedOverdue: e.MissedOverdue(line="c1"),
    e.CallRangAgain: e.CallRangAgain(call="c1", of="c0", incident="i", services=()),
    e.CallSplit: e.CallSplit(call="c1", incident="i", to="j", day="20261123", count=2),
    e.IncidentUnfolded: e.IncidentUnfolded(incident="i", into="j"),
    e.PositionReady: e.PositionReady(position="B01"),
    e.ServiceReady: e.ServiceReady(service="fire"),
    e.TextAsked: e.TextAsked(conversation="t1", text_id="a1", user="lan"),
    e.TextSent: e.TextSent(conversation="t1", text_id="a1"),
    e.TextDropped: e.TextDropped(conversation="t1", text_id="a1", why="", unknown=True),
    e.ConversationTaken: e.ConversationTaken(conversation="t1", user="lan"),
    e.ConversationLinked: e.ConversationLinked(conversation="t1", incident="i"),
    e.ConversationLate: e.ConversationLate(conversation="t1", since=T0),
    e.ConversationClosed: e.ConversationClosed(conversation="t1"),
    e.ConversationArchived: e.ConversationArchived(conversation="t1"),
    e.CallerHeard: e.CallerHeard(call="c1", at=T0),
    e.CallerQuiet: e.CallerQuiet(call="c1", at=T0),
    e.KeyPressed: e.KeyPressed(call="c1", at=T0, digit="5"),
    e.PromptAsked: e.PromptAsked(call="c1"),
    e.PromptPlayed: e.PromptPlayed(call="c1", at=T0),
    e.PromptDropped: e.PromptDropped(call="c1", why=""),
    e.NumberRated: e.NumberRated(closures=(), real_at=0),
    e.NumberSet: e.NumberSet(on=True, user="hoa"),
    e.NumberForgotten: e.NumberForgotten(),
    e.OffersExhausted: e.OffersExhausted(incident="i", service="fire"),
    e.CrewTurnedBack: e.CrewTurnedBack(incident="i", service="fire", unit="F1"),
    e.RouteAskedAgain: e.RouteAskedAgain(incident="i", services=("fire",)),
    e.RouteGivenUp: e.RouteGivenUp(incident="i", service="fire"),
    e.SurgePassed: e.SurgePassed(),
    e.SurgeProlonged: e.SurgeProlonged(incident="i", until=T0, user="hoa"),
    e.SurgeEnded: e.SurgeEnded(incident="i", why="time"),
}


def recorded_of(kind: type[e.Happened]) -> e.Recorded:
    return e.Recorded(seq=1, at=T0, by="core:test", command="1", event=RARE[kind])


def test_events_come_one_by_one() -> None:
    recorded = BUSY.story[0]
    for seq in (0, 2, -1):
        with pytest.raises(ValueError, match="does not follow"):
            evolve(State(seq=seq + 5), recorded)
    with pytest.raises(ValueError, match="does not follow"):
        pass_over(State(seq=3), 5)
    assert pass_over(State(seq=3), 4) == State(seq=4)


def test_details_that_only_an_old_journal_can_hold() -> None:
    """Events that today's rules no longer write are still read: doubled joins, alarms and refusals."""
    story = [
        e.PositionAsked(position="B07", label="7", services=()),
        e.PositionAdded(position="B07"),
        e.PositionRefused(position="B07", vi="", en=""),  # too late: the seat is in use
        e.AlarmRaised(key="k", kind="k", subject="s", level=AlarmLevel.LOW),
        e.AlarmRaised(key="k", kind="k", subject="s", level=AlarmLevel.LOW),
        e.IncidentReceived(incident="20261123-00001", day="20261123", count=1, call="", services=()),
        e.LegOpened(incident="20261123-00001", service="fire", priority=3),
        e.UnitAssigned(incident="20261123-00001", service="fire", unit="F1"),
        e.UnitAssigned(incident="20261123-00001", service="fire", unit="F1"),
        e.UnitReleased(incident="20261123-00001", service="police", unit="P1"),
        e.LegReassigned(incident="20261123-00001", service="fire", what="unit", was="", to="F1"),
    ]
    state = State()
    for number, event in enumerate(story, 1):
        state = evolve(state, e.Recorded(seq=number, at=T0, by="core:x", command="c", event=event))
    assert "B07" in state.positions and state.alarms["k"].count == 2
    incident = state.incidents["20261123-00001"]
    assert incident.calls == () and incident.legs["fire"].units == ("F1",)


def test_doubled_joins_rings_and_ends_of_a_call() -> None:
    busy_state = BUSY.state
    for event in (
        e.CallJoined(call="c1", party="B04"),
        e.CallRinging(call="c2", position="B04"),
        e.CallHeld(call="c4", at=T0),
        e.CallRinging(call="c4", position="B01"),
    ):
        after = evolve(busy_state, e.Recorded(seq=busy_state.seq + 1, at=T0, by="x:y", command="c", event=event))
        assert after.calls == busy_state.calls, event
