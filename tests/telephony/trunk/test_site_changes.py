"""A form's changes of a site's text: the value is what was wished, and nothing else of the text is touched."""

from __future__ import annotations

import difflib
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.trunk.site import Site, SiteError, parse_site
from telephony.trunk.site_edit import edit
from telephony.trunk.site_fields import Field, described
from telephony.trunk.site_problems import problems
from telephony.trunk.site_sections import sections
from tests.telephony.trunk.test_site import TEXT

CARRIER = {"name": "mobifone", "peers": ["203.0.113.9:5060"], "capacity": 30, "codecs": ["alaw"]}


def _changes(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def _entry(text: str, section: str, key: str, name: str) -> dict[str, Any]:
    return next(it for it in tomllib.loads(text)[section] if it[key] == name)


def test_a_value_is_set_and_its_comment_stays_where_it_was() -> None:
    text = edit(TEXT, "carriers", "viettel", "capacity", 60)
    assert _changes(TEXT, text) == [
        "- capacity = 120            # calls at a time",
        "+ capacity = 60             # calls at a time",
    ]
    assert _changes(TEXT, edit(TEXT, "ports", "", "rtp", [20000, 20999])) == [
        "- rtp = [10000, 10999]      # two ports for each channel: callers, and every phone that may ring",
        "+ rtp = [20000, 20999]      # two ports for each channel: callers, and every phone that may ring",
    ]


def test_a_line_is_added_behind_the_last_one_of_its_entry_and_taken_out() -> None:
    text = edit(TEXT, "carriers", "vnpt", "qualify", False)
    lines = text.splitlines()
    at = lines.index("qualify = false")
    assert lines[at - 1] == "capacity = 60" and lines[at + 1] == "" and lines[at + 2].startswith("# --- Where")
    assert edit(text, "carriers", "vnpt", "qualify", None) == TEXT
    assert edit(TEXT, "carriers", "vnpt", "qualify", None) == TEXT


def test_an_entry_is_added_before_the_words_about_the_next_section_and_taken_out() -> None:
    text = edit(TEXT, "carriers", "mobifone", "", CARRIER)
    assert _changes(TEXT, text) == [
        "+ [[carriers]]", '+ name = "mobifone"', '+ peers = ["203.0.113.9:5060"]', "+ capacity = 30",
        '+ codecs = ["alaw"]', "+ ",
    ]  # fmt: skip
    assert text.index("mobifone") < text.index("# --- Where calls wait")
    assert problems(text) == () and parse_site(text).carriers[-1].name == "mobifone"
    assert edit(text, "carriers", "mobifone", "", None) == TEXT
    again = edit(edit(TEXT, "positions", "B07", "", {"vi": "Bàn 7"}), "positions", "B07", "", None)
    assert again == TEXT and edit(TEXT, "positions", "B07", "", {}).endswith('5106"\n\n[[positions]]\nid = "B07"\n')


def test_an_entry_takes_the_comment_right_above_it_along_and_no_other() -> None:
    text = TEXT.replace('[[carriers]]\nname = "vnpt"', '# the second line\n[[carriers]]\nname = "vnpt"')
    gone = edit(text, "carriers", "vnpt", "", None)
    assert "the second line" not in gone and "vnpt" not in gone
    assert "\n\n# --- Where calls wait" in gone and problems(gone) == ()
    assert len(_changes(text, gone)) == 7 and "+ " not in "".join(_changes(text, gone))
    first = edit(TEXT, "numbers", "113", "", None)
    assert "# --- What the public dials" in first and [it.dial for it in parse_site(first).numbers] == ["114", "115"]


def test_a_section_that_does_not_stand_is_written_at_the_end() -> None:
    text = TEXT.replace("[recording]", "[recordin]")
    bare = text[: text.index("[recordin]")] + text[text.index("[locations]") :]
    new = edit(bare, "recording", "", "keep_days", 30)
    assert new == bare + "\n[recording]\nkeep_days = 30\n" and parse_site(new).recording.keep_days == 30
    reasons = edit(TEXT, "duty.reasons", "prayer", "", {"vi": "cầu nguyện", "en": "prayer", "most": 10})
    assert [it.code for it in parse_site(reasons).duty.reasons] == ["prayer"]
    assert reasons.index("[[duty.reasons]]") < reasons.index("[recommending]")
    two = edit(reasons, "duty.reasons", "meal", "", {"vi": "ăn cơm", "en": "meal"})
    assert [it.code for it in parse_site(two).duty.reasons] == ["prayer", "meal"]
    assert parse_site(edit(two, "duty.reasons", "prayer", "most", 5)).duty.reasons[0].most == 5


def test_a_key_inside_of_a_value() -> None:
    text = edit(TEXT, "clocks", "", "ringing.late", 12)
    assert _changes(TEXT, text)[1].startswith("+ ringing = { late = 12, attention = 0.66,")
    assert _changes(TEXT, text)[1].endswith("        # a call that nobody has taken")
    gone = edit(TEXT, "clocks", "", "ringing.attention", None)
    assert "attention" not in tomllib.loads(gone)["clocks"]["ringing"] and len(_changes(TEXT, gone)) == 2
    secret = edit(TEXT, "positions", "B05", "phone.secret_file", "phones/B05")
    assert _entry(secret, "positions", "id", "B05")["phone"] == {"secret_file": "phones/B05"}
    assert edit(secret, "positions", "B05", "phone", "sip:B05@127.0.0.1:5105") == TEXT
    headed = TEXT.replace("area = {", "old = {")
    headed = headed.replace("[silence]", "[locations.area]\nsouth = 1.0 # low\n\n[silence]")
    assert "south = 2.5 # low" in edit(headed, "locations", "", "area.south", 2.5)
    north = edit(headed, "locations", "", "area.north", 9.0)
    assert tomllib.loads(north)["locations"]["area"] == {"south": 1.0, "north": 9.0}
    assert tomllib.loads(edit(headed, "locations", "", "area", {"west": 3.0}))["locations"]["area"] == {"west": 3.0}
    assert "area" not in tomllib.loads(edit(headed, "locations", "", "area", None))["locations"]


def test_a_list_over_several_lines_keeps_the_comments_of_what_stays() -> None:
    written = 'peers = [\n  "127.0.0.1:5070",  # first\n  "127.0.0.1:5072",  # second\n]'
    text = TEXT.replace('peers = ["127.0.0.1:5070"]', written)
    more = edit(text, "carriers", "viettel", "peers", ["127.0.0.1:5070", "127.0.0.1:5074"])
    assert "# first" in more and _entry(more, "carriers", "name", "viettel")["peers"][1] == "127.0.0.1:5074"
    assert len(edit(text, "carriers", "viettel", "peers", ["127.0.0.1:5070"]).splitlines()) <= len(text.splitlines())


def test_entries_that_are_written_in_one_line() -> None:
    head, rest = TEXT.split("[[numbers]]", 1)
    rest = rest[rest.index("# --- The shared way in") :]
    text = 'numbers = [{ dial = "113", services = ["police"] }] # all\n' + head + rest
    assert [it.dial for it in parse_site(edit(text, "numbers", "113", "dial", "112")).numbers] == ["112"]
    two = edit(text, "numbers", "114", "", {"services": ["fire"]})
    assert [it.dial for it in parse_site(two).numbers] == ["113", "114"] and "# all" in two
    assert [it.dial for it in parse_site(edit(two, "numbers", "113", "", None)).numbers] == ["114"]


def test_edits_follow_one_another() -> None:
    text = edit(TEXT, "numbers", "113", "dial", "112")
    text = edit(text, "numbers", "112", "services", ["police", "fire", "ambulance"])
    for gone in ("114", "115"):
        text = edit(text, "numbers", gone, "", None)
    assert [(it.dial, len(it.services)) for it in parse_site(text).numbers] == [("112", 3)]
    assert "# --- The shared way in" in text and "# --- What the public dials" in text


@pytest.mark.parametrize(
    ("section", "entry", "key", "value", "code"),
    [
        ("carrier", "x", "name", "y", "site.edit-section"),
        ("carriers", "x", "name", "y", "site.edit-entry"),
        ("carriers", "x", "", None, "site.edit-entry"),
        ("carriers", "viettel", "", CARRIER | {"name": "viettel"}, "site.edit-exists"),
        ("carriers", "x", "", "y", "site.edit-value"),
        ("carriers", "viettel", "a = 1\n[x", "y", "site.edit-value"),
        ("carriers", "viettel", "name", object(), "site.edit-value"),
        ("carriers", "viettel", "name", {"a\n": 1}, "site.edit-value"),
        ("carriers", "viettel", "name", [None], "site.edit-value"),
    ],
)
def test_what_cannot_be_is_refused(section: str, entry: str, key: str, value: Any, code: str) -> None:
    with pytest.raises(SiteError) as caught:
        edit(TEXT, section, entry, key, value)
    assert caught.value.code == code and caught.value.vi and caught.value.en


def test_a_text_that_is_no_toml_is_refused_and_a_value_never_breaks_out_of_its_line() -> None:
    with pytest.raises(SiteError) as caught:
        edit("[ports", "ports", "", "sip", 1)
    assert caught.value.code == "site.not-toml"
    evil = 'x"\n[evil]\ny = """'
    assert tomllib.loads(edit(TEXT, "site", "", "name", evil))["site"]["name"] == evil
    assert "evil" not in tomllib.loads(edit(TEXT, "carriers", "m", "", {"peers": [evil]}))
    assert problems(edit(TEXT, "site", "", "name", evil))[0].key == "site.name"


FIELDS = [it for it in described() if "." not in it.section or it.section.split(".")[0] in ("duty", "offers")]
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 99_999), st.floats(0, 100), st.text(max_size=12),
    st.lists(st.text(max_size=6), max_size=4), st.lists(st.integers(0, 9), max_size=3),
)  # fmt: skip


