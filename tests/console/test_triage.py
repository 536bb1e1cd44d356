"""Triage cards at the console: shown while a call is taken, worked by keys, told in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console_gui.command_line.completion import complete
from console_gui.command_line.outcomes import Act, Screen, Send, Wrong
from console_gui.command_line.parsing import parse
from console_gui.keys import KEYS
from console_gui.main_window import MainWindow
from console_gui.translations import sentences, triage
from console_gui.translations.tables import WORDS
from dispatch_core.domain import commands as c
from dispatch_core.domain.state import Incident, Note, State
from dispatch_core.domain.triage import given_to
from dispatch_core.domain.vocabulary import CardAnswer, EndedBy, IncidentState, Want
from dispatch_core.main.response_plans import types_command
from dispatch_core.main.triage_cards import cards_command
from scripts.stage.site import DEMO
from tests.console.conftest import OpenWindow
from tests.console.local_desk import LocalDesk
from tests.console.scenario import CORE, SERVICES, SWITCH, Night, busy_night

TYPES = types_command(DEMO / "incident_types.toml", SERVICES, DEMO / "capabilities.toml")
CARDS = cards_command(DEMO / "triage_cards.toml", SERVICES, TYPES)
SMALL, LARGE = (1366, 768), (1920, 1080)


@pytest.fixture
def night() -> Night:
    night = busy_night()
    every = {**night.state.types, **TYPES.types}
    night.must(CORE, c.LoadTypes(types=every, plans=TYPES.plans, capabilities=TYPES.capabilities))
    night.must(CORE, CARDS)
    return night


def settle(window: MainWindow, qtbot: Any, size: tuple[int, int] = SMALL) -> None:
    window.resize(*size)
    window.panels.workplace.arrange()
    qtbot.wait(40)


@pytest.fixture
def taking(open_window: OpenWindow, night: Night, qtbot: Any) -> Iterator[tuple[LocalDesk, MainWindow]]:
    """lan talks with the caller of the incident that is open, which is a traffic accident."""
    local, window = open_window("lan", "vi", night)
    settle(window, qtbot)
    window.bar.run("t tngt")
    qtbot.wait(40)
    yield local, window


def now(local: LocalDesk) -> Incident:
    return local.desk.state.incidents[local.desk.current]


def press(window: MainWindow, sequence: str) -> None:
    """Where the keyboard is."""
    pressed = QKeySequence(sequence)[0]
    QTest.keyClick(window.focusWidget() or window, pressed.key(), pressed.keyboardModifiers())


def answers(local: LocalDesk) -> dict[str, str]:
    return {code: it.answer for code, it in given_to(now(local).triage).items()}


def card_is_seen(window: MainWindow) -> bool:
    dock = window.panels.workplace.docks["panel.triage"]
    return dock.isVisible() and not window.panels.triage.visibleRegion().isEmpty()


def test_without_a_type_there_is_no_card_and_with_one_it_is_there_at_once(
    open_window: OpenWindow, night: Night, qtbot: Any
) -> None:
    local, window = open_window("lan", "vi", night)
    settle(window, qtbot)
    assert not card_is_seen(window) and not window.panels.card.strip.isVisible()
    window.bar.run("t tngt")
    qtbot.waitUntil(lambda: card_is_seen(window))
    assert window.panels.triage.question.text() == "Có ai bị thương không?"
    shown = [row.button.text() for row in window.panels.triage.rows if row.isVisible()]
    assert shown[0] == "Alt+1   Không ai bị thương" and len(shown) == 4
    assert "Va chạm giao thông" in window.panels.triage.rows[0].effect.text()


def test_alt_and_a_digit_answers_from_inside_a_field_and_types_nothing(
    taking: tuple[LocalDesk, MainWindow], qtbot: Any
) -> None:
    local, window = taking
    field = window.panels.form.note_field
    field.setFocus()
    press(window, "Alt+3")
    qtbot.waitUntil(lambda: answers(local) == {"co_thuong": "nang"})
    assert field.text() == "" and field.hasFocus()
    assert window.panels.triage.question.text() == "Có ai bị kẹt, bị xe đè không ra được không?"
    press(window, "Alt+1")
    qtbot.waitUntil(lambda: now(local).type == "tngt_ket")
    assert now(local).priority == 1 and set(now(local).legs) == {"ambulance", "police", "fire"}
    assert window.panels.form.type_field.field.text() == "Tai nạn giao thông, có người kẹt"
    assert "Đừng cố kéo người bị kẹt ra." in window.panels.triage.advice.text()
    QTest.keyClicks(field, "1 nguoi")
    assert field.text() == "1 nguoi" and len(answers(local)) == 2, "a digit alone is a digit"


def test_back_to_the_question_before_and_another_answer(taking: tuple[LocalDesk, MainWindow], qtbot: Any) -> None:
    local, window = taking
    for key in ("Alt+3", "Alt+1"):
        press(window, key)
    press(window, "Alt+Up")
    assert window.panels.triage.question.text().startswith("Có ai bị kẹt")
    assert "✓" in window.panels.triage.rows[0].effect.text()
    press(window, "Alt+2")
    qtbot.waitUntil(lambda: answers(local)["ket"] == "khong")
    assert now(local).type == "tngt"
    assert local.desk.question == "" and window.panels.triage.question.text().startswith("Gọi lớn")
    told = [sentences.note(local.desk.state, it, "vi") for it in now(local).notes]
    assert "Hỏi: Có ai bị kẹt, bị xe đè không ra được không? — Không (trước đó: Có người kẹt)" in told
    press(window, "Alt+Up")
    press(window, "Alt+Up")
    press(window, "Alt+Up")
    assert window.panels.triage.question.text() == "Có ai bị thương không?", "the first one is the first"
    for _ in range(7):
        press(window, "Alt+Down")
    assert local.desk.question == "" and window.panels.triage.question.text().startswith("Gọi lớn")


def test_a_layout_that_is_put_back_leaves_the_card_in_front(taking: tuple[LocalDesk, MainWindow], qtbot: Any) -> None:
    local, window = taking
    qtbot.waitUntil(lambda: card_is_seen(window))
    local.desk.run("bocuc goc")
    local.desk.ticked.emit()
    qtbot.waitUntil(lambda: card_is_seen(window))


def test_folded_the_question_stays_in_sight_and_is_answered_all_the_same(
    taking: tuple[LocalDesk, MainWindow], qtbot: Any
) -> None:
    local, window = taking
    strip = window.panels.card.strip
    press(window, "Alt+E")
    assert not card_is_seen(window) and strip.isVisible()
    assert strip.question.text() == "Thẻ hỏi, câu 1:  Có ai bị thương không?"
    press(window, "Alt+2")
    qtbot.waitUntil(lambda: answers(local) == {"co_thuong": "nhe"})
    assert "câu 2" in strip.question.text() and "1 Có người kẹt" in strip.answers.text()
    strip.open.click()
    qtbot.waitUntil(lambda: card_is_seen(window))
    assert not strip.isVisible()
    local.desk.show(next(ident for ident, it in local.desk.state.incidents.items() if it.type == "house_fire"))
    qtbot.wait(20)
    assert not card_is_seen(window) and not strip.isVisible(), "an incident that somebody else took is not in the way"


def test_what_a_person_set_is_only_proposed_against_and_taken_with_one_key(
    taking: tuple[LocalDesk, MainWindow], qtbot: Any
) -> None:
    local, window = taking
    window.bar.run("p 3")
    press(window, "Alt+3")
    press(window, "Alt+1")
    qtbot.waitUntil(lambda: now(local).type == "tngt_ket")
    assert now(local).priority == 3
    assert window.panels.triage.proposal.text() == "Thẻ đề nghị: P1.  Alt+0 nhận"
    press(window, "Alt+0")
    qtbot.waitUntil(lambda: now(local).priority == 1)
    assert not window.panels.triage.proposal.isVisible()
    assert isinstance(parse("th 0", local.desk.context()), Wrong)


def test_the_line_answers_too(taking: tuple[LocalDesk, MainWindow], qtbot: Any) -> None:
    local, window = taking
    window.bar.run("th 3")
    qtbot.waitUntil(lambda: answers(local) == {"co_thuong": "nang"})
    window.bar.run("ans 1 2")
    qtbot.waitUntil(lambda: answers(local) == {"co_thuong": "nhe"})
    context = local.desk.context()
    assert complete("th ", context, "vi")[0].shown == "1 Có người kẹt"
    assert [it.line for it in complete("th 1 ", context, "en")] == [f"th 1 {number} " for number in range(1, 5)]
    assert complete("th 1 2 ", context, "vi") == [] and complete("th 99 ", context, "vi") == []
    assert [it.shown for it in complete("the l", context, "vi")] == ["lui"]
    for line, code in (
        ("th", "usage"), ("th x", "usage"), ("th 1 2 3", "usage"), ("th 9", "card_answer"),
        ("th 12 1", "card_question"),
        ("th 1 #99", "incident"), ("th 1 #1", "no_card"), ("the qua", "choice"), ("th 0", "card_nothing"),
    ):  # fmt: skip
        outcome = parse(line, context)
        assert isinstance(outcome, Wrong) and outcome.code == code, line
        assert all(outcome.sentence(language) for language in ("vi", "en"))
    assert parse("the lui", context) == Screen(Act.CARD, "back") and parse("the", context) == Screen(Act.CARD)
    nowhere = replace(context.state, incidents={})
    assert isinstance(parse("the", type(context)(nowhere, "lan", context.role)), Wrong)
    assert isinstance(parse("the", type(context)(context.state, "lan", context.role, "20261123-00001")), Wrong)
    sent = parse("th 1", context)
    assert isinstance(sent, Send) and isinstance(sent.body, c.AnswerCard)
    assert (sent.body.question, sent.body.seen_type, sent.body.version) == ("ket", "tngt", 1)


def test_what_the_card_proposes_comes_one_by_one(taking: tuple[LocalDesk, MainWindow], qtbot: Any) -> None:
    local, window = taking
    for line in ("th 3", "th 1", "t tngt", "leg- 114"):
        window.bar.run(line)
    qtbot.waitUntil(lambda: now(local).type == "tngt")
    sent = parse("th 0", local.desk.context())
    assert isinstance(sent, Send) and isinstance(sent.body, c.SetType) and sent.body.type == "tngt_ket"
    window.bar.run("th 7 1")
    qtbot.waitUntil(lambda: "xang_lua" in answers(local))
    assert "mở nhánh PCCC & CNCH" in window.panels.triage.proposal.text()
    window.bar.run("th 0")
    window.bar.run("leg- 114")
    sent = parse("th 0", local.desk.context())
    assert isinstance(sent, Send) and sent.body == c.OpenLeg(incident=local.desk.current, service="fire")


def test_all_asked_and_afterwards(taking: tuple[LocalDesk, MainWindow], night: Night, qtbot: Any) -> None:
    local, window = taking
    for _ in range(8):
        window.bar.run("th 1")
    qtbot.waitUntil(lambda: window.panels.triage.question.text() == WORDS["card.done"][0])
    assert not any(row.isVisible() for row in window.panels.triage.rows)
    wrong = parse("th 1", local.desk.context())
    assert isinstance(wrong, Wrong) and wrong.code == "card_done"
    first = window.panels.triage.given.text().splitlines()[0]
    assert first.startswith("1  Có ai bị thương không?  —  Không ai bị thương")
    assert first.endswith("Nguyễn Thị Ngọc Lan")
    call = now(local).calls[0]
    local.happen(lambda it: it.must(SWITCH, c.CallOver(call=call, at=it.now, by=EndedBy.CALLER, cause=16)))
    window.bar.run("x da xong")
    qtbot.waitUntil(lambda: now(local).state is IncidentState.CLOSED)
    assert "Có ai bị thương" in window.panels.triage.given.text(), "what was answered is read there afterwards"
    press(window, "Alt+E")
    assert not window.panels.card.strip.isVisible(), "of a closed incident nothing is asked"
    press(window, "Alt+Up")
    assert card_is_seen(window)


def test_words_of_an_older_card_are_named_so(taking: tuple[LocalDesk, MainWindow], qtbot: Any) -> None:
    local, window = taking
    window.bar.run("th 3")
    asks = replace(CARDS.book.questions["co_thuong"], vi="Có ai đau không?")
    book = replace(CARDS.book, questions={**CARDS.book.questions, "co_thuong": asks})
    local.happen(lambda it: it.must(CORE, c.LoadCards(book=book)))
    qtbot.wait(20)
    assert "Có ai bị thương không?" in window.panels.triage.given.text()
    assert window.panels.triage.given.text().endswith("(lời thẻ cũ)")
    gone = replace(book, cards={})
    local.happen(lambda it: it.must(CORE, c.LoadCards(book=gone)))
    qtbot.waitUntil(lambda: not card_is_seen(window))


def test_counting_aloud_runs_while_it_is_seen(open_window: OpenWindow, night: Night, qtbot: Any) -> None:
    local, window = open_window("lan", "vi", night)
    settle(window, qtbot)
    window.bar.run("t ngung_tim")
    qtbot.waitUntil(lambda: card_is_seen(window))
    beat = window.panels.triage.beat
    assert beat.every_ms == 60_000 // 110 and "110" in beat.words.text()
    before = beat.dots.text()
    qtbot.waitUntil(lambda: beat.dots.text() != before)
    press(window, "Alt+E")
    assert beat.every_ms == 0
    press(window, "Alt+E")
    assert beat.every_ms == 60_000 // 110
    window.bar.run("t trom")
    assert not card_is_seen(window) and beat.every_ms == 0


def test_a_key_that_is_held_down_answers_once(taking: tuple[LocalDesk, MainWindow]) -> None:
    _, window = taking
    digits = {key.sequence for key in KEYS if key.line == f"th {key.sequence[-1]}"}
    assert digits == {f"Alt+{number}" for number in range(10)}
    bound = {it.key().toString(): it.autoRepeat() for it in window.findChildren(QShortcut)}
    assert {bound[key] for key in digits} == {False} and bound["Alt+Left"]


def inside(window: QWidget, part: QWidget) -> bool:
    at = part.mapTo(window, QPoint(0, 0))
    across = at.x() >= 0 and at.x() + part.width() <= window.width()
    return across and at.y() >= 0 and not part.visibleRegion().isEmpty()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_every_card_fits_with_the_address_and_three_legs_beside_it(
    open_window: OpenWindow, night: Night, qtbot: Any, language: str, size: tuple[int, int]
) -> None:
    local, window = open_window("lan", language, night)
    settle(window, qtbot, size)
    shown = window.panels.triage
    for kind in ("tngt_ket", "chay_nha", "ngo_doc", "ngung_tim", "tu_tu"):
        window.bar.run(f"t {kind}")
        qtbot.wait(60)
        assert inside(window, shown.question) and inside(window, shown.read), kind
        visible = shown.scrolled.viewport().rect()
        for row in shown.rows:
            if row.isVisible():
                bottom = row.mapTo(shown.scrolled.viewport(), QPoint(0, row.height())).y()
                assert bottom <= visible.bottom() + 1, (kind, row.button.text())
                assert row.button.sizeHint().width() <= row.button.width(), "no answer is cut"
        assert inside(window, window.panels.form.address_field)
        assert shown.advice.width() <= visible.width()
    window.bar.run("t tngt_ket")
    qtbot.wait(60)
    assert len(now(local).legs) == 3
    assert window.panels.form.legs.isVisible()


def test_a_supervisor_has_it_on_asking(open_window: OpenWindow, night: Night, qtbot: Any) -> None:
    local, window = open_window("hung", "en", night)
    settle(window, qtbot, LARGE)
    open_now = [it for it in night.state.incidents.values() if it.state is not IncidentState.CLOSED]
    current = next(it.id for it in open_now if not it.type)
    local.desk.show(current)
    window.bar.run("t cuop")
    qtbot.wait(20)
    assert not card_is_seen(window)
    window.bar.run("card")
    qtbot.waitUntil(lambda: card_is_seen(window))
    assert window.panels.triage.question.text() == "Are they still there?"
    window.panels.triage.rows[1].button.click()
    qtbot.waitUntil(lambda: answers(local) == {"con_do": "vua_di"})


def test_details_that_only_odd_notes_have() -> None:
    assert triage.note(Note(at=0, by="x", kind="card", about=("a",)), "vi") is None
    dropped = Note(at=0, by="x", kind="card_dropped", about=("a", "b", "c", "d"))
    assert triage.note(dropped, "en") == "No longer counts: b — d"
    odd = CardAnswer(code="a", type="gone", wants=(Want(service="moon", capability="x"), Want(service="moon")))
    assert triage.effect(State(), odd, "en") == "≥ 1 x  ≥ 1 moon"
