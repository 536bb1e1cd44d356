"""The form's description follows from the types, has words for every key, and fits what admins are told."""

from __future__ import annotations

import re

import msgspec
import pytest

from dispatch_core.wire import trunk as wire
from telephony.trunk.site import SiteError
from telephony.trunk.site_edit import edit
from telephony.trunk.site_fields import Field, described, values
from telephony.trunk.site_problems import problems
from telephony.trunk.site_words import SECTIONS, UNITS, WORDS
from tests.telephony.trunk.test_site import TEXT

FIELDS = {(it.section, it.key): it for it in described()}


def test_a_field_has_the_fields_that_a_form_is_made_of() -> None:
    assert Field.__struct_fields__ == wire.FieldShown.__struct_fields__
    for field in described():
        assert msgspec.convert(msgspec.to_builtins(field), wire.FieldShown).key == field.key


def test_every_key_has_words_and_a_hint() -> None:
    assert len(FIELDS) == len(described()) > 90
    for field in described():
        place = f"{field.section}.{field.key}"
        assert place in WORDS or f"*.{field.key}" in WORDS, place
        assert field.hint_vi and field.hint_en, place
        assert field.kind in ("text", "number", "decimal", "yes", "choice", "list", "secret", "table")
    places = {f"{field.section}.{field.key}" for field in described()}
    keys = {f"*.{field.key}" for field in described()}
    assert not set(WORDS) - places - keys and not set(UNITS) - places
    assert {section for section, _ in FIELDS} <= set(SECTIONS)


def test_kinds_limits_and_usual_values() -> None:
    assert (FIELDS["carriers", "capacity"].kind, FIELDS["carriers", "capacity"].required) == ("number", True)
    assert (FIELDS["carriers", "capacity"].least, FIELDS["carriers", "capacity"].most) == (1, 5000)
    codecs = FIELDS["carriers", "codecs"]
    assert codecs.kind == "list" and "alaw" in codecs.choices and codecs.usual == ["alaw", "ulaw"]
    assert re.fullmatch(FIELDS["carriers", "peers"].pattern, "127.0.0.1:5070")
    assert FIELDS["queues", "strategy"].kind == "choice" and FIELDS["queues", "overflow_after"].unit == "s"
    assert FIELDS["positions", "phone"].kind == "text" and FIELDS["positions", "phone.secret_file"].kind == "secret"
    assert FIELDS["ports", "rtp"].kind == "list" and FIELDS["ports", "rtp"].most == 65535
    assert FIELDS["carriers", "enabled"].kind == "yes" and FIELDS["carriers", "enabled"].usual is True
    assert FIELDS["locations", "area.south"].kind == "decimal" and FIELDS["clocks", "ringing.late"].most == 86400
    assert re.fullmatch(FIELDS["locations", "listen"].pattern, "") and FIELDS["duty.reasons", "code"].required


def test_what_a_field_takes_the_description_takes() -> None:
    tried = [it for it in described() if it.usual is not None and it.section in ("ports", "recording", "silence")]
    for field in tried:
        assert problems(edit(TEXT, field.section, "", field.key, field.usual)) == ()


def test_values_are_what_is_written() -> None:
    assert values(TEXT)["carriers"][0]["name"] == "viettel" and "qualify" not in values(TEXT)["carriers"][0]
    with pytest.raises(SiteError):
        values("[x")
