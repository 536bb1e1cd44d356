"""The desk: whose form pops, refusals, what is on its way, places, and what a person is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtWidgets import QApplication

from console_gui.command_line.outcomes import Send, Wrong
from console_gui.limits import PENDING_MOST, RESEND_FIRST_S
from console_gui.notice import Kind, Notice
from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import Actor, ActorKind
from dispatch_core.domain.vocabulary import Location, LocationSource, Role, Suggestion
from tests.console.local_desk import LocalDesk
from tests.console.scenario import CORE, SWITCH, Night, busy_night

FIRE = "20261123-00002"


class People:
    """Two or more desks of one night."""

    def __init__(self, night: Night, *users: str) -> None:
        self.night = night
        self.at = {user: LocalDesk(night, user) for user in users}
        self.heard: dict[str, list[Notice]] = {user: [] for user in users}
        for user, local in self.at.items():
            local.desk.noticed.connect(self.heard[user].append)
            local.begin()

    def show(self) -> None:
        for local in self.at.values():
            local.link.pulse(local.door.at)
            local.link.show()

    def told(self, user: str) -> list[str]:
        return [it.sentence("vi") for it in self.heard[user] if it.kind is Kind.TOLD]


@pytest.fixture
def people(qapp: QApplication) -> Iterator[People]:
    made = People(busy_night(), "lan", "minh", "hung", "quan")
    yield made
    for local in made.at.values():
        local.desk._clock.stop()


def test_the_form_pops_at_the_position_that_answered_and_only_there(people: People) -> None:
    lan, minh = people.at["lan"].desk, people.at["minh"].desk
    hung = people.at["hung"].desk
    people.night.end(next(it.id for it in people.night.state.calls.values() if it.position == "B01"))
    before = (minh.current, hung.current)
    call = people.night.ring("113", "0911222333")
    people.night.rings_at(call, "B01")
    people.show()
    assert lan.current != people.night.state.calls[call].incident
    incident = people.night.answer(call, "B01")
    people.show()
    assert lan.current == incident
    assert (minh.current, hung.current) == before


def test_a_console_that_starts_in_mid_call_opens_its_incident(people: People) -> None:
    mine = next(it for it in people.night.state.calls.values() if it.position == "B01")
    assert people.at["lan"].desk.current == mine.incident
    assert people.at["hung"].desk.current == ""


def test_a_transfer_to_me_pops_too(people: People) -> None:
    night = people.night
    call = next(it for it in night.state.calls.values() if it.position == "B02")
    night.end(next(it.id for it in night.state.calls.values() if it.position == "B01"))
    night.must(SWITCH, c.CallTakenAt(call=call.id, position="B01", at=night.now))
    people.show()
    assert people.at["lan"].desk.current == call.incident


def test_both_sides_of_a_reassignment_are_told_and_nobody_else(people: People) -> None:
    people.at["hung"].desk.run("re #2 @lan gom về một mối")
    people.show()
    assert people.told("lan") == ["Huỳnh Phạm Nguyên Hưng giao cho bạn vụ việc #2. Lý do: gom về một mối"]
    assert people.told("minh") == [
        "Huỳnh Phạm Nguyên Hưng chuyển vụ việc #2 của bạn sang Nguyễn Thị Ngọc Lan. Lý do: gom về một mối"
    ]
    assert people.told("hung") == [] == people.told("quan")


@pytest.mark.parametrize(
    ("typed", "to_lan", "to_minh"),
    [
        ("re #2/115 @lan kẹt xe", "giao cho bạn nhánh Cấp cứu của #2", "nhánh Cấp cứu của #2 từ bạn"),
        ("re #2/115 tram:CC-TT gần hơn", "", "đổi đơn vị trú đóng của nhánh Cấp cứu"),
        ("re #2/115 A1<A6 hỏng xe", "", "đổi đơn vị của nhánh Cấp cứu, vụ việc #2: A6 → A1"),
    ],
)
def test_a_leg_that_is_reassigned(people: People, typed: str, to_lan: str, to_minh: str) -> None:
    people.at["hung"].desk.run(typed)
    people.show()
    assert [to_lan in it for it in people.told("lan")] == ([True] if to_lan else [])
    assert [to_minh in it for it in people.told("minh")] == [True]


def test_a_dispatcher_who_reassigns_is_refused_and_the_line_comes_back(people: People) -> None:
    desk = people.at["lan"].desk
    back: list[str] = []
    desk.came_back.connect(back.append)
    desk.run("re #2 @lan em nhận")
    refused = people.heard["lan"][-1]
    assert (refused.kind, refused.code, refused.typed) == (Kind.REFUSED, "not_allowed", "re #2 @lan em nhận")
    assert "điều phối viên" in refused.sentence("vi") and "dispatcher" in refused.sentence("en")
    assert back == ["re #2 @lan em nhận"]


def test_two_dispatchers_one_unit_the_second_is_told_who_and_when(people: People) -> None:
    people.at["minh"].desk.run("d A1 #2")
    people.show()
    people.at["lan"].desk.run("d A1 #1")
    no = people.heard["lan"][-1]
    assert no.code == "unit_busy"
    assert "Trần Quang Minh" in no.sentence("vi") and "21:0" in no.sentence("vi")


def test_a_mistake_is_told_beside_the_line_and_nothing_is_sent(people: People) -> None:
    desk, link = people.at["lan"].desk, people.at["lan"].link
    outcome = desk.run("d A99 #1")
    assert isinstance(outcome, Wrong)
    assert people.heard["lan"][-1].typed == "d A99 #1"
    assert link.orders == []


def test_commands_on_their_way_are_kept_and_sent_again_with_the_same_id(people: People) -> None:
    local = people.at["lan"]
    local.link.holding = True
    assert isinstance(local.desk.run("n chờ xác nhận"), Send)
    assert [it.typed for it in local.desk.outbox.pending.values()] == ["n chờ xác nhận"]
    local.door.at += RESEND_FIRST_S
    local.link.pulse(local.door.at)
    local.desk._tick()
    assert len(local.link.held) == 2 and local.link.held[0] == local.link.held[1]
    local.link.pulse(local.door.at, connected=False)
    local.link.pulse(local.door.at)
    assert len(local.link.held) == 3
    local.link.let_go()
    assert not local.desk.outbox.pending


def test_too_many_unanswered_commands_are_told(people: People) -> None:
    local = people.at["lan"]
    local.link.holding = True
    for number in range(PENDING_MOST + 1):
        local.desk.run(f"n {number}")
    assert people.heard["lan"][-1].code == "full"


def test_one_that_is_longer_than_the_core_takes_is_told_and_not_sent(people: People) -> None:
    """The core drops it without a word: it would stay unconfirmed for ever."""
    local = people.at["lan"]
    before = len(local.link.orders)
    drafts = {f"i{number}": "đ" * 4_000 for number in range(10)}
    assert local.desk.ask(c.HandShift(to="minh", drafts=drafts), "gc minh") is None
    assert people.heard["lan"][-1].code == "long" and people.heard["lan"][-1].typed == "gc minh"
    assert not local.desk.outbox.pending and len(local.link.orders) == before


def test_a_place_takes_the_first_suggestion_and_the_version_that_was_seen(people: People) -> None:
    local = people.at["lan"]
    local.desk.run("@ ngã tư hàng xanh #2")
    located = local.night.state.incidents[FIRE]
    assert located.location is not None and located.location.label == "Ngã tư Hàng Xanh, phường Thạnh Mỹ Tây"
    assert located.location_version == 2


def test_a_place_that_is_not_found_stays_in_the_line(people: People) -> None:
    local = people.at["lan"]
    local.questions.suggestions = ()
    back: list[str] = []
    local.desk.came_back.connect(back.append)
    local.desk.run("@ xyz #2")
    assert people.heard["lan"][-1].code == "no_place_found"
    assert back == ["@ xyz #2"]
    assert not local.desk.looking_up


def test_words_that_name_two_places_far_apart_are_asked_about(people: People) -> None:
    local = people.at["lan"]
    near, far = (
        Suggestion(label="Sân bay Tân Sơn Nhất", lat=10.8188, lon=106.6519, kind="airport", score=92.0),
        Suggestion(label="Sân bay Côn Đảo", lat=8.7325, lon=106.6289, kind="airport", score=93.0),
    )
    before = len(local.link.orders)
    local.questions.suggestions = (far, near)
    local.desk.run("@ san bay #2")
    told = people.heard["lan"][-1]
    assert told.code == "no_place_found" and len(local.link.orders) == before
    assert "Sân bay Côn Đảo hoặc Sân bay Tân Sơn Nhất" in told.sentence("vi")
    assert "may be Sân bay Côn Đảo or Sân bay Tân Sơn Nhất" in told.sentence("en")
    local.questions.suggestions = (near, structs.replace(near, label="Ga quốc nội", lat=10.815, score=91.0))
    local.desk.run("@ san bay #2")
    assert len(local.link.orders) == before + 1, "two that are side by side are one answer"


def test_a_place_changed_while_it_was_looked_up_is_refused(people: People) -> None:
    local = people.at["lan"]
    local.questions.holding = True
    local.desk.run("@ chợ bến thành #2")
    assert list(local.desk.looking_up.values()) == ["@ chợ bến thành #2"]
    people.night.place("minh", FIRE, 1)
    people.show()
    local.questions.let_go()
    assert people.heard["lan"][-1].code in ("place_changed", "changed_meanwhile")


def test_a_phone_that_does_not_pick_up_is_told_at_its_position_alone(people: People) -> None:
    night = people.night
    night.end(next(it.id for it in night.state.calls.values() if it.position == "B01"))
    people.show()
    people.at["lan"].desk.run("a")
    call = people.at["lan"].link.orders[-1].body
    assert isinstance(call, c.AnswerCall)
    night.must(SWITCH, c.AnswerNotTaken(call=call.call, position="B01"))
    people.show()
    assert [it for it in people.told("lan") if "không nhấc được" in it]
    assert not people.told("minh")


def test_a_position_that_could_not_be_installed_is_told_to_the_admin(people: People) -> None:
    people.at["quan"].desk.run('addpos B08 "Bàn 8" 115')
    people.night.must(CORE, c.PositionFailed(position="B08", vi="tệp không ghi được", en="file not writable"))
    people.show()
    assert people.told("quan") == ["Không cài được bàn trực B08: tệp không ghi được"]
    assert not people.told("lan")


def test_alarms_that_sound_are_told_with_what_to_type(people: People) -> None:
    people.night.must(SWITCH, c.ForgerySeen(node="hcm1", trunk="vnpt"))
    people.show()
    assert people.told("lan") == ["NGUY CẤP: Có tin giả mạo qua vnpt. Xử lý xong: cb và số ở bảng."]


def test_an_alarm_that_is_over_is_told_no_longer(open_window: Any) -> None:
    local, window = open_window("lan")
    local.happen(lambda night: night.must(SWITCH, c.ForgerySeen(node="hcm1", trunk="vnpt")))
    assert any("vnpt" in parts[2] for parts in window.bar.notices.lines())
    local.desk.run("d A99")  # another thing that is said stays
    key = next(it for it in local.night.state.alarms if "vnpt" in it)
    local.happen(lambda night: night.must(night.person("hung"), c.HandleAlarm(key=key)))
    assert [it.code for it in window.bar.notices.notices] == ["unit"]


def test_the_incident_that_left_the_state_leaves_the_form(people: People) -> None:
    local = people.at["lan"]
    local.desk.show("20261123-00004")
    people.night.wait(3600)
    people.night.must(Actor(ActorKind.CORE, "timer"), c.ArchiveIncident(incident="20261123-00004"))
    people.show()
    assert local.desk.current == ""


def test_the_admin_sees_no_incidents_and_may_not_touch_them(people: People) -> None:
    desk = people.at["quan"].desk
    assert desk.role is Role.TELEPHONY_ADMIN
    assert not desk.state.incidents and not desk.state.units
    assert isinstance(desk.run("d A1 #1"), Wrong)


def test_a_location_that_came_with_the_call_is_taken_by_two_keys(people: People) -> None:
    night, lan = people.night, people.at["lan"]
    assert isinstance(lan.desk.run("@@"), Wrong)
    call = next(it for it in night.state.calls.values() if it.position == "B01")
    place = Location(
        label="10.80000, 106.70000", source=LocationSource.AML, lat=10.8, lon=106.7, uncertainty_m=180.0, confidence=68
    )
    night.must(SWITCH, c.CallPlaced(call=call.id, location=place))
    people.show()
    assert isinstance(lan.desk.run("@@"), Send)
    assert night.state.incidents[call.incident].location == place


def test_text_messages_are_told_as_text(people: People) -> None:
    people.night.must(
        SWITCH,
        c.TextCame(
            text_id="m1", node="hcm1", at=people.night.now, dialled="113", number="0903123456",
            text="Event: Hangup\r\nChannel: victim",
        ),
    )  # fmt: skip
    people.show()
    assert people.told("lan") == ["Tin nhắn từ 0903 123 456 đến 113: Event: Hangup Channel: victim"]
    assert people.told("quan") == []
