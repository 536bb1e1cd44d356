"""Calls that came and went while nobody of ours listened, and whom nobody answered: they are to be called back.

The switch remembers its newest endings (`dialplan_contexts.ENDINGS`) and the newest call that came. Asked once after
each connection, of no more than what is new since the last one; nothing here is done at the switch. Guarded here: a
call of which the core may know already is never brought in again, nor one so old that the core may have put it away.
"""

from __future__ import annotations

from collections.abc import Mapping

from dispatch_core.domain.commands import CallCame, CallOver, Command, RecordingRuns
from dispatch_core.domain.vocabulary import EndedBy, Instant
from dispatch_core.ports import ActionFailed
from telephony.dialplan_contexts import ENDINGS, NEWEST_CALL, ending_variable
from telephony.reconcile import Ask
from telephony.translate.dialplan import digits
from telephony.translate.followed_call import FollowedCall
from telephony.translate.tracker import Tracker

NEW_MS = 20 * 60_000
"""Shorter than the core keeps what is closed: a call that it knew is still known when it is asked about."""

CAME_MS = 1_100
"""After the second in a unique id: not before the call was told, or a core that knows it would take it for earlier."""

_FIELDS = ("uid", "at", "cause", "by", "dialled", "carrier", "number", "talked", "recording")


async def came_and_went(ask: Ask, tracker: Tracker, after: int, now: Instant) -> tuple[int, list[Command]]:
    """`after`: the number of the newest call that was asked about, -1 = none; the answer begins with the next such.
    Raises ActionFailed where the switch does not answer."""
    newest = _number(await _global(ask, NEWEST_CALL))
    facts: list[Command] = []
    for number in range(max(after + 1, newest - ENDINGS + 1), newest + 1):
        told = (await _global(ask, ending_variable(str(number % ENDINGS)))).split(" ", len(_FIELDS) - 1)
        ending = dict(zip(_FIELDS, told, strict=False))
        if _number(ending["uid"]) == number:
            facts += _of(tracker, ending, now)
    return max(after, newest), facts


async def _global(ask: Ask, name: str) -> str:
    try:
        return (await ask("Getvar", Variable=name)).get("Value")
    except ActionFailed as problem:
        if problem.unknown:
            raise
        return ""


def _number(uid: str) -> int:
    """The last part of a unique id; -1 where it is none."""
    number = uid.rpartition(".")[2]
    return int(number) if number.isdecimal() else -1


def _began(uid: str) -> Instant:
    seconds = uid.rpartition(".")[0].rpartition("-")[2]
    return int(seconds) * 1000 if seconds.isdecimal() else 0


def _of(tracker: Tracker, ending: Mapping[str, str], now: Instant) -> list[Command]:
    uid, at, cause = ending["uid"], ending.get("at", ""), ending.get("cause", "")
    if not at.isdecimal() or not cause.isdecimal() or tracker.was_told(uid):
        return []
    ended = int(at) + tracker.ahead
    dialled = ending.get("dialled", "")
    if abs(now - ended) > NEW_MS or ending.get("talked", "") or dialled not in tracker.naming.numbers:
        return []
    by = EndedBy.CALLER if not ending["by"] or tracker.naming.carrier(ending["by"]) else EndedBy.US
    tracker.put_away(FollowedCall(uid))
    recording = ending.get("recording", "")
    return [
        CallCame(
            call=uid,
            node=tracker.node,
            at=min(ended, _began(uid) + CAME_MS + tracker.ahead),
            dialled=dialled,
            services=tracker.naming.numbers[dialled],
            number=digits(ending.get("number", "")),
            carrier=ending.get("carrier", ""),
        ),
        *([RecordingRuns(call=uid, file=recording)] if recording else []),
        CallOver(call=uid, at=ended, by=by, cause=int(cause)),
    ]
