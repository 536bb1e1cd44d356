"""No secret stands in what is shown; that it was replaced can be seen, and not what it was."""

from __future__ import annotations

from telephony.trunk.masks import diff, mark, masked, masked_files
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import Secrets, capture_key
from tests.telephony.trunk.test_render import SITE

KEY = b"k" * 32
ONE, OTHER = Secrets("a" * 20, {"B01": "p" * 20}), Secrets("b" * 20, {"B01": "p" * 20})
PATHS = Paths("/srv/recordings")


def _shown(secrets: Secrets) -> dict[str, str]:
    return masked_files(render(SITE, secrets, PATHS), secrets, KEY)


def test_nothing_of_a_secret_is_left() -> None:
    shown = "".join(_shown(ONE).values())
    for secret in (ONE.ami, ONE.probe, capture_key(ONE.ami)):
        assert secret not in shown and mark(secret, KEY) in shown
    assert "<secret:" not in "".join(render(SITE, ONE, PATHS).values())


def test_one_that_is_not_known_any_more_is_masked_too_and_once() -> None:
    text = "[x]\npassword = old-and-forgotten \nsecret=another one;x\nusername = B01\n"
    shown = masked(text, None, KEY)
    assert "forgotten" not in shown and "another" not in shown and "username = B01" in shown
    assert masked(shown, ONE, KEY) == shown
    assert ONE.ami not in masked(f"; {ONE.ami}", ONE, KEY)


def test_one_that_somebody_wrote_by_hand_is_masked_however_he_wrote_it() -> None:
    for line in (
        "Password = hand-made", ";password = hand-made", "; secret=hand-made ; was", "  #password => hand-made",
        "SECRET => hand-made", "password_digest = MD5:hand-made", "turnpassword=hand-made",
    ):  # fmt: skip
        shown = masked(f"[x]\n{line}\nusername = B01\n", None, KEY)
        assert "hand-made" not in shown and "<secret:" in shown and "\nusername = B01" in shown, shown


def test_that_a_secret_was_replaced_can_be_seen() -> None:
    changes = diff(_shown(ONE), _shown(OTHER))
    assert set(changes) == {"manager.conf", "pjsip.conf", "hep.conf"}
    assert f"-secret = {mark(ONE.ami, KEY)}" in changes["manager.conf"]
    assert f"+secret = {mark(OTHER.ami, KEY)}" in changes["manager.conf"]
    assert mark(ONE.ami, KEY) != mark(ONE.ami, b"another key")
    assert diff(_shown(ONE), _shown(ONE)) == {}


def test_a_file_that_comes_or_goes_is_all_in_the_diff() -> None:
    changes = diff({"a": "x\n"}, {"b": "y\n"})
    assert changes == {"a": "--- a\n+++ a\n@@ -1 +0,0 @@\n-x\n", "b": "--- b\n+++ b\n@@ -0,0 +1 @@\n+y\n"}
