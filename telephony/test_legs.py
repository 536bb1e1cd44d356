"""The outgoing end of a test call at one node, and its token at the node where it comes in.

One at a time. Its channel is known by the unique id that was chosen for it; everything else is passed over at the cost
of one look at whether there is any.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dispatch_core.domain.vocabulary import Instant
from dispatch_core.ports import ActionFailed, Clock
from telephony.dialplan_contexts import START, TEST_AGAIN, TEST_MARK, TEST_OUT, TEST_TOKEN, TEST_UNTIL, TEST_WAITS
from telephony.link.messages import AmiEvent
from telephony.reconcile import Ask

_NORMAL_CLEARING = 16


@dataclass(frozen=True)
class LegNews:
    """``what``: sent, ringing, progress, answered, failed (never begun) or over. ``at``: milliseconds, by our clock.
    ``cause``: Q.850, ``sip``: status of the SIP answer; 0 where none is told."""

    what: str
    at: Instant
    cause: int = 0
    sip: int = 0


class OutgoingTest:
    """``ahead``: milliseconds from the switch's clock to ours."""

    def __init__(self, ask: Ask, clock: Clock, ahead: Callable[[], int]) -> None:
        self._ask, self._clock, self._ahead = ask, clock, ahead
        self._ident = ""
        self._tell: Callable[[LegNews], None] = lambda news: None

    async def mark(self, token: str, seconds: int) -> None:
        """A call that comes in with the token within so many seconds is the test. Raises ActionFailed."""
        await self._ask("Setvar", Variable=TEST_UNTIL, Value=str((self._clock.now() - self._ahead()) // 1000 + seconds))
        await self._ask("Setvar", Variable=TEST_MARK, Value=token)

    async def unmark(self) -> None:
        await self._ask("Setvar", Variable=TEST_MARK, Value="")

    async def begin(
        self, ident: str, carrier: str, number: str, shown: str, token: str, rings_ms: int,
        tell: Callable[[LegNews], None],
    ) -> None:  # fmt: skip
        """Dial the number through the carrier; ``shown`` is who calls. What becomes of it is told. ActionFailed."""
        self._ident, self._tell = ident, tell
        await self._ask(
            "Originate",
            Channel=f"PJSIP/{number}@{carrier}",
            ChannelId=ident,
            Context=TEST_OUT,
            Exten=START,
            Priority=1,
            Timeout=rings_ms,
            Async="true",
            CallerID=f'"{shown}" <{shown}>',
            Variable=f"{TEST_TOKEN}={token}",
        )

    async def end(self) -> None:
        """Hang up where it is not over; nothing of it is told any more after that. Raises ActionFailed."""
        ident, self._ident = self._ident, ""
        if ident:
            await self._done("Hangup", Channel=ident, Cause=_NORMAL_CLEARING)

    async def give_way(self, call: str) -> None:
        """The test call that came in as ``call`` leaves the queue to others for a while; one that talks ends."""
        await self._done("Redirect", Channel=call, Context=TEST_WAITS, Exten=START, Priority=TEST_AGAIN)

    async def _done(self, action: str, **headers: str | int) -> None:
        try:
            await self._ask(action, **headers)
        except ActionFailed as problem:
            if problem.unknown:
                raise  # refused: it is over already

    def heard(self, event: AmiEvent) -> None:
        if not self._ident or self._ident not in (event.headers.get("Uniqueid"), event.headers.get("DestUniqueid")):
            return
        news = _news(event, event.at + self._ahead())
        if news is not None:
            self._tell(news)


def _news(event: AmiEvent, at: Instant) -> LegNews | None:
    name, status = event.name, event.get("DialStatus")
    if name == "DialBegin":
        return LegNews("sent", at)
    if name == "DialState":
        what = {"RINGING": "ringing", "PROGRESS": "progress"}.get(status)
        return LegNews(what, at) if what else None
    if name == "DialEnd":
        return LegNews("answered", at) if status == "ANSWER" else None
    if name == "Hangup":
        return LegNews("over", at, _number(event.get("Cause")), _number(event.get("TechCause")))
    if name == "OriginateResponse" and event.get("Response") == "Failure":
        return LegNews("failed", at)
    return None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0
