"""Response plans and capabilities out of their files: taken whole, or refused by file, entry and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatch_core.domain.sameness import Sameness
from dispatch_core.domain.vocabulary import Capability, Need, ResponsePlan
from dispatch_core.main.response_plans import ConfigurationError, types_command

SERVICES = frozenset({"fire", "ambulance"})
TYPE = '[[types]]\ncode = "fire"\nvi = "Cháy"\nen = "Fire"\n'
PLAN = TYPE + '[[plans]]\ncode = "two"\ntypes = ["fire"]\nlevel = 2\n'
NEED = '[[plans.needs]]\nservice = "fire"\ncapability = "ladder"\n'
CAPABILITIES = '[[capabilities]]\ncode = "ladder"\nservice = "fire"\nvi = "xe thang"\nen = "ladder"\n'


def read(folder: Path, text: str, capabilities: str = CAPABILITIES) -> object:
    file, known = folder / "types.toml", folder / "capabilities.toml"
    file.write_text(text, encoding="utf-8")
    known.write_text(capabilities, encoding="utf-8")
    return types_command(file, SERVICES, known)


def test_a_plan(tmp_path: Path) -> None:
    told = read(tmp_path, PLAN + "priorities = [1]\n" + NEED + "count = 2\nparallel = 2\nradius_km = 40\n")
    need = Need(service="fire", capability="ladder", count=2, parallel=2, radius_km=40.0)
    plan = ResponsePlan(code="two", types=("fire",), level=2, priorities=(1,), needs=(need,))
    assert told.plans == (plan,)  # type: ignore[attr-defined]
    ladder = Capability(code="ladder", service="fire", vi="xe thang", en="ladder")
    assert told.capabilities == {"ladder": ladder}  # type: ignore[attr-defined]


def test_what_makes_two_incidents_the_same(tmp_path: Path) -> None:
    told = read(tmp_path, '[sameness]\nthreshold = 60\nstop_words = ["a"]\n' + TYPE + 'family = "fire"\n')
    assert told.sameness == Sameness(threshold=60, stop_words=("a",))  # type: ignore[attr-defined]
    assert told.types["fire"].family == "fire"  # type: ignore[attr-defined]


def test_without_a_list_of_capabilities_the_codes_are_taken_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "types.toml"
    file.write_text(PLAN + NEED, encoding="utf-8")
    assert types_command(file, SERVICES).plans[0].needs[0].capability == "ladder"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PLAN + 'levl = 2\n' + NEED, ("two", "levl", "level")),
        (PLAN.replace("level = 2", "level = 9") + NEED, ("two", "level", "1 to 5", "not 9")),
        (PLAN + "priorities = [6]\n" + NEED, ("two", "priorities", "1 to 5")),
        (PLAN.replace('["fire"]', '["firr"]') + NEED, ("two", "types", "firr", "fire")),
        (PLAN.replace('["fire"]', "[]") + NEED, ("two", "types")),
        (PLAN, ("two", "[[plans.needs]]")),
        (PLAN + NEED + PLAN.removeprefix(TYPE) + NEED, ("two", "twice")),
        (PLAN.replace('"two"', '""') + NEED, ("code is missing",)),
        (PLAN + NEED.replace("ladder", "laddr"), ("two", "laddr", "use: ladder")),
        (PLAN + NEED.replace("ladder", "zzz"), ("two", "zzz", "use: ladder")),
        (PLAN + NEED.replace('"fire"', '"navy"'), ("two", "navy", "ambulance, fire")),
        (PLAN + NEED + "cont = 2\n", ("two", "cont", "count")),
        (PLAN + NEED + "count = 0\n", ("two", "count", "1 to 20")),
        (PLAN + NEED + "parallel = 0\n", ("two", "parallel", "1 to 20")),
        (PLAN + NEED + "radius_km = nan\n", ("two", "radius_km")),
        (PLAN + NEED + 'count = "2"\n', ("int", "str")),
        ("[sameness]\nthresold = 60\n" + TYPE, ("sameness", "thresold", "threshold")),
        ("[sameness]\nthreshold = 0\n" + TYPE, ("sameness", "threshold", "1 to 100")),
        ("[sameness]\nnear_m = nan\n" + TYPE, ("sameness", "near_m")),
        ("[sameness]\nwindow_min = 0\n" + TYPE, ("sameness", "window_min", "1 to 1440")),
        ("[sameness]\nwords = -1\n" + TYPE, ("sameness", "words", "0 to 100")),
        ("[[types]\n", ("line ",)),
        ("plan = 1\n" + TYPE, ("plan",)),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_to_write(
    tmp_path: Path, text: str, words: tuple[str, ...]
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, text)
    for word in (str(tmp_path / "types.toml"), *words):
        assert word in caught.value.en, caught.value.en
    assert str(tmp_path / "types.toml") in caught.value.vi


@pytest.mark.parametrize(
    ("capabilities", "word"),
    [
        (CAPABILITIES.replace('"fire"', '"navy"'), "navy"),
        (CAPABILITIES + CAPABILITIES, "twice"),
        (CAPABILITIES + 'fr = "échelle"\n', "fr"),
        ("capabilities = 1", "array"),
    ],
)
def test_capabilities_that_cannot_be_read(tmp_path: Path, capabilities: str, word: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, PLAN + NEED, capabilities)
    assert "capabilities.toml" in caught.value.en and word in caught.value.en


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="none.toml"):
        types_command(tmp_path / "none.toml", SERVICES)
