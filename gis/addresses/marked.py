"""Words with what each was taken for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from gis.addresses.phrases import SYLLABLES
from gis.addresses.reading import Part
from gis.addresses.tokens import Word

MISTYPED, MISTYPED_SHORT = 80.0, 75.0  # likeness of a word with one slip of the hand; of one with five letters or fewer


class Marked:
    """``role`` holds what each word was taken for, "" while it may be the name's."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = list(words)
        self.role = [""] * len(self.words)
        self.has_marks = any(word.marks for word in self.words)

    def free(self) -> list[int]:
        return [i for i, role in enumerate(self.role) if not role]

    def take(self, which: Iterable[int], role: str) -> None:
        for i in which:
            self.role[i] = role

    def plain(self, which: Iterable[int]) -> str:
        return " ".join(self.words[i].plain for i in which)

    def before(self, i: int) -> str:
        return self.words[i - 1].plain if i else ""

    def free_after(self, i: int) -> list[int]:
        """Words that follow directly, up to the next comma, sign or word that is taken."""
        out = []
        for j in range(i + 1, len(self.words)):
            if self.role[j] or self.words[j].after_comma or self.words[j].joint:
                break
            out.append(j)
        return out

    def matches(self, i: int, pieces: Sequence[str]) -> bool:
        """Whether exactly these free words stand at ``i``, with no comma between them."""
        there = self.words[i : i + len(pieces)]
        return (
            [it.plain for it in there] == list(pieces)
            and not any(self.role[i : i + len(pieces)])
            and not any(it.after_comma for it in there[1:])
        )

    def phrase_at(self, i: int, phrases: Sequence[str]) -> int:
        """How many words the first phrase has that stands at ``i``; 0 where none does."""
        first = self.words[i].plain
        for phrase in phrases:
            if phrase.startswith(first) and self.matches(i, pieces := phrase.split()):
                return len(pieces)
        return 0

    def nearly(self, i: int, word: str) -> bool:
        """Whether a word is this one with a slip of the hand."""
        plain = self.words[i].plain
        if plain == word or plain in SYLLABLES or self.words[i].joint:
            return False
        if abs(len(plain) - len(word)) > 1 or len(plain) < 3:
            return False
        return fuzz.ratio(plain, word) >= (MISTYPED_SHORT if len(word) < 6 else MISTYPED)

    def parts(self, roles: Sequence[str]) -> tuple[Part, ...]:
        """Runs of words with one role, in the order of the text."""
        found: list[Part] = []
        for i, (word, role) in enumerate(zip(self.words, roles, strict=True)):
            if found and found[-1].role == role and i and not word.after_comma:
                found[-1] = replace(found[-1], end=word.end)
            else:
                found.append(Part(role, word.start, word.end))
        return tuple(it for it in found if it.role)
