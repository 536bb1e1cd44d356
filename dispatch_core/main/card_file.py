"""The file of triage cards as it was written: its lines, its entries, and how a mistake in it is told."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import msgspec

from dispatch_core.domain.vocabulary import Advice, Card, CardQuestion
from dispatch_core.main.response_plans import ConfigurationError

FILE_BYTES = 256 * 1024
"""The book is part of every console's snapshot."""

TEXT_MOST = {"card": 60, "question": 120, "answer": 60, "advice": 160}
"""Characters, so that they are read at a glance and nothing is cut."""

CODE_MOST = 40

KINDS = {
    "advice": ("lời hướng dẫn", "advice"),
    "questions": ("câu hỏi", "question"),
    "answers": ("trả lời", "answer"),
    "cards": ("thẻ", "card"),
}
_HEADER = re.compile(r"\s*\[\[\s*([\w.]+)\s*\]\]")
_AT = re.compile(r"`\$\.(\w+)\[(\d+)\]")


class CardTables(msgspec.Struct, frozen=True):
    advice: tuple[Advice, ...] = ()
    questions: tuple[CardQuestion, ...] = ()
    cards: tuple[Card, ...] = ()


class WrittenLines:
    """Where entries and their keys stand, so that a refusal can name the line. Knows entries that begin with their own
    ``[[table]]`` line; of others it says 0."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._headers = [
            (number, hit[1]) for number, line in enumerate(self._lines, 1) if (hit := _HEADER.match(line)) is not None
        ]

    def entry(self, table: str, index: int) -> int:
        starts = [line for line, name in self._headers if name == table]
        return starts[index] if index < len(starts) else 0

    def answer(self, start: int, index: int, code: str) -> int:
        """Of an answer of the question that begins at line ``start``: by its own header, else by its code, else the
        question's line."""
        after = [(line, name) for line, name in self._headers if line > start > 0]
        end = next((line for line, name in after if not name.endswith(".answers")), len(self._lines) + 1)
        own = [line for line, name in after if line < end]
        if index < len(own):
            return own[index]
        written = re.compile(rf'\{{.*\bcode\s*=\s*"{re.escape(code)}"')
        return next((at for at in range(start + 1, end) if start and written.search(self._lines[at - 1])), start)

    def key(self, start: int, key: str) -> int:
        """The line of ``key`` in the entry that begins at line ``start``, else ``start``."""
        for number in range(start + 1, len(self._lines) + 1) if start else ():
            line = self._lines[number - 1]
            if _HEADER.match(line):
                break
            if re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
        return start


