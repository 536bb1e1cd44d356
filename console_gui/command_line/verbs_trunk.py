"""The trunk: its pages, what is changed in the form, preview, applying, going back, restarts, test calls, events."""

from __future__ import annotations

from dataclasses import dataclass

from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, wrong
from console_gui.command_line.tokens import Line
from console_gui.folding import fold
from dispatch_core.domain.vocabulary import Role

PAGES = {
    "bang": "boards", "suckhoe": "health", "khaibao": "form", "thaydoi": "change", "lichsu": "history",
    "sukien": "events", "matkhau": "secrets", "tongdai": "nodes", "goithu": "test", "lech": "drift",
}  # fmt: skip
"""By their Vietnamese word; by number too, as their keys have it."""

SECTIONS = {
    "nhamang": "carriers", "dauso": "numbers", "hangcho": "queues", "ban": "positions", "tongdai": "nodes",
    "noinhan": "partners", "loibao": "announcements", "bantruc": "positions", "coquan": "partners",
}  # fmt: skip

PAGE_SYNTAX = (
    "mang [suckhoe | khaibao | thaydoi | lichsu | sukien | matkhau | tongdai | goithu | lech | bang]",
    "trunk [health | form | change | history | events | secrets | nodes | test | drift | boards]",
)
ADD_SYNTAX = (
    "themmuc nhamang | dauso | hangcho | ban | tongdai | noinhan | loibao [TÊN]",
    "additem carriers | numbers | queues | positions | nodes | partners | announcements [NAME]",
)
WORDS_MOST = 300


@dataclass(frozen=True, slots=True)
class TrunkAct(Screen):
    """``words`` are what follows, each for what ``argument`` says is done."""

    words: tuple[str, ...] = ()


def _act(what: str, *words: str) -> Outcome:
    return TrunkAct(Act.TRUNK, what, words)


def _may_look(context: Context) -> bool:
    return context.role in (Role.SUPERVISOR, Role.TELEPHONY_ADMIN)


def _may_change(context: Context) -> bool:
    return context.role is Role.TELEPHONY_ADMIN


def page(line: Line, context: Context) -> Outcome:
    """``mang`` opens it and closes it again; with a page's word or number, that page."""
    asked = fold(line.rest).replace(" ", "")
    pages = list(PAGES.values())
    name = PAGES.get(asked) or (asked if asked in pages else "")
    if asked.isascii() and asked.isdecimal() and 1 <= int(asked[:3]) <= len(pages):
        name = pages[int(asked) - 1]
    if not _may_look(context) or (asked and not name):
        return wrong("choice", text=line.rest, near=PAGE_SYNTAX)
    return _act("page", name)


def add(line: Line, context: Context) -> Outcome:
    word, _, name = line.rest.partition(" ")
    asked = fold(word)
    section = SECTIONS.get(asked) or (asked if asked in SECTIONS.values() else "")
    if not _may_change(context) or (asked and not section):
        return wrong("choice", text=word, near=ADD_SYNTAX)
    return _act("add", section, name.strip())


def undo(line: Line, context: Context) -> Outcome:
    return _act("undo") if _may_change(context) else wrong("usage", syntax="hoanlai")


def drop(line: Line, context: Context) -> Outcome:
    return _act("drop") if _may_change(context) else wrong("usage", syntax="bothaydoi")


def plan(line: Line, context: Context) -> Outcome:
    """``xemtruoc`` what was typed, ``xemtruoc 12`` that version in place of what is in force."""
    number = line.rest.strip()
    numbered = not number or (number.isascii() and number.isdecimal() and len(number) <= 9)
    if not _may_change(context) or not numbered:
        return wrong("usage", syntax=("xemtruoc 12", "preview 12"))
    return _act("plan", number)


APPLY_SYNTAX = ("apdung TỪ [LÝ DO]", "apply WORD [WHY]")


def apply(line: Line, context: Context) -> Outcome:
    word, _, why = line.rest.partition(" ")
    if not _may_change(context) or not word:
        return wrong("usage", syntax=APPLY_SYNTAX)
    return _act("apply", word, why.strip()[:WORDS_MOST])


ROLLBACK_SYNTAX = ("tralai [BẢN] LÝ DO", "rollback [VERSION] REASON")


def rollback(line: Line, context: Context) -> Outcome:
    """To the version of before, or to that one; at once, without a preview."""
    first, _, rest = line.rest.partition(" ")
    number = first if first.isascii() and first.isdecimal() and len(first) <= 9 else ""
    why = (rest if number else line.rest).strip()
    if not _may_change(context) or not why:
        return wrong("usage", syntax=ROLLBACK_SYNTAX)
    return _act("rollback", number, why[:WORDS_MOST])


RESTART_SYNTAX = ("khoidong TỔNG-ĐÀI [LÝ DO]", "restart SWITCH [WHY]")


def restart(line: Line, context: Context) -> Outcome:
    node, _, why = line.rest.partition(" ")
    if not _may_change(context) or not node:
        return wrong("usage", syntax=RESTART_SYNTAX)
    return _act("restart", node, why.strip()[:WORDS_MOST])


TEST_SYNTAX = ("goithu NHÀ-MẠNG SỐ [TỔNG-ĐÀI]", "testcall CARRIER NUMBER [SWITCH]")


def test_call(line: Line, context: Context) -> Outcome:
    words = line.words()
    if not _may_change(context) or not 2 <= len(words) <= 3:
        return wrong("usage", syntax=TEST_SYNTAX)
    return _act("test", *words)


def secret(line: Line, context: Context) -> Outcome:
    """To the field of its new one: a secret itself is never typed in the line."""
    if not _may_change(context) or len(line.words()) > 1:
        return wrong("usage", syntax=("doimk TỆP", "secret FILE"))
    return _act("secret", line.rest.strip())


def stop(line: Line, context: Context) -> Outcome:
    return _act("stop") if _may_change(context) else wrong("usage", syntax="thoiviec")


def confirm(line: Line, context: Context) -> Outcome:
    """The keyboard goes to the field of the word that confirms."""
    return _act("confirm") if _may_change(context) else wrong("usage", syntax="xacnhan")


def notice_read(line: Line, context: Context) -> Outcome:
    return _act("read") if _may_look(context) else wrong("usage", syntax="daxem")


def filter_events(line: Line, context: Context) -> Outcome:
    if not _may_look(context):
        return wrong("usage", syntax=("lsk LỌC", "events FILTER"))
    return _act("filter", line.rest[:120])


def freeze(line: Line, context: Context) -> Outcome:
    return _act("freeze") if _may_look(context) else wrong("usage", syntax="dungsk")
