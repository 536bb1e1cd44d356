"""What a text is taken to mean, before anything is looked up: pure, bounded, never surprised."""

from __future__ import annotations

import time

import pytest
from gis_tries import tries
from hypothesis import given
from hypothesis import strategies as st

from gis.addresses.names import place_form, street_form, without_title
from gis.addresses.numbers import alley_paths, main_number, number_key, span
from gis.addresses.parse import MAX_READINGS, readings
from gis.addresses.reading import Reading
from gis.addresses.spelling import fold, spell
from gis.addresses.tokens import MAX_WORDS, as_telex, typed, words_of
from gis.addresses.units import units


def plainest(text: str) -> Reading:
    return readings(words_of(text))[0]


def told(it: Reading) -> tuple[str, str, str, str]:
    """House, names, ward, district."""
    return it.house, " × ".join(" ".join(w.plain for w in name) for name in it.names), it.ward, it.district


@pytest.mark.parametrize(
    ("text", "house", "name", "ward", "district"),
    [
        ("65 Lê Lợi, Quận 1", "65", "le loi", "", "1"),
        ("220/9/43 Xô Viết Nghệ Tĩnh P.21 Q. Bình Thạnh", "220/9/43", "xo viet nghe tinh", "21", "binh thanh"),
        ("59 Bis Lê Lợi", "59bis", "le loi", "", ""),
        ("35 BIS - 45 Lê Thánh Tôn q1", "35bis-45", "le thanh ton", "", "1"),
        ("22-36 nguyen hue", "22-36", "nguyen hue", "", ""),
        ("số 02 đường Hải Triều", "2", "duong hai trieu", "", ""),
        ("220 xẹt 9 xẹt 43 Bạch Đằng", "220/9/43", "bach dang", "", ""),
        ("152 xẹt A1 Nguyễn Văn Thương", "152/a1", "nguyen van thuong", "", ""),
        ("hẻm 69 Nguyễn Gia Trí", "69", "nguyen gia tri", "", ""),
        ("số 5 hẻm 220/9 Bạch Đằng", "220/9/5", "bach dang", "", ""),
        ("5 ngách 3 ngõ 12 Bạch Đằng", "12/3/5", "bach dang", "", ""),
        ("kiệt 15 Võ Duy Ninh", "15", "vo duy ninh", "", ""),
        ("P.7 Q.5", "", "", "7", "5"),
        ("p7q5", "", "", "7", "5"),
        ("F14 Q10", "", "", "14", "10"),
        ("Phường 07, Quận 05", "", "", "7", "5"),
        ("Lê Lợi, phường Bến Nghé, quận 1, TP.HCM", "", "le loi", "ben nghe", "1"),
        ("Lê Lợi P. Bến Nghé Q1 thành phố Hồ Chí Minh", "", "le loi", "ben nghe", "1"),
        ("Nguyễn Tri Phương, Quận 10", "", "nguyen tri phuong", "", "10"),
        ("nguyen tri phuong quan 10", "", "nguyen tri phuong", "", "10"),
        ("8 Võ Văn Kiệt Quận 1", "8", "vo van kiet", "", "1"),
        ("Ngô Tất Tố, Bình Thạnh", "", "ngo tat to", "", "binh thanh"),
        ("Bình Thạnh, Ngô Tất Tố 59", "59", "ngo tat to", "", "binh thanh"),
        ("đối diện 65 Lê Lợi, Q1", "65", "le loi", "", "1"),
        ("cho hỏi nhà số 65 Lê Lợi nha", "65", "le loi", "", ""),
        ("gần chợ Bến Thành", "", "cho ben thanh", "", ""),
        ("cách chợ Bến Thành 50m", "", "cho ben thanh", "", ""),
        ("ngã tư Lê Lợi - Pasteur, Q1", "", "le loi × pasteur", "", "1"),
        ("góc Lê Lợi và Pasteur", "", "le loi × pasteur", "", ""),
        ("Lê Lợi giao với Pasteur", "", "le loi × pasteur", "", ""),
        ("Lê Lợi x Pasteur", "", "le loi × pasteur", "", ""),
        ("tầng 5, 65 Lê Lợi", "65", "le loi", "", ""),
        ("tổ 5 khu phố 3 Lê Lợi", "", "le loi", "", ""),
        ("12 đường số 26, Q2", "12", "duong so 26", "", "2"),
        ("đường số 26", "", "duong so 26", "", ""),
        ("CHUNG CƯ MỸ ĐỨC", "", "chung cu my duc", "", ""),
        ("65 Lê Lợi, phường 7 quận 5 cũ", "65", "le loi", "7", "5"),
    ],
)
def test_plainest_reading(text: str, house: str, name: str, ward: str, district: str) -> None:
    assert told(plainest(text)) == (house, name, ward, district)


def test_short_words_are_written_out() -> None:
    for text, name in (
        ("12 CMT8 Q10", "cach mang thang tam"), ("xvnt binh thanh", "xo viet nghe tinh"), ("12 3/2 Q10", "3 thang 2"),
    ):  # fmt: skip
        assert name in {told(it)[1] for it in readings(words_of(text))}
    assert {told(it)[1] for it in readings(words_of("BV Chợ Rẫy"))} >= {"benh vien cho ray"}
    assert told(plainest("3/2 Lê Lợi")) == ("3/2", "le loi", "", "")  # a house in an alley, not the street


