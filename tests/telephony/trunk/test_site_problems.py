"""All mistakes of a text at once, each where it stands; none where `parse_site` finds none."""

from __future__ import annotations

import msgspec
import pytest

from dispatch_core.wire import trunk as wire
from telephony.trunk.site import SiteError, parse_site
from telephony.trunk.site_problems import Mistake, problems
from tests.telephony.trunk.test_site import MISTAKES, TEXT


def test_the_sample_has_none() -> None:
    assert problems(TEXT) == ()


@pytest.mark.parametrize(("before", "after", "code", "key"), MISTAKES.values(), ids=MISTAKES)
def test_what_is_refused_is_among_them(before: str, after: str, code: str, key: str) -> None:
    text = TEXT.replace(before, after, 1)
    if key == "positions[1].id" and "B01]" not in text:
        text = text.replace('id = "B01"', 'id = "b"')
    with pytest.raises(SiteError) as caught:
        parse_site(text)
    found = {(it.code, it.line): it for it in problems(text)}
    assert (caught.value.code, caught.value.details["line"]) in found
    assert all(it.vi and it.en and it.instead_vi and it.instead_en for it in found.values())


def test_all_at_once_in_the_order_of_the_lines() -> None:
    text = (
        TEXT.replace("sip = 5060", "sip = 506000")
        .replace('hue = "#D55E00"', 'hue = "red"')
        .replace('dial = "114"\nservices = ["fire"]', 'dial = "1135"\nservices = ["fires"]')
        .replace("capacity = 120 ", "capacty = 120 ")
        .replace('codecs = ["alaw", "ulaw"]', 'codecs = ["alaw", "mp3"]')
        .replace('id = "B02"', 'id = "B01"')
    )
    found = [(it.code, it.key) for it in problems(text)]
    assert found == [
        ("site.bad-value", "ports.sip"),
        ("site.bad-value", "services.fire.hue"),
        ("site.overlapping-numbers", "numbers.1135.dial"),
        ("site.dangling-service", "numbers.1135.services"),
        ("site.missing-key", "carriers.viettel"),
        ("site.unknown-key", "carriers.viettel.capacty"),
        ("site.bad-value", "carriers.viettel.codecs"),
        ("site.duplicate", "positions.B01.id"),
    ]
    lines = text.splitlines()
    for it in problems(text):
        assert it.key.rpartition(".")[2] in lines[it.line - 1] or it.code == "site.missing-key"
    assert lines[problems(text)[4].line - 1] == "[[carriers]]"


def test_a_section_that_is_missing_is_told_alone() -> None:
    text = TEXT.replace("[[numbers]]", "[[numbres]]")
    assert [(it.code, it.key) for it in problems(text)] == [
        ("site.unknown-key", "numbres"), ("site.missing-key", ""),
    ]  # fmt: skip


def test_a_text_that_is_no_toml_and_one_that_is_something_else() -> None:
    found = problems("[ports\n")
    assert [(it.code, it.line) for it in found] == [("site.not-toml", 1)]
    assert {it.code for it in problems("site = 3\nnumbers = 4\nservices = [1]\n")} == {
        "site.bad-value", "site.missing-key",
    }  # fmt: skip


def test_a_mistake_has_the_fields_that_admins_are_told() -> None:
    assert Mistake.__struct_fields__ == wire.Mistake.__struct_fields__
    assert msgspec.convert(msgspec.to_builtins(problems("[")[0]), wire.Mistake).line == 1
