"""Triage cards out of ``triage_cards.toml``: each error with file, line, entry, key and what to write instead."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from dispatch_core.domain.commands import LoadCards, LoadTypes
from dispatch_core.domain.plans import UNITS_OF_A_LINE
from dispatch_core.domain.vocabulary import (
    Advice,
    Capability,
    Card,
    CardAnswer,
    CardBook,
    CardQuestion,
    IncidentType,
    Want,
)
from dispatch_core.main.card_file import CardFile, CardTables, Entry

ENTRIES_MOST = 300
"""Questions, advice or cards each."""

ASKED_MOST = 12
"""Questions of one card: a call taker has no time for more."""

ANSWERS_MOST = 9
"""One key each."""

ADVICE_LINES = 12
BEAT_MOST = 200


def cards_command(file: Path | None, services: Collection[str], of: LoadTypes) -> LoadCards:
    """The cards in ``file``, none without one. Raises ConfigurationError; nothing of a file that has a mistake is
    used."""
    if file is None:
        return LoadCards(book=CardBook())
    return LoadCards(book=_Reader(file, services, of.types, of.capabilities).read())


class _Reader:
    def __init__(
        self, file: Path, services: Collection[str], types: Mapping[str, IncidentType],
        capabilities: Mapping[str, Capability],
    ) -> None:  # fmt: skip
        self._file = CardFile(file)
        self._services, self._types, self._capabilities = services, types, capabilities

    def read(self) -> CardBook:
        found, wrong = self._file.tables, self._file.wrong
        for table in ("advice", "questions", "cards"):
            if len(getattr(found, table)) > ENTRIES_MOST:
                raise wrong(0, f"{table}: nhiều nhất {ENTRIES_MOST} mục", f"{table}: at most {ENTRIES_MOST}")
        advice = {it.code: it for it in found.advice}
        questions = {it.code: it for it in found.questions}
        for index, text in enumerate(found.advice):
            self._advice(self._file.entry("advice", index, text.code), text)
        self._once("advice", [it.code for it in found.advice])
        self._once("questions", [it.code for it in found.questions])
        for index, question in enumerate(found.questions):
            self._question(index, question, questions, advice)
        self._no_circle(found.questions)
        self._once("cards", [it.code for it in found.cards])
        taken: dict[tuple[str, str], str] = {}
        for index, card in enumerate(found.cards):
            self._card(self._file.entry("cards", index, card.code), card, questions, advice, taken)
        self._all_used(found)
        return CardBook(cards={it.code: it for it in found.cards}, questions=questions, advice=advice)

    def _once(self, table: str, codes: Sequence[str]) -> None:
        for index, code in enumerate(codes):
            if code in codes[:index]:
                first = self._file.lines.entry(table, codes.index(code))
                raise self._file.entry(table, index, code).wrong(
                    "code", f"mã này đã có ở dòng {first}; đặt mã khác",
                    f"this code stands in line {first} already; give another",
                )  # fmt: skip

    def _advice(self, where: Entry, it: Advice) -> None:
        where.keys(Advice)
        where.code(it.code)
        if not it.vi or not it.en or len(it.vi) != len(it.en):
            raise where.wrong(
                "vi", "cần bản tiếng Việt và tiếng Anh, số câu bằng nhau: vi = [\"…\"], en = [\"…\"]",
                "as many lines in Vietnamese as in English are needed: vi = [\"…\"], en = [\"…\"]",
            )  # fmt: skip
        if len(it.vi) > ADVICE_LINES:
            raise where.wrong("vi", f"nhiều nhất {ADVICE_LINES} câu", f"at most {ADVICE_LINES} lines")
        for key, lines in (("vi", it.vi), ("en", it.en)):
            for line in lines:
                where.text(key, line, "advice")
        where.within("beat", it.beat, 0, BEAT_MOST)

    def _question(
        self, index: int, it: CardQuestion, questions: Mapping[str, CardQuestion], advice: Mapping[str, Advice]
    ) -> None:
        where = self._file.entry("questions", index, it.code)
        where.keys(CardQuestion)
        where.code(it.code)
        where.text("vi", it.vi, "question")
        where.text("en", it.en, "question")
        if not 1 <= len(it.answers) <= ANSWERS_MOST:
            raise where.wrong(
                "answers", f"cần 1 đến {ANSWERS_MOST} trả lời [[questions.answers]], mỗi trả lời một phím",
                f"1 to {ANSWERS_MOST} [[questions.answers]] are needed, one key each",
            )  # fmt: skip
        codes = [answer.code for answer in it.answers]
        for number, answer in enumerate(it.answers):
            said = self._file.entry("questions", index, it.code, number, answer.code)
            self._answer(said, answer, advice, codes[:number])
        for first, wanted in it.when.items():
            where.known("when", first, questions)
            for code in wanted:
                where.known(f"when.{first}", code, [answer.code for answer in questions[first].answers])
            if not wanted:
                raise where.wrong(
                    "when", f"“{first}” chưa nêu trả lời nào: {first} = [\"…\"]",
                    f"“{first}” names no answer: {first} = [\"…\"]",
                )  # fmt: skip

    def _answer(self, where: Entry, it: CardAnswer, advice: Mapping[str, Advice], before: Sequence[str]) -> None:
        where.keys(CardAnswer)
        where.code(it.code)
        if it.code in before:
            raise where.wrong("code", "mã trả lời có hai lần; đặt mã khác", "this code is there twice; give another")
        where.text("vi", it.vi, "answer")
        where.text("en", it.en, "answer")
        if it.type:
            where.known("type", it.type, self._types)
        where.within("priority", it.priority, 0, 5)
        if it.advice:
            where.known("advice", it.advice, advice)
        for want, entry in zip(it.wants, where.written.get("wants", ()), strict=True):
            where.keys(Want, entry)
            where.known("wants.service", want.service, self._services)
            where.within("wants.count", want.count, 1, UNITS_OF_A_LINE)
            of_service = [code for code, known in self._capabilities.items() if known.service == want.service]
            if want.capability and self._capabilities:
                where.known("wants.capability", want.capability, of_service)

    def _no_circle(self, questions: Sequence[CardQuestion]) -> None:
        try:
            TopologicalSorter({it.code: list(it.when) for it in questions}).prepare()
        except CycleError as circle:
            codes = [it.code for it in questions]
            way = [str(it) for it in reversed(circle.args[1])]
            index = codes.index(way[0])
            shown = " → ".join(way)
            raise self._file.entry("questions", index, way[0]).wrong(
                "when", f"hỏi vòng tròn {shown}; bỏ điều kiện (when) ở một câu",
                f"the questions wait for each other: {shown}; take the condition (when) off one of them",
            ) from None  # fmt: skip

    def _card(
        self, where: Entry, it: Card, questions: Mapping[str, CardQuestion], advice: Mapping[str, Advice],
        taken: dict[tuple[str, str], str],
    ) -> None:  # fmt: skip
        where.keys(Card)
        where.code(it.code)
        where.text("vi", it.vi, "card")
        where.text("en", it.en, "card")
        if it.advice:
            where.known("advice", it.advice, advice)
        if not it.types and not it.families:
            raise where.wrong(
                "types", "chưa nêu loại vụ việc nào: types = [\"…\"] hoặc families = [\"…\"]",
                "it is for no incident type: types = [\"…\"] or families = [\"…\"]",
            )  # fmt: skip
        families = {known.family for known in self._types.values() if known.family}
        for key, codes, options in (("types", it.types, set(self._types)), ("families", it.families, families)):
            for code in codes:
                where.known(key, code, options)
                other = taken.setdefault((key, code), it.code)
                if other != it.code or codes.count(code) > 1:
                    raise where.wrong(
                        key, f"“{code}” đã thuộc thẻ “{other}”; mỗi loại chỉ một thẻ",
                        f"“{code}” is the card “{other}”'s; a type has one card",
                    )  # fmt: skip
        if not 1 <= len(it.ask) <= ASKED_MOST:
            raise where.wrong(
                "ask", f"cần 1 đến {ASKED_MOST} câu hỏi: ask = [\"…\"]",
                f"1 to {ASKED_MOST} questions are needed: ask = [\"…\"]",
            )  # fmt: skip
        for place, code in enumerate(it.ask):
            where.known("ask", code, questions)
            if code in it.ask[:place]:
                raise where.wrong("ask", f"hỏi “{code}” hai lần; bỏ một", f"“{code}” is asked twice; take one out")
            for first in questions[code].when:
                if first not in it.ask[:place]:
                    raise where.wrong(
                        "ask", f"“{code}” chỉ hỏi sau “{first}”; thêm “{first}” vào trước",
                        f"“{code}” is only asked after “{first}”; put “{first}” before it",
                    )  # fmt: skip

    def _all_used(self, found: CardTables) -> None:
        """What no card asks, or nobody is told, is most likely a slip of a code."""
        asked = {code for card in found.cards for code in card.ask}
        for index, question in enumerate(found.questions):
            if question.code not in asked:
                raise self._file.entry("questions", index, question.code).wrong(
                    "code", "không thẻ nào hỏi câu này; thêm vào ask của một thẻ hoặc bỏ đi",
                    "no card asks this; put it into a card's ask or take it out",
                )  # fmt: skip
        told = {it.advice for it in found.cards} | {it.advice for q in found.questions for it in q.answers}
        for index, text in enumerate(found.advice):
            if text.code not in told:
                raise self._file.entry("advice", index, text.code).wrong(
                    "code", "không thẻ hay trả lời nào dùng lời này; thêm advice = … hoặc bỏ đi",
                    "no card and no answer gives this advice; add advice = … or take it out",
                )  # fmt: skip
