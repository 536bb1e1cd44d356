"""What happened to the trunk is told to who answers for it, in words."""

from __future__ import annotations

from typing import Any

import pytest

from console_gui.trunk_tidings import trunk_tidings
from dispatch_core.domain.events import Recorded, TrunkTouched
from tests.domain.world import busy


def told(me: str, **touched: Any) -> list[tuple[str, str, str]]:
    state = busy().state
    recorded = Recorded(seq=1, at=1, by="core:trunk", command="x", event=TrunkTouched(**touched))
    return [(it.code, it.sentence("vi"), it.sentence("en")) for it in trunk_tidings(state, recorded, me)]


WHY = {"vi": "vnpt không trả lời.", "en": "vnpt does not answer."}


@pytest.mark.parametrize("kind", ["apply", "rollback", "secret", "restart", "position"])
def test_what_came_back_by_itself_is_told_also_to_who_did_it(kind: str) -> None:
    for me in ("tuan", "thao", "hoa"):
        found = told(me, kind=kind, by="tuan", outcome="rolled_back", version=3, **WHY)
        if me in busy().state.people and busy().state.people[me].role.value != "dispatcher":
            assert found and WHY["vi"] in found[0][1] and WHY["en"] in found[0][2]


def test_what_somebody_else_did_is_told_and_ones_own_is_not() -> None:
    people = {it.user: it.role.value for it in busy().state.people.values()}
    admin = next(user for user, role in people.items() if role == "telephony_admin")
    lead = next(user for user, role in people.items() if role == "supervisor")
    desk = next(user for user, role in people.items() if role == "dispatcher")
    done = {"kind": "apply", "outcome": "done", "version": 4}
    assert told(admin, by=admin, **done) == [] and told(desk, by=admin, **done) == []
    assert "bản 4" in told(lead, by=admin, **done)[0][1]
    assert told(admin, by=admin, kind="apply", outcome="asked") == []
    denied = {"kind": "apply", "by": desk, "outcome": "denied"}
    assert [it[0] for it in told(admin, **denied)] == ["trunk_denied"] and told(lead, **denied) == []
    found = told(lead, kind="drift", by="", outcome="found", vi="Tệp pjsip.conf bị sửa", en="pjsip.conf was changed")
    assert found == [
        ("trunk_found", "Tệp pjsip.conf bị sửa. Xem phần trung kế.", "pjsip.conf was changed. Look at the trunk.")
    ]
    assert told(lead, kind="apply", by="", outcome="whatever") == []


def test_what_the_core_would_say_is_always_plain_text() -> None:
    (found,) = told("tuan", kind="x\ny", by="a\nb", outcome="broken", vi="một\ndòng", en="one\nline")
    assert "\n" not in found[1] + found[2]
