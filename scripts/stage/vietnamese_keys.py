"""A key for each Vietnamese letter on an X server that has no typing program.

What a Telex program hands to a window is letters with their marks. A keyboard without them would have its map changed
for each such letter, and a busy window reads the map when it has changed back: letters would be lost that no person
would lose. So the letters have keys of their own from the beginning, where media keys were.
"""

from __future__ import annotations

import re
import subprocess
import unicodedata

from scripts.stage.progress import StageError

VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0301\u0303\u0309\u0323"
LETTERS = tuple("ăâđêôơư") + tuple(unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES)

SPARE = (*range(150, 203), *range(208, 256))
"""Key codes of media keys; those between them are modifiers."""


def give_letters(display: str) -> None:
    """Raises StageError where the server does not take the keys."""
    told = _run(["xkbcomp", "-xkb", display, "-"])
    _run(["xkbcomp", "-w0", "-", display], with_letters(told))


def with_letters(keymap: str) -> str:
    """The server's own description of its keys, with a key for each letter."""
    names = {int(code): name for name, code in re.findall(r"^\s*(<\w+>) = (\d+);", keymap, re.MULTILINE)}
    spare = [names[code] for code in SPARE if code in names]
    if len(spare) < len(LETTERS):
        raise StageError(f"the keyboard has {len(spare)} keys to spare, {len(LETTERS)} letters need one")
    begin = keymap.index("xkb_symbols")
    head, symbols = keymap[:begin], keymap[begin:]
    for name in spare:
        symbols = re.sub(rf"^\s*key {name} +\{{.*?\}};\n", "", symbols, count=1, flags=re.MULTILINE | re.DOTALL)
    keys = "".join(
        f"    key {name} {{ type= \"ALPHABETIC\", symbols[Group1]= [ {_symbol(it)}, {_symbol(it.upper())} ] }};\n"
        for name, it in zip(spare, LETTERS, strict=False)
    )
    opened = symbols.index("{") + 1
    return head + symbols[:opened] + "\n" + keys + symbols[opened:]


LATIN_1 = 0x100
"""Below it a letter's number is its symbol's; beyond, symbols are named by the letter's number."""


def _symbol(letter: str) -> str:
    return f"0x{ord(letter):x}" if ord(letter) < LATIN_1 else f"U{ord(letter):04X}"


def _run(command: list[str], told: str = "") -> str:
    try:
        done = subprocess.run(command, input=told, capture_output=True, text=True, check=False, timeout=20)
    except OSError as error:
        raise StageError(f"{command[0]} is missing: apt-get install x11-xkb-utils") from error
    if done.returncode:
        raise StageError(f"{' '.join(command)}: {done.stderr[-500:]}")
    return done.stdout
