"""One way to take a text as an address, and what such ways cost."""

from __future__ import annotations

from dataclasses import dataclass

from gis.addresses.tokens import Word

# What it costs, out of 100, to read a text in a way that is not the plain one.
NAMELESS_NUMBER = 1.5  # a number that might be the house's belongs to the name (Landmark 81)
UNSAID_UNIT = 1.0  # a ward or district without its word (Bình Thạnh)
UNSAID_BEFORE = 2.0  # likewise before the street and without a comma
MISTYPED_DISTRICT, MISTYPED_WARD = 2.0, 3.0
ONE_SEGMENT = 5.0  # only a part between commas is the name
UNSAID_CROSSING = 2.0  # two streets side by side without a word between them
GUESSED_KEYS = 1.0  # read as Telex or VNI
GUESSED_SPACES = 1.0  # words taken apart that were written as one
ONE_WORD_BETWEEN = 1.0  # a single syllable between them, which may be one of a name's
MISTYPED_WORD = 2.5  # the word for street, with a slip of the hand
CUT_CLEAR, CUT_MAYBE, CUT_OPEN = 0.2, 1.0, 2.5  # speech around the address is left out: sure; one word; unknown words
UNCUT = 3.0  # such speech is read as a part of the name
LEFT_OUT = 2.0  # words after the ward or district that are no part of the address
UNIT_OF_NAME = 0.5  # a ward or district is a part of a place's name
ASIDE = 1.0  # «gần …» after the address tells where it is once more
WHOLE_NAME = 1.0  # a sign of a crossing belongs to the name


@dataclass(frozen=True, slots=True)
class Part:
    """Words that were understood as something. ``role``: house, alley, name, ward, district, unit (a ward or district
    without its word), city, near, detail, filler, unknown_ward; ``start`` and ``end`` in the text."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a text. ``names``: one, or the two of a crossing, or none where only a ward or district is said.

    ``house`` is a number's key (``numbers``); ``alley``: somebody said hẻm, so it names the alley itself. ``ward`` and
    ``district``: folded names for ``units``; ``present``: the new ward was said to be meant. ``cost``: points out of
    100 that the reading is less likely than the plain one.
    """

    names: tuple[tuple[Word, ...], ...] = ()
    crossing: bool = False
    house: str = ""
    alley: bool = False
    ward: str = ""
    district: str = ""
    unknown_ward: str = ""
    present: bool = False
    near: bool = False
    cost: float = 0.0
    parts: tuple[Part, ...] = ()
