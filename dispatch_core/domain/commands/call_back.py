"""Calling somebody back, and what becomes of it."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import CallBackOutcome


class CallBack(Body, frozen=True, tag=True):
    """Ring the asker's phone, then a caller: exactly one of ``call`` (whose caller), ``missed`` (a line of the list)
    and ``number`` says whom. ``shown`` is the service number that the called sees ("" = the one that was dialled);
    ``incident`` is what a call to a typed number is about. The channel's id is made of the command's own id."""

    call: str = ""
    missed: str = ""
    number: str = ""
    shown: str = ""
    incident: str = ""


class CallBackOver(Body, frozen=True, tag=True):
    """What the switch says became of a call-back."""

    call: str
    outcome: CallBackOutcome


class CallBackFailed(Body, frozen=True, tag=True):
    """The switch refused the order ("refused"), or whether it took it is not known ("unknown", "no_outcome")."""

    call: str
    why: str
