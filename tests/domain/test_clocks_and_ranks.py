"""Clocks that run out, text from outside, and errors that a person reads."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dispatch_core.domain import commands as c
from dispatch_core.domain.deadlines import CLOSED_KEPT_MS, SESSION_MS, due
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.plain_text import one_line, plain
from dispatch_core.domain.vocabulary import Role
from tests.domain.examples import tries
from tests.domain.world import World


def test_a_closed_incident_leaves_the_boards_after_half_an_hour(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.CloseEmpty(incident=incident.id))
    over = world.now + CLOSED_KEPT_MS + 1
    still_talking = [body for body in due(world.state, over) if isinstance(body, c.ArchiveIncident)]
    assert still_talking == []  # the hang-up has not come about yet
    world.over()
    assert due(world.state, over - 1) == ()
    assert due(world.state, over) == (c.ArchiveIncident(incident=incident.id),)
    world.core(c.ArchiveIncident(incident=incident.id))
    assert due(world.state, over) == ()


def test_a_session_ends_after_a_long_shift_but_never_in_mid_call(world: World) -> None:
    world.later(1_000).core(c.SignIn(user="minh", name="Minh", role=Role.DISPATCHER, session="s-again"))
    world.talk("c1", "B02")
    world.call("c2")
    end = world.now + SESSION_MS
    assert due(world.state, end - 1_000) == ()
    assert due(world.state, end) == (
        c.SignOut(user="hoa", session="s-hoa"), c.SignOut(user="tuan", session="s-tuan"),
    )  # fmt: skip
    world.over("c1")
    world.person("hoa", c.LeavePosition())
    ended = due(world.state, end + 1)
    assert [it.user for it in ended if isinstance(it, c.SignOut)] == ["hoa", "lan", "minh", "tuan"]
    for body in ended:
        world.core(body)  # type: ignore[arg-type]
    assert not world.state.people


def test_what_is_due_comes_in_a_stable_order(world: World) -> None:
    for call in ("c3", "c1", "c2"):
        world.call(call)
    for user, call in (("lan", "c3"), ("minh", "c1"), ("hoa", "c2")):
        world.person(user, c.AnswerCall(call=call))
    late = due(world.state, world.now + 60_000)
    assert [body.call for body in late if isinstance(body, c.AnswerFailed)] == ["c1", "c2", "c3"]


@given(st.text(st.characters(), max_size=60), st.integers(0, 40))
@tries(100, 5_000)
def test_text_from_outside_can_always_be_kept(text: str, limit: int) -> None:
    kept = plain(text, limit)
    assert len(kept) <= limit and "\x00" not in kept
    kept.encode("utf-8")
    line = one_line(text, limit)
    assert len(line) <= limit and len(line.splitlines()) <= 1
    line.encode("utf-8")


def test_vietnamese_is_left_alone() -> None:
    for text in ("Nguyễn Thị Ánh, hẻm 12/3 Đường Số 7", "cháy\nnhà\t2 tầng", "🚑 cấp cứu"):
        assert plain(text, 100) == text
    assert one_line("Ngã tư Hàng Xanh", 100) == "Ngã tư Hàng Xanh"
    assert one_line("a\u2028b\x85c\x7f\ud800", 100) == "a\ufffdb\ufffdc\ufffd\ufffd"


def test_an_error_that_a_person_reads() -> None:
    error = DispatchError("zone_file", "Tệp hỏng.", "The file is broken.", record=7)
    assert (error.code, error.vi, error.en, error.details) == (
        "zone_file", "Tệp hỏng.", "The file is broken.", {"record": 7},
    )  # fmt: skip
    assert str(error) == "zone_file: The file is broken."
