"""What a newcomer types wrongly is told with its line and its remedy, in both languages, and without his values."""

from __future__ import annotations

import pytest

from telephony.trunk.site_problems import problems
from tests.telephony.trunk.test_site_problems import TEXT

SLIPS = {
    "no quotes": ("secret = geheim99", "thiếu dấu nháy", 'secret = "value"'),
    "curly quotes": ("secret = “geheim99”", "nháy cong", "straight"),
    "a blank that is none": ("\u00a0secret = 3", "dấu cách lạ", "by hand"),
    "a colon": ('secret: "geheim99"', "hai chấm", 'secret = "value"'),
    "yes": ("enabled = yes", "true", "enabled = true"),
    "True": ("enabled = True", "true", "enabled = true"),
    "an open quote": ('secret = "geheim99', "nháy đóng", 'secret = "value"'),
    "an address without quotes": ("peers = [203.0.113.7:5060]", "dấu nháy", '["value"'),
    "a list that stays open": ('peers = ["203.0.113.7:5060"\ncapacity = 3', "ngoặc đóng", '["value"'),
    "a zero before": ("capacity = 030", "mở đầu bằng 0", "capacity"),
    "twice the key": ('name = "geheim99"\nname = "b"', "đã có", "[[name]]"),
    "one bracket": ('[carriers]\nname = "a"', "đã có ở trên", "[[carriers]]"),
    "the section again": ("[ports]\nsip = 5060", "đã có ở trên", "section above"),
    "an open head": ("[portz", "đóng ngoặc", "[name]"),
    "Vietnamese letters in a key": ('tên = "geheim99"', "có dấu", "sample"),
    "a path of Windows": (r'secret_file = "C:\geheim99"', "dấu \\", "single quotes"),
}


@pytest.mark.parametrize("what", SLIPS)
def test_a_slip_is_told_with_its_remedy(what: str) -> None:
    typed, vi, instead = SLIPS[what]
    (found,) = problems(f"{TEXT}\n[[carriers]]\n{typed}\n")
    assert found.code == "site.not-toml" and vi in found.vi and instead in found.instead_en
    first = TEXT.count("\n") + 3
    assert first <= found.line <= first + typed.count("\n")
    assert not any("geheim99" in it for it in (found.vi, found.en, found.instead_vi, found.instead_en))


def test_an_unseen_mark_at_the_beginning() -> None:
    (found,) = problems("\ufeff" + TEXT)
    assert "BOM" in found.vi and found.line == 1


@pytest.mark.parametrize(
    ("was", "now", "vi"),
    [
        ("capacity = 120 ", 'capacity = "120" ', "số nguyên"),
        ("capacity = 120 ", "capacity = 0 ", "nhỏ quá"),
        ("capacity = 120 ", "capacity = 99999 ", "lớn quá"),
        ('peers = ["127.0.0.1:5070"]', 'peers = "127.0.0.1:5070"', "danh sách"),
        ('peers = ["127.0.0.1:5070"]', "peers = []", "ngắn quá"),
        ('peers = ["127.0.0.1:5070"]', 'peers = ["sip.example.vn:5070"]', "đúng dạng"),
        ('codecs = ["alaw", "ulaw"]', 'codecs = ["G711"]', "G711"),
        ('name = "viettel"', "name = 3", "dấu nháy"),
        ("enabled = false", 'enabled = "no"', "true hoặc false"),
    ],
)
def test_a_value_of_another_kind_is_told_in_words(was: str, now: str, vi: str) -> None:
    assert was in TEXT
    found = [it for it in problems(TEXT.replace(was, now, 1)) if it.code == "site.bad-value"]
    assert len(found) == 1 and vi in found[0].vi and "`" not in found[0].en


def test_a_section_that_there_is_not_has_its_line() -> None:
    (found,) = problems(f'{TEXT}\n[[carrier]]\nname = "mobifone"\n')
    assert (found.key, found.line, found.instead_en) == ("carrier", TEXT.count("\n") + 2, "carriers")