def _comments(text: str) -> list[str]:
    """Those that have lines of their own."""
    return [line for line in text.splitlines() if line.lstrip().startswith("#")]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.integers(0, 9), VALUES), min_size=1, max_size=5))
def test_any_change_is_that_change_and_no_other(changes: list[tuple[Field, int, Any]]) -> None:
    """Whatever is typed into a form: what was set stands there, all else says what it said, every remark is left."""
    text = TEXT
    for field, which, value in changes:
        before = tomllib.loads(text)
        entry, at = _some_entry(before, field.section, which)
        if at is None or (field.key == FIRST.get(field.section) and not isinstance(value, str)):
            continue
        after = tomllib.loads(text := edit(text, field.section, entry, field.key, value))
        holder: Any = at(after)
        for part in field.key.split(".")[:-1]:
            holder = holder.get(part, {})
        now = holder.get(field.key.split(".")[-1]) if isinstance(holder, dict) else None
        assert now == value, (field.key, value)
        for one in (before, after):
            _take_out(at(one), field.key)
        assert _without_empty(after) == _without_empty(before)
        assert _comments(text) == _comments(TEXT)


FIRST = {name: about.named_by for name, about in sections(Site).items()}


def _some_entry(raw: Any, section: str, which: int) -> tuple[str, Any]:
    path = section.split(".")
    if not FIRST[section]:
        return "", lambda one: one.setdefault(section, {})
    found: Any = raw
    for part in path:
        found = found.get(part, {}) if isinstance(found, dict) else {}
    names = [it.get(FIRST[section]) for it in found] if isinstance(found, list) else []
    good = [at for at, name in enumerate(names) if isinstance(name, str) and names.count(name) == 1]
    if not good:
        return "", None
    number = good[which % len(good)]

    def at(one: Any) -> Any:
        for part in path:
            one = one[part]
        return one[number]

    return names[number], at


def _take_out(holder: Any, key: str) -> None:
    """The value, with what stands around it alone: "phone.secret_file" takes the place of a phone's address."""
    holder.pop(key.split(".")[0], None) if "." in key else holder.pop(key, None)


def _without_empty(raw: Any) -> Any:
    return {key: value for key, value in raw.items() if value != {}} if isinstance(raw, dict) else raw
