"""What happens in a small house with one dispatcher, for the tests of the sequencer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind, Command
from dispatch_core.domain.vocabulary import Role
from dispatch_core.ports import Batch
from scripts.simulation.site import NODE
from tests.runtime.fakes import House


def call_came(call: str) -> Command:
    return c.CallCame(call=call, node=NODE, at=1, dialled="113", services=("police",))


def note(text: str = "cháy") -> Command:
    return c.AddNote(incident=INCIDENT, text=text)


INCIDENT = "20261123-00001"
"""The first one of a simulated night."""


async def with_lan(house: House) -> None:
    """Somebody signed in, a call and its incident."""
    await house.begin()
    await house.ask(ActorKind.CORE, "desk", c.SignIn(user="lan", name="Lan", role=Role.DISPATCHER, session="s"))
    house.fact(call_came("c1"))
    await asyncio.sleep(0.1)
    assert INCIDENT in house.sequencer.state.incidents




def has_note(text: str) -> Callable[[Batch], bool]:
    def found(batch: Batch) -> bool:
        return any(isinstance(entry.asked.body, c.AddNote) and entry.asked.body.text == text for entry in batch.entries)

    return found
