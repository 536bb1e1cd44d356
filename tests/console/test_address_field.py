"""The address field: what is offered while somebody types, what is said of it, and that nothing gets in their way."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console_gui.call_taking.choice_row import typed_spans
from console_gui.call_taking.offered_places import choices_of
from console_gui.hands import type_into
from console_gui.places import location_of
from console_gui.translations.language import Words
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import LocationSource, Suggestion, Understood

HOUSE = Suggestion(
    label="65 Lê Lợi", lat=10.77, lon=106.70, kind="house", ward="Phường Sài Gòn", uncertainty_m=20.0, score=99.0,
    old="Phường Bến Nghé, Quận 1", away_m=1_250.0,
    understood=(
        Understood(role="house", words="65"), Understood(role="name", words="le loi", means="Lê Lợi"),
        Understood(role="ward", words="P. Bến Nghé", means="Phường Bến Nghé, Quận 1 (cũ) → Phường Sài Gòn"),
        Understood(role="detail", words="lầu 3"), Understood(role="unknown_ward", words="phường 99"),
    ),
)  # fmt: skip
BETWEEN = Suggestion(
    label="67 Lê Lợi", lat=10.77, lon=106.70, kind="house_between", uncertainty_m=60.0, once="Rue Bonard"
)
WARD = Suggestion(
    label="Phường Sài Gòn", lat=10.78, lon=106.70, kind="ward", ward="Phường Sài Gòn", uncertainty_m=900.0
)


def test_a_choice_says_ward_distance_and_uncertainty_in_both_languages() -> None:
    [vi, guessed, ward] = choices_of([HOUSE, BETWEEN, WARD], "65 le loi", Words("vi"))
    assert (vi.text, vi.detail) == ("65 Lê Lợi", "Phường Sài Gòn · cách 1,2 km · ±20 m")
    assert "P. Bến Nghé = Phường Bến Nghé, Quận 1 (cũ) → Phường Sài Gòn" in vi.note
    assert "số 65" in vi.note and "phường 99" in vi.note and "không có phường" in vi.note and "lầu 3" in vi.note
    assert guessed.detail == "ước giữa hai số nhà · tên cũ: Rue Bonard · ±60 m" and guessed.note == ""
    assert ward.detail == "±900 m"  # its own name is not said twice
    [en] = choices_of([HOUSE], "65 le loi", Words("en"))
    assert en.detail == "Phường Sài Gòn · 1.2 km away · ±20 m"
    assert en.note.startswith("Understood: number 65 · le loi = Lê Lợi · ")
    assert "there is no such ward" in en.note


def test_the_typed_words_stand_out() -> None:
    assert typed_spans("65 Lê Lợi", "65 le l") == ((0, 2), (3, 5))  # one letter begins too many words
    assert typed_spans("Bệnh viện Chợ Rẫy", "cho ra") == ((10, 13), (14, 17))
    assert typed_spans("Lê Lợi – Pasteur", "x") == () and typed_spans("", "le") == ()


def test_the_ward_goes_into_the_place_that_is_taken() -> None:
    assert location_of(HOUSE, 1).label == "65 Lê Lợi, Phường Sài Gòn"
    assert location_of(WARD, 1).label == "Phường Sài Gòn" and location_of(WARD, 1).source is LocationSource.WARD
    assert location_of(HOUSE, 1).source is LocationSource.GAZETTEER and location_of(HOUSE, 1).confidence == 99


def test_what_was_understood_stands_under_the_list(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    local.questions.suggestions = (HOUSE, BETWEEN)
    field = window.panels.form.address_field.field
    type_into(field, "65 le loi p ben nghe")
    qtbot.waitUntil(lambda: len(field.offered) == 2)
    note = field._note
    assert note is not None and note.isVisible() and "Phường Bến Nghé, Quận 1 (cũ) → Phường Sài Gòn" in note.text()
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert not note.isVisible()  # nothing was told of the second
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert note.isVisible() and field.hasFocus() and field.text() == "65 le loi p ben nghe"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not note.isVisible() and not field.offered


def test_telex_in_the_making_is_not_disturbed(open_window: Any, qtbot: Any) -> None:
    """Suggestions come and go beside the typing: the text, its cursor and the focus stay the person's."""
    local, window = open_window("lan")
    local.questions.suggestions = (HOUSE,)
    field = window.panels.form.address_field.field
    type_into(field, "65 Lee ")
    qtbot.waitUntil(lambda: len(field.offered) == 1)
    QTest.keyClicks(field, "Lowij")
    assert field.text() == "65 Lee Lowij" and field.cursorPosition() == len("65 Lee Lowij") and field.hasFocus()
    qtbot.waitUntil(lambda: local.questions.asked[-1] == "65 Lee Lowij")
    assert field.text() == "65 Lee Lowij" and field.cursorPosition() == len("65 Lee Lowij")


def test_a_text_that_cannot_be_an_address_is_said_beside_the_field(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    field = window.panels.form.address_field

    def unknown(text: str, near: object = None) -> tuple[Suggestion, ...]:
        raise DispatchError("place.unknown_ward", "Không có phường 99.", "There is no ward 99.")

    local.questions.suggest = unknown
    type_into(field.field, "phường 99")
    qtbot.waitUntil(lambda: field.trouble.text() == "Không có phường 99.")
    assert field.field.text() == "phường 99" and field.field.hasFocus()
    type_into(field.field, "phường 9")
    assert not field.trouble.isVisible()


def test_distances_count_from_the_caller_or_the_incident(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    asked: list[object] = []

    def told(text: str, near: object = None) -> tuple[Suggestion, ...]:
        asked.append(near)
        return ()

    local.questions.suggest = told
    field = window.panels.form.address_field.field
    type_into(field, "10.77, 106.69")
    QTest.keyClick(field, Qt.Key.Key_Return)
    type_into(field, "le loi")
    qtbot.waitUntil(lambda: bool(asked))
    assert asked[-1] == (10.77, 106.69)
