"""A real call, from the carrier's INVITE to the closed incident, worked through real consoles."""

from __future__ import annotations

import pytest

from scripts.acceptance.spine import access, desk, positions, voice
from scripts.acceptance.spine.desk import proposed, worked_incident
from scripts.acceptance.spine.rig import Rig, until
from scripts.stage.callers import Caller, Ending
from scripts.stage.headless.operators import short

pytestmark = pytest.mark.timeout(600)  # the first test brings the whole system up


def test_from_invite_to_closed_incident(whole: Rig) -> None:
    lan, thao = whole.console("lan"), whole.console("thao")
    number = whole.number()
    with whole.calling(Caller("113", number, "Nguyễn Văn An", location=(10.7725, 106.6980, 40.0))) as carrier:
        incident = worked_incident(whole, lan, number, kind="tngt", place="chợ Bến Thành")
        tag = short(incident)
        legs = lan.incidents[incident]["legs"]
        assert set(legs) == {"police", "ambulance"}
        units = [proposed(lan, incident, service) for service in legs]
        lan.do(f"d {' '.join(units)} {tag}")
        for unit in units:
            for status in ("nhan", "di", "toi"):
                lan.do(f"/st {unit} {status}")
        until(lambda: thao.report()["units"].get("on_scene") == 2, "two units on scene on the supervisor's console")
        lan.do(f"h {number}")
        until(lambda: carrier.calls[0].ending is Ending.RELEASED, "the carrier hearing the centre hang up")
        whole.shown(lan, number, "ended")
    lan.do(f"x đã xử lý {tag}")
    reports = whole.in_step("lan", "thao")
    assert reports[0]["units"] == {"available": 140}
    rows = whole.sql("SELECT state, disposition, type, owner FROM incidents WHERE id = %s", incident)
    assert rows == [("closed", "resolved", "tngt", "lan")]
    call = whole.sql(
        "SELECT state, ended_by, positions, recording <> '', lat FROM calls WHERE number = %s", number
    )  # fmt: skip
    assert call == [("ended", "position", ["B01"], True, 10.7725)]
    left = whole.sql("SELECT count(*) FROM assignments WHERE incident = %s AND released_at IS NULL", incident)
    assert left == [(0,)]
    assert "intact" in whole.audit()


@pytest.mark.usefixtures("whole")
def test_only_the_position_that_answers_picks_up() -> None:
    desk.answering()


@pytest.mark.usefixtures("whole")
def test_two_dispatchers_and_one_unit() -> None:
    desk.one_unit_two_dispatchers()


@pytest.mark.usefixtures("whole")
def test_a_position_is_added_from_the_screen() -> None:
    positions.added_position()


@pytest.mark.long
@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize(
    "scenario",
    [desk.lifting, desk.wrong_words, desk.one_key, desk.reassigning, voice.overflow, voice.forgery, access.users,
     access.intake, access.redis_rules, access.personal_fields, access.audit],
    ids=lambda scenario: scenario.__name__,
)  # fmt: skip
def test_at_the_desk(scenario: object) -> None:
    assert callable(scenario)
    scenario()
