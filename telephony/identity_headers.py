"""What a SIP identity header (From, P-Asserted-Identity; RFC 3261 section 20) says: a number and a name.

The headers are whatever somebody sent, cut at some length: these functions answer for every text, and what
they answer is only text. Guarded here: a number is digits and '+', at most MOST_DIGITS.
"""

from __future__ import annotations

import re

MOST_DIGITS = 20


def number_in(header: str) -> str:
    """The leading digits of the user part of the last URI, '+' before them kept; '' when there are none."""
    uri = header.rpartition("<")[2]
    found = re.match(r"\s*(?:sips?|tel):(\+?[0-9]+)", uri, re.IGNORECASE)
    return found[1][:MOST_DIGITS] if found else ""


def name_in(header: str) -> str:
    """The display name, unquoted; '' when there is none."""
    quoted = re.match(r'\s*"((?:[^"\\]|\\.)*)', header, re.DOTALL)
    if quoted:
        return re.sub(r"\\(.)", r"\1", quoted[1], flags=re.DOTALL).strip()
    return header.partition("<")[0].strip() if "<" in header else ""
