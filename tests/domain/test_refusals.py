"""Refusals: every code has its two sentences, and every brace in them is filled by everybody who refuses."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import dispatch_core
from dispatch_core.domain.refusals import DETAIL_LIMIT, SENTENCES, Refusal, refuse
from dispatch_core.domain.words import ACTS, ROLES, STATUSES, Word, act, listed

CORE = Path(dispatch_core.__file__).parent
PROGRAM = (CORE, CORE.parent / "console_gui")  # a console refuses a core of other rules


def refusals_in_the_program() -> list[tuple[str, str, frozenset[str]]]:
    """(where, code, names of the details) of each ``refuse(...)`` that is written anywhere. Where a function refuses
    with the code that it was given, what its module hands to other functions is looked at instead."""
    found = []
    for file in sorted(it for folder in PROGRAM for it in folder.rglob("*.py")):
        calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        for node in calls:
            if getattr(node.func, "id", "") != "refuse":
                continue
            names = frozenset(str(keyword.arg) for keyword in node.keywords)
            where = f"{file.name}:{node.lineno}"
            (code,) = node.args
            codes = [str(code.value)] if isinstance(code, ast.Constant) else handed_on(calls)
            assert codes, f"{where}: no code is written out"
            found += [(where, each, names) for each in codes]
    return found


def handed_on(calls: list[ast.Call]) -> list[str]:
    """Codes that are arguments of something other than ``refuse``."""
    others = (node for node in calls if getattr(node.func, "id", "") != "refuse")
    arguments = (argument for node in others for argument in node.args if isinstance(argument, ast.Constant))
    return sorted({str(argument.value) for argument in arguments} & set(SENTENCES))


WRITTEN = refusals_in_the_program()


def braces(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


def test_there_is_something_to_look_at() -> None:
    assert len(WRITTEN) > 60


@pytest.mark.parametrize(("where", "code", "names"), WRITTEN, ids=[f"{code}-{where}" for where, code, _ in WRITTEN])
def test_what_is_refused_has_its_sentences_filled(where: str, code: str, names: frozenset[str]) -> None:
    vi, en = SENTENCES[code]
    assert braces(vi) == names, where
    assert braces(en) == names, where


def test_no_sentence_is_without_use() -> None:
    assert set(SENTENCES) == {code for _, code, _ in WRITTEN}


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_sentences_are_two_whole_sentences(code: str) -> None:
    vi, en = SENTENCES[code]
    for sentence in (vi, en):
        assert sentence.endswith(".") and sentence == sentence.strip() and "\n" not in sentence
    assert vi != en
    assert any(ord(letter) > 127 for letter in vi), "not Vietnamese"
    plain = "".join(part for part, *_ in string.Formatter().parse(en))
    assert not set(plain) - set(string.printable) - set("“”"), "not English"


def test_a_code_without_sentences_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="no_such_code"):
        refuse("no_such_code")
    assert Refusal("from_a_newer_core").sentence("vi") == "from_a_newer_core"  # a console shows what it got


def test_details_that_are_missing_show_so() -> None:
    assert Refusal("unknown_unit").sentence("en") == "There is no unit “?”."


def test_what_was_typed_is_echoed_but_not_a_page_of_it() -> None:
    refusal = refuse("unknown_unit", unit="A\r\n{x}" + "y" * 60_000)
    assert len(refusal.details["unit"]) == DETAIL_LIMIT
    assert refusal.sentence("vi").startswith("Không có đơn vị “A\ufffd\ufffd{x}yyy")


def test_a_detail_with_a_name_is_said_in_the_readers_language() -> None:
    refusal = refuse("no_leg", incident="20261123-00001", service=Word("fire", "Chữa cháy", "Fire"))
    assert refusal.details["service"] == "fire"
    assert refusal.sentence("vi") == "Vụ việc 20261123-00001 không có nhánh Chữa cháy."
    assert refusal.sentence("en") == "Incident 20261123-00001 has no Fire leg."


def test_words() -> None:
    for table in (ROLES, STATUSES, ACTS):
        for code, word in table.items():
            assert word.code == code and word.vi and word.en and word.vi != word.en
            assert any(ord(letter) > 127 for letter in word.vi), word
    assert act("SetType").en == "set the type"
    assert act("SwitchLooked") == Word("SwitchLooked", "SwitchLooked", "SwitchLooked")
    assert listed([STATUSES["returning"], STATUSES["available"]]) == Word(
        "returning, available", "đang về, sẵn sàng", "returning, available"
    )
    assert listed([]) == Word("", "", "")
