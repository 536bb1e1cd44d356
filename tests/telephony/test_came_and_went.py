"""What the switch remembers of calls that nobody heard of: whatever stands there, the look goes on."""

from __future__ import annotations

import asyncio

from hypothesis import example, given
from hypothesis import strategies as st
from recorded_streams import NAMING

from dispatch_core.domain.commands import CallCame, CallOver, Command
from dispatch_core.domain.vocabulary import EndedBy
from telephony.came_and_went import came_and_went
from telephony.dialplan_contexts import NEWEST_CALL, ending_variable
from telephony.link.messages import Answer
from telephony.translate import Tracker

NOW = 1_795_000_100_000
UID = "psap1-1795000000.7"


def asked(ending: str, after: int = 6) -> tuple[int, list[Command]]:
    """What follows from one remembered ending, of the call with the number 7."""
    kept = {NEWEST_CALL: UID, ending_variable("7"): ending}

    async def ask(_: str, **headers: object) -> Answer:
        return Answer({"Response": "Success", "Value": kept.get(str(headers["Variable"]), "")})

    return asyncio.run(came_and_went(ask, Tracker("psap1", NAMING), after, NOW))


def test_a_call_that_nobody_answered_is_brought_in() -> None:
    newest, facts = asked(f"{UID} 1795000005000 0  113 trunk1 0912345678  /rec/7.wav")
    assert newest == 7
    came, _, over = facts
    assert isinstance(came, CallCame) and (came.call, came.dialled, came.number) == (UID, "113", "0912345678")
    assert isinstance(over, CallOver) and (over.at, over.by) == (1_795_000_005_000, EndedBy.CALLER)
    assert asked(f"{UID} 1795000005000 0  113 trunk1 0912345678  /rec/7.wav", after=7) == (7, [])


def test_one_that_was_answered_or_is_too_old_is_not() -> None:
    assert asked(f"{UID} 1795000005000 0  113 trunk1 0912345678 1 ")[1] == []
    assert asked(f"{UID} 1700000005000 0  113 trunk1 0912345678  ")[1] == []


@given(st.text(max_size=60) | st.text(alphabet="0123456789 .-", max_size=60).map(lambda rest: f"{UID} {rest}"))
@example(f"{UID} 1795000005000 0")
@example("")
def test_nothing_that_stands_there_stops_the_look(ending: str) -> None:
    newest, _ = asked(ending)
    assert newest == 7
