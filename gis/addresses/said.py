"""What a text says by itself: words that lead to the address, the city, wards and districts with their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from gis.addresses import phrases
from gis.addresses.marked import Marked
from gis.addresses.tokens import Word
from gis.addresses.units import units

_LETTER_NUMBER = re.compile(r"[a-z]{1,2}\d{1,2}\Z")
_GRAVE, _TILDE, _DOT = "\u0300", "\u0303", "\u0323"


class Said(Marked):
    """Takes those words; what is left free may be number and name."""

    def __init__(self, words: Sequence[Word]) -> None:
        super().__init__(words)
        self.units = units()
        self.ward = self.district = self.unknown_ward = ""
        self.present = self.near = self.guessed_ward = False
        self._edges()
        self._city()
        for i in range(len(self.words)):
            if not self.role[i]:
                self._district_at(i)
        for i in range(len(self.words)):
            if not self.role[i]:
                self._ward_at(i)
        self._old_or_new()
        self._lead_to_units()
        self._flats()
        self._details()
        self._edges()

    # --- words that only lead to the address --------------------------------------------------------------------------

    def _edges(self) -> None:
        """«cho hỏi», «đối diện» at the beginning of a part, «nha» at the end; again until none is left."""
        while self._one_edge():
            pass

    def _one_edge(self) -> bool:
        free = self.free()
        for i in (i for n, i in enumerate(free) if n == 0 or self.words[i].after_comma):
            for leading, role in ((phrases.NEAR, "near"), (phrases.AT, "filler")):
                length = self.phrase_at(i, leading)
                if length and i + length < len(self.words) and not (role == "near" and self.is_syllable(i, length)):
                    self.take(range(i, i + length), role)
                    self.near = self.near or role == "near"
                    return True
        for phrase in phrases.ENDS:
            pieces = phrase.split()
            tail = free[-len(pieces) :]
            least = 1 if phrase == "cu" else 2
            if len(free) >= len(pieces) + least and self.plain(tail) == phrase and self._is_particle(tail[-1]):
                self.take(tail, "filler")
                return True
        if len(free) > 1 and self.near and _metres(self.words[free[-1]].plain):
            self.take(free[-1:], "near")
            return True
        return False

    def _is_particle(self, i: int) -> bool:
        """At the end, and no syllable of a name: written with marks it must be the particle's own."""
        word = self.words[i]
        if word.after_comma or word.plain == "cu":
            return not word.after_comma and (not word.marks or _TILDE in word.marks)
        if word.plain == "a":  # ạ, and not the A of Bình Hưng Hòa A
            return _DOT in word.marks
        return not (word.plain in ("nha", "do", "ha") and word.marks)

    def is_syllable(self, i: int, length: int) -> bool:
        """«Sáu», «Tôi», «Đậu»: a word of NEAR in other marks belongs to a name."""
        if length > 1 or self.words[i].plain not in phrases.NEAR_MARKS:
            return False
        if self.words[i].plain == "cach" and i + 1 < len(self.words) and self.words[i + 1].plain == "mang":
            return True  # Cách Mạng Tháng Tám
        marks = self.words[i].marks
        own, trusted = phrases.NEAR_MARKS[self.words[i].plain]
        if marks:
            return not set(own) >= marks
        return self.has_marks and bool(own) and not trusted

    def _city(self) -> None:
        """The city's own name leads nowhere: off where it is said with its title, or stands last after a comma."""
        for i in range(1, len(self.words)):
            for name in phrases.CITY:
                if self.matches(i, name):
                    self.take(range(i, i + len(name)), "city")
        for name in phrases.LOOSE_CITY:
            free = self.free()
            tail = free[-len(name) :]
            if len(free) > len(name) and self.plain(tail) == " ".join(name) and self.words[tail[0]].after_comma:
                self.take(tail, "city")

    # --- wards and districts ------------------------------------------------------------------------------------------

    def _district_at(self, i: int) -> None:
        plain = self.words[i].plain
        glued = plain.removeprefix("quan") if plain.startswith("quan") else plain[1:] if plain[:1] == "q" else ""
        short = glued in self.units.short_districts and plain not in self.units.short_districts
        if self.district:
            return
        if glued.isdigit() and self.units.district(str(int(glued))):
            self._district(str(int(glued)), (i,))
            return
        if short:
            self._district(self.units.district(glued), (i,))
            return
        after = self.free_after(i)
        numbered = bool(after) and self.words[after[0]].is_number
        behind = plain in phrases.DISTRICT_BEHIND or self.nearly(i, "district")
        if behind and not numbered and self._named_before(i, self.units.district, "district"):
            return
        if not after:
            return
        first = self.words[after[0]].plain
        nearly = self.nearly(i, "quan") or self.nearly(i, "district")
        if first.isdigit() and len(first) <= 2 and (plain in phrases.DISTRICT_NUMBER or nearly):
            if self.units.district(str(int(first))):
                self._district(str(int(first)), (i, after[0]))
            return
        begin = i
        if plain in ("thanh", "thi") and first in ("pho", "xa"):
            after = after[1:]
        elif plain not in phrases.DISTRICT_NAMED and not nearly and not self.nearly(i, "huyen"):
            return
        sure = (plain in phrases.DISTRICT_NAMED and len(plain) > 1) or self.words[i].after_comma
        lengths = range(min(4, len(after)), 0, -1)
        keys = {n: key for n in lengths if (key := self.units.district(self.plain(after[:n]))) and not key.isdigit()}
        exact = [n for n in keys if keys[n] in (said := self.plain(after[:n]), self.units.short_districts.get(said))]
        for length in (*exact, *(keys if sure else ())):  # the very name before one that is like it
            self._district(keys[length], range(begin, after[length - 1] + 1))
            return

    def _named_before(self, i: int, known: Callable[[str], str], role: str) -> bool:
        """«Bình Thạnh District», «Sài Gòn Ward»: English has the word behind the name."""
        start = i
        while start and not (self.role[start - 1] or self.words[start].after_comma or self.words[start - 1].joint):
            start -= 1
        said = {first: self.plain(range(first, i)) for first in range(max(start, i - 4), i)}
        found = {first: name for first, it in said.items() if not it.isdigit() and (name := known(it))}
        exact = [it for it, name in found.items() if name in (said[it], self.units.short_districts.get(said[it]))]
        first = next(iter((*exact, *(found if role == "district" else ()))), None)
        if first is None:
            return False
        if role == "district":
            self.district = found[first]
        else:
            self.ward = found[first]
        self.take(range(first, i + 1), role)
        return True

    def _district(self, key: str, at: Sequence[int]) -> None:
        self.district = key
        self.take(at, "district")

    def _ward_at(self, i: int) -> None:
        if self.ward:
            return
        plain = self.words[i].plain
        for title in ("phuong", "ph", "p", "f"):
            number = plain.removeprefix(title)
            if number != plain and number.isdigit() and len(number) <= 2:
                self._numbered(str(int(number)), (i,))
                return
        follows = self.free_after(i)
        if (
            plain == "ward"
            and not (follows and self.words[follows[0]].is_number)
            and self._named_before(i, self.units.ward_name, "ward")
        ):
            return
        after = self.free_after(i)
        nearly = self.nearly(i, "phuong")
        if not after or not self._is_ward_word(i):
            return
        first = self.words[after[0]].plain
        if first.isdigit() and len(first) <= 2 and (plain in phrases.WARD_NUMBER or nearly):
            self._numbered(str(int(first)), (i, after[0]))
            return
        if plain == "thi" and first == "tran":
            after = after[1:]
        elif plain != "tt" and plain not in phrases.WARD_NAMED and not nearly:
            return
        if plain == "xa" and (first == "lo" or self.before(i) == "cu"):
            return
        lengths = range(min(self.units.longest, len(after)), 0, -1)
        names = {n: name for n in lengths if (name := self.units.ward_name(self.plain(after[:n])))}
        if plain in ("x", "xa"):
            names = {n: name for n, name in names.items() if name in self.units.communes}
        sure = plain == "p" or (plain in phrases.WARD_NAMED and len(plain) > 1)
        exact = [n for n in names if names[n] == self.plain(after[:n])]
        for length in (*exact, *(names if sure else ())):  # the very name before one that is like it
            self.ward = names[length]
            self.guessed_ward = length not in exact
            self.take((i, *after[:length]), "ward")
            return
        if plain == "phuong" and (_GRAVE in self.words[i].marks or (self.words[i].after_comma and not self.has_marks)):
            self.unknown_ward = self.plain(after)
            self.take((i, *after), "unknown_ward")

    def _numbered(self, number: str, at: Sequence[int]) -> None:
        if self.units.is_ward(number):
            self.ward = number
            self.take(at, "ward")
        else:
            self.unknown_ward = number
            self.take(at, "unknown_ward")

    def _is_ward_word(self, i: int) -> bool:
        """Not the Phương of Nguyễn Tri Phương: whoever types marks writes Phường with its own."""
        word = self.words[i]
        if word.plain == "phuong" and self.has_marks:
            return _GRAVE in word.marks or (not word.marks and self._unit_follows(i))
        return not (word.plain == "xa" and self.has_marks and _TILDE not in word.marks)

    def _unit_follows(self, i: int) -> bool:
        """Whether a word whose marks were left out has a ward's very name or number behind it."""
        after = self.free_after(i)
        names = (self.plain(after[:n]) for n in range(1, min(self.units.longest, len(after)) + 1))
        return any(self.units.is_ward(name) for name in names)

    def _old_or_new(self) -> None:
        for i, word in enumerate(self.words[1:], 1):
            if word.plain in ("cu", "moi") and self.role[i - 1] in ("ward", "district") and not self.role[i]:
                self.present = self.present or word.plain == "moi"
                self.take((i,), "filler")

    def _lead_to_units(self) -> None:
        """«Lê Lợi ở quận 1», «street in district 1»."""
        for i, word in enumerate(self.words[:-1]):
            if word.plain in ("in", "o", "thuoc") and not self.role[i] and self.role[i + 1] in ("ward", "district"):
                self.take((i,), "filler")

    def _details(self) -> None:
        """Floor, room, quarter: no data knows them."""
        for i, word in enumerate(self.words):
            begins = i == 0 or word.after_comma or self.role[i - 1] or self.words[i - 1].is_number
            length = self.phrase_at(i, phrases.DETAILS) if begins and not self.role[i] else 0
            after = i + length
            if length and after < len(self.words) and not self.role[after] and not self.words[after].after_comma:
                number = self.words[after]
                if number.is_number or (len(number.plain) <= 3 and any(c.isdigit() for c in number.plain)):
                    self.take(range(i, after + 1), "detail")

    def _flats(self) -> None:
        """«A16-03», «B12.05» at the beginning: the flat of a block whose name follows."""
        if not self.words or not _LETTER_NUMBER.match(self.words[0].plain):
            return
        end = next((i for i, it in enumerate(self.words) if i and not (it.is_number or it.joint)), 0)
        if end and self.phrase_at(end, phrases.BLOCKS):
            self.take(range(end), "detail")


def _metres(plain: str) -> bool:
    return plain[-1] == "m" and plain.rstrip("km").isdigit()