def test_alleys_and_houses_are_told_apart() -> None:
    assert plainest("hẻm 69 Lê Lợi").alley and not plainest("69 Lê Lợi").alley
    assert not plainest("5 hẻm 69 Lê Lợi").alley


def test_syllables_of_names_are_no_titles_and_slips_of_titles_are() -> None:
    assert told(plainest("Nguyễn Văn Thương 15, Bình Thạnh")) == ("15", "nguyen van thuong", "", "binh thanh")
    assert told(plainest("Phó Đức Chính x Nguyễn Thái Bình, Q1"))[1:] == ("pho duc chinh × nguyen thai binh", "", "1")
    assert told(plainest("Tôn Đức Thắng phưng Bến Nghé q 1")) == ("", "ton duc thang", "ben nghe", "1")
    assert told(plainest("12 Quốc lộ 50 x Bình Hưng h Bình Chánh"))[2:] == ("binh hung", "binh chanh")


def test_an_unknown_ward_is_told() -> None:
    assert plainest("65 Lê Lợi, phường 99").unknown_ward == "99"
    assert plainest("65 Lê Lợi, phường Xyz Abc, Quận 1").unknown_ward == "xyz abc"
    assert units().ward("7", "5") is not None and units().ward("19", "5") is None


def test_what_was_understood_stands_where_it_was_typed() -> None:
    text = "65 Lê Lợi, P.7 Q.5 cũ"
    parts = {part.role: typed(text, part.start, part.end) for part in plainest(text).parts}
    assert parts == {"house": "65", "name": "Lê Lợi", "ward": "P.7", "district": "Q.5", "filler": "cũ"}


def test_telex_is_decoded_word_by_word() -> None:
    words = words_of("160 Pasteur, Quaanj 1")
    meant = as_telex(words, frozenset({"pasteur"}))
    assert meant is not None and [w.plain for w in meant] == ["160", "pasteur", "quan", "1"]
    assert as_telex(words_of("le loi"), frozenset()) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [("220/9/43", "220/9/43"), ("59 Bis", "59bis"), ("059BIS", "59bis"), ("02", "2"), ("35 BIS - 45", "35bis-45"),
     ("9T1", "9t1"), ("152/A1", "152/a1"), ("18A/23", "18a/23"), ("12-14-16", "12-14-16"),
     ("Hẻm 69", ""), ("", ""), ("1//2", "")],
)  # fmt: skip
def test_number_keys(text: str, key: str) -> None:
    assert number_key(text) == key
    assert number_key(key) == key


def test_numbers_say_their_street_number_and_alleys() -> None:
    assert main_number("220/9/43") == 220 and span("22-36") == (22, 36) and span("12-14-16") == (12, 16)
    assert span("59bis") == (59, 59) and alley_paths("220/9/43") == ["220/9", "220"]


def test_names_have_one_form() -> None:
    assert street_form(spell("Đường Lê Lợi"))[0] == street_form(spell("le loi"))[0] == "le loi"
    assert street_form(spell("D2"))[0] == street_form(spell("đường D2"))[0] == "duong d2"
    assert street_form(spell("Đường số 26"))[0] == street_form(spell("số 26"))[0] == "duong so 26"
    assert place_form(fold("UBND TP.HCM")) == place_form(fold("Ủy ban nhân dân Thành phố Hồ Chí Minh"))
    assert without_title("cho ben thanh") == "ben thanh" and without_title("cho") == "cho"


pieces = st.sampled_from(
    ["220/9/43", "59 Bis", "Lê Lợi", "xô viết", "nghệ tĩnh", "P.7", "F14", "Q.5", "quận", "phường", "hẻm", "ngõ",
     "kiệt", "giao", "ngã tư", "góc", "-", ",", "/", "&", "gần", "đối diện", "3/2", "CMT8", "Bình Thạnh", "TP.HCM",
     "số", "đường", "xẹt", "bis", "1", "a", "🚑", "\x00", "Ðinh", "tổ 5", "cũ", "x", "q", "p", "50m", "A1"]
)  # fmt: skip


@tries(150, 5_000)
@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=14).map(" ".join)))
def test_any_text_is_read(text: str) -> None:
    words = words_of(text)
    assert len(words) <= MAX_WORDS
    found = readings(words)
    assert found == readings(words) and len(found) <= MAX_READINGS
    assert [it.cost for it in found] == sorted(it.cost for it in found)
    for it in found:
        assert not it.house or number_key(it.house) == it.house
        assert all(0 <= p.start < p.end <= len(text) * 4 for p in it.parts)
        assert it.district in ("", *units().districts) and (not it.ward or units().is_ward(it.ward))


@tries(150, 5_000)
@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert place_form(place_form(once)) == place_form(once)


def test_ten_kilobytes_are_read_quickly() -> None:
    for piece in ("65 Lê Lợi, P.7 Q.5 ", "a", "1/", "🚑", "phường ", "x - "):
        text = piece * (10_000 // len(piece))
        began = time.process_time()
        assert len(readings(words_of(text))) <= MAX_READINGS
        assert time.process_time() - began < 0.5
