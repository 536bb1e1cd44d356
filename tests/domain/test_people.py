"""Signing in and out, seats, adding a seat, handling an alarm."""

from __future__ import annotations

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.vocabulary import Role
from tests.domain.world import NODE, World


def test_a_second_sign_in_replaces_the_session_and_keeps_the_seat(world: World) -> None:
    world.core(c.SignIn(user="lan", name="Lan", role=Role.SUPERVISOR, session="s-new"))
    lan = world.state.people["lan"]
    assert (lan.session, lan.role, lan.position) == ("s-new", Role.SUPERVISOR, "B02")


def test_a_person_who_becomes_an_admin_leaves_the_seat(world: World) -> None:
    told = world.core(c.SignIn(user="lan", name="Lan", role=Role.TELEPHONY_ADMIN, session="s-new"))
    assert [type(it) for it in told] == [e.PositionLeft, e.PersonSignedIn]
    assert world.state.positions["B02"].user == ""


def test_sign_out_leaves_the_seat_and_only_once(world: World) -> None:
    told = world.person("lan", c.SignOut(user="lan"))
    assert told == (e.PositionLeft(user="lan", position="B02"), e.PersonSignedOut(user="lan"))
    assert world.person_no("lan", c.SignOut(user="lan")) == "not_signed_in"
    assert world.core_no(c.SignOut(user="lan")) == "nothing_new"
    assert world.core(c.SignOut(user="tuan")) == (e.PersonSignedOut(user="tuan"),)


def test_sign_out_in_mid_call_keeps_call_and_incident(world: World) -> None:
    incident = world.talk("c1", "B02")
    world.person("lan", c.SignOut(user="lan"))
    assert world.the("c1").position == "B02"
    assert world.state.incidents[incident.id].owner == "lan"
    # whoever sits down at that phone next talks with the caller, and may end the call
    world.person("minh", c.TakePosition(position="B02"))
    assert world.person("minh", c.HangUp(call="c1")) == (e.HangUpAsked(call="c1"),)


def test_what_somebody_left_behind_may_be_taken(world: World) -> None:
    incident = world.talk("c1", "B02")
    assert world.person_no("minh", c.TakeIncident(incident=incident.id)) == "incident_owned"
    world.core(c.SignOut(user="lan"))
    world.person("minh", c.TakeIncident(incident=incident.id))
    assert world.state.incidents[incident.id].owner == "minh"


def test_a_sign_out_of_an_older_session_does_not_end_the_newer_one(world: World) -> None:
    assert world.core_no(c.SignOut(user="lan", session="s-old")) == "nothing_new"
    world.core(c.SignOut(user="lan", session="s-lan"))
    assert "lan" not in world.state.people


def test_what_somebody_holds_who_may_no_longer_work_on_it_may_be_taken(world: World) -> None:
    incident = world.talk("c1", "B02")
    world.core(c.SignIn(user="lan", name="Lan", role=Role.TELEPHONY_ADMIN, session="s-new"))
    world.person("minh", c.TakeIncident(incident=incident.id))


def test_taking_a_seat(world: World) -> None:
    assert world.person_no("lan", c.TakePosition(position="B99")) == "unknown_position"
    assert world.person_no("lan", c.TakePosition(position="B01")) == "position_taken"
    assert world.person_no("lan", c.TakePosition(position="B02")) == "already_so"
    told = world.person("lan", c.TakePosition(position="B04"))
    assert told == (e.PositionLeft(user="lan", position="B02"), e.PositionTaken(user="lan", position="B04"))
    world.person("lan", c.LeavePosition())
    assert world.person_no("lan", c.LeavePosition()) == "no_position"
    assert world.state.positions["B04"].user == world.state.people["lan"].position == ""


def test_a_new_seat_is_usable_once_its_phone_is_confirmed(world: World) -> None:
    asked = c.AddPosition(position="B07", label=" Bàn\r\n7 ", services=("fire", "fire"))
    (told,) = world.person("tuan", asked)
    assert told == e.PositionAsked(position="B07", label="Bàn\ufffd\ufffd7", services=("fire",))
    assert world.person_no("lan", c.TakePosition(position="B07")) == "position_installing"
    world.core(c.PositionInstalled(position="B07"))
    assert world.core_no(c.PositionInstalled(position="B07")) == "nothing_new"
    assert world.core_no(c.PositionFailed(position="B07", vi="", en="")) == "nothing_new"
    world.person("lan", c.TakePosition(position="B07"))


def test_a_seat_whose_phone_fails_disappears_with_the_reason(world: World) -> None:
    world.person("tuan", c.AddPosition(position="B07", label="", services=("fire",)))
    assert world.state.positions["B07"].label == "B07"
    (told,) = world.core(c.PositionFailed(position="B07", vi="Lỗi nạp", en="Load error"))
    assert told == e.PositionRefused(position="B07", vi="Lỗi nạp", en="Load error")
    assert "B07" not in world.state.positions
    assert world.core_no(c.PositionInstalled(position="B07")) == "nothing_new"
    assert world.core_no(c.PositionFailed(position="B07", vi="", en="")) == "nothing_new"


@pytest.mark.parametrize(
    ("position", "label", "services", "code"),
    [
        ("7B", "", ("fire",), "bad_position_name"),
        ("B07\n", "", ("fire",), "bad_position_name"),
        ("B" * 13, "", ("fire",), "bad_position_name"),
        ("B01", "", ("fire",), "position_exists"),
        ("b01", "", ("fire",), "position_exists"),
        ("B07", "x" * 61, ("fire",), "text_too_long"),
        ("B07", "", (), "unknown_service"),
        ("B07", "", ("fire", "moon"), "unknown_service"),
    ],
)
def test_a_seat_that_cannot_be(world: World, position: str, label: str, services: tuple[str, ...], code: str) -> None:
    assert world.person_no("tuan", c.AddPosition(position=position, label=label, services=services)) == code


def test_an_alarm_is_handled_once(world: World) -> None:
    world.switch(c.MessageParked(node=NODE, why="not UTF-8"))
    (key,) = world.state.alarms
    world.person("lan", c.HandleAlarm(key=key))
    assert world.person_no("tuan", c.HandleAlarm(key=key)) == "unknown_alarm"
    assert not world.state.alarms
