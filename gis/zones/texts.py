"""The texts of a Shapefile: bytes in the encoding that its .cpg or a person names, as Vietnamese letters.

Decoded here and not by GDAL: what it uses cuts the last letter off each text in Windows-1258, and knows no TCVN3. The
letters are composed (NFC), as everything else is.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable

AS_BYTES = "ISO-8859-1"  # each byte is one letter of the same number: what GDAL is told
UTF_8 = "utf-8"
TCVN3 = "tcvn3"
_TCVN3_NAMES = frozenset({"tcvn3", "tcvn", "tcvn-3", "abc", "vn3"})
_TCVN3 = dict(zip(
    (0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE,
     0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBB, 0xBC, 0xBD, 0xBE, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCC,
     0xCE, 0xCF, 0xD0, 0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xDC, 0xDD, 0xDE, 0xDF,
     0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xEC, 0xED, 0xEE, 0xEF,
     0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE),
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ", strict=True,
))  # fmt: skip
_LETTERS = frozenset(
    unicodedata.normalize("NFC", base + tone)
    for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", *"\u0300\u0301\u0303\u0309\u0323")
) | frozenset("đĐ–—’‘“”\u00a0")
_CASE_WITHIN = re.compile(r"[^\W\d_A-Z]([^\x00-\x7f])")


def _beyond_ascii(error: UnicodeError) -> tuple[str, int]:
    """One byte of TCVN3 for Python's decoder of ASCII; raises ``error`` for one that is none."""
    assert isinstance(error, UnicodeDecodeError)
    letter = _TCVN3.get(error.object[error.start])
    if letter is None:
        raise error
    return letter, error.start + 1


_TCVN3_ERRORS = "dispatch_tcvn3"
codecs.register_error(_TCVN3_ERRORS, _beyond_ascii)


def codec(told: str) -> str:
    """The name by which ``decoded`` knows what people write: ``1258``, ``ANSI 1258``, ``windows-1258``, ``TCVN3``; ""
    for what is none."""
    name = told.strip().strip("\ufeff\0").strip().lower()
    if name in _TCVN3_NAMES:
        return TCVN3
    name = name.removeprefix("ansi").strip()
    if name.isdecimal():
        name = f"iso-8859-{name[4:]}" if name.startswith("8859") else "utf-8" if name == "65001" else f"cp{name}"
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return found.name if found._is_text_encoding else ""


def decoded(text: str, name: str) -> str:
    """``text`` has one letter for each byte. Raises UnicodeDecodeError."""
    if name == TCVN3:
        return text.encode("latin-1").decode("ascii", _TCVN3_ERRORS)
    return unicodedata.normalize("NFC", text.encode("latin-1").decode(name))


def plausible(text: str) -> bool:
    """Whether all letters are those of Vietnamese, none of them large within a word of small ones."""
    if any(ord(letter) > 127 and letter not in _LETTERS for letter in text):
        return False
    return not any(it[1].isupper() for it in _CASE_WITHIN.finditer(text))


def fitting(texts: Iterable[str]) -> str:
    """The first encoding in which all of the texts are plausible, "" for none."""
    kept = list(texts)
    for name in (UTF_8, "cp1258", TCVN3):
        try:
            if all(plausible(decoded(it, name)) for it in kept):
                return name
        except UnicodeDecodeError:
            continue
    return ""
