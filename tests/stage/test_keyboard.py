"""Keys that go through an X server: what is counted, and a key for every Vietnamese letter."""

from __future__ import annotations

import unicodedata

import pytest

from scripts.stage import keyboard as keyboard_module
from scripts.stage.keyboard import Keyboard
from scripts.stage.progress import StageError
from scripts.stage.vietnamese_keys import LETTERS, SPARE, with_letters


class Recorder(Keyboard):
    """Counts as ever, and sends nothing."""

    def __init__(self) -> None:
        super().__init__(":0")
        self.sent: list[tuple[str, tuple[str, ...]]] = []

    def _do(self, act: str, rate: float, *what: str) -> None:
        self.sent.append((act, what))


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    monkeypatch.setattr(keyboard_module.shutil, "which", lambda name: f"/usr/bin/{name}")
    return Recorder()


def test_a_held_key_counts_and_what_a_caller_said_is_counted_apart(recorder: Recorder) -> None:
    recorder.press("F5", "alt+d", "ctrl+shift+k")
    recorder.type("ket")
    recorder.type("hàng xanh", "address")
    recorder.line("#42")
    counted = recorder.count()
    assert counted.keys == 1 + 2 + 3 + 3 + 4
    assert counted.letters == {"address": 9}
    assert str(counted) == "13 keys + letters: 9 address"
    assert recorder.count().keys == 0
    assert recorder.sent[0] == ("key", ("F5", "alt+d", "ctrl+shift+k"))


def test_without_the_program_that_presses_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyboard_module.shutil, "which", lambda name: None)
    with pytest.raises(StageError, match="xdotool"):
        Keyboard(":0")


def keymap(codes: range) -> str:
    names = "".join(f"    <I{code}> = {code};\n" for code in codes)
    keys = "".join(f"    key <I{code}> {{         [  XF86Launch{code} ] }};\n" for code in codes)
    symbols = f"    key <AD01> {{ [ q, Q ] }};\n{keys}"
    return f'xkb_keymap {{\nxkb_keycodes "x" {{\n{names}}};\nxkb_symbols "pc" {{\n{symbols}}};\n}};\n'


def test_every_letter_has_a_key_in_both_cases() -> None:
    assert len(LETTERS) == len(set(LETTERS)) == 67 <= len(SPARE)
    made = with_letters(keymap(range(150, 256)))
    for letter in LETTERS:
        assert len(letter) == 1 and unicodedata.is_normalized("NFC", letter)
        for one in (letter, letter.upper()):
            symbol = f"0x{ord(one):x}" if ord(one) < 0x100 else f"U{ord(one):04X}"
            assert made.count(f" {symbol} ") + made.count(f" {symbol},") == 1, one
    assert "key <AD01> { [ q, Q ] };" in made, "the keys that write are left alone"
    assert "XF86Launch203" in made, "modifiers are left alone"
    assert made.count("key <I150>") == 1


def test_a_keyboard_without_room_is_refused() -> None:
    with pytest.raises(StageError, match="67 letters"):
        with_letters(keymap(range(150, 160)))
