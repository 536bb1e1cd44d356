"""Notes to another desk: who gets them, that each is read by whom it is for, and that they do not grow for ever."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.deadlines import CLOSED_KEPT_MS, due
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.memos import (
    MEMO_LIMIT,
    MEMOS_KEPT,
    READ_KEPT_MS,
    UNREAD_KEPT_MS,
    UNREAD_OF_ONE,
    to_read,
)
from dispatch_core.domain.state import Memo, State
from dispatch_core.domain.vocabulary import MemoTo
from tests.domain.examples import tries
from tests.domain.world import T0, World, staffed


def send(world: World, user: str = "lan", kind: MemoTo = MemoTo.PERSON, name: str = "minh", **more: str) -> Memo:
    *_, sent = world.person(user, c.SendMemo(kind=kind, name=name, text=more.pop("text", "gọi lại nhé"), **more))
    assert isinstance(sent, e.MemoSent)
    return world.state.memos[sent.memo]


def waiting(world: World, user: str) -> list[str]:
    return [it.text for it in to_read(world.state, user)]


def test_a_note_reaches_whom_it_is_for_and_nobody_else(world: World) -> None:
    send(world, text="một")
    send(world, kind=MemoTo.POSITION, name="B01", text="hai")
    send(world, kind=MemoTo.SERVICE, name="fire", text="ba")  # minh at B01 and hoa at B03 serve it
    send(world, kind=MemoTo.LEAD, name="", text="bốn")
    assert waiting(world, "minh") == ["một", "hai", "ba"]
    assert waiting(world, "hoa") == ["ba", "bốn"]
    assert waiting(world, "lan") == waiting(world, "tuan") == waiting(world, "nobody") == []


@pytest.mark.parametrize(
    ("kind", "name", "why"),
    [
        (MemoTo.PERSON, "lan", "memo_to_self"),
        (MemoTo.PERSON, "ma", "unknown_user"),
        (MemoTo.PERSON, "tuan", "not_a_dispatcher"),
        (MemoTo.POSITION, "B99", "unknown_position"),
        (MemoTo.POSITION, "B02", "own_position"),
        (MemoTo.POSITION, "B04", "nobody_there"),
        (MemoTo.SERVICE, "moon", "unknown_service"),
    ],
)
def test_one_that_nobody_would_read_is_refused(world: World, kind: MemoTo, name: str, why: str) -> None:
    assert world.person_no("lan", c.SendMemo(kind=kind, name=name, text="x")) == why


def test_nobody_else_at_a_service_and_no_other_supervisor(world: World) -> None:
    world.person("hoa", c.LeavePosition())
    assert world.person_no("lan", c.SendMemo(kind=MemoTo.SERVICE, name="ambulance", text="x")) == "nobody_at_service"
    assert world.person_no("hoa", c.SendMemo(kind=MemoTo.LEAD, name="", text="x")) == "nobody_leads"


def test_what_it_says_and_is_about_must_be_real(world: World) -> None:
    def no(**more: str) -> str:
        values = {"kind": MemoTo.PERSON, "name": "minh", "text": "x", **more}
        return world.person_no("lan", c.SendMemo(**values))  # type: ignore[arg-type]

    assert no(text="  ") == "empty_text"
    assert no(text="x" * (MEMO_LIMIT + 1)) == "text_too_long"
    assert no(incident="20261123-00099") == "unknown_incident"
    assert no(unit="X9") == "unknown_unit"


def test_one_about_an_incident_stands_in_its_story(world: World) -> None:
    incident = world.talk()
    memo = send(world, incident=incident.id, unit="A1", text="người nhà gọi lại")
    (line,) = [it for it in world.incident_of("c1").notes if it.kind == "memo"]
    assert (line.by, line.about, line.text) == ("person:lan", ("person", "minh"), "người nhà gọi lại")
    assert (memo.incident, memo.unit) == (incident.id, "A1")


def test_the_sender_sees_who_read_it_and_when(world: World) -> None:
    memo = send(world, kind=MemoTo.SERVICE, name="fire")
    world.later(5_000).person("hoa", c.ReadMemo(memo=memo.id))
    assert [(it.user, it.read_at, it.by) for it in world.state.memos[memo.id].readers] == [
        ("hoa", T0 + 5_000, "hoa"), ("minh", 0, ""),
    ]  # fmt: skip
    assert world.state.memos[memo.id].unread
    assert world.person_no("hoa", c.ReadMemo(memo=memo.id)) == "memo_gone"
    assert world.person_no("lan", c.ReadMemo(memo=memo.id)) == "memo_gone"
    assert world.person_no("lan", c.ReadMemo(memo="none")) == "memo_gone"
    world.later(1_000).person("minh", c.ReadMemo(memo=memo.id))
    assert not world.state.memos[memo.id].unread and world.state.memos[memo.id].read_at == T0 + 6_000


def test_one_to_a_seat_is_for_whoever_sits_there(world: World) -> None:
    memo = send(world, "hoa", MemoTo.POSITION, "B02", text="ghế này")
    world.person("lan", c.LeavePosition())
    assert waiting(world, "lan") == []
    world.person("minh", c.TakePosition(position="B02"))
    assert waiting(world, "minh") == ["ghế này"]
    world.person("minh", c.ReadMemo(memo=memo.id))
    assert world.state.memos[memo.id].readers[0].by == "minh"


def test_who_comes_back_still_finds_it(world: World) -> None:
    send(world, text="chờ bạn")
    world.person("minh", c.SignOut(user="minh"))
    assert waiting(world, "minh") == []
    world.core(c.SignIn(user="minh", name="Minh", role=world.state.people["lan"].role, session="s-2"))
    assert waiting(world, "minh") == ["chờ bạn"]


def test_a_reply_names_what_it_answers(world: World) -> None:
    memo = send(world)
    assert send(world, "minh", name="lan", answers=memo.id).answers == memo.id
    assert not world.state.memos[memo.id].unread, "who answers has read it"
    assert send(world, "minh", name="lan", answers=memo.id).answers == memo.id
    assert send(world, "minh", name="lan", answers="gone").answers == ""


def test_read_ones_leave_and_unread_ones_stay(world: World) -> None:
    read, unread = send(world), send(world, text="chưa đọc")
    world.person("minh", c.ReadMemo(memo=read.id))
    assert world.core_no(c.FileMemo(memo=read.id)) == "nothing_new"
    assert world.core_no(c.FileMemo(memo="none")) == "nothing_new"
    world.later(READ_KEPT_MS + 1)
    (clock,) = [it for it in due(world.state, world.now) if isinstance(it, c.FileMemo)]
    world.core(clock)
    assert set(world.state.memos) == {unread.id}
    world.later(UNREAD_KEPT_MS)
    assert c.FileMemo(memo=unread.id) in due(world.state, world.now)


def test_those_about_an_incident_leave_with_it(world: World) -> None:
    incident = world.talk()
    send(world, incident=incident.id)
    other = send(world)
    world.over()
    world.person("lan", c.CloseIncident(incident=incident.id, disposition="xong"))
    world.core(c.RecordingSummed(call="c1", files=()))
    world.later(CLOSED_KEPT_MS + 1).core(c.ArchiveIncident(incident=incident.id))
    assert set(world.state.memos) == {other.id}


def test_nobody_floods_the_others(world: World) -> None:
    for _ in range(UNREAD_OF_ONE):
        send(world)
    assert world.person_no("lan", c.SendMemo(kind=MemoTo.PERSON, name="minh", text="x")) == "memos_unread"
    world.person("minh", c.ReadMemo(memo=to_read(world.state, "minh")[0].id))
    send(world)


def test_a_name_that_names_nobody_is_not_kept(world: World) -> None:
    """The order of a forged console: 64 KiB of it would stand in every snapshot, three hundred times."""
    assert send(world, kind=MemoTo.LEAD, name="x" * 60_000).name == ""


def full(world: World, *, read: int) -> None:
    """As many as there may be, the first ``read`` of them read."""
    first = send(world, "minh", name="hoa")
    for n in range(MEMOS_KEPT - 1):
        event = e.MemoSent(memo=f"m{n:03d}", user=f"u{n}", kind=MemoTo.PERSON, name="hoa", readers=("hoa",))
        world.state = evolve(world.state, e.Recorded(seq=world.state.seq + 1, at=T0, by="x", command="x", event=event))
    if read:
        world.person("hoa", c.ReadMemo(memo=first.id))


def test_a_full_list_makes_room_only_by_what_was_read(world: World) -> None:
    full(world, read=0)
    assert world.person_no("lan", c.SendMemo(kind=MemoTo.PERSON, name="minh", text="x")) == "memos_full"
    world = staffed()
    full(world, read=1)
    gone, sent = world.person("lan", c.SendMemo(kind=MemoTo.PERSON, name="minh", text="x"))
    assert isinstance(gone, e.MemoFiled) and isinstance(sent, e.MemoSent)
    assert len(world.state.memos) == MEMOS_KEPT


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["lan", "minh", "hoa"]), st.sampled_from(["send", "read", "seat", "wait"]), st.booleans()
    ),
    max_size=30,
)


@given(STEPS)
@tries(40, 600)
def test_a_note_is_read_once_by_each_and_never_unread_again(steps: list[tuple[str, str, bool]]) -> None:
    world = staffed()
    seen: dict[tuple[str, int], int] = {}
    for user, act, other in steps:
        if act == "send":
            kind, name = (MemoTo.SERVICE, "fire") if other else (MemoTo.POSITION, "B02")
            world.give(world.asked(c.ActorKind.PERSON, user, c.SendMemo(kind=kind, name=name, text="x")))
        elif act == "seat":
            position = "B04" if other else "B02"
            world.give(world.asked(c.ActorKind.PERSON, user, c.TakePosition(position=position)))
        elif act == "read":
            mine = to_read(world.state, user)
            for memo in mine[:1]:
                world.person(user, c.ReadMemo(memo=memo.id))
                assert memo.id not in {it.id for it in to_read(world.state, user)}
        else:
            world.later(60_000)
        for memo in world.state.memos.values():
            for place, reader in enumerate(memo.readers):
                before = seen.setdefault((memo.id, place), reader.read_at)
                assert not before or before == reader.read_at, "what was read is read, and when does not change"
                seen[memo.id, place] = reader.read_at


def test_a_console_that_cannot_sound_is_told_once(world: World) -> None:
    assert world.person_no("lan", c.TellSound(works=True)) == "already_so"
    world.later(9).person("lan", c.TellSound(works=False))
    assert world.state.people["lan"].deaf_since == T0 + 9
    assert world.person_no("lan", c.TellSound(works=False)) == "already_so"
    world.person("lan", c.TellSound(works=True))
    assert world.state.people["lan"].deaf_since == 0


def test_events_of_what_a_view_does_not_hold_change_nothing() -> None:
    lone: tuple[e.Event, ...] = (
        e.MemoRead(memo="m", user="lan", position=""),
        e.SoundTold(user="lan", works=False),
        e.MemoFiled(memo="m"),
        e.ShiftLate(user="lan"),
        e.DraftLeft(incident="i", user="lan"),
        e.ShiftTaken(user="lan", to="minh", incidents=("i",), legs=("i/fire",), conversations=("t",)),
    )
    for event in lone:
        after = evolve(State(), e.Recorded(seq=1, at=T0, by="x", command="x", event=event))
        assert after == State(seq=1), event
