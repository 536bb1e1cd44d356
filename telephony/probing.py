"""Synthetic calls of one node to itself: sent by name of a service number, heard by their token."""

from __future__ import annotations

import asyncio

from dispatch_core.ports import Probed
from telephony import dialplan_events as dialplan
from telephony.dialplan_contexts import PROBE_OUT, PROBE_OVER, PROBE_TOKEN, START
from telephony.link.messages import AmiEvent
from telephony.reconcile import Ask

RING_MS = 10_000  # nobody rings; should the dialplan keep the call, this ends it


class Probing:
    """`ask` sends one action; `heard` is given the events of the node."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._waiting: dict[str, asyncio.Future[Probed]] = {}

    async def call(self, number: str, token: str) -> Probed:
        """Returns when the call came to the number's own place; waits for ever. Raises ActionFailed."""
        coming: asyncio.Future[Probed] = asyncio.get_running_loop().create_future()
        self._waiting[token] = coming
        try:
            await self._ask(
                "Originate",
                Channel=f"PJSIP/{number}@{PROBE_OUT}",
                Context=PROBE_OVER,
                Exten=START,
                Priority=1,
                Timeout=RING_MS,
                Async="true",
                Variable=f"{PROBE_TOKEN}={token}",
            )
            return await coming
        finally:
            self._waiting.pop(token, None)

    def heard(self, event: AmiEvent) -> bool:
        """Whether the event told of a probe; of one that nobody waits for nothing comes."""
        if event.name != "UserEvent" or event.get("UserEvent") != dialplan.PROBE.name:
            return False
        told = dialplan.read(event.headers)
        values = told[1] if told is not None else {}
        coming = self._waiting.get(values.get("Token", ""))
        if coming is not None and not coming.done():
            ready = values.get("Ready", "")
            coming.set_result(Probed(number=values.get("Number", ""), ready=int(ready) if ready.isdecimal() else 0))
        return True
