"""An address as it is said or typed in a hurry: the keys of VNI, numbers in words, missing spaces, shortened names, and
speech around it."""

from __future__ import annotations

import time
import unicodedata
from typing import cast

import pytest
from gis_tries import tries
from hypothesis import given
from hypothesis import strategies as st

from gis.addresses.around import MAX_CUTS, cut
from gis.addresses.reading import Reading
from gis.addresses.shortened import full_names
from gis.addresses.spelling import from_vni, spell, vni_word
from gis.addresses.spoken import number, spoken_numbers
from gis.addresses.street_index import Name, StreetIndex
from gis.addresses.stuck import pieces_of, unstuck
from gis.addresses.tokens import as_vni, words_of
from gis.addresses.ways import MAX_WAYS, ways

NAMES = ("Lê Lợi", "Nguyễn Hữu Cảnh", "Xô Viết Nghệ Tĩnh", "Đinh Tiên Hoàng", "Phan Đăng Lưu", "Võ Thị Sáu",
         "Nguyễn Thị Minh Khai", "Huỳnh Tịnh Của", "Ngô Tất Tố", "Trường Sa", "Điện Biên Phủ")  # fmt: skip
KNOWN = frozenset(it.plain for name in NAMES for it in spell(name))
KEYS = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5", "\u0302": "6", "\u031b": "7",
        "\u0306": "8"}  # fmt: skip


def told(it: Reading) -> tuple[str, str, str, str]:
    """House, names, ward, district."""
    return it.house, " × ".join(" ".join(w.plain for w in name) for name in it.names), it.ward, it.district


def vni(word: str, late: bool) -> str:
    """Each mark's digit beside its letter, or the tone at the word's end."""
    out, tone = "", ""
    for c in unicodedata.normalize("NFD", word.lower()):
        if c in "đ":
            out += "d9"
        elif c in KEYS and KEYS[c] in "12345" and late:
            tone = KEYS[c]
        else:
            out += KEYS.get(c, c)
    return out + tone


@tries(100, 2_000)
@given(st.sampled_from(NAMES), st.booleans())
def test_vni_keys_are_the_marks_that_they_make(name: str, late: bool) -> None:
    typed = " ".join(vni(word, late) for word in name.split())
    assert from_vni(typed) == spell(name)
    meant = as_vni(words_of(typed), frozenset())
    assert meant is not None and [it.spelling for it in meant] == spell(name)


@tries(100, 2_000)
@given(st.text("abcdeghiklmnopqrstuvxy0123456789", max_size=10))
def test_vni_takes_any_word_and_a_marked_one_only_once(word: str) -> None:
    meant = vni_word(word)
    assert meant.plain == word or not any(c.isdigit() for c in meant.plain)
    assert vni_word(meant.plain).plain == meant.plain


@pytest.mark.parametrize("word", ["d5", "p7", "q1", "f14", "cmt8", "dt743", "220"])
def test_a_number_is_no_key(word: str) -> None:
    assert vni_word(word).plain == word


def say(n: int, short: bool) -> str:
    """A number as people say it: hai trăm lẻ năm, ba mươi mốt, hai lăm."""
    ones = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
    hundreds, tens, one = n // 100, n % 100 // 10, n % 10
    out = [ones[hundreds], "trăm"] if hundreds else []
    if tens > 1:
        last = {1: "mốt", 5: "lăm"}.get(one, ones[one])
        out += [ones[tens], *([] if short and one and not hundreds else ["mươi"]), *([last] if one else [])]
    elif tens:
        out += ["mười", *([{5: "lăm"}.get(one, ones[one])] if one else [])]
    elif one:
        out += [*(["lẻ"] if hundreds else []), ones[one]]
    return " ".join(out)


@tries(150, 2_000)
@given(st.integers(1, 999), st.booleans())
def test_a_number_in_words_is_its_digits(n: int, short: bool) -> None:
    assert number([it.plain for it in spell(say(n, short))]) == str(n)
    words = spoken_numbers(words_of(f"hẻm {say(n, short)}, Lê Lợi"))
    assert [it.plain for it in words] == ["hem", str(n), "le", "loi"]


@tries(100, 2_000)
@given(st.text(max_size=40))
def test_without_a_word_that_leads_to_it_no_number_is_made(text: str) -> None:
    words = [it for it in words_of(text) if it.plain not in ("so", "hem", "ngo", "ngach", "kiet", "quan", "phuong")]
    words = [it for it in words if it.plain not in "qpf"]
    assert spoken_numbers(words) == words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Lê Lợi, quận nhất", "le loi quan 1"),
        ("Phường hai mươi lăm, Bình Thạnh", "phuong 25 binh thanh"),
        ("phường Tam Bình", "phuong tam binh"),
        ("phuong tam binh", "phuong tam binh"),
        ("Nguyễn Tri Phương Ba Son", "nguyen tri phuong ba son"),
        ("quan nhat", "quan 1"),
        ("số hai trăm hai mươi Lê Lợi", "so 220 le loi"),
        ("Ba Tháng Hai", "ba thang hai"),
    ],
)
def test_numbers_in_words(text: str, plain: str) -> None:
    assert " ".join(it.plain for it in spoken_numbers(words_of(text))) == plain


