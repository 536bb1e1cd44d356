"""A test call: out at a node through the chosen carrier, in again where the number is one of ours, to a console.

What the switch tells of the outgoing end and what the core decides of the call that comes in are followed side by side,
each step with the milliseconds since it was asked for. Guarded here: nothing of it is done before the carrier, the
number and the node are known to be good; a real caller anywhere takes its place; whatever happens, both ends are hung
up and the token counts no more.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dispatch_core.domain import events as e
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Direction, Instant
from dispatch_core.ports import ActionFailed, Batch, Clock, Ids
from dispatch_core.ports.trunk_keeper import JobFailed, JobSteps, JobStopped
from dispatch_core.wire.causes import Cause, cause_words, failure_words
from dispatch_core.wire.trunk import TestCallWanted
from telephony.dialplan_contexts import TEST_HEADER, TEST_PREFIX
from telephony.switchboard import AsteriskSwitchboard
from telephony.test_legs import LegNews, OutgoingTest
from telephony.trunk.site import Site

log = logging.getLogger(__name__)

COUNTS_S = 60  # the token
RINGS_S = 25  # at the carrier, until it is given up
SENT_S = 3.0  # until the switch has sent the INVITE
COMES_IN_S = 6.0  # after the carrier has answered
PICKED_UP_S = 60.0  # at a console
TALKS_S = 6.0
OVER_S = 3.0
RINGS_TOLD = 8  # positions

NO_ANSWER = 19  # Q.850

_NUMBER = re.compile(r"\+?[0-9]{2,20}")
_CHECK_PEERS = (
    "Kiểm tra mạng, tường lửa, peers và việc đăng ký.",
    "Look at the network, the firewall, peers and the registration.",
)
_NO_PEER = ("không đầu nào của nhà mạng trả lời", "none of the carrier's peers answers")
_SILENT = ("nhà mạng không trả lời", "the carrier does not answer at all")


@dataclass
class _Run:
    """One test call. ``news``: what the switch and the core told, in order."""

    job: JobSteps
    wanted: TestCallWanted
    node: str
    number: str
    asked_at: Instant
    news: asyncio.Queue[LegNews | e.Recorded] = field(default_factory=asyncio.Queue)
    call: str = ""  # of ours, once it has come in
    call_node: str = ""
    sent: bool = False
    failed: bool = False
    rang: bool = False
    answered: bool = False
    taken: bool = False
    over: bool = False
    positions: int = 0

    def say(self, at: Instant, code: str, vi: str, en: str, node: str = "", ok: bool = True) -> None:
        self.job.say(code, vi, en, node, ok, max(0, at - self.asked_at))


class CarrierTester:
    """``place`` makes one and follows it; ``heard`` takes what the core commits; ``use``: another site is in force."""

    def __init__(
        self, boards: Mapping[str, AsteriskSwitchboard], site: Site, state: Callable[[], State], clock: Clock, ids: Ids
    ) -> None:
        self._boards, self._site, self._state, self._clock, self._ids = boards, site, state, clock, ids
        self._run: _Run | None = None
        self._giving_way: set[asyncio.Task[None]] = set()

    def use(self, site: Site) -> None:
        self._site = site

    # --- what is heard ------------------------------------------------------------------------------------------------

    def heard(self, batch: Batch) -> None:
        run = self._run
        if run is None:
            return
        for entry in batch.entries:
            for recorded in entry.events:
                event = recorded.event
                if isinstance(event, e.CallArrived) and event.direction is Direction.INCOMING:
                    self._give_way(run)
                elif isinstance(event, _FOLLOWED):
                    run.news.put_nowait(recorded)

    def _give_way(self, run: _Run) -> None:
        """Somebody calls: at the node of the test call the switch has seen to it by itself already."""
        if run.call and not run.over:
            task = asyncio.ensure_future(self._gives_way(run))
            self._giving_way.add(task)
            task.add_done_callback(self._giving_way.discard)

    async def _gives_way(self, run: _Run) -> None:
        run.say(
            self._clock.now(), "gives_way", "Có người gọi thật: cuộc gọi thử nhường chỗ",
            "Somebody calls: the test call gives way", run.call_node,
        )  # fmt: skip
        try:
            await self._legs(run.call_node).give_way(run.call)
        except ActionFailed as problem:
            log.warning("the test call did not give way: %s", problem.en)

    def _legs(self, node: str) -> OutgoingTest:
        return self._boards[node].trunks.tests

    # --- making it ----------------------------------------------------------------------------------------------------

    async def place(self, wanted: TestCallWanted, job: JobSteps) -> None:
        """Raises JobFailed with what failed and what to do, JobStopped."""
        run = self._begun(wanted, job)
        self._run = run
        work = asyncio.ensure_future(self._follow(run))
        stop = asyncio.ensure_future(job.stopped())
        try:
            await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise JobStopped("stopped", "Cuộc gọi thử bị dừng.", "The test call was stopped.")
            work.result()
        finally:
            work.cancel()
            stop.cancel()
            await self._end(run)
            self._run = None

    def _begun(self, wanted: TestCallWanted, job: JobSteps) -> _Run:
        number = re.sub(r"[\s.()-]", "", wanted.number)
        if not _NUMBER.fullmatch(number):
            raise JobFailed(
                "bad_number", "Số gọi thử là 2 đến 20 chữ số, có thể có + ở đầu.",
                "The number of a test call is 2 to 20 digits, with + before them or without.",
            )  # fmt: skip
        if not any(it.name == wanted.carrier and it.enabled for it in self._site.carriers):
            names = ", ".join(it.name for it in self._site.carriers if it.enabled)
            raise JobFailed(
                "unknown_carrier", f"Không có nhà mạng đang dùng tên “{wanted.carrier[:40]}”; có: {names}.",
                f"There is no carrier in use called “{wanted.carrier[:40]}”; there are: {names}.",
            )  # fmt: skip
        up = [node for node, board in self._boards.items() if board.up]
        node = wanted.node or next(iter(up), "")
        if node not in up:
            raise JobFailed(
                "node_away", f"Không nối được tổng đài {node[:40] or '(nào cả)'}.",
                f"Switch {node[:40] or '(none)'} cannot be asked.",
            )  # fmt: skip
        return _Run(job, wanted, node, number, self._clock.now())

    async def _follow(self, run: _Run) -> None:
        carrier = run.wanted.carrier
        run.job.say(
            "asked", f"Gọi {run.number} qua {carrier}", f"A call to {run.number} through {carrier}", run.node
        )
        token, ident = self._ids.new(), f"{TEST_PREFIX}{self._ids.new()}"
        shown = self._site.numbers[0].dial
        try:
            for node, board in self._boards.items():
                if board.up:
                    await self._legs(node).mark(token, COUNTS_S)
            await self._legs(run.node).begin(
                ident, carrier, run.number, shown, token, RINGS_S * 1000, run.news.put_nowait
            )
        except ActionFailed as problem:
            raise JobFailed("switch_refused", problem.vi, problem.en) from None
        await self._goes_out(run)
        if not run.call:
            await self._comes_in(run)
        if run.call:
            await self._is_answered(run)

    async def _goes_out(self, run: _Run) -> None:
        """Until the carrier has answered, or refused."""
        if not await self._until(run, SENT_S, lambda: run.sent):
            raise self._failed(run, "not_sent", *_NO_PEER, _CHECK_PEERS)
        await self._until(run, RINGS_S + 2.0, lambda: run.answered or run.failed)
        if run.failed:
            await self._until(run, OVER_S, lambda: run.over)  # why comes with the channel's end, before that or after
        if not run.answered:
            raise self._failed(run, "silent", *_SILENT, _CHECK_PEERS)

    async def _comes_in(self, run: _Run) -> None:
        """An outside number is talked with for a while, and may still come in: the carrier may know it as ours."""
        ours = self._ours(run.number)
        await self._until(run, COMES_IN_S if ours else TALKS_S, lambda: bool(run.call) or run.over)
        if not run.call and ours:
            raise self._failed(
                run, "not_in", "nhà mạng báo đã nhấc máy nhưng cuộc gọi không vào tổng đài nào của ta",
                "the carrier says that it was answered, but it came in at none of our switches",
                (
                    f"Hỏi nhà mạng số {run.number} dẫn tới đâu, và có giữ tiêu đề {TEST_HEADER} không; nếu bỏ, "
                    "cuộc gọi vào như một người gọi thật.",
                    f"Ask the carrier where {run.number} leads, and whether it keeps the header {TEST_HEADER}: "
                    "where it does not, the call came in like a real caller's.",
                ),
            )  # fmt: skip

    async def _is_answered(self, run: _Run) -> None:
        await self._until(run, PICKED_UP_S, lambda: run.taken or run.over)
        if not run.taken:
            raise self._failed(
                run, "nobody", "không bàn nào nghe máy", "no position picked it up",
                (
                    "Đường vào tốt; nhờ một bàn nghe thử rồi gọi lại.",
                    "The way in is good; ask a position to pick it up, and try again.",
                ),
            )  # fmt: skip
        await self._until(run, TALKS_S, lambda: run.over)

    def _ours(self, number: str) -> bool:
        carriers = [it for it in self._site.carriers if it.enabled]
        return any(number in it.arrives_as(own.dial) for it in carriers for own in self._site.numbers)

    def _failed(
        self, run: _Run, code: str, vi: str, en: str, do: tuple[str, str] = ("", ""), *, say: bool = True
    ) -> JobFailed:
        if say:
            run.say(self._clock.now(), code, vi[:1].upper() + vi[1:], en[:1].upper() + en[1:], run.node, ok=False)
        carrier = run.wanted.carrier
        return JobFailed(code, f"{carrier}: {vi}. {do[0]}".strip(), f"{carrier}: {en}. {do[1]}".strip())

    # --- steps --------------------------------------------------------------------------------------------------------

    async def _until(self, run: _Run, seconds: float, true: Callable[[], bool]) -> bool:
        """Take in what is told until it is true. False where it was not in time."""
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    self._take(run, await run.news.get())
        except TimeoutError:
            return False
        return True

    def _take(self, run: _Run, news: LegNews | e.Recorded) -> None:
        if isinstance(news, LegNews):
            self._out(run, news)
        else:
            self._in(run, news)

    def _out(self, run: _Run, news: LegNews) -> None:
        carrier, at = run.wanted.carrier, news.at
        if news.what == "sent":
            run.sent = True
            run.say(at, "sent", f"Đã gửi INVITE tới {carrier}", f"INVITE sent to {carrier}", run.node)
        elif news.what == "progress":
            run.say(at, "progress", "183: nhà mạng đang nối, có âm báo", "183: in progress, with sound", run.node)
        elif news.what == "ringing" and not run.rang:
            run.rang = True
            run.say(at, "ringing", "180: đang đổ chuông", "180: it rings", run.node)
        elif news.what == "answered":
            run.answered = True
            run.say(at, "answered", "200: đã nhấc máy", "200: answered", run.node)
        elif news.what == "over" and not run.answered:
            raise self._refused(run, news)
        elif news.what == "over":
            run.over = True
            words = cause_words(news.cause)
            run.say(at, "hung_up", f"Đã gác máy: {words.vi}", f"Hung up: {words.en}", run.node)
        elif news.what == "failed" and not run.sent:
            raise self._failed(run, "not_sent", *_NO_PEER, _CHECK_PEERS)
        elif news.what == "failed":
            run.failed = True

    def _refused(self, run: _Run, news: LegNews) -> JobFailed:
        """Given up by us after RINGS_S is a cause of the switch's own."""
        ms = news.at - run.asked_at
        if news.cause == NO_ANSWER and ms >= RINGS_S * 900:
            words = cause_words(NO_ANSWER) if run.rang else Cause(*_SILENT, *_CHECK_PEERS)
            told = f" ({RINGS_S} s)"
        else:
            words = failure_words(news.sip, news.cause)
            told = f" ({f'SIP {news.sip}, ' if news.sip else ''}Q.850 {news.cause})"
        vi, en = f"{words.vi}{told}", f"{words.en}{told}"
        run.say(news.at, "failed", vi[:1].upper() + vi[1:], en[:1].upper() + en[1:], run.node, ok=False)
        return self._failed(run, "call_failed", vi, en, (words.do_vi, words.do_en), say=False)

    def _in(self, run: _Run, recorded: e.Recorded) -> None:
        event = recorded.event
        if isinstance(event, e.CallArrived):
            if event.direction is Direction.TEST and not run.call:
                run.call, run.call_node = event.call, event.node
                run.say(
                    event.at, "came_in", f"Vào tổng đài {event.node} qua {event.carrier}, số {event.dialled}",
                    f"Came in at switch {event.node} through {event.carrier}, to {event.dialled}", event.node,
                )  # fmt: skip
            return
        if not run.call or getattr(event, "call", "") != run.call:
            return
        if isinstance(event, e.CallQueued):
            run.say(event.at, "queued", f"Vào hàng chờ {event.queue}", f"Waits in {event.queue}", run.call_node)
        elif isinstance(event, e.CallRinging):
            run.positions += 1
            if run.positions <= RINGS_TOLD:
                where = event.position
                run.say(recorded.at, "rings", f"Đổ chuông ở bàn {where}", f"Rings at position {where}", run.call_node)
        elif isinstance(event, e.CallAnswered):
            run.taken = True
            seat = self._state().positions.get(event.position)
            who = seat.user if seat is not None and seat.user else "–"
            run.say(
                event.at, "taken", f"Bàn {event.position} ({who}) nghe máy",
                f"Answered at position {event.position} ({who})", run.call_node,
            )  # fmt: skip
        elif isinstance(event, e.CallEnded):
            run.over = True
            run.say(event.at, "ended", "Cuộc gọi vào đã kết thúc", "The call that came in has ended", run.call_node)

    # --- the end ------------------------------------------------------------------------------------------------------

    async def _end(self, run: _Run) -> None:
        """Both ends are let go, and what that brings is told; the token counts nowhere any more."""
        talked = run.answered and not run.over
        try:
            await self._legs(run.node).end()
        except ActionFailed as problem:
            log.warning("the test call was not hung up: %s", problem.en)
        if talked and run.call:
            await self._until(run, OVER_S, lambda: run.over)
        elif talked:
            run.say(self._clock.now(), "hung_up", "Ta gác máy", "Hung up by us", run.node)
        for node, board in self._boards.items():
            try:
                if board.up:
                    await self._legs(node).unmark()
            except ActionFailed as problem:
                log.warning("the token of the test call at %s: %s", node, problem.en)


_FOLLOWED = (e.CallArrived, e.CallQueued, e.CallRinging, e.CallAnswered, e.CallEnded)
