"""What a site says of incidents that may be one: how near, how long, which words do not count. Data of the rules in
``duplicates``; it comes with the incident types."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.vocabulary import as_floats

STOP_WORDS = (
    "a", "ai", "anh", "bac", "bi", "bo", "cai", "cac", "chi", "chua", "co", "con", "cua", "da", "dang",
    "day", "di", "duoc", "em", "gap", "gan", "goi", "giup", "hay", "hien", "het", "khong", "la",
    "lam", "len", "loai", "luc", "ma", "minh", "mot", "moi", "nay", "nen", "nguoi", "nhe", "nhung", "noi", "o",
    "oi", "ong", "qua", "ra", "rat", "so", "ta", "thay", "the", "thi", "toi", "trong", "tren", "tu",
    "va", "vao", "vi", "viec", "voi", "vua", "xin", "xuong",
    "the", "an", "and", "of", "in", "on", "at", "is", "there", "it", "to", "my", "he", "she", "we", "they", "with",
)  # fmt: skip
"""Syllables that any caller says of anything; none of them reads like a word that tells something (as cho: chợ)."""


class Sameness(Struct, frozen=True, kw_only=True):
    """Points add up to 100; from ``threshold`` on two incidents are proposed as one. ``near_m``: so far apart, beyond
    what both places leave open, half of the points of the place are left. ``window_min``: what is longer over is not
    the same. ``other_type``: what is taken where both have a type, of different families."""

    threshold: int = 52
    near_m: float = 250.0
    unsure_m: float = 1_500.0  # a place less sure than that counts as one that is as sure as that
    window_min: int = 45
    place: int = 42
    time: int = 15
    type: int = 20
    family: int = 15
    untyped: int = 8  # at least one has no type yet
    other_type: int = 25
    words: int = 23
    again: int = 40  # the same number called about both
    stop_words: tuple[str, ...] = STOP_WORDS

    def __post_init__(self) -> None:
        as_floats(self, "near_m", "unsure_m")