class CardFile:
    """``tables``: what it says, of the right shapes. Raises ConfigurationError for a file that cannot be read so."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.lines = WrittenLines("")
        try:
            size = file.stat().st_size
            if size > FILE_BYTES:
                kib = FILE_BYTES // 1024
                raise self.wrong(
                    0, f"dài {size // 1024} KiB, nhiều nhất {kib} KiB; bỏ bớt thẻ hoặc rút gọn lời",
                    f"has {size // 1024} KiB, at most {kib} KiB; take cards out or shorten the words",
                )  # fmt: skip
            text = file.read_text(encoding="utf-8-sig")
            self._written: dict[str, Any] = tomllib.loads(text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
            raise self.wrong(0, f"{problem}; hãy sửa tệp", f"{problem}; mend the file") from None
        self.lines = WrittenLines(text)
        for key in self._written:
            if key not in CardTables.__struct_fields__:
                near = near_to(key, CardTables.__struct_fields__)
                raise self.wrong(0, f"không có mục “{key}”; dùng: {near}", f"there is no “{key}”; use: {near}")
        try:
            self.tables = msgspec.convert(self._written, CardTables)
        except msgspec.ValidationError as problem:
            hit = _AT.search(str(problem))
            line = self.lines.entry(hit[1], int(hit[2])) if hit is not None else 0
            raise self.wrong(line, f"{problem}; hãy sửa mục này", f"{problem}; mend this entry") from None

    def entry(self, table: str, index: int, code: str, answer: int | None = None, said: str = "") -> Entry:
        written = self._written[table][index]
        line = self.lines.entry(table, index)
        vi, en = (f"{it} “{code}”" for it in KINDS[table])
        if answer is not None:
            written = written["answers"][answer]
            line = self.lines.answer(line, answer, said)
            vi, en = f"{vi}, {KINDS['answers'][0]} “{said}”", f"{en}, {KINDS['answers'][1]} “{said}”"
        return Entry(self, line, (vi, en), written, own=answer is None)

    def wrong(self, line: int, vi: str, en: str) -> ConfigurationError:
        at = (f", dòng {line}", f", line {line}") if line else ("", "")
        return ConfigurationError("triage_cards", f"{self._file}{at[0]}: {vi}.", f"{self._file}{at[1]}: {en}.")


class Entry:
    """One entry of the file, for saying what is wrong with it."""

    def __init__(
        self, file: CardFile, line: int, names: tuple[str, str], written: Mapping[str, Any], *, own: bool
    ) -> None:  # fmt: skip
        self._own = own  # its keys stand in lines of their own
        self._file, self._line, self._names, self.written = file, line, names, written

    def wrong(self, key: str, vi: str, en: str) -> ConfigurationError:
        line = self._file.lines.key(self._line, key.partition(".")[0]) if self._own else self._line
        names = self._names
        return self._file.wrong(line, f"{names[0]}, {key}: {vi}", f"{names[1]}, {key}: {en}")

    def keys(self, kind: type[msgspec.Struct], written: Mapping[str, Any] | None = None) -> None:
        """A mistyped key would otherwise leave its default in force, in silence."""
        for key in self.written if written is None else written:
            if key not in kind.__struct_fields__:
                near = near_to(key, kind.__struct_fields__)
                raise self.wrong(key, f"không có khoá này; dùng: {near}", f"there is no such key; use: {near}")

    def code(self, value: str) -> None:
        if not value.replace("_", "").isalnum() or not value.isascii() or len(value) > CODE_MOST:
            raise self.wrong(
                "code", f"cần mã không dấu, chữ số và gạch dưới, nhiều nhất {CODE_MOST} ký tự",
                f"a code of letters, digits and underscores is needed, at most {CODE_MOST} characters",
            )  # fmt: skip

    def text(self, key: str, value: str, kind: str) -> None:
        most = TEXT_MOST[kind]
        if not value.strip():
            language = ("tiếng Việt", "Vietnamese") if key == "vi" else ("tiếng Anh", "English")
            raise self.wrong(
                key, f"chưa có lời {language[0]}; viết {key} = \"…\"",
                f"the {language[1]} words are missing; write {key} = \"…\"",
            )  # fmt: skip
        if len(value) > most:
            raise self.wrong(
                key, f"dài {len(value)} ký tự, nhiều nhất {most}; viết ngắn lại",
                f"has {len(value)} characters, at most {most}; write it shorter",
            )  # fmt: skip
        if not value.isprintable():
            raise self.wrong(
                key, "có xuống dòng hoặc ký tự điều khiển; viết trên một dòng",
                "has a line break or a control character; write it in one line",
            )  # fmt: skip

    def known(self, key: str, value: str, options: Collection[str]) -> None:
        if value not in options:
            near = near_to(value, options)
            raise self.wrong(key, f"không có “{value}”; dùng: {near}", f"“{value}” is unknown; use: {near}")

    def within(self, key: str, value: int, low: int, high: int) -> None:
        if not low <= value <= high:
            raise self.wrong(
                key, f"phải từ {low} đến {high}, không phải {value}", f"goes from {low} to {high}, not {value}"
            )


def near_to(word: str, options: Collection[str]) -> str:
    known = sorted(options)
    return ", ".join(difflib.get_close_matches(word, known, 3) or known[:20]) or "—"
