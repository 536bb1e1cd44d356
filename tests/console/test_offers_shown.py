"""The handshake on the screen: clocks that count down on the legs, keys that answer, a sound in time, and the
supervisor's list of who said no."""

from __future__ import annotations

from typing import Any

from console_gui.models.declines import DECLINED, EXPIRED, REASONS, UNITS
from console_gui.models.lines import Part
from console_gui.models.ordered_table import CELL_ROLE, Cell
from dispatch_core.domain import commands as c
from dispatch_core.domain.offering import pending
from tests.console.scenario import CORE, Night
from tests.console.test_offers import CRASH, FIRE, asking


def night_of_offers() -> Night:
    """The police station near by was asked and said no, another is asked; a fire crew is asked on a clock; elsewhere a
    crew said no to an order."""
    night = asking()
    night.must(night.person("lan"), c.DeclineOffer(offer=f"{CRASH}.police.1", why="vehicle-fault"))
    night.must(night.person("lan"), c.OfferUnits(incident=CRASH, service="fire"))
    night.must(night.person("minh"), c.DeclineOffer(offer=f"{FIRE}.police.1", reason="kẹt cầu Sài Gòn"))
    night.wait(12)
    return night


def legs(window: Any) -> Any:
    return window.panels.form.legs


def cell(table: Any, ident: str, column: int) -> Cell:
    found: Cell = table.index(table.row_of(ident), column).data(CELL_ROLE)
    return found


def choose(window: Any, ident: str) -> None:
    view = legs(window)
    view.choose(ident)
    assert view.ident() == ident


def last(local: Any) -> c.Command:
    body: c.Command = local.link.orders[-1].body
    return body


def test_a_station_and_a_crew_that_are_asked_count_down(open_window: Any) -> None:
    local, window = open_window("lan", of=night_of_offers())
    local.desk.show(CRASH)
    table = legs(window).legs
    (station,) = pending(local.night.state.incidents[CRASH].legs["police"])
    (crew,) = pending(local.night.state.incidents[CRASH].legs["fire"])
    choose(window, f"police/@{station.station}")
    line = table.value(f"police/@{station.station}")
    assert line.part is Part.OFFER and cell(table, f"police/@{station.station}", 0).text == station.station
    assert f"đang hỏi, đề xuất {station.unit}" in cell(table, f"police/@{station.station}", 1).text
    clock = cell(table, f"police/@{station.station}", 2)
    assert clock.text == "0:33" and 0.7 < clock.bar < 0.75 and not clock.attention
    choose(window, f"fire/{crew.unit}")
    assert "tự hỏi người kế tiếp" in cell(table, f"fire/{crew.unit}", 1).text
    clock = cell(table, f"fire/{crew.unit}", 2)
    assert clock.text == "0:18" and not clock.late
    local.wait(10)
    clock = cell(table, f"fire/{crew.unit}", 2)
    assert clock.text == "0:08" and clock.attention and clock.strong
    local.wait(9)
    assert cell(table, f"fire/{crew.unit}", 2).late
    units = window.panels.units.table
    assert cell(units, crew.unit, 2).bar == 0.0


def test_keys_ask_and_take_answers_down(open_window: Any) -> None:
    local, window = open_window("lan", of=night_of_offers())
    local.desk.show(CRASH)
    view = legs(window)
    (station,) = pending(local.night.state.incidents[CRASH].legs["police"])
    (crew,) = pending(local.night.state.incidents[CRASH].legs["fire"])
    choose(window, "ambulance")
    suggested = next(it for it in view.table.idents() if it in ("ambulance!", "ambulance?"))
    for ident, key, body in (
        ("ambulance", "+", c.OfferStation(incident=CRASH, service="ambulance")),
        (suggested, "+", c.OfferUnits(incident=CRASH, service="ambulance")),
        ("ambulance/A2", "=", c.CheckUnit(unit="A2")),
        (f"fire/{crew.unit}", "1", c.AcceptOffer(offer=crew.id)),
        (f"police/@{station.station}", ">", c.WithdrawOffer(offer=station.id, skip=True)),
    ):
        choose(window, ident)
        assert view.key_typed(key), (ident, key)
        assert last(local) == body
    (other,) = pending(local.night.state.incidents[CRASH].legs["police"])
    choose(window, f"police/@{other.station}")
    assert view.key_typed("-") and window.bar.line.text() == f"tc {other.station} "
    choose(window, "ambulance/A2")
    assert not view.key_typed("-") and not view.key_typed("x")
    choose(window, "police/zone")
    assert not view.key_typed("+")


def test_a_leg_of_which_nobody_is_left_says_so(open_window: Any) -> None:
    local, window = open_window("lan", of=night_of_offers())
    local.desk.show(CRASH)

    def no(night: Night) -> None:
        while standing := pending(night.state.incidents[CRASH].legs["police"]):
            night.must(night.person("lan"), c.DeclineOffer(offer=standing[0].id, why="too-far"))

    local.happen(no)
    shown = cell(legs(window).legs, "police", 1)
    assert shown.attention and "KHÔNG CÒN AI" in shown.text


def test_a_sound_and_a_line_before_my_offers_run_out(open_window: Any) -> None:
    local, window = open_window("lan", of=night_of_offers())
    told: list[str] = []
    local.desk.noticed.connect(lambda it: told.append(it.sentence("vi")) if it.code == "offer_late" else None)
    local.wait(1)
    assert told == []
    local.wait(9)
    local.wait(1)
    (crew,) = pending(local.night.state.incidents[CRASH].legs["fire"])
    assert [crew.unit in line for line in told].count(True) == 1
    other, _ = open_window("minh", of=local.night)
    heard: list[str] = []
    other.desk.noticed.connect(lambda notice: heard.append(notice.code))
    other.wait(1)
    assert "offer_late" not in heard  # the incident is not minh's


def test_the_supervisor_sees_who_said_no_and_opens_each_time(open_window: Any) -> None:
    local, window = open_window("hung", of=night_of_offers())
    panel = next(board for board in window.panels.boards if board.table.columns[:1] == ("column.station",)).parent()
    table = panel.table
    assert len(table.idents()) == 1
    station = local.night.state.incidents[CRASH].legs["police"].offers[0].station
    assert cell(table, station, DECLINED).text == "2"
    assert "xe hỏng" in cell(table, station, REASONS).text
    assert "B2" in cell(table, station, UNITS).text
    assert not panel.lines_view.isVisible()
    panel.view.setCurrentIndex(table.index(table.row_of(station), 0))
    assert panel.lines.rowCount() >= 1 and panel.lines_view.isVisibleTo(panel)
    text = [cell(panel.lines, ident, 3).text for ident in panel.lines.idents()]
    assert any("xe hỏng" in it for it in text)
    panel._open(panel.lines.idents()[-1])
    assert local.desk.current in (CRASH, FIRE)

    def expire(night: Night) -> None:
        night.wait(60)
        (offer,) = pending(night.state.incidents[CRASH].legs["police"])
        night.must(CORE, c.OfferExpired(offer=offer.id))

    local.happen(expire)
    silent = [ident for ident, it in local.night.state.declines.items() if it.expired]
    assert [cell(table, ident, EXPIRED).text for ident in silent] == ["1"]
    local.desk.words.set_language("en")
    assert "vehicle fault" in cell(table, station, REASONS).text
