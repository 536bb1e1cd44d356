"""What people ask of one another: notes to another desk, handing a shift over; and whether a console can sound."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import MemoTo


class SendMemo(Body, frozen=True, tag=True):
    """A short note. ``name``: a user, position or service, as ``kind`` says; "" for LEAD. ``answers``: the note that it
    replies to, "" = none."""

    kind: MemoTo
    name: str
    text: str
    incident: str = ""
    unit: str = ""
    answers: str = ""


class ReadMemo(Body, frozen=True, tag=True):
    memo: str


class FileMemo(Body, frozen=True, tag=True):
    """Everybody has read it, or nobody ever will."""

    memo: str


class HandShift(Body, frozen=True, tag=True):
    """Hand work to who takes over. ``incidents`` (): all that the asker has, with his legs, texts and call-backs.
    ``drafts``: what he has typed about incidents of his and not sent, by incident."""

    to: str
    incidents: tuple[str, ...] = ()
    text: str = ""
    drafts: dict[str, str] = {}


class TakeShift(Body, frozen=True, tag=True):
    """Take over what ``user`` hands to the asker; ``incidents`` () = everything, and it is over."""

    user: str
    incidents: tuple[str, ...] = ()


class DropShift(Body, frozen=True, tag=True):
    """``user`` takes back what he wanted to hand over, or it is declined, or nothing is left of it."""

    user: str


class ShiftWaits(Body, frozen=True, tag=True):
    """Nobody has taken over for too long."""

    user: str


class TellSound(Body, frozen=True, tag=True):
    """Whether the asker's console has a device to sound on."""

    works: bool
