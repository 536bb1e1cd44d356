"""What may be the same stands beside the form with a key for each answer; a surge is seen by everybody, a proposal by
supervisors: driven as a person does."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console_gui.command_line.outcomes import Wrong
from console_gui.hands import type_into
from console_gui.main_window import MainWindow
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import Location, LocationSource
from tests.console.scenario import CORE, PLACES, SWITCH, Night

PICTURES = os.environ.get("DISPATCH_PICTURES", "")
"""A directory for pictures of what these tests show; "" = none."""


def enter(window: MainWindow, line: str) -> None:
    type_into(window.bar.line, line)
    QTest.keyClick(window.bar.line, Qt.Key.Key_Return)


def press(window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, held)


def until(true: Callable[[], bool]) -> None:
    """The map follows a little later."""
    for _ in range(200):
        if true():
            return
        QTest.qWait(10)
    raise AssertionError("in vain")


def picture(window: MainWindow, name: str) -> None:
    if PICTURES:
        for _ in range(20):  # until every layout has settled
            QApplication.processEvents()
        window.grab().save(str(Path(PICTURES, f"{name}.png")))


def again(night: Night, number: str, text: str, where: int, north: float = 0.0) -> str:
    """Somebody calls 115 about a crash at one of the places; the incident of the call, with place and words."""
    call = night.ring("115", number)
    incident = night.state.calls[call].incident
    lan = night.person("lan")
    night.must(lan, c.SetType(incident=incident, type="traffic", seen=""))
    label, lat, lon = PLACES[where]
    spot = Location(label=label, source=LocationSource.MAP_PIN, lat=lat + north, lon=lon, uncertainty_m=20)
    night.must(lan, c.Locate(incident=incident, location=spot, seen=0))
    night.must(lan, c.AddNote(incident=incident, text=text))
    return incident


def two(local: Any, where: int = 3) -> tuple[str, str]:
    """Two incidents at a place where nothing else is."""
    made: list[str] = []
    local.happen(lambda night: made.append(again(night, f"090300011{where}", "xe tải đụng xe máy, có người", where)))
    local.wait(120)
    local.happen(lambda night: made.append(again(night, f"090300022{where}", "xe tai can xe may", where, 0.0013)))
    return made[0], made[1]


def test_what_may_be_the_same_is_folded_and_back_with_one_key_each(open_window: Any) -> None:
    for language, where in (("vi", 3), ("en", 1)):
        local, window = open_window("lan", language)
        row = window.panels.form.same
        first, second = two(local, where)
        local.desk.show(second)
        assert row.isVisible() and "145 m" in row.why.text() and "xe tải" in row.why.text(), row.why.text()
        assert local.desk.words("same.keys") == row.keys.text()
        until(lambda window=window, first=first: first in window.panels.map.map._alike)
        enter(window, f"map #{int(second.rpartition('-')[2])}")
        picture(window, f"same-{language}")
        window.activateWindow()
        press(window, Qt.Key.Key_F4)
        assert local.link.orders[-1].body == c.FoldIncident(incident=second, into=first)
        assert local.desk.current == first and local.night.state.incidents[second].folded
        assert second.rpartition("-")[2].lstrip("0") in row.undo.text() and not row.what.isVisible()
        assert "2" in window.panels.form.head.status.text()
        picture(window, f"folded-{language}")
        press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)
        assert local.link.orders[-1].body == c.UnfoldIncident(incident=second) and local.desk.current == second
        press(window, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
        assert local.link.orders[-1].body == c.MarkDifferent(incident=second, other=first)
        assert not row.what.isVisible()
        until(lambda window=window, first=first: first not in window.panels.map.map._alike)


def test_without_a_proposal_the_key_asks_which(open_window: Any) -> None:
    local, window = open_window("lan")
    local.desk.show("")
    window.activateWindow()
    press(window, Qt.Key.Key_F4)
    assert window.bar.line.text().startswith("gop #")
    outcome = local.desk.run("gop")
    assert isinstance(outcome, Wrong) and outcome.code == "nothing_alike"
    first, second = two(local)
    local.desk.show(first)
    assert local.desk.run(f"khac #{int(second.rpartition('-')[2])}").body == c.MarkDifferent(
        incident=first, other=second
    )
    assert isinstance(local.desk.run("khac"), Wrong) and isinstance(local.desk.run("khac x"), Wrong)
    assert isinstance(local.desk.run("gop x"), Wrong)


def test_a_surge_is_proposed_to_the_supervisor_and_seen_by_everybody(open_window: Any) -> None:
    for language, where in (("vi", 3), ("en", 1)):
        local, window = open_window("hung", language)
        bar, band = window.surge, window.band.surge
        assert not bar.isVisible() and not band.isVisible()
        first, second = two(local, where)
        call = local.night.state.incidents[second].calls[0]
        propose = c.ProposeSurge(incident=first, waiting=9, arrivals=14, alike=5)
        local.happen(lambda night, propose=propose: night.must(CORE, propose))
        number = f"#{int(first.rpartition('-')[2])}"
        assert bar.isVisible() and number in bar.what.text() and "9" in bar.what.text() and number in bar.how.text()
        picture(window, f"surge-proposed-{language}")
        enter(window, "caodiem 45 cháy chợ, nhiều người gọi")
        assert local.link.orders[-1].body == c.SurgeOn(
            incident=first, reason="cháy chợ, nhiều người gọi", minutes=45
        )
        local.happen(lambda night: night.must(CORE, c.SurgePasses()))
        assert band.isVisible() and number in band.text() and "45:00" in band.text()
        told = c.CallerTold(call=call, incident=first, at=local.night.now)
        local.happen(lambda night, told=told: night.must(SWITCH, told))
        key = c.CallerPressed(call=call, digit="1", at=local.night.now + 1_000)
        local.happen(lambda night, key=key: night.must(SWITCH, key))
        assert "1" in bar.counts.text() and local.night.state.surge.noted == 1
        local.desk.show(first)
        picture(window, f"surge-{language}")
        _, others = open_window("lan", language)
        assert others.surge.isVisible() and not others.surge.how.isVisible() and number in others.band.surge.text()
        assert isinstance(local.desk.run("caodiem"), Wrong) and isinstance(local.desk.run("caodiem-"), Wrong)
        enter(window, "caodiem- đã dập")
        assert local.link.orders[-1].body == c.SurgeOff(reason="đã dập") and not bar.isVisible()


def test_the_telephony_admin_sees_that_there_is_one_and_not_of_what(open_window: Any) -> None:
    local, leading = open_window("hung")
    first, _ = two(local)
    enter(leading, f"caodiem #{int(first.rpartition('-')[2])} cháy")
    assert local.night.state.surge is not None
    _, window = open_window("quan")
    assert window.band.surge.isVisible() and "#" not in window.band.surge.text() and not window.surge.isVisible()
