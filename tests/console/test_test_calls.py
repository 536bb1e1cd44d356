"""A test call at a console: called so everywhere, behind everybody who waits, silent, answered and hung up like any."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from console_gui.clocks import rings
from console_gui.command_line.outcomes import Send
from console_gui.command_line.parsing import parse
from console_gui.models.calls import CallsTable
from console_gui.promises import waits
from dispatch_core.domain import commands as c
from tests.console.local_desk import LocalDesk
from tests.console.scenario import NUMBERS, SWITCH, Night

pytestmark = pytest.mark.usefixtures("qapp")


def _test_call(night: Night, at: str = "B01") -> str:
    came = c.CallCame(
        call="hcm1-t1", node="hcm1", at=night.now, dialled="115", services=NUMBERS["115"], carrier="vnpt", test=True
    )
    night.must(SWITCH, came)
    night.must(SWITCH, c.CallQueuedAt(call=came.call, queue="q115", at=night.now))
    night.rings_at(came.call, at)
    return came.call


@pytest.mark.parametrize(("language", "word"), [("vi", "GỌI THỬ"), ("en", "TEST CALL")])
def test_it_is_called_so_and_stands_behind_everybody(qapp: QApplication, language: str, word: str) -> None:
    night = Night().begin()
    test = _test_call(night)
    night.wait(30)
    real = night.ring("115", "0903123456")
    local = LocalDesk(night, "lan", language)
    table = CallsTable(local.desk)
    local.begin()
    table.apply(local.desk.state.calls, local.desk.state.calls)
    assert table.idents() == [real, test]
    assert table.cell(test, local.desk.state.calls[test], 0).text == word
    assert not waits(local.desk.state.calls[test])
    late = local.desk.now() + 10 * 60_000
    person = local.desk.state.people["lan"]
    assert not any(test in ring.key for ring in rings(local.desk.state, person, late))


def test_a_real_caller_is_answered_first_and_then_the_test(qapp: QApplication) -> None:
    night = Night().begin()
    test = _test_call(night)
    night.wait(5)
    real = night.ring("115", "0903123456")
    local = LocalDesk(night, "lan")
    local.begin()
    first = parse("a", local.desk.context())
    assert isinstance(first, Send) and first.body == c.AnswerCall(call=real)
    night.end(real)
    local.happen(lambda it: None)
    local.desk.run("a")
    assert night.state.calls[test].intent is not None
    night.must(SWITCH, c.CallTakenAt(call=test, position="B01", at=night.now))
    local.happen(lambda it: None)
    own = local.desk.own_call()
    assert own is not None and own.id == test and not night.state.calls[test].incident
    local.desk.run("h")
    assert night.state.calls[test].hang_up_asked
