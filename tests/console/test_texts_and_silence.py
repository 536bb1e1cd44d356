"""Texts are read and answered, a silent caller and a number that stands behind are seen: driven as a person does."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console_gui.hands import type_into
from console_gui.main_window import MainWindow
from dispatch_core.domain import commands as c
from dispatch_core.domain.conversations import ANSWER_BYTES
from tests.console.held import held
from tests.console.scenario import CORE, SWITCH, Night

PICTURES = os.environ.get("DISPATCH_PICTURES", "")
"""A directory for pictures of what these tests show; "" = none."""

SAID = "Cháy nhà ở hẻm 5\nđang trốn trong nhà tắm \u202eđừng gọi\u202c <b>x</b>"


def enter(window: MainWindow, line: str) -> None:
    type_into(window.bar.line, line)
    QTest.keyClick(window.bar.line, Qt.Key.Key_Return)


def written(night: Night, ident: str = "m1", text: str = SAID, number: str = "0903123456") -> None:
    came = c.TextCame(text_id=ident, node="hcm1", at=night.now, dialled="114", number=number, text=text, carrier="v")
    night.must(SWITCH, came)


def picture(window: MainWindow, name: str) -> None:
    if PICTURES:
        for _ in range(20):  # until every layout has settled
            QApplication.processEvents()
        window.grab().save(str(Path(PICTURES, f"{name}.png")))


def test_a_text_waits_is_opened_and_answered(open_window: Any) -> None:
    for language in ("vi", "en"):
        local, window = open_window("lan", language)
        panel, dock = window.panels.texts, window.panels.workplace.docks["panel.texts"]
        assert dock.isHidden()
        ident = f"m-{language}"
        number = "0903123456" if language == "vi" else "0903654321"
        local.happen(lambda night, ident=ident, number=number: written(night, ident, number=number))
        assert dock.isHidden(), "a message opens nothing by itself"
        assert "1" in window.panels.workplace.docks["panel.calls"].caption.note.text()
        enter(window, "tn")
        assert dock.isVisible() and panel.current == ident
        assert panel.lines.cell("", panel.conversation.lines[0], 1).text == (
            "Cháy nhà ở hẻm 5 ⏎ đang trốn trong nhà tắm đừng gọi <b>x</b>"
        )
        panel.field.insertPlainText("Ở yên đó")
        QTest.keyClick(panel.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        panel.field.insertPlainText("xe đang đến")
        QTest.keyClick(panel.field, Qt.Key.Key_Return)
        body = local.link.orders[-1].body
        assert body == c.SendText(conversation=ident, text="Ở yên đó\nxe đang đến") and not panel.field.toPlainText()
        line = local.night.state.conversations[ident].lines[-1]
        local.happen(lambda night, line=line, ident=ident: night.must(
            CORE, c.TextFailed(conversation=ident, text_id=line.id, why="unknown")))  # fmt: skip
        shown = panel.lines.cell("", panel.conversation.lines[-1], 1)
        assert shown.attention and local.desk.words("text.unknown") in shown.text
        picture(window, f"texts-{language}")
        enter(window, f"tn+ {ident}")
        assert local.night.state.conversations[ident].incident
        enter(window, f"tn- {ident}")
        assert not local.night.state.conversations[ident].open


def test_an_answer_that_is_not_sent_is_a_draft(open_window: Any) -> None:
    local, window = open_window("lan")
    panel, drafts = window.panels.texts, window._drafts
    local.happen(lambda night: written(night, "m1"))
    local.happen(lambda night: written(night, "m2", number="0903654321"))
    panel.show_conversation("m1")
    panel.field.insertPlainText("Ở yên đó")
    assert drafts.get("", "answer:m1") == "Ở yên đó"
    panel.show_conversation("m2")
    assert panel.field.toPlainText() == "" and drafts.get("", "answer:m1") == "Ở yên đó"
    panel.show_conversation("m1")
    assert panel.field.toPlainText() == "Ở yên đó"
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert drafts.get("", "answer:m1") == "" and not window.panels.form.unsaved.others()


def test_a_refused_answer_comes_back_and_telex_is_not_cut(open_window: Any) -> None:
    local, window = open_window("lan")
    local.happen(written)
    enter(window, "tn")
    panel = window.panels.texts
    panel.field.setPlainText("á" * ANSWER_BYTES)
    assert panel.trouble.text()
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert panel.field.toPlainText() == "á" * ANSWER_BYTES and "byte" in panel.trouble.text()
    seen: list[str] = []
    panel.field.wanted.connect(seen.append)
    held(panel.field, Qt.Key.Key_Return)
    assert len(seen) == 1, "a refused answer that came back is not sent again by the same press"
    panel.field.clear()
    QApplication.sendEvent(panel.field, QInputMethodEvent("ươ", []))
    before = len(local.link.orders)
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert len(local.link.orders) == before, "Enter while a letter is being composed belongs to the letter"
    QTest.keyClick(panel.field, Qt.Key.Key_Escape)
    assert window.panels.workplace.docks["panel.texts"].isHidden() and window.bar.line.hasFocus()


def test_a_silent_caller_and_a_number_that_stands_behind(open_window: Any) -> None:
    said = (("vi", "im lặng", "bấm 5", "xếp sau"), ("en", "silent", "pressed 5", "behind"))
    for language, silent, five, behind in said:
        local, window = open_window("lan", language)
        night, desk = local.night, local.desk
        site = replace(night.state.site, prompt_after_s=8)
        seats = {it.id: (it.label, it.services) for it in night.state.positions.values()}
        local.happen(lambda night, site=site, seats=seats: night.ask(CORE, c.ConfigureSite(site=site, positions=seats)))
        number = f"09111{11 if language == 'vi' else 22}000"
        rings = c.Rating(number=number, closures=tuple(night.now - n * 3_600_000 for n in (3, 2, 1)))
        local.happen(lambda night, rings=rings: night.must(CORE, c.NumbersRated(ratings=(rings,))))
        first, second = night.ring("113", number), night.ring("113", f"{number}1")
        local.happen(lambda night: night.wait(6.0))
        table = window.panels.calls.table
        rows = table.idents()
        assert rows.index(second) < rows.index(first), "it came first and stands behind"
        waits = table.cell(first, desk.state.calls[first], 2).text
        assert silent in waits and behind in waits
        own = next(it for it in desk.state.calls.values() if it.position == desk.position)
        for at, digit in enumerate("5#2"):
            told = c.CallerPressed(call=own.id, digit=digit, at=night.now + at * 400)
            local.happen(lambda night, told=told: night.must(SWITCH, told))
        desk.show(own.incident)
        card = window.panels.form.caller
        assert five in table.cell(own.id, desk.state.calls[own.id], 2).text and "5 # 2" in card.silence.text()
        picture(window, f"silent-{language}")
        enter(window, "im")
        assert local.link.orders[-1].body == c.PlayPrompt(call=own.id)
        assert desk.state.calls[own.id].silence.prompt_asked_at
        local.happen(lambda night, own=own: night.ask(CORE, c.PromptFailed(call=own.id, why="refused")))
        desk.show(desk.state.calls[first].incident)
        assert "3" in card.behind.text()
        picture(window, f"behind-{language}")
        night.end(first)
        night.end(second)
