"""The schema for editors takes what the description takes, refuses what its types refuse, and has words in both
languages for every key."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from telephony.trunk.site_problems import problems
from telephony.trunk.site_schema import DRAFT, as_text, schema
from tests.telephony.trunk.test_site import MISTAKES, TEXT
from tests.telephony.trunk.test_site_centre import FULL

SCHEMA = schema()
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,),
}  # fmt: skip
WORDS = {"title", "description", "default", "$schema", "$id"}


def _wrong(value: Any, by: dict[str, Any], at: str = "") -> Iterator[str]:
    """Where a value does not fit, by every keyword that the schema uses and no other."""
    for keyword, limit in by.items():
        if keyword in WORDS or keyword == "properties":
            continue
        elif keyword == "type":
            if not isinstance(value, TYPES[limit]) or (isinstance(value, bool) and limit != "boolean"):
                yield at
                return
        elif keyword == "enum":
            if value not in limit:
                yield at
        elif keyword == "anyOf":
            if all(list(_wrong(value, one, at)) for one in limit):
                yield at
        elif keyword == "pattern":
            if isinstance(value, str) and not re.search(limit, value):
                yield at
        elif keyword in ("minimum", "exclusiveMinimum", "maximum"):
            good = {"minimum": value >= limit, "exclusiveMinimum": value > limit, "maximum": value <= limit}
            if not good[keyword]:
                yield at
        elif keyword in ("minLength", "minItems", "maxLength", "maxItems"):
            if (len(value) < limit) if keyword.startswith("min") else (len(value) > limit):
                yield at
        elif keyword == "items":
            for number, one in enumerate(value):
                yield from _wrong(one, limit, f"{at}[{number}]")
        elif keyword == "required":
            yield from (f"{at}.{key}" for key in limit if key not in value)
        elif keyword == "propertyNames":
            yield from (it for key in value for it in _wrong(key, limit, f"{at}.{key}"))
        elif keyword == "additionalProperties":
            known = by.get("properties", {})
            for key, one in value.items():
                if key in known:
                    yield from _wrong(one, known[key], f"{at}.{key}")
                elif limit is False:
                    yield f"{at}.{key}"
                else:
                    yield from _wrong(one, limit, f"{at}.{key}")
        else:
            raise AssertionError(f"keyword {keyword}")


def test_the_sample_and_a_full_one_fit() -> None:
    assert SCHEMA["$schema"] == DRAFT
    for text in (TEXT, FULL):
        assert list(_wrong(tomllib.loads(text), SCHEMA)) == []


OF_THE_SHAPE = ("site.unknown-key", "site.missing-key", "site.bad-value")


@pytest.mark.parametrize(("before", "after", "code", "key"), MISTAKES.values(), ids=MISTAKES)
def test_it_refuses_exactly_what_the_types_refuse(before: str, after: str, code: str, key: str) -> None:
    text = TEXT.replace(before, after, 1)
    if code == "site.not-toml":
        return
    shape = [it for it in problems(text) if it.code in OF_THE_SHAPE and "control" not in it.en]
    assert bool(list(_wrong(tomllib.loads(text), SCHEMA))) is bool(shape)


def _keys(of: dict[str, Any], place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for key, one in of.get("properties", {}).items():
        yield f"{place}.{key}", one
        for inner in (one, one.get("items", {}), *one.get("anyOf", ())):
            yield from _keys(inner, f"{place}.{key}")


def test_every_key_has_words_in_both_languages() -> None:
    keys = list(_keys(SCHEMA))
    assert len(keys) > 130
    for place, one in keys:
        assert len(one["title"]) > 1, place
        vi, _, en = one["description"].partition("\n\n")
        assert vi and en, place


def test_it_is_written_as_json() -> None:
    assert json.loads(as_text()) == SCHEMA and "$ref" not in as_text()
    default = SCHEMA["properties"]["queues"]["items"]["properties"]["overflow_after"]
    assert (default["default"], default["minimum"], default["maximum"]) == (20, 1, 600)
    assert "giây" in default["description"] and "seconds" in default["description"]