@tries(150, 2_000)
@given(st.lists(st.sampled_from(sorted(it for it in KNOWN if len(it) > 1)), min_size=2, max_size=4))
def test_words_without_their_spaces_are_taken_apart(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = pieces_of(text, KNOWN)
    assert "".join(found) == text and len(found) <= len(pieces)
    words = unstuck(words_of(text), text, KNOWN) if len(text) > 4 and text not in KNOWN and len(found) > 1 else None
    if words is not None:
        assert [it.plain for it in words] == found
        assert [text[it.start : it.end] for it in words] == found


@pytest.mark.parametrize(
    ("text", "plain"),
    [("đườngLê Lợi", "duong le loi"), ("12 nguyenhuucanh", "12 nguyen huu canh"), ("duongso30", "duong so 30")],
)
def test_missing_spaces(text: str, plain: str) -> None:
    words = unstuck(words_of(text), text, KNOWN)
    assert words is not None and " ".join(it.plain for it in words) == plain


def test_whole_words_stay_whole() -> None:
    for text in ("Lê Lợi", "BThạnh", "LÊ LỢI", "Pasteur", "p7q5", ""):
        assert unstuck(words_of(text), text, KNOWN) is None


class Initials:
    """Of the index, what shortened names are looked up by."""

    def by_initials(self, letters: str) -> list[Name]:
        folded = [" ".join(it.plain for it in spell(name)) for name in NAMES]
        return [Name(n, it, NAMES[n], "street", 0.0, "name") for n, it in enumerate(folded)
                if "".join(word[0] for word in it.split()) == letters]  # fmt: skip


@tries(150, 2_000)
@given(st.sampled_from(NAMES), st.data())
def test_a_name_is_found_by_letters_of_its_words(name: str, data: st.DataObject) -> None:
    words = [it.plain for it in spell(name)]
    short = data.draw(st.sets(st.integers(0, len(words) - 1), min_size=1, max_size=len(words) - 1))
    typed = [word[0] if n in short else word for n, word in enumerate(words)]
    found = full_names(typed, cast(StreetIndex, Initials()))
    assert name in {it.written for _, it in found} and all(0 < alike < 100 for alike, _ in found)
    assert not full_names([word[0] for word in words], cast(StreetIndex, Initials()))
    assert not full_names(words, cast(StreetIndex, Initials()))


def test_letters_that_are_run_together_are_letters() -> None:
    assert [it.written for _, it in full_names(["ntm", "khai"], cast(StreetIndex, Initials()))] == [NAMES[6]]
    assert [it.written for _, it in full_names(["ng", "huu", "canh"], cast(StreetIndex, Initials()))] == [NAMES[1]]


before = st.sampled_from(
    ["em ơi tôi đang ở", "cháy ở", "alo 114 hả,", "anh ơi cứu với,", "có tai nạn ở", "cho xe tới", "dạ địa chỉ là",
     "nhà tôi ở", "cháy rồi,", "có người ngất xỉu tại", "tôi gọi từ", ""]
)  # fmt: skip
after = st.sampled_from(["nhanh lên", "nha anh", "giùm", "gấp", "bị kẹt thang máy", "cháy rồi", "ạ", ""])


@tries(150, 2_000)
@given(before, st.sampled_from(NAMES), st.integers(1, 900), after, st.booleans())
def test_speech_around_an_address_is_no_part_of_it(lead: str, name: str, n: int, end: str, marks: bool) -> None:
    text = f"{lead} {n} {name}, Quận 1 {end}"
    if not marks:
        text = " ".join(text.replace(",", " ,").replace("Đ", "D").split())
        text = "".join(c for c in unicodedata.normalize("NFD", text.replace("đ", "d")) if not unicodedata.combining(c))
    folded = " ".join(it.plain for it in spell(name))
    wanted = (str(n), folded, "", "1")  # one word without marks at an edge may be the name's too: then not the first
    assert wanted in [told(it) for it in ways(text, KNOWN)[:3]]


@pytest.mark.parametrize(
    ("text", "house", "name", "ward", "district"),
    [
        ("Lê Lợi, Bình Thạnh District", "", "le loi", "", "binh thanh"),
        ("12 Le Loi Street, District 1", "12", "le loi street", "", "1"),
        ("Lê Lợi Sài Gòn Ward", "", "le loi", "sai gon", ""),
        ("Lê Lợi Q.BT", "", "le loi", "", "binh thanh"),
        ("Lê Lợi qbt", "", "le loi", "", "binh thanh"),
        ("Lê Lợi, BThạnh", "", "le loi", "", "binh thanh"),
        ("Lê Lợi ở quận 1", "", "le loi", "", "1"),
        ("hẻm 220/9 Lê Lợi nhà số 43, Q1", "220/9/43", "le loi", "", "1"),
        ("đường Lê Lợi hẻm 15 số 48A, Q1", "15/48a", "duong le loi", "", "1"),
        ("hẻm số 318 Lê Lợi", "318", "le loi", "", ""),
        ("hẻm xe hơi 69 Lê Lợi", "69", "le loi", "", ""),
        ("18 A/23 Lê Lợi", "18a/23", "le loi", "", ""),
        ("corner of Le Loi and Pasteur", "", "le loi × pasteur", "", ""),
        ("đầu đường Lê Lợi giao với đường Pasteur", "", "duong le loi × duong pasteur", "", ""),
        ("A16-03 chung cư Mẫu", "", "chung cu mau", "", ""),
        ("Lê Lợi phường Tân Sơn mới", "", "le loi", "tan son", ""),
        ("chú Mạnh ơi cháy ở Chu Mạnh Trinh", "", "chu manh trinh", "", ""),
        ("Chu Mạnh Trinh", "", "chu manh trinh", "", ""),
        ("le lai, p. ben thanh", "", "le lai", "ben thanh", ""),
        ("le lai q1", "", "le lai", "", "1"),
        ("208 Bạch Đằng Ward 12, Q.BT", "208", "bach dang", "12", "binh thanh"),
        ("số một trăm chín mươi ba Hai Bà Trưng", "193", "hai ba trung", "", ""),
        ("có mùi khét ở lầu trên, địa chỉ 194 Pasteur", "194", "pasteur", "", ""),
        ("Cách Mạng Tháng 8 hẻm 6", "6", "cach mang thang tam", "", ""),
        ("cháy nhà thờ Đức Bà", "", "tho duc ba", "", ""),
    ],
)
def test_first_way(text: str, house: str, name: str, ward: str, district: str) -> None:
    assert (house, name, ward, district) in [told(it) for it in ways(text, KNOWN)[:3]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("12 Lê Lợi gần chợ Mẫu", "le loi"),
        ("12 Lê Lợi, gần Toà án Quận 3, Quận 1", "le loi"),
        ("Công an Phường 19", "cong an phuong 19"),
        ("Toà án Nhân dân Quận 1", "toa an nhan dan quan 1"),
        ("P.Văn Hân", "p van han"),
        ("CMT8 Q3", "cach mang thang 8"),
        ("CMT8 Q3", "cach mang thang tam"),
        ("thằng nhỏ leo cây rớt xuống đường Lê Lợi", "duong le loi"),
        ("cháy nhà thờ Đức Bà", "nha tho duc ba"),
        ("Cao Ốc Mẫu, 14 đường Lê Lợi", "duong le loi"),
    ],
)
def test_another_way(text: str, name: str) -> None:
    assert name in {told(it)[1] for it in ways(text, KNOWN)}


