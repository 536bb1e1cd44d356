"""Text from outside made fit to keep: no character that the database or the wire refuses, and a limit on its length.

Nothing is judged here and nothing escaped: screens show plain text, statements bind parameters.
"""

from __future__ import annotations

import re

CALLER_LIMIT = 120
"""Characters of a caller's number, name or dialled number: the longest real ones are a third of it."""

MESSAGE_LIMIT = 4_000
NOTE_LIMIT = 4_000
LABEL_LIMIT = 500
REASON_LIMIT = 500
DISPOSITION_LIMIT = 60

_UNFIT = re.compile("[\x00\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def plain(text: str, limit: int) -> str:
    """``text`` with NUL and lone surrogates shown as U+FFFD, cut at ``limit`` characters. Lines are kept."""
    return _UNFIT.sub("\ufffd", text[:limit])


def one_line(text: str, limit: int) -> str:
    """As ``plain``, and every control character or line end shown as U+FFFD too."""
    return _CONTROLS.sub("\ufffd", text[:limit])
