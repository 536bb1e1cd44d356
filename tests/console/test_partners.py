"""A partner of the site (1022, 112, …) is one more whom a caller is handed to, asked about or rung in: by what is typed
for it or by its name, and it is called by its name on the screen."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from console_gui.command_line.completion import complete
from console_gui.command_line.outcomes import Context, Send, Wrong
from console_gui.command_line.parsing import parse
from console_gui.company import being_done, party
from dispatch_core.domain import commands as c
from dispatch_core.domain.state import Steering
from dispatch_core.domain.vocabulary import Partner, Role, SteerAct, TargetKind
from tests.console.scenario import busy_night
from tests.console.test_command_line import CRASH, MINE

CITY = Partner(code="1022", vi="Tổng đài 1022", en="City line 1022", dial="02838221022")
RESCUE = Partner(code="112", vi="Tìm kiếm cứu nạn", en="Search and rescue", dial="112")
STATE = busy_night().state
STATE = replace(STATE, site=replace(STATE.site, partners={it.code: it for it in (CITY, RESCUE)}))
HERE = Context(STATE, "lan", Role.DISPATCHER, CRASH)


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("ch 1022", c.TransferCall(call=MINE, kind=TargetKind.NUMBER, target="02838221022")),
        ("ch 112", c.TransferCall(call=MINE, kind=TargetKind.NUMBER, target="112")),
        ("chuyển máy tìm kiếm", c.TransferCall(call=MINE, kind=TargetKind.NUMBER, target="112")),
        ("transfer city line", c.TransferCall(call=MINE, kind=TargetKind.NUMBER, target="02838221022")),
        ("hoi 1022", c.ConsultCall(call=MINE, kind=TargetKind.NUMBER, target="02838221022")),
        ("moi 1022", c.InviteToCall(call=MINE, kind=TargetKind.NUMBER, target="02838221022")),
        ("ch 113", c.TransferCall(call=MINE, kind=TargetKind.SERVICE, target="police")),
        ("ch b03", c.TransferCall(call=MINE, kind=TargetKind.POSITION, target="B03")),
    ],
)
def test_a_partner_is_typed_by_its_code_or_its_name(typed: str, body: c.Command) -> None:
    assert parse(typed, HERE) == Send(body)


def test_whoever_is_none_of_them_is_answered_with_them() -> None:
    refused = parse("ch mặt trăng", HERE)
    assert isinstance(refused, Wrong) and "1022, 112, B01" in refused.sentence("vi")


def test_they_are_offered_while_one_types() -> None:
    assert "ch 1022 " in [it.line for it in complete("ch 10", HERE, "vi")]
    assert [it.shown for it in complete("ch cuu", HERE, "vi")] == ["112 Tìm kiếm cứu nạn"]
    assert [it.shown for it in complete("ch resc", HERE, "en")] == ["112 Search and rescue"]


def test_it_is_called_by_its_name() -> None:
    call = STATE.calls[MINE]
    steer = Steering(act=SteerAct.TRANSFER, position="B01", user="lan", kind=TargetKind.NUMBER, number=CITY.dial, at=1)
    assert "Tổng đài 1022" in being_done(STATE, replace(call, steer=steer), "vi")
    assert party(STATE, replace(call, guest=CITY.dial), "x", "en") == "City line 1022"
    assert party(STATE, replace(call, guest="0281234567"), "x", "en").replace(" ", "") == "0281234567"
