"""Who may do what: every command is in the table, and nobody gets one that is not theirs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from dispatch_core.domain import commands as c
from dispatch_core.domain.authority import CORE, INTAKE, PEOPLE, SENDERS, SWITCH, forbidden
from dispatch_core.domain.commands import Actor, ActorKind, Asked, Body, SenderKind
from dispatch_core.domain.decide.story import RULES
from dispatch_core.domain.decide.story import rule as decided_by
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.vocabulary import Role, UnitStatus
from dispatch_core.domain.words import ACTS, ROLES
from tests.domain.asking import COMMANDS, command
from tests.domain.examples import tries
from tests.domain.world import PEOPLE as CREW
from tests.domain.world import World, staffed

STAFFED = staffed().state

DESK = {Role.DISPATCHER, Role.SUPERVISOR}
EXPECTED: dict[str, set[Role]] = {
    "SignOut": set(Role),
    "HandleAlarm": set(Role),
    "TellSound": set(Role),
    "ReassignIncident": {Role.SUPERVISOR},
    "ReassignLeg": {Role.SUPERVISOR},
    "SetNuisance": {Role.SUPERVISOR},
    "MoveUp": {Role.SUPERVISOR},
    "SendHome": {Role.SUPERVISOR},
    "AddPosition": {Role.TELEPHONY_ADMIN},
    "HoldRecording": {Role.SUPERVISOR},
    "ReleaseHold": {Role.SUPERVISOR},
    "ExportEvidence": {Role.SUPERVISOR},
    "WatchPosition": {Role.SUPERVISOR},
    "StopWatching": {Role.SUPERVISOR},
    "SurgeOn": {Role.SUPERVISOR},
    "SurgeOff": {Role.SUPERVISOR},
    "RedirectUnit": {Role.SUPERVISOR},
    "UndoReassign": {Role.SUPERVISOR},
    **dict.fromkeys(
        (
            "TakePosition", "LeavePosition", "AnswerCall", "HangUp", "SetType", "SetPriority", "Locate", "AddNote",
            "AnswerCard",
            "TakeIncident", "OpenLeg", "CloseLeg", "AssignUnits", "ReleaseUnit", "ReportStatus", "CloseIncident",
            "CallBack", "TakeOffMissed", "FoldIncident", "UnfoldIncident", "SplitCall", "BeReady",
            "BeNotReady",
            "SendText", "TakeConversation", "OpenForText", "OpenIncident", "LinkConversation", "CloseConversation",
            "PlayPrompt", "MarkDifferent",
            "SetBeds", "SetDivert", "TakeTo", "WritePremise", "RemovePremise", "UndoPremise",
            "CloseEmpty", "HearRecording", "HoldCall", "ResumeCall", "MuteCall", "TransferCall", "ConsultCall",
            "RaiseAlarmLevel", "LowerAlarmLevel", "RankAgain", "ExplainOverride", "SetCrew",
            "OfferUnits", "OfferStation", "AcceptOffer", "DeclineOffer", "WithdrawOffer", "CheckUnit",
            "CompleteConsult", "JoinConsult", "BackToCaller", "InviteToCall", "LeaveConference",
            "DrawClosure", "EndClosure",
            "SendMemo", "ReadMemo", "HandShift", "TakeShift", "DropShift",
        ),
        DESK,
    ),
}  # fmt: skip


def test_the_table_of_people_is_the_one_agreed() -> None:
    assert {kind.__name__: set(roles) for kind, roles in PEOPLE.items()} == EXPECTED


def test_every_command_has_a_rule_and_somebody_who_may_give_it() -> None:
    assert set(RULES) == set(COMMANDS)
    for kind in COMMANDS:
        assert kind in PEOPLE or kind in SWITCH or kind in INTAKE or kind in CORE, kind


def test_what_the_switch_tells_nobody_else_may_tell() -> None:
    """A forged "call over" from a console, or a forged sign-in from anywhere, would be the end of trust."""
    assert not set(PEOPLE) & SWITCH
    asked = {c.AcceptOffer, c.DeclineOffer, c.CheckUnit}
    told = {c.SetBeds, c.SetDivert}
    assert frozenset({c.ReportStatus, c.LocationCame, c.SetCrew, *asked, *told}) == INTAKE
    assert c.SignIn in CORE and c.SignIn not in SWITCH | INTAKE | set(PEOPLE)
    assert {c.AnswerFailed, c.HangUpFailed, c.SteerFailed, c.WatchFailed, c.VoiceKept} == SWITCH & CORE


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)
def test_every_actor_with_every_command(kind: type[Body]) -> None:
    @given(body=command(kind))
    @tries(1, 50)
    def check(body: Any) -> None:
        for user, role in CREW.items():
            mine = c.SignOut(user=user) if isinstance(body, c.SignOut) else body
            no = forbidden(STAFFED, Asked(id="1", actor=Actor(ActorKind.PERSON, user), body=mine))
            assert (no is None) == (role in EXPECTED.get(kind.__name__, set())), (user, no)
            assert no is None or no.code == "not_allowed"
        for actor, table in ((ActorKind.SWITCH, SWITCH), (ActorKind.INTAKE, INTAKE), (ActorKind.CORE, CORE)):
            no = forbidden(STAFFED, Asked(id="1", actor=Actor(actor, "x"), body=body))
            assert (no is None) == (kind in table), actor
        for sender, own in SENDERS.items():
            no = forbidden(STAFFED, Asked(id="1", actor=Actor(ActorKind.INTAKE, "x", sender), body=body))
            assert (no is None) == (kind in own), sender
        nobody = forbidden(STAFFED, Asked(id="1", actor=Actor(ActorKind.PERSON, "ma"), body=body))
        assert nobody == Refusal("not_signed_in")

    check()


def test_another_system_sends_what_its_kind_sends() -> None:
    assert {kind.value: {it.__name__ for it in own} for kind, own in SENDERS.items()} == {
        "hospital": {"SetBeds", "SetDivert"},
        "station": {"AcceptOffer", "DeclineOffer", "CheckUnit"},
        "roster": {"SetCrew"},
        "vehicle": {"ReportStatus", "CheckUnit", "AcceptOffer", "DeclineOffer"},
        "location": {"LocationCame"},
    }
    assert set(SENDERS) == set(SenderKind)


def test_only_a_supervisor_signs_somebody_else_out(world: World) -> None:
    """Whoever went home without signing out would keep the seat until the end of the session."""
    for user in ("minh", "tuan"):
        assert world.person_no(user, c.SignOut(user="lan")) == "not_allowed"
    world.person("hoa", c.SignOut(user="lan"))
    world.person("minh", c.TakePosition(position="B02"))
    assert world.person_no("hoa", c.SignOut(user="lan")) == "nothing_new"


def test_the_refusal_says_who_and_what_in_both_languages(world: World) -> None:
    refusal = world.refusal("lan", c.ReassignIncident(incident="x", to="minh", reason="r"))
    assert refusal.details["role"] == "dispatcher" and refusal.details["command"] == "ReassignIncident"
    assert "“điều phối viên”" in refusal.sentence("vi") and "(chuyển giao vụ việc)" in refusal.sentence("vi")
    assert "“dispatcher”" in refusal.sentence("en") and "(reassign an incident)" in refusal.sentence("en")
    told = world.give(world.asked(ActorKind.INTAKE, "radio", c.ReleaseUnit(unit="A1")))
    assert isinstance(told, Refusal) and "“hệ thống ngoài”" in told.sentence("vi")
    fact = world.give(world.asked(ActorKind.PERSON, "lan", c.NodeDown(node="x", why="")))
    assert isinstance(fact, Refusal) and fact.details["command"] == "NodeDown"


def test_words_for_every_act_and_every_role() -> None:
    assert set(ACTS) == {kind.__name__ for kind in PEOPLE}
    assert set(ROLES) == set(Role) | {kind.value for kind in ActorKind if kind is not ActorKind.PERSON}


def test_a_second_rule_for_a_command_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="two rules for HangUp"):
        decided_by(c.HangUp)(lambda story, body: None)


def test_a_rule_that_refuses_after_it_had_begun_is_a_mistake(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = RULES[c.ReportStatus]

    def begins_and_refuses(story: Any, body: Any) -> Refusal:
        honest(story, body)
        return refuse("already_so")

    monkeypatch.setitem(RULES, c.ReportStatus, begins_and_refuses)
    with pytest.raises(AssertionError, match="ReportStatus refused after it had begun"):
        world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.OUT_OF_SERVICE))
