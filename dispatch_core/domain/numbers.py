"""Telephone numbers compared: one subscriber is one number, however a carrier writes it."""

from __future__ import annotations

import re

from dispatch_core.domain.placing import plain_number

NUMBER_LIMIT = 20
"""Digits and ``+`` of a number that we dial; the dialplan cuts at the same place."""

SHORTEST = 3
_NOT_OF_A_NUMBER = re.compile(r"[^0-9+]")
_GAPS = re.compile(r"[\s.\-()]")
_NUMBER = re.compile(r"\+?[0-9]+")


def digits(number: str) -> str:
    """What of a caller's number can be dialled: digits and ``+``, at most ``NUMBER_LIMIT``."""
    return _NOT_OF_A_NUMBER.sub("", number)[:NUMBER_LIMIT]


def typed(number: str) -> str:
    """A number that a person typed, without gaps; "" where it is none."""
    bare = _GAPS.sub("", number)
    return bare if _NUMBER.fullmatch(bare) and SHORTEST <= len(bare) <= NUMBER_LIMIT else ""


def same_subscriber(one: str, other: str, country: str) -> bool:
    """Whether both are numbers of one subscriber of this country; a number that was withheld is nobody's."""
    if one[-SHORTEST:] != other[-SHORTEST:]:
        return False  # nearly always, and much cheaper
    known = plain_number(one, country)
    return bool(known) and known == plain_number(other, country)
