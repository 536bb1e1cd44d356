"""One word in its many spellings."""

from __future__ import annotations

import pytest
from gis_tries import tries
from hypothesis import given
from hypothesis import strategies as st

from gis.addresses.spelling import fold, from_telex, spell
from gis.addresses.words import in_full, numbers


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Chợ Bến Thành", "cho ben thanh"),
        ("ĐỨC NHUẬN", "duc nhuan"),
        ("Ðức Nhuận", "duc nhuan"),  # U+00D0, as map data has it
        ("ðường", "duong"),
        ("Hoà Hưng", "hoa hung"),
        ("ho\u0300a", "hoa"),  # decomposed
        ("P.7,  Q.5", "p 7 q 5"),
        ("220/9/43", "220 9 43"),
        ("  ", ""),
        ("½ ①", "1 2 1"),
        ("𝐀İ", "ai"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_marks_agree_wherever_they_stand() -> None:
    assert spell("hoà") == spell("hòa") == spell("ho\u0300a")
    assert spell("Thanh An") != spell("Thạnh An")
    assert spell("d") != spell("đ")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chowj beens thanhf", "chợ bến thành"),
        ("chowj Beesn Thafnh", "chợ bến thành"),
        ("ngax tuw hangf xanh", "ngã tư hàng xanh"),
        ("ddoongf ddaats", "đồng đất"),
        ("nguyeenx hueej", "nguyễn huệ"),
        ("Thur DDuwcs", "thủ đức"),
        ("quaanj tana binhf", "quận tân bình"),
        ("dduwowngf", "đường"),
        ("truwowngf", "trường"),
        ("hoaf hwng", "hòa hưng"),
        ("nhaf thowf duwcs baf", "nhà thờ dức bà"),
        ("saif gonf", "sài gòn"),
        ("muaw quawngr", "mưa quẳng"),
        ("uyr ban", "ủy ban"),
    ],
)
def test_telex(typed: str, meant: str) -> None:
    assert from_telex(typed) == spell(meant)


def test_telex_of_plain_text_is_nothing_new() -> None:
    assert from_telex("thanh dan cu") is None
    assert from_telex("") is None
    assert from_telex("muaxz") is None  # the tone was taken back
    assert from_telex("landmark 81") is not None  # «r» after a vowel is a tone: a second reading, not the only one


@tries(100, 10_000)
@given(st.text(max_size=60))
def test_any_text_folds_to_plain_words(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split()) and fold(folded) == folded
    from_telex(text)


@pytest.mark.parametrize(
    "text", ["P.7 Q.5", "p7 q5", "phường 7 quận 5", "Phường 07, Quận 05", "F7, Q5", "f.7 q.5", "ward 7 district 5"]
)
def test_one_form_for_a_numbered_ward(text: str) -> None:
    assert in_full(fold(text)) == "phuong7 quan5"


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("BV Chợ Rẫy", "benh vien cho ray"),
        ("ngã 4 Hàng Xanh", "nga tu hang xanh"),
        ("P. Thảo Điền, TP Thủ Đức", "phuong thao dien thanh pho thu duc"),
        ("Bến Thành, TP.HCM", "ben thanh"),
        ("Bến Thành, Thành phố Hồ Chí Minh, Việt Nam", "ben thanh"),
        ("Q. Bình Thạnh", "quan binh thanh"),
        ("phường 100", "phuong 100"),
    ],
)
def test_short_words_in_full(text: str, full: str) -> None:
    assert in_full(fold(text)) == full


def test_numbers_by_what_they_number() -> None:
    assert numbers(in_full(fold("220/9 Nguyễn Văn Cừ P.1 Q.5"))) == {
        "": {"220", "9"},
        "phuong": {"1"},
        "quan": {"5"},
    }
