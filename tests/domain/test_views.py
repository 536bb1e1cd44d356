"""Who sees what. The law of mirrors and the hunt for personal data run after every step of the machine too (``laws``);
here stands which event is shown to whom, so that a new one cannot slip into the telephony view unseen."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from dispatch_core.domain import events as e
from dispatch_core.domain.canonical import encode_state
from dispatch_core.domain.state import Call, State
from dispatch_core.domain.views import HIDDEN_FROM_TELEPHONY, VIEW_OF_ROLE, View, shown_event, shown_state
from dispatch_core.domain.vocabulary import Direction, Role
from tests.domain.laws import check_event, personal_in
from tests.domain.world import T0, busy

BUSY = busy()

SHOWN_TO_TELEPHONY = {
    "SiteConfigured", "PersonSignedIn", "PersonSignedOut", "PositionTaken", "PositionLeft", "PositionAsked",
    "PositionAdded", "PositionRefused", "NodeConnected", "NodeLost", "CallArrived", "CallQueued", "CallRinging",
    "CallRingStopped", "AnswerAsked", "AnswerDropped", "CallAnswered", "CallHeld", "CallResumed", "CallJoined",
    "CallParted", "PositionReleased", "HangUpAsked", "HangUpDropped", "CallEnded", "CallFound", "RecordingStarted",
    "CallSounded", "IncidentArchived", "AlarmRaised", "AlarmHandled",
    "CallBackAsked", "CallBackDialling", "CallBackUnsure",
    "CallBackReached", "CallBackEnded", "CallMissed", "MissedWithdrawn", "MissedTaken", "MissedOverdue",
    "PositionReady", "PositionNotReady", "WrapUpBegan", "ServiceUnready", "ServiceReady",
    "NodeRetired", "NodeDrained",
    "SteerAsked", "SteerDropped", "VoiceMuted",
    "SurgeBegan", "SurgeProlonged", "SurgeEnded",
    "SoundTold",
    "TrunkTouched",
}  # fmt: skip

FIELDS_OF_CALL_SHOWN = {
    "id", "node", "direction", "state", "dialled", "services", "carrier", "queue", "overflowed", "ringing", "position",
    "positions", "talks", "parties", "intent", "hang_up_asked", "hang_up_at", "arrived_at", "queued_at", "requeued_at",
    "answered_at", "held_at", "hold_told_at", "ended_at", "ended_by", "cause", "recording",
    "heard_ms", "played_ms",
    "back", "steer", "muted", "mute_told_at",
}  # fmt: skip
TABLES_SHOWN = {
    "seq", "site", "positions", "people", "nodes", "calls", "alarms", "missed", "missed_done", "missed_today",
    "unready", "surge", "answering", "late_calls",
}  # fmt: skip


def test_every_event_is_shown_to_the_telephony_view_on_purpose_or_not_at_all() -> None:
    hidden = {kind.__name__ for kind in HIDDEN_FROM_TELEPHONY}
    assert not hidden & SHOWN_TO_TELEPHONY
    assert hidden | SHOWN_TO_TELEPHONY == {kind.__name__ for kind in get_args(e.Event)}


def test_everybody_has_a_view() -> None:
    assert VIEW_OF_ROLE == {
        Role.DISPATCHER: View.OPERATIONS, Role.SUPERVISOR: View.OPERATIONS, Role.TELEPHONY_ADMIN: View.TELEPHONY,
    }  # fmt: skip


def test_the_law_of_mirrors_over_a_busy_shift() -> None:
    state = State()
    for recorded in BUSY.story:
        state = check_event(state, recorded)
    assert state == BUSY.state


def test_the_telephony_view_holds_nothing_personal_and_no_incident() -> None:
    shown = shown_state(View.TELEPHONY, BUSY.state)
    data = encode_state(shown)
    assert personal_in(encode_state(shown_state(View.OPERATIONS, BUSY.state)))
    assert not personal_in(data)
    assert b"20261123-" not in data
    empty = State()
    for field in msgspec.structs.fields(State):
        untouched = getattr(shown, field.name) == getattr(empty, field.name)
        assert untouched != (field.name in TABLES_SHOWN), field.name


def test_a_new_field_of_a_call_is_hidden_until_it_is_put_here() -> None:
    hidden = set(Call.__struct_fields__) - FIELDS_OF_CALL_SHOWN
    assert hidden == {
        "number", "name", "location", "location_note", "other_locations", "location_link", "incident",
        "recording_state", "silence", "guest", "surge",
    }  # fmt: skip
    for call in shown_state(View.TELEPHONY, BUSY.state).calls.values():
        bare = Call(id="", node="")
        assert all(getattr(call, name) == getattr(bare, name) for name in hidden)


@pytest.mark.parametrize("view", list(View))
def test_sessions_are_shown_to_nobody(view: View) -> None:
    assert b"s-lan" in encode_state(BUSY.state)
    assert b"s-lan" not in encode_state(shown_state(view, BUSY.state))
    for recorded in BUSY.story:
        shown = shown_event(view, recorded)
        assert shown is None or b"s-lan" not in msgspec.msgpack.encode(shown)


def test_the_number_that_we_call_back_is_not_in_dialled() -> None:
    """An older journal may have it there."""
    event = e.CallArrived(
        call="cb", node="n", at=T0, direction=Direction.OUTGOING, dialled="0903", services=(), number="0903"
    )
    recorded = e.Recorded(seq=1, at=T0, by="switch:n", command="c", event=event)
    shown = shown_event(View.TELEPHONY, recorded)
    assert shown is not None and b"0903" not in msgspec.msgpack.encode(shown)
    assert b"0903" in msgspec.msgpack.encode(shown_event(View.OPERATIONS, recorded))
    after = check_event(State(), recorded)
    assert b"0903" not in encode_state(shown_state(View.TELEPHONY, after))
