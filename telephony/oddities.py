"""Whether a text that a caller controls was made to be taken for something else: forged lines, hidden characters.

The dialplan lets none of it reach an event or a name; this is how the attempt is noticed. Nothing is refused and
nothing changed because of it: the call goes on as any other. Every text is answered for, in linear time.
"""

from __future__ import annotations

import re

HEADER_BYTES = 300  # of a header, as the dialplan cuts it

# Control characters as they are or percent-encoded, marks that turn the direction of a line round (UAX #9), and bytes
# that were no UTF-8.
_HIDDEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufffd]"
    "|%[01][0-9A-Fa-f]|%7[Ff]"
)
_IN_A_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_AMI_LINE = re.compile(r"^[ \t]*(Event|Response|Action|ActionID|Privilege|ChanVariable|Uniqueid) ?:", re.MULTILINE)


def odd_header(text: str) -> bool:
    """Of a header as it came, cut at HEADER_BYTES: whether it hides something, or is longer than a real one."""
    cut = len(text.encode("utf-8", "replace")) >= HEADER_BYTES
    return cut or _HIDDEN.search(text) is not None


def odd_sender(text: str) -> bool:
    """As above, of a From: one that names nobody was cut short by a NUL."""
    return odd_header(text) or (text != "" and ":" not in text)


def odd_headers(text: str) -> bool:
    """Of several headers in one text, which is cut somewhere, perhaps within a character."""
    return _HIDDEN.search(text.rstrip("\ufffd")) is not None


def odd_message(text: str) -> bool:
    """Of a message: whether a line of it could be one of the switch's own, or it hides control characters."""
    return _AMI_LINE.search(text) is not None or _IN_A_TEXT.search(text) is not None
