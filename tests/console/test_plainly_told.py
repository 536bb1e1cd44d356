"""What somebody who sits here for the first time would take for something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QFontMetrics

from console_gui import sizes
from console_gui.command_line.help_sheet import HelpSheet
from console_gui.dispatching.wrapped_view import WrappedView
from console_gui.models.leg_strip import DOING, NEXT
from console_gui.models.ordered_table import CELL_ROLE
from console_gui.paper.sheet import NOTES, _told
from console_gui.supervising.wall import Wall
from console_gui.typefaces import ROW, font
from dispatch_core.domain.state import Note
from tests.console.conftest import OpenWindow
from tests.console.local_desk import SUGGESTIONS
from tests.console.scenario import Night

SMALL, LARGE = (1366, 768), (1920, 1080)


@pytest.fixture
def larger() -> Iterator[None]:
    sizes.choose("larger")
    yield
    sizes.choose("normal")


def test_words_without_a_place_put_no_incident_anywhere(open_window: OpenWindow) -> None:
    """“Đường không có tên” is 62 of 100 like “Khu công nghệ cao”, 20 km away."""
    local, window = open_window("lan", "vi")
    before = local.night.state.incidents["20261123-00001"].location
    local.questions.suggestions = (replace(SUGGESTIONS[2], score=62.3),)
    window.bar.line.setText("@ đường không có tên #1")
    window.bar.line.entered.emit(window.bar.line.text())
    assert local.night.state.incidents["20261123-00001"].location == before
    assert window.bar.line.text() == "@ đường không có tên #1"
    local.questions.suggestions = (replace(SUGGESTIONS[2], score=92.0),)
    window.bar.run("@ be xe mien dog #1")
    assert local.night.state.incidents["20261123-00001"].location != before


def test_the_button_that_hangs_up_says_whom_where_another_caller_stands_above_it(open_window: OpenWindow) -> None:
    local, window = open_window("lan", "vi")
    button = window.panels.form.buttons["hang_up"]
    local.desk.show(local.desk.own_call().incident)
    assert button.text() == "F10 Gác máy"
    local.desk.show("20261123-00002")  # minh talks with this caller
    assert button.text() == "F10 Gác máy 0777 999 115"
    local.desk.words.set_language("en")
    assert button.text() == "F10 Hang up 0777 999 115"


def test_the_number_of_a_figures_key_is_no_count(open_window: OpenWindow) -> None:
    _, window = open_window("hung", "vi")
    told = {key: card.label.text() for key, card in window.panels.band.cards.items()}
    assert told["figure.waiting.police"] == "① 113 chờ" and told["figure.unsent"] == "⑨ chưa có xe"
    assert not any(text[:1] in "123456789" for text in told.values())


def test_on_the_wall_a_count_and_a_clock_are_two_things(open_window: OpenWindow) -> None:
    local, window = open_window("hung", "vi")
    wall = Wall(local.desk, window.look, window)
    wall.refresh()
    assert [text for text, _, _ in wall.figures.cells][:3] == ["0", "1 · 0:12", "1 · 0:29"]


def test_a_board_that_shows_a_few_says_so_and_how_to_see_all(open_window: OpenWindow) -> None:
    local, window = open_window("hung", "en")
    panel, said = window.panels.incidents, []
    panel.summary_changed.connect(said.append)
    panel.show_only(lambda incident: False, lambda: local.words("figure.unexplained"))
    assert "no reason" in said[-1] and panel.view._empty == "empty.incidents_of"
    local.desk.words.set_language("vi")
    assert "chưa lý do" in said[-1], "in the language of now"
    window.bar.run("sl")
    assert panel.view._empty == "empty.incidents" and panel.table.rowCount() == 7


def test_a_figure_opens_its_list_again_after_everything_was_shown(open_window: OpenWindow) -> None:
    _, window = open_window("hung", "vi")
    late = window.panels.workplace.docks["panel.late_calls"]
    for _ in range(2):
        window.bar.run("sl 4")
        assert late.isVisible()
        window.bar.run("sl")
        assert not late.isVisible()


def test_the_sheet_is_no_wider_than_the_screen(open_window: OpenWindow, qtbot: Any) -> None:
    local, window = open_window("lan", "vi")
    window.resize(*SMALL)
    sheet = HelpSheet(local.desk, window)
    qtbot.addWidget(sheet)
    sheet.show()
    qtbot.wait(20)
    assert sheet.width() <= SMALL[0] and sheet.minimumSizeHint().width() <= SMALL[0]
    for _ in range(sheet.pages.count()):
        sheet.turn(1)
        qtbot.wait(20)
        area = sheet.pages.currentWidget()
        assert area.widget().width() <= area.viewport().width()


@pytest.mark.parametrize(("typed", "name"), [("đo", "do"), ("gop", "gop"), ("sl", "sl"), ("gác máy", "h")])
def test_the_sheet_offers_the_command_whose_name_was_typed(
    open_window: OpenWindow, qtbot: Any, typed: str, name: str
) -> None:
    local, window = open_window("hung", "vi")
    sheet = HelpSheet(local.desk, window, typed)
    qtbot.addWidget(sheet)
    assert sheet._first == name
    assert any("↵" in it.text() for it in sheet.pages.widget(0).findChildren(type(sheet.page))), "on the first page"


def test_lines_lie_over_one_another_nowhere_in_a_window_that_became_narrow(open_window: OpenWindow, qtbot: Any) -> None:
    local, window = open_window("hung", "vi")
    window.resize(*LARGE)
    local.desk.show("20261123-00001")
    qtbot.wait(60)
    window.resize(*SMALL)
    window.bar.run("bocuc goc")
    qtbot.wait(100)
    rows = 0
    for view in [it for it in window.findChildren(WrappedView) if it.isVisible()]:
        for row in range(view.table.rowCount()):
            cell = view.table.index(row, view._wrapped).data(CELL_ROLE)
            needs = view._wrapping.height(cell.text, view.columnWidth(view._wrapped), strong=cell.strong)
            assert view.rowHeight(row) == needs, cell.text
            rows += 1
    assert rows > 10


@pytest.mark.parametrize("user", ["lan", "hung"])
def test_with_larger_letters_a_small_screen_holds_the_window_and_the_form(
    larger: None, open_window: OpenWindow, qtbot: Any, user: str
) -> None:
    local, window = open_window(user, "vi")
    window.resize(*SMALL)
    window.panels.workplace.arrange()
    local.desk.show("20261123-00001")
    qtbot.wait(100)
    assert window.width() == SMALL[0] and window.minimumSizeHint().width() <= SMALL[0]
    form = window.panels.form.scrolled
    assert form.widget().width() <= form.viewport().width(), "nothing of the form is beyond its right edge"


def test_the_band_tells_of_paper_in_the_language_of_now(open_window: OpenWindow) -> None:
    local, window = open_window("lan", "vi")
    window.printing.last_at = local.night.now
    window.band.tell_paper(window.printing)
    assert window.band.paper.text() == "giấy 21:04"
    local.desk.words.set_language("en")
    assert window.band.paper.text() == "paper 21:04"


def test_what_people_wrote_is_on_the_paper_whatever_the_clock_writes(night: Night) -> None:
    known = night.state.incidents["20261123-00001"]
    clock = tuple(Note(at=night.now + at, by="core", kind="overdue", about=("A4", "offered")) for at in range(19))
    told = _told((*known.notes, *clock), NOTES)
    assert [it.text for it in told if it.kind == "note"] == [
        "Xe tải tông xe máy, hai người mắc kẹt dưới gầm, tỉnh táo."
    ]
    assert len(told) == NOTES and not any(it.kind == "overdue" for it in told)
    assert _told(known.notes, len(known.notes)) == list(known.notes), "a card has them all"


def test_what_a_unit_does_is_not_cut_for_an_empty_column(open_window: OpenWindow, qtbot: Any) -> None:
    local, window = open_window("lan", "vi")
    window.resize(*SMALL)
    window.panels.workplace.arrange()
    local.desk.show("20261123-00002")
    qtbot.wait(60)
    strip = window.panels.form.strip
    assert not any(strip.legs.index(row, NEXT).data() not in ("", None, "đủ") for row in range(strip.legs.rowCount()))
    metrics = QFontMetrics(font(ROW))
    for row in range(strip.legs.rowCount()):
        assert metrics.horizontalAdvance(strip.legs.index(row, DOING).data()) + 20 <= strip.columnWidth(DOING)
