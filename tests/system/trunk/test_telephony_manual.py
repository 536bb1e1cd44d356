"""The telephony admin's manual is done literally: see scripts/acceptance/trunk/manual.py."""

from __future__ import annotations

import tomllib

import pytest

from scripts.acceptance.spine.rig import Rig
from scripts.acceptance.trunk import manual

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("language", manual.CHAPTERS)
def test_the_chapter_has_what_is_done(language: str) -> None:
    blocks = manual.chapter(language)
    assert [it.kind for it in blocks[:5]] == ["carrier", "sh", "toml", "sh", "sh"]
    (carrier,) = tomllib.loads(blocks[2].text)["carriers"]
    assert carrier["peers"][0] in blocks[0].text


def test_both_languages_describe_the_same_carrier() -> None:
    assert manual.chapter("vi")[2] == manual.chapter("en")[2]


@pytest.mark.long
@pytest.mark.parametrize("language", manual.CHAPTERS)
def test_the_chapter_leads_to_a_call(whole: Rig, language: str) -> None:
    assert manual.followed(whole, language)
