"""Joins what an INVITE said of a place (heard beside AMI) to the call that the INVITE became (told by AMI).

Either may come first; both are kept for a while and in bounds, by SIP Call-ID. A later INVITE within the same call
that brings another place is told as well.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TypeVar

from msgspec import structs

from dispatch_core.domain.commands import CallPlaced
from telephony.caller_location.sip_invite import Told

KEPT = 2_000
"""Calls, and places that wait for theirs: far above what comes and goes within seconds."""

V = TypeVar("V")

CALL_ID_LENGTH = 300
"""As much of it as the dialplan tells."""


class HeardPlaces:
    def __init__(self) -> None:
        self._calls: OrderedDict[str, str] = OrderedDict()
        self._told: OrderedDict[str, Told] = OrderedDict()
        self._last: OrderedDict[str, Told] = OrderedDict()

    def arrived(self, sip_call_id: str, call: str) -> list[CallPlaced]:
        """A call of this SIP Call-ID is there."""
        if not sip_call_id:
            return []
        _keep(self._calls, sip_call_id, call)
        told = self._told.pop(sip_call_id, None)
        return _placed(call, told) if told is not None else []

    def told(self, told: Told) -> list[CallPlaced]:
        """An INVITE of this SIP Call-ID said where its caller is."""
        ident = told.sip_call_id[:CALL_ID_LENGTH]
        if self._last.get(ident) == _timeless(told):
            return []
        _keep(self._last, ident, _timeless(told))
        call = self._calls.get(ident)
        if call is not None:
            return _placed(call, told)
        _keep(self._told, ident, told)
        return []


def _keep(table: OrderedDict[str, V], key: str, value: V) -> None:
    table[key] = value
    table.move_to_end(key)
    while len(table) > KEPT:
        table.popitem(last=False)


def _timeless(told: Told) -> Told:
    """What it says, whenever it came: an INVITE that is sent again (lost answers, hold) brings no newer place."""
    return replace(told, places=tuple(structs.replace(place, at=0) for place in told.places))


def _placed(call: str, told: Told) -> list[CallPlaced]:
    if not told.places:
        return [CallPlaced(call=call, note=told.why, link=told.link)]
    first, *rest = told.places
    return [CallPlaced(call=call, location=first, link=told.link), *(CallPlaced(call=call, location=it) for it in rest)]
