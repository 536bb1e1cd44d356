"""Triage cards out of their file: taken whole, or refused by file, line, entry and key with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatch_core.domain.commands import LoadTypes
from dispatch_core.domain.vocabulary import Capability, CardBook, IncidentType
from dispatch_core.main.card_file import FILE_BYTES
from dispatch_core.main.response_plans import ConfigurationError, types_command
from dispatch_core.main.triage_cards import ADVICE_LINES, ANSWERS_MOST, ASKED_MOST, ENTRIES_MOST, cards_command
from scripts.stage.site import DEMO

SERVICES = ("fire", "ambulance", "police")
TYPES = LoadTypes(
    types={
        "crash": IncidentType(code="crash", vi="Tai nạn", en="Crash"),
        "fall": IncidentType(code="fall", vi="Té", en="Fall", family="injury"),
    },
    capabilities={"als": Capability(code="als", service="ambulance", vi="nâng cao", en="advanced")},
)
ADVICE = '[[advice]]\ncode = "still"\nvi = ["Đừng kéo."]\nen = ["Do not pull."]\n'
AWAKE = """[[questions]]
code = "awake"
vi = "Tỉnh không?"
en = "Awake?"
[[questions.answers]]
code = "yes"
vi = "Tỉnh"
en = "Yes"
[[questions.answers]]
code = "no"
vi = "Không"
en = "No"
type = "fall"
priority = 1
advice = "still"
wants = [{ service = "ambulance", capability = "als", count = 2 }]
"""
BREATHES = """[[questions]]
code = "breathes"
vi = "Thở không?"
en = "Breathing?"
when = { awake = ["no"] }
answers = [
    { code = "yes", vi = "Thở", en = "Yes" },
    { code = "no", vi = "Không thở", en = "No" },
]
"""
CARD = """[[cards]]
code = "road"
vi = "Tai nạn"
en = "Crash"
types = ["crash"]
families = ["injury"]
ask = ["awake", "breathes"]
"""
WHOLE = ADVICE + AWAKE + BREATHES + CARD
MORE = '[[cards]]\ncode = "other"\nvi = "Khác"\nen = "Other"\ntypes = ["fall"]\nask = ["awake"]\n'


def read(folder: Path, text: str) -> CardBook:
    file = folder / "triage_cards.toml"
    file.write_text(text, encoding="utf-8")
    return cards_command(file, SERVICES, TYPES).book


def refusal(folder: Path, text: str) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        read(folder, text)
    assert "triage_cards.toml" in caught.value.en and "triage_cards.toml" in caught.value.vi
    return caught.value


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_book_is_taken_whole(tmp_path: Path) -> None:
    book = read(tmp_path, WHOLE)
    assert book.cards["road"].ask == ("awake", "breathes") and set(book.advice) == {"still"}
    answer = book.questions["awake"].answers[1]
    assert (answer.type, answer.priority, answer.wants[0].count) == ("fall", 1, 2)
    assert book.questions["breathes"].when == {"awake": ("no",)}
    assert cards_command(None, SERVICES, TYPES).book == CardBook()


def test_the_samples_cards_are_good_and_have_most_types() -> None:
    types = types_command(DEMO / "incident_types.toml", SERVICES, DEMO / "capabilities.toml")
    book = cards_command(DEMO / "triage_cards.toml", SERVICES, types).book
    with_card = {code for card in book.cards.values() for code in card.types}
    assert {"kho_tho", "ngung_tim", "sinh_con", "tngt_ket", "chay_nha", "dien_giat", "duoi_nuoc", "cuop"} <= with_card
    assert {"danh_nhau", "tu_tu", "bat_tinh", "dot_quy", "ro_gas", "bao_hanh"} <= with_card
    assert {"mat_tich", "trom", "gay_roi", "lua_dao", "thu_ho", "ngap", "chay_khac"} <= with_card
    assert 90 <= book.advice["ep_tim"].beat <= 120


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        # two with one code
        (WHOLE + AWAKE, 'code = "awake"', ("question “awake”", "code", "line 5", "give another")),
        (WHOLE + CARD, "", ("card “road”", "code", "give another")),
        (ADVICE + WHOLE, "", ("advice “still”", "give another")),
        (WHOLE.replace('code = "no"\nvi = "Không"', 'code = "yes"\nvi = "Không"'),
         '[[questions.answers]]\ncode = "yes"\nvi = "Không"',
         ("answer “yes”", "twice")),
        # what waits for itself, or for what is not there
        (WHOLE.replace('en = "Awake?"\n', 'en = "Awake?"\nwhen = { breathes = ["yes"] }\n'), "",
         ("awake → breathes → awake", "when", "take the condition")),
        (WHOLE.replace('when = { awake = ["no"] }', 'when = { breathes = ["no"] }'), "", ("breathes → breathes",)),
        (WHOLE.replace('when = { awake', 'when = { awoke'), 'when = {', ("question “breathes”", "awoke", "use: awake")),
        (WHOLE.replace('awake = ["no"] }', 'awake = ["nope"] }'), 'when = {', ("when.awake", "nope", "use: no")),
        (WHOLE.replace('awake = ["no"] }', 'awake = [] }'), 'when = {', ("“awake” names no answer",)),
        (WHOLE.replace('["awake", "breathes"]', '["breathes", "awake"]'), 'ask = [',
         ("card “road”", "only asked after “awake”", "put “awake” before")),
        # what is set
        (WHOLE.replace('type = "fall"', 'type = "fell"'), '[[questions.answers]]\ncode = "no"',
         ("answer “no”", "type", "fell", "use: fall")),
        (WHOLE.replace('"als"', '"alz"'), "", ("wants.capability", "alz", "use: als")),
        (WHOLE.replace('service = "ambulance"', 'service = "doctor"'), "", ("wants.service", "doctor", "ambulance")),
        (WHOLE.replace("count = 2", "count = 0"), "", ("wants.count", "1 to 20", "not 0")),
        (WHOLE.replace("count = 2", "cont = 2"), "", ("cont", "use: count")),
        (WHOLE.replace("priority = 1", "priority = 9"), "", ("priority", "0 to 5", "not 9")),
        (WHOLE.replace('advice = "still"', 'advice = "stil"'), "", ("advice", "stil", "use: still")),
        # words
        (WHOLE.replace('vi = "Tỉnh không?"\n', ""), "", ("question “awake”", "vi", "Vietnamese", 'write vi = "…"')),
        (WHOLE.replace('vi = "Không thở", ', ""), '{ code = "no", en', ("answer “no”", "Vietnamese")),
        (WHOLE.replace('en = "Awake?"', 'en = " "'), 'en = " "', ("question “awake”", "en", "English")),
        (WHOLE.replace('vi = ["Đừng kéo."]\n', ""), "", ("advice “still”", "Vietnamese", "vi = [")),
        (WHOLE.replace('["Do not pull."]', '["Do not.", "Pull."]'), "", ("as many lines",)),
        (WHOLE.replace("Tỉnh không?", "Tỉnh " * 40), 'vi = "Tỉnh Tỉnh',
         ("has 200 characters", "at most 120", "shorter")),
        (WHOLE.replace("Đừng kéo.", "x" * 161), "", ("at most 160",)),
        (WHOLE.replace("Tỉnh không?", "Tỉnh\\nkhông?"), "", ("line break",)),
        (WHOLE.replace('vi = ["Đừng kéo."]\nen = ["Do not pull."]', f"vi = {['a'] * 13}\nen = {['a'] * 13}"), "",
         (f"at most {ADVICE_LINES} lines",)),
        (WHOLE.replace('"still"', '"đứng yên"'), "", ("code", "letters, digits")),
        (WHOLE.replace('code = "still"\n', ""), "", ("code",)),
        # how many
        (WHOLE.replace("answers = [\n", "answers = [\n" + "".join(
            f'{{ code = "a{n}", vi = "a", en = "a" }},\n' for n in range(8))), "",
         (f"1 to {ANSWERS_MOST}", "one key each")),
        (WHOLE + BREATHES.replace("breathes", "more").partition("answers")[0], "",
         ("question “more”", "answers", "1 to 9")),
        (WHOLE.replace('["awake", "breathes"]', "[]"), 'ask = [', (f"1 to {ASKED_MOST}",)),
        (WHOLE.replace('["awake", "breathes"]', '["awake", "awake"]'), 'ask = [', ("asked twice",)),
        (ADVICE * (ENTRIES_MOST + 1) + WHOLE, "", ("advice", f"at most {ENTRIES_MOST}")),
        (WHOLE.replace('en = ["Do not pull."]', 'en = ["Do not pull."]\nbeat = 500'), "beat = 500",
         ("beat", "0 to 200")),
        # cards
        (WHOLE.replace('types = ["crash"]', 'types = ["crush"]'), 'types = ["crush"]',
         ("types", "crush", "use: crash")),
        (WHOLE.replace('["injury"]', '["injuries"]'), "families", ("families", "use: injury")),
        (WHOLE.replace('types = ["crash"]\nfamilies = ["injury"]\n', ""), "", ("no incident type", "types = [")),
        (WHOLE.replace('types = ["crash"]', 'types = ["crash", "fall"]') + MORE, "", ("“fall” is the card “road”",)),
        (WHOLE.replace('"breathes"]', '"breath"]'), 'ask = [', ("ask", "breath", "use: breathes")),
        (WHOLE.replace('["awake", "breathes"]', '["awake"]'), "", ("question “breathes”", "no card asks this")),
        (WHOLE.replace('advice = "still"\n', ""), 'code = "still"', ("advice “still”", "gives this advice")),
        # the file
        (WHOLE.replace('en = "Awake?"', 'en = "Awake?"\nhint = "x"'), 'hint = "x"', ("hint", "no such key")),
        (WHOLE + "[[card]]\n", "", ("card", "use: cards")),
        (WHOLE.replace("priority = 1", 'priority = "1"'), "", ("priority", "int", "mend")),
        (WHOLE.replace("[[cards]]", "[[cards]"), "", ("line ", "mend")),
        ("# " + "x" * FILE_BYTES, "", ("256 KiB", "shorten")),
        ("x" * 1_000_000, "", ("at most 256 KiB",)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_what_to_write(
    tmp_path: Path, text: str, line: str, words: tuple[str, ...]
) -> None:
    told = refusal(tmp_path, text)
    for word in words:
        assert word in told.en, told.en
    if line:
        last = text.rindex(line)
        assert f"line {text[:last].count(chr(10)) + 1}:" in told.en, told.en
    assert "dòng" in told.vi or "line" not in told.en.split(":")[0]


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    file = tmp_path / "triage_cards.toml"
    with pytest.raises(ConfigurationError, match="triage_cards"):
        cards_command(file, SERVICES, TYPES)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="mend the file"):
        cards_command(file, SERVICES, TYPES)
    file.write_text("questions = [{ code = 5 }]", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="mend this entry"):
        cards_command(file, SERVICES, TYPES)


def test_entries_without_headers_of_their_own_are_named_without_a_line(tmp_path: Path) -> None:
    told = refusal(tmp_path, 'cards = [{ code = "road", vi = "", en = "x", ask = ["a"], types = ["crash"] }]')
    assert "card “road”, vi" in told.en and "line" not in told.en