pieces = st.sampled_from(
    ["220/9/43", "Lê Lợi", "nguyenhuucanh", "d9u7o7ng2", "quận nhất", "Q.BT", "hẻm", "số", "năm", "trăm", "mười", "N.",
     "giao", "ngã tư", "gần", "đối diện", "ở", "tại", "cháy", "nhà", "em ơi", "nhanh lên", ",", "-", "/", "A16",
     "District", "Ward", "Công an", "đường", "114", "hả", "🚑", "\x00", "Ðinh", "x", "q", "p"]
)  # fmt: skip


@tries(150, 5_000)
@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=14).map(" ".join)))
def test_any_text_has_bounded_ways(text: str) -> None:
    found = ways(text, KNOWN)
    assert found == ways(text, KNOWN) and len(found) <= MAX_WAYS
    assert [it.cost for it in found] == sorted(it.cost for it in found)
    assert len(cut(words_of(text))) <= MAX_CUTS
    for it in found:
        assert all(0 <= p.start < p.end <= len(text) * 4 for p in it.parts)


def test_ten_kilobytes_are_read_quickly() -> None:
    for piece in ("em ơi cháy ở ", "năm trăm ", "số ", "gần ", "a1", "nguyenhuucanh", "N. ", "quận "):
        began = time.process_time()
        ways(piece * (10_000 // len(piece)), KNOWN)
        assert time.process_time() - began < 0.5
