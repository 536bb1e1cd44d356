"""What one switch knows of one carrier at this moment: its addresses, its registration. Asked, not waited for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dispatch_core.ports import ActionFailed

Ask = Callable[..., Awaitable[Any]]
NO_VERDICT = "Unknown"
NOT_ASKED = "NonQualified"
REACHABLE = "Reachable"
UNREACHABLE = "Unreachable"


@dataclass(frozen=True)
class CarrierAnswers:
    """``contacts``: SIP address to Asterisk's word for it. ``registration``: Asterisk's word, "" where it has none;
    ``renewed_in``: seconds until it is renewed, grows when it has just been."""

    known: bool
    contacts: Mapping[str, str]
    registration: str = ""
    renewed_in: int = 0

    @property
    def reachable(self) -> bool | None:
        """None while there is no verdict, or nobody asks."""
        words = set(self.contacts.values())
        if REACHABLE in words:
            return True
        return False if words and words <= {UNREACHABLE} else None

    @property
    def unasked(self) -> bool:
        """Whether no address was asked yet."""
        return bool(self.contacts) and set(self.contacts.values()) == {NOT_ASKED}


async def carrier_answers(ask: Ask, name: str) -> CarrierAnswers:
    """Raises ActionFailed where the switch cannot be asked."""
    try:
        items = (await ask("PJSIPShowEndpoint", Endpoint=name)).items
    except ActionFailed as problem:
        if problem.unknown:
            raise
        return CarrierAnswers(known=False, contacts={})
    contacts = {it.get("URI"): it.get("Status") for it in items if it.name == "ContactStatusDetail"}
    word, renewed_in = await _registration(ask, name)
    return CarrierAnswers(True, contacts, word, renewed_in)


async def _registration(ask: Ask, name: str) -> tuple[str, int]:
    try:
        items = (await ask("PJSIPShowRegistrationsOutbound")).items
    except ActionFailed as problem:
        if problem.unknown:
            raise
        return "", 0  # none is configured, or the module is not loaded
    for it in items:
        if it.name == "OutboundRegistrationDetail" and it.get("ObjectName") == name:
            told = it.get("NextReg")
            return it.get("Status"), int(told) if told.isdecimal() else 0
    return "", 0


async def register_anew(ask: Ask, name: str) -> None:
    """Its registration is sent again at once: a password that changed is else noticed only when it is due."""
    await ask("PJSIPRegister", Registration=name)
