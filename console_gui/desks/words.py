"""How notes and hand-overs read. No Qt."""

from __future__ import annotations

from console_gui.keys import KEYS
from console_gui.translations import sentences
from console_gui.translations.formats import one_line, phone, short, since, wall_clock
from console_gui.translations.tables import say
from dispatch_core.domain.handing import InHand, left, named
from dispatch_core.domain.memos import to_read
from dispatch_core.domain.state import Memo, ShiftHandOver, State
from dispatch_core.domain.vocabulary import Instant, MemoTo, Role


def key_typing(line: str) -> str:
    """The key that types this line, for the words beside it."""
    return next((it.shown for it in KEYS if it.line == line), "")


def memo_said(state: State, memo: Memo, language: str, me: str = "") -> str:
    about = "".join(f" · {it}" for it in (short(memo.incident) if memo.incident else "", memo.unit) if it)
    who = sentences.person(state, memo.user, language)
    person = state.people.get(memo.user)
    if person is not None and person.position:
        who = f"{who} ({person.position})"
    mine = memo.kind is MemoTo.PERSON and memo.name == me
    to = say(language, "memo.to_me") if mine else sentences.memo_to(state, memo.kind.value, memo.name, language)
    text = one_line(memo.text) or say(language, "memos.erased")
    return say(language, "memo.line", who=who, to=to, about=about, text=text)


def memo_read(state: State, memo: Memo, language: str) -> str:
    """Who has read it and when, one after another."""
    said = []
    for reader in memo.readers:
        who = sentences.person(state, reader.by or reader.user, language) if reader.by or reader.user else ""
        who = who or say(language, "memo.to_position", position=reader.position)
        if reader.read_at:
            at = wall_clock(reader.read_at, state.site.utc_offset_min, "%H:%M:%S")
            said.append(say(language, "memos.read", who=who, at=at))
        else:
            said.append(f"{who}: {say(language, 'memos.unread')}")
    return " · ".join(said)


def hand_said(state: State, hand: InHand, language: str) -> str:
    """``3 vụ #1 #4 #7 · 1 tin nhắn``."""
    parts = []
    incidents = named(hand)
    if incidents:
        numbers = " ".join(map(short, incidents[:6])) + (" …" if len(incidents) > 6 else "")
        parts.append(f"{say(language, 'shift.count', count=len(incidents))} {numbers}")
    if hand.conversations:
        parts.append(say(language, "shift.texts", count=len(hand.conversations)))
    if hand.missed:
        parts.append(say(language, "shift.missed", count=len(hand.missed)))
    return " · ".join(parts)


Line = tuple[str, str, str, str]


def lines(state: State, me: str, role: Role, now: Instant, language: str) -> list[Line]:
    """What stands between desks for this person: (glyph, time, words, keys), hand-overs before notes."""
    said: list[Line] = []
    offset = state.site.utc_offset_min
    for over in sorted(state.hand_overs.values(), key=lambda it: (it.at, it.user)):
        line = _over_said(state, over, me, role, now, language)
        if line is not None:
            said.append(("⇄", wall_clock(over.at, offset), *line))
    keys = say(language, "memo.keys", read=key_typing("doc"), reply=key_typing("dap "))
    for place, memo in enumerate(to_read(state, me)):
        at = wall_clock(memo.at, offset)
        said.append(("✉", at, memo_said(state, memo, language, me), keys if place == 0 else ""))
    return said


def _over_said(
    state: State, over: ShiftHandOver, me: str, role: Role, now: Instant, language: str
) -> tuple[str, str] | None:
    what = hand_said(state, left(state, over), language)
    was, to = (sentences.person(state, it, language) for it in (over.user, over.to))
    if over.to == me:
        keys = say(language, "shift.keys_take", keys=key_typing("bg"))
        return say(language, "shift.for_me", was=was, what=what), keys
    if over.user == me:
        return say(language, "shift.i_hand", to=to, what=what), say(language, "shift.keys_mine")
    if role is Role.SUPERVISOR:
        return say(language, "shift.others", was=was, to=to, what=what, clock=since(over.at, now)), ""
    return None


def caller_of_text(state: State, conversation: str) -> str:
    known = state.conversations.get(conversation)
    return phone(one_line(known.number or known.dialled, 40)) if known is not None else conversation
