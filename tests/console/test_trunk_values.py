"""What is typed into the form of the site: any text in any field is a value of its kind or a mistake in words, never an
error; what was typed is what the core is asked for, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console_gui.translations.tables import say
from console_gui.trunk_admin.event_log import EVENTS_MOST, GAP, EventLog
from console_gui.trunk_admin.field_values import Slip, read, shown, written
from console_gui.trunk_admin.site_draft import SiteDraft
from dispatch_core.wire.trunk import Candidate, Edit, FieldShown, SwitchEvent, SwitchEvents
from telephony.trunk.site_edit import edit
from telephony.trunk.site_fields import described, values
from tests.console.local_trunk import FIELDS, VALUES, LocalTrunk, told

ROOT = Path(__file__).parents[2]
DRAFT = SiteDraft.of(VALUES, FIELDS)
FIELD = {f"{it.section}.{it.key}": it for it in FIELDS}

texts = st.text(max_size=40) | st.sampled_from(
    ["", '""', "0", "-1", "30", "1e9", "9" * 30, "3,5", "có", "alaw ulaw", "[1, 2", "{ a = 1 }", "v = 1", "inf", "nan",
     "10.0.0.1:5060, [fe80::1]:5060", "07:32:00", "\x00", "]\nx = 1", "a" * 700]
)  # fmt: skip


@given(st.sampled_from(FIELDS), texts)
def test_any_text_is_a_value_or_a_mistake_in_words(field: FieldShown, text: str) -> None:
    found = read(field, text)
    if isinstance(found, Slip):
        for language in ("vi", "en"):
            assert say(language, found.key, **dict(found.values))
        return
    json.dumps(found, allow_nan=False)  # the core can be asked for it
    kinds: dict[str, Any] = {
        "number": int, "decimal": float | int, "yes": bool, "list": list, "table": str | dict | list,
    }  # fmt: skip
    assert found is None or isinstance(found, kinds.get(field.kind, str))
    if isinstance(found, int | float) and not isinstance(found, bool):
        assert (field.least is None or found >= field.least) and (field.most is None or found <= field.most)


@given(st.sampled_from(FIELDS), texts)
def test_a_value_reads_again_as_it_is_shown(field: FieldShown, text: str) -> None:
    found = read(field, text)
    if not isinstance(found, Slip):
        assert read(field, shown(found), found) == found


tables = st.recursive(
    st.booleans() | st.integers(-1000, 1000) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.text(max_size=5), tables, max_size=3))
def test_a_table_is_written_as_toml_reads_it(table: dict[str, Any]) -> None:
    assert read(FIELD["positions.phone"], written(table)) in (table, Slip("slip.long", {"most": 600}))


@pytest.mark.parametrize(
    ("field", "text", "wanted"),
    [
        ("carriers.capacity", "30", 30), ("carriers.capacity", "0", "slip.least"),
        ("carriers.capacity", "", "slip.required"),
        ("carriers.capacity", "x", "slip.number"), ("carriers.capacity", "5001", "slip.most"),
        ("carriers.answer_after", "3,5", 3.5), ("carriers.answer_after", "31", "slip.most"),
        ("carriers.peers", "10.0.0.1:5060 10.0.0.2:5060", ["10.0.0.1:5060", "10.0.0.2:5060"]),
        ("carriers.peers", "10.0.0.1", "slip.part"), ("carriers.codecs", "alaw,mp3", "slip.choice"),
        ("carriers.auth", "magic", "slip.choice"), ("carriers.enabled", "không", False),
        ("carriers.enabled", "maybe", "slip.yes"), ("carriers.name", "Viettel", "slip.pattern"),
        ("positions.phone", "{ secret_file = 'x' }", {"secret_file": "x"}),
        ("positions.phone", "sip:b01@10.0.0.1:5060", "sip:b01@10.0.0.1:5060"), ("positions.phone", "{ x", "slip.table"),
    ],
)  # fmt: skip
def test_what_is_typed_means(field: str, text: str, wanted: Any) -> None:
    found = read(FIELD[field], text)
    assert (found.key if isinstance(found, Slip) else found) == wanted


def test_a_list_of_numbers_stays_one() -> None:
    ports = told("ports", "rtp", "list", "Cổng", "Ports", usual=[10000, 10999])
    assert read(ports, "10000, 12000") == [10000, 12000] and isinstance(read(ports, "10000 x"), Slip)


def test_a_pattern_that_is_none_and_a_long_list_do_no_harm() -> None:
    odd = told("carriers", "x", "text", "x", "x", pattern="([")
    assert read(odd, "anything") == "anything"
    assert isinstance(read(FIELD["carriers.codecs"], "alaw " * 110), Slip)


# --- the draft --------------------------------------------------------------------------------------------------------

steps = st.lists(
    st.tuples(
        st.sampled_from(["type", "type", "type", "add", "copy", "remove"]), st.sampled_from(list(DRAFT.now)),
        st.integers(0, 4), st.integers(0, 9), texts,
    ), max_size=12,
)  # fmt: skip


def play(draft: SiteDraft, done: list[tuple[str, str, int, int, str]]) -> SiteDraft:
    for what, section, at, field, text in done:
        fields = draft.fields_of(section)
        if what == "type":
            draft = draft.typed(section, at, fields[field % len(fields)], text)
        elif what == "remove":
            draft = draft.remove(section, at)
        else:
            draft = draft.add(section, at if what == "copy" else -1)
    return draft


@given(steps)
def test_the_edits_make_of_what_is_in_force_what_stands_in_the_form(done: list[Any]) -> None:
    draft = play(DRAFT, done)
    made = LocalTrunk()._made(Candidate(edits=draft.edits()))
    for section, entries in draft.now.items():
        tables = made.get(section, [])
        known = [dict(it.values) for it in entries]
        if not draft.ident(section):
            assert [tables] == known
            continue
        unnamed = [it for it in known if not it.get(draft.ident(section))]
        assert [it for it in tables if it.get(draft.ident(section))] == [it for it in known if it not in unnamed]


@given(steps)
def test_what_was_typed_stands_there_and_what_was_not_touched_is_not_sent(done: list[Any]) -> None:
    draft = play(DRAFT, done)
    for section, entries in draft.now.items():
        for at, entry in enumerate(entries):
            for told_ in draft.fields_of(section):
                text = draft.text(told_, entry)
                again = draft.typed(section, at, told_, text)
                assert again.text(told_, again.now[section][at]) == text
    assert draft.changed or draft.edits() == ()
    if not done:
        assert draft.edits() == ()


@given(steps)
def test_the_changes_stay_over_another_description_that_came_in_force(done: list[Any]) -> None:
    draft = play(DRAFT, done)
    other = {**VALUES, "recording": {"on": True, "keep_days": 30}}
    over = draft.rebased(other, FIELDS)
    touched = draft.now["recording"] != DRAFT.base["recording"]
    assert touched or over.now["recording"][0].values["keep_days"] == 30
    assert over.now["carriers"] == draft.now["carriers"]
    assert draft.rebased(VALUES, FIELDS).now == draft.now


def test_a_new_name_is_told_last_and_an_entry_is_not_called_as_another() -> None:
    name, capacity = FIELD["carriers.name"], FIELD["carriers.capacity"]
    draft = DRAFT.typed("carriers", 0, name, "viettel-hn").typed("carriers", 0, capacity, "31")
    assert draft.edits() == (
        Edit(section="carriers", entry="viettel", key="capacity", value=31),
        Edit(section="carriers", entry="viettel", key="name", value="viettel-hn"),
    )
    twice = DRAFT.typed("carriers", 0, name, "vnpt")
    assert [it[3].key for it in twice.slips()] == ["slip.twice"]
    assert DRAFT.add("carriers", 1).now["carriers"][2].values["name"] == "vnpt-2"


def test_a_line_that_is_emptied_goes_and_a_field_that_is_left_is_tidied() -> None:
    codecs = FIELD["carriers.codecs"]
    gone = DRAFT.typed("carriers", 0, codecs, "")
    assert gone.edits() == (Edit(section="carriers", entry="viettel", key="codecs"),)
    loose = DRAFT.typed("carriers", 0, codecs, "alaw ,g722")
    assert loose.text(codecs, loose.now["carriers"][0]) == "alaw ,g722"
    tidy = loose.tidied("carriers", 0, codecs)
    assert tidy.text(codecs, tidy.now["carriers"][0]) == "alaw, g722" and tidy.edits() == loose.edits()


def test_a_key_inside_of_another_one() -> None:
    inner = told("positions", "phone.secret_file", "text", "Tệp", "File")
    draft = SiteDraft.of({"positions": [{"id": "B01", "phone": {"secret_file": "a"}}]},
                         (FIELD["positions.id"], inner))  # fmt: skip
    assert draft.text(inner, draft.now["positions"][0]) == "a"
    assert draft.typed("positions", 0, inner, "b").edits() == (
        Edit(section="positions", entry="B01", key="phone.secret_file", value="b"),
    )


# --- events -----------------------------------------------------------------------------------------------------------


def event(number: int, name: str = "Hangup") -> SwitchEvent:
    return SwitchEvent(number=number, at=number, node="pbx1", name=name, about="x", details={"Cause": "16"})


def came(*numbers: int, newest: int = 0, missed: int = 0) -> SwitchEvents:
    return SwitchEvents(events=tuple(map(event, numbers)), newest=newest or (numbers[-1] if numbers else 0),
                        missed=missed)  # fmt: skip


def test_frozen_events_are_not_lost_and_a_gap_is_said() -> None:
    log = EventLog()
    log.take(came(5, 6, missed=4))  # what was before the view was opened lacks nobody
    assert [it.number for it in log.shown()] == [5, 6]
    log.freeze(True)
    log.take(came(7, 8))
    assert len(log.held) == 2 and len(log.waiting) == 2
    log.freeze(False)
    assert [it.number for it in log.shown()] == [5, 6, 7, 8]
    log.take(came(12, missed=3))
    assert [(it.name, it.about) for it in log.shown()][-2:] == [(GAP, "3"), ("Hangup", "x")] and log.missed == 3
    log.filter("hangup -16")
    assert [it.name for it in log.shown()] == [GAP]


@given(st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=12))
def test_each_event_is_shown_or_counted_as_lacking(parts: list[tuple[int, bool]]) -> None:
    log, number = EventLog(), 0
    for count, frozen in parts:
        log.freeze(frozen)
        log.take(came(*range(number + 1, number + 1 + count), newest=number + count))
        number += count
    log.freeze(True)
    assert len(log.held) <= EVENTS_MOST and len(log.waiting) <= EVENTS_MOST + 1
    waiting = [it for it in log.waiting if it.name != GAP]
    held = [it for it in log.held if it.name != GAP]
    if len(log.held) < EVENTS_MOST:
        assert len(held) + len(waiting) + log.missed == number


def test_a_core_that_begins_anew_is_followed() -> None:
    log = EventLog()
    log.take(came(40, 41))
    log.take(came(1, 2))
    assert [it.number for it in log.shown()] == [40, 41, 1, 2]


# --- the description as it is -----------------------------------------------------------------------------------------


def real() -> SiteDraft:
    fields = tuple(msgspec.convert(msgspec.to_builtins(it), FieldShown) for it in described())
    return SiteDraft.of(values((ROOT / "scripts" / "demo_data" / "site.toml").read_text("utf-8")), fields)


def test_the_sample_site_stands_in_its_form_without_a_mistake_and_unchanged() -> None:
    draft = real()
    assert list(draft.now)[:4] == ["carriers", "numbers", "queues", "positions"] and "queues.steps" not in draft.now
    for section, entries in draft.now.items():
        for at, entry in enumerate(entries):
            for field in draft.fields_of(section):
                assert draft.slip(field, entry) is None, (section, at, field.key)
                again = draft.typed(section, at, field, draft.text(field, entry))
                assert again.edits() == (), (section, at, field.key)


@given(st.sampled_from(real().fields), texts)
def test_any_text_in_any_field_of_the_description_goes_into_its_text_or_is_a_mistake(
    field: FieldShown, text: str
) -> None:
    draft = real()
    if field.section not in draft.now or not draft.now[field.section]:
        return
    source = (ROOT / "scripts" / "demo_data" / "site.toml").read_text("utf-8")
    for made in draft.typed(field.section, 0, field, text).edits():
        source = edit(source, made.section, made.entry, made.key, made.value)
    assert values(source).keys() >= {"site", "carriers"}, "it is a description still, good or not"


def test_a_phone_is_a_contact_or_a_secret() -> None:
    draft = real()
    phone, secret = (next(it for it in draft.fields_of("positions") if it.key == key)
                     for key in ("phone", "phone.secret_file"))  # fmt: skip
    changed = draft.typed("positions", 0, secret, "phones/B01")
    assert changed.text(phone, changed.now["positions"][0]) == '{ secret_file = "phones/B01" }'
    assert changed.slip(phone, changed.now["positions"][0]) is None and not changed.slips()
    emptied = changed.typed("positions", 0, secret, "")
    assert [it[2].key for it in emptied.slips()] == ["phone.secret_file"]
    back = changed.typed("positions", 0, phone, "sip:B01@127.0.0.1:5101")
    assert not back.slips() and back.text(secret, back.now["positions"][0]) == ""


def test_rows_of_a_table_are_written_in_one_line() -> None:
    draft = real()
    steps = next(it for it in draft.fields_of("queues") if it.key == "steps")
    assert "after" in draft.rows_of(steps)
    typed = draft.typed("queues", 0, steps, '[{ to = ["everybody"], after = 20 }]')
    assert typed.edits()[0].value == [{"to": ["everybody"], "after": 20}]
