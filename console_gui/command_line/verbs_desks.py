"""Notes to another desk, handing a shift over, and the sounds of this desk."""

from __future__ import annotations

from dataclasses import dataclass

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target
from console_gui.command_line.verbs_incidents import SURE
from console_gui.folding import fold
from console_gui.translations.formats import short
from dispatch_core.domain import commands as c
from dispatch_core.domain.handing import in_hand, named
from dispatch_core.domain.memos import is_for, to_read
from dispatch_core.domain.state import Memo, ShiftHandOver
from dispatch_core.domain.vocabulary import MemoTo

LEADS = ("tc", "truongca", "lead", "supervisor")
"""How the supervisors are called as those for whom a note is."""


@dataclass(frozen=True, slots=True)
class Hand(Screen):
    """What is typed and not sent goes with it: the screen knows that."""

    body: c.HandShift = c.HandShift(to="")  # noqa: RUF009  (a value that never changes)


# --- notes ------------------------------------------------------------------------------------------------------------


def send(line: Line, context: Context) -> Outcome:
    """``nb B03 #42 nhớ gọi lại``: to a position, ``@user``, a service or ``tc``; the incident and the unit may be left
    out. Without words: what was written, and who has read it."""
    if not line.rest:
        return Screen(Act.MEMOS)
    whom, _, rest = line.rest.partition(" ")
    kind, name = _whom(context, whom)
    if not name and kind is not MemoTo.LEAD:
        return wrong("memo_whom", text=whom, near=resolve.listed(_near(context)))
    incident, unit, words = "", "", rest.strip()
    while words:
        first, _, after = words.partition(" ")
        about = target(first)
        if about is not None and not incident:
            found = resolve.incident(context, about)
            if isinstance(found, Wrong):
                return found
            incident = found.id
        elif first.upper() in context.state.units and not unit:
            unit = first.upper()
        else:
            break
        words = after.strip()
    if not words:
        return wrong("memo_words")
    return Send(c.SendMemo(kind=kind, name=name, text=words, incident=incident, unit=unit))


def _whom(context: Context, word: str) -> tuple[MemoTo, str]:
    state = context.state
    for ident in state.positions:
        if fold(ident) == fold(word):
            return MemoTo.POSITION, ident
    if fold(word) in LEADS:
        return MemoTo.LEAD, ""
    if not word.startswith("@"):
        service = resolve.service(state, word)
        if isinstance(service, str):
            return MemoTo.SERVICE, service
    person = resolve.person(state, word)
    return (MemoTo.PERSON, person) if isinstance(person, str) else (MemoTo.PERSON, "")


def _near(context: Context) -> list[str]:
    seated = [it.id for it in context.state.positions.values() if it.user and it.user != context.user]
    return [*resolve.natural(seated), *(f"@{it}" for it in sorted(context.state.people) if it != context.user), "tc"]


def read(line: Line, context: Context) -> Outcome:
    """``doc``: the oldest one that I have not read; ``doc 2`` the second."""
    waiting = to_read(context.state, context.user)
    number = int(line.rest) if line.rest.isdecimal() and len(line.rest) < 4 else 1 if not line.rest else 0
    if not 1 <= number <= len(waiting):
        return wrong("no_memo")
    return Send(c.ReadMemo(memo=waiting[number - 1].id))


def reply(line: Line, context: Context) -> Outcome:
    """``dap đang gọi``: to who wrote the oldest note that I have not read, else the newest that I have."""
    memo = _to_answer(context)
    if memo is None:
        return wrong("no_memo")
    if not line.rest:
        return wrong("memo_words")
    return Send(
        c.SendMemo(
            kind=MemoTo.PERSON, name=memo.user, text=line.rest, incident=memo.incident, unit=memo.unit, answers=memo.id
        )
    )


def _to_answer(context: Context) -> Memo | None:
    waiting = to_read(context.state, context.user)
    if waiting:
        return waiting[0]
    person = context.state.people.get(context.user)
    every = context.state.memos.values()
    mine = [it for it in every if person is not None and any(is_for(reader, person) for reader in it.readers)]
    return max(mine, key=lambda it: (it.at, it.id), default=None)


# --- handing a shift over ---------------------------------------------------------------------------------------------


def hand_over(line: Line, context: Context) -> Outcome:
    """``bg``: the sheet; ``bg @vy [#42 #43] lời dặn``: everything, or these, at once."""
    words = line.words()
    if not words:
        return Screen(Act.SHIFT)
    person = resolve.person(context.state, words[0])
    if isinstance(person, Wrong):
        return person
    incidents: list[str] = []
    text = line.rest.partition(" ")[2].strip()
    while text:
        first, _, after = text.partition(" ")
        about = target(first)
        if about is None:
            break
        found = resolve.incident(context, about)
        if isinstance(found, Wrong):
            return found
        incidents.append(found.id)
        text = after.strip()
    return Hand(Act.HAND, "", c.HandShift(to=person, incidents=tuple(incidents), text=text))


def take_over(line: Line, context: Context) -> Outcome:
    """``bg+``: all that is handed to me; ``bg+ #42``: that alone."""
    over = handed_to(context)
    if over is None:
        return wrong("no_shift")
    incidents = []
    for word in line.words():
        found = resolve.incident(context, target(word))
        if isinstance(found, Wrong):
            return found
        incidents.append(found.id)
    return Send(c.TakeShift(user=over.user, incidents=tuple(incidents)))


def handed_to(context: Context) -> ShiftHandOver | None:
    """The oldest hand-over that is for this person."""
    mine = [it for it in context.state.hand_overs.values() if it.to == context.user]
    return min(mine, key=lambda it: (it.at, it.user), default=None)


def drop_over(line: Line, context: Context) -> Outcome:
    """``bg-``: mine is taken back, else what is handed to me is declined; ``bg- @lan``: hers, by a supervisor."""
    if line.rest:
        person = resolve.person(context.state, line.rest)
        return person if isinstance(person, Wrong) else Send(c.DropShift(user=person))
    if context.user in context.state.hand_overs:
        return Send(c.DropShift(user=context.user))
    over = handed_to(context)
    return Send(c.DropShift(user=over.user)) if over is not None else wrong("no_shift")


def still_in_hand(line: Line, context: Context) -> Wrong | None:
    """Asked once of who leaves with open incidents; never of who says that he is sure."""
    hand = in_hand(context.state, context.user)
    if not named(hand) or fold(line.rest) in SURE:
        return None
    near = resolve.listed((short(it) for it in named(hand)), 8)
    return wrong("still_in_hand", near=near, verb=line.verb)


# --- sounds -----------------------------------------------------------------------------------------------------------


def silence(line: Line, context: Context) -> Outcome:
    """``tat``: the worst sound; ``tat het``: all that sound now."""
    every = fold(line.rest) in ("het", "all")
    if line.rest and not every:
        return wrong("extra", text=line.rest, syntax=("tat, tat het", "silence, silence all"))
    return Screen(Act.SILENCE, "all" if every else "")


def volume(line: Line, context: Context) -> Outcome:
    """``al 70``: so loud, and a sound to hear it by; ``al``: the sound alone."""
    typed = line.rest.removesuffix("%").strip()
    if typed and not (typed.isdecimal() and len(typed) < 4):
        return wrong("volume", text=line.rest)
    return Screen(Act.VOLUME, typed)
