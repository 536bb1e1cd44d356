"""What people ask about themselves, their seats and calls."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import Role


class SignIn(Body, frozen=True, tag=True):
    """Said by the core after the password was checked."""

    user: str
    name: str
    role: Role
    session: str


class SignOut(Body, frozen=True, tag=True):
    """``session``, where it is given, must still be the person's: a newer sign-in is not ended."""

    user: str
    session: str = ""


class TakePosition(Body, frozen=True, tag=True):
    position: str


class LeavePosition(Body, frozen=True, tag=True):
    pass


class AnswerCall(Body, frozen=True, tag=True):
    """Make the phone of the asker's position pick this call up."""

    call: str


class HangUp(Body, frozen=True, tag=True):
    call: str


class AddPosition(Body, frozen=True, tag=True):
    position: str
    label: str
    services: tuple[str, ...]


class PositionInstalled(Body, frozen=True, tag=True):
    position: str


class PositionFailed(Body, frozen=True, tag=True):
    position: str
    vi: str
    en: str
