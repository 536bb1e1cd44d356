"""The numbers that stand behind, in the switch's own database: the dialplan reads it when all of ours is dead."""

from __future__ import annotations

import re

from dispatch_core.domain.effects import MarkNumbers
from dispatch_core.ports import ActionFailed
from telephony.actions import Actions
from telephony.dialplan_contexts import NUISANCE_FAMILY, nuisance_key
from telephony.orders.table import carries

_NUMBER = re.compile(r"\+?[0-9]{1,20}")


@carries(MarkNumbers)
async def mark(actions: Actions, order: MarkNumbers) -> None:
    """May be done again: it says how it is, not what changes."""
    if order.everything:
        await _gone(actions, "DBDelTree")
    for number, behind in order.marks:
        if not _NUMBER.fullmatch(number):
            continue  # no caller has it: the dialplan filters the same
        if behind:
            await actions.ask("DBPut", Family=NUISANCE_FAMILY, Key=nuisance_key(number), Val="1")
        else:
            await _gone(actions, "DBDel", Key=nuisance_key(number))


async def _gone(actions: Actions, action: str, **what: str) -> None:
    try:
        await actions.ask(action, Family=NUISANCE_FAMILY, **what)
    except ActionFailed as problem:
        if problem.unknown:
            raise  # else there was none
