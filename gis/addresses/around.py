"""What people say around an address: «em ơi cháy ở … nhanh lên», «alo 114 hả, … nha anh». Off it comes before the rest
is read; a name that begins with such a word is also read whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import as_file, files

from gis.addresses.reading import ASIDE, CUT_CLEAR, CUT_MAYBE, CUT_OPEN, UNCUT
from gis.addresses.spelling import Spelling, spell
from gis.addresses.tokens import Word
from gis.table import read_rows

_NUMBERS = frozenset(("113", "114", "115"))
_AFTER_NUMBER = frozenset(("ha", "oi", "phai", "a", "do", "nghe", "nghen"))
_TITLES = frozenset(("nha", "cho", "xe", "ba", "cong", "khu", "hang"))
"""Words of speech that begin names too: Nhà thờ, Chợ, Công an, Bà Chiểu."""

Cut = tuple[list[Word], float, bool]
"""The words that are left, what that costs, whether they tell enough by themselves: «gần X, Quận 1» is no district."""

Phrases = dict[str, set[tuple[Spelling, ...]]]
"""By their first plain word."""

MAX_PHRASE = 4
MAX_CUTS = 4


def cut(words: Sequence[Word]) -> list[Cut]:
    """The words without what is said around them, each way with its cost, at most ``MAX_CUTS``."""
    whole = list(words)
    marked = any(word.marks for word in whole)
    kept = _without_parts(whole, marked)
    main = _without_asides(kept, marked)
    begins, ends = _prefix(kept, marked), _suffix(kept, marked)
    begin, end = (begins[0] if begins else 0), ends
    if begin >= end:
        return [(whole, 0.0, True)]
    gone = len(whole) - (end - begin)
    if not gone:
        far = _after_place(whole, marked)
        ways = [(whole, 0.0, True), *([(main, ASIDE, False)] if main else [])]
        ways += [(whole[far:], CUT_OPEN, True)] if far else []
        return ways[:MAX_CUTS]
    if not _sure(whole, kept[begin:end], marked):
        ways = [(whole, 0.0, True), (kept[begin:end], CUT_MAYBE, False)]
    else:
        ways = [(kept[begin:end], CUT_CLEAR, True), (whole, UNCUT, True)]
    far = _after_place(kept[begin:end], marked)
    ways += [(kept[begin + far : end], CUT_OPEN, True)] if far else []
    if main and (shorter := main[(_prefix(main, marked) or [0])[0] : _suffix(main, marked)]):
        ways.insert(1, (shorter, ASIDE, False))
    ways += [(kept[it:end], CUT_MAYBE, True) for it in begins[1:]]
    return ways[:MAX_CUTS]


def _phrases(them: Iterable[str]) -> Phrases:
    out: Phrases = {}
    for phrase in them:
        spelled = tuple(spell(phrase))
        out.setdefault(spelled[0].plain, set()).add(spelled)
    return out


@lru_cache(maxsize=2)
def _speech(behind: bool) -> Phrases:
    """What is said before an address, or ``behind`` one."""
    with as_file(files("gis.data") / "speech.csv") as path:
        rows = read_rows(path, ("phrase", "where"))
    where = {row.text("phrase"): row.one_of("where", ("around", "before")) for row in rows}
    return _phrases(phrase for phrase, it in where.items() if it == "around" or not behind)


_ASIDES = _phrases((
    "gần", "đối diện", "kế bên", "sát bên", "bên cạnh", "sau lưng", "bên hông", "trước cổng", "trước mặt", "phía sau",
    "phía trước", "đằng sau", "xéo", "opposite", "next to", "behind", "near",
))  # fmt: skip


def _phrase(words: Sequence[Word], i: int, until: int, marked: bool, behind: bool = False) -> int:
    """How many words the longest phrase has that stands at ``i``; 0 for none."""
    best = 0
    if words[i].plain in _NUMBERS:
        return 1 if i + 1 < until and words[i + 1].plain in _AFTER_NUMBER and not words[i + 1].after_comma else 0
    for phrase in _speech(behind).get(words[i].plain, ()):
        there = words[i : i + len(phrase)]
        if len(phrase) > best and i + len(phrase) <= until and all(map(_same, there, phrase, [marked] * len(phrase))):
            best = len(phrase)
    return best


def _same(word: Word, said: Spelling, marked: bool) -> bool:
    return word.plain == said.plain and (word.marks == said.marks or not (marked and word.marks))


def _sure(whole: Sequence[Word], kept: Sequence[Word], marked: bool) -> bool:
    """Whether what was cut off is speech, and not «le lai» or «chu» that a street begins with: three words, or a phrase
    or two words with their own marks."""
    gone = [word for word in whole if word not in kept]
    if len(gone) > 2 or any(word.marks for word in gone):
        return True
    return len(gone) == 2 and (marked or _phrase(gone, 0, 2, marked) == 2)


def _without_parts(words: list[Word], marked: bool) -> list[Word]:
    """Without the parts between commas that are nothing but speech."""
    starts = [0, *(i for i, word in enumerate(words) if i and word.after_comma), len(words)]
    out: list[Word] = []
    for a, b in zip(starts, starts[1:], strict=False):
        i = a
        while i < b and (length := _phrase(words, i, b, marked)):
            i += length
        if i < b or not _sure(words[a:b], (), marked):
            out += words[a:b]
    return out or words


def _without_asides(words: list[Word], marked: bool) -> list[Word]:
    """Without what stands from «gần», «đối diện» to the end of its part, where something else is said besides; none
    where nothing is."""
    out: list[Word] = []
    aside = False
    for i, word in enumerate(words):
        if not i or word.after_comma:
            aside = False
        if not aside and any(all(map(_same, words[i:], it, [marked] * len(it))) and len(words) - i > len(it)
                             for it in _ASIDES.get(word.plain, ())):  # fmt: skip
            aside = True
        if not aside:
            out.append(word)
    return out if 1 < len(out) < len(words) else []


def _prefix(words: Sequence[Word], marked: bool) -> list[int]:
    """Where the address may begin: after all speech, and at a word of it that begins names too."""
    i, steps = 0, []
    while i < len(words) and (length := _phrase(words, i, len(words), marked)):
        steps.append(i)
        i += length
    if not i:
        return []
    last = [it for it in steps if words[it].plain in _TITLES]
    inner = [it for it in range(steps[-1] + 1, i) if words[it].plain in _TITLES]
    return list(dict.fromkeys([i, *inner[-1:], *[it for it in last[-1:] if it]]))


def _suffix(words: Sequence[Word], marked: bool) -> int:
    """Where it ends."""
    end = len(words)
    while end > 1:
        for length in range(min(MAX_PHRASE, end - 1), 0, -1):
            if _phrase(words, end - length, end, marked, behind=True) == length:
                end -= length
                break
        else:
            break
    return end


def _after_place(words: Sequence[Word], marked: bool) -> int:
    """After the last «ở» or «tại»: whatever stood before it, here the place begins."""
    for i in range(len(words) - 2, 0, -1):
        word = words[i]
        if word.plain == "o" and ("\u0309" in word.marks or not marked):
            return i + 1
        if word.plain == "tai" and "\u0323" in word.marks:
            return i + 1
        if word.plain == "chi" and words[i - 1].plain == "dia":
            return i + 1 + (words[i + 1].plain == "la")
    return 0
