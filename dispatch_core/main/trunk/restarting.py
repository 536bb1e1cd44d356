"""One node emptied of callers and restarted, without losing a call or a recording.

While it is emptied its carriers' new callers go on to another node; who waits or talks there stays to the end. Guards:
it is emptied only while another node is there and answers its calls to itself, and takes callers again the moment that
ends, a person stops it, or this process dies (`telephony.trunk.dialplan.draining`); it is stopped only when it says
itself that nobody is on it, and nobody can come between that and the stop. A site's only node turns nobody away: its
restart waits for a moment in which nobody calls, and must be confirmed by its name.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from dispatch_core.domain.commands import Command, DrainNode, ProbeSeen
from dispatch_core.domain.state import State
from dispatch_core.main.trunk.applying import agent_free
from dispatch_core.main.trunk.jobs import Broken
from dispatch_core.ports import ActionFailed, Clock, Ids
from dispatch_core.ports.emptying import EmptiedSwitch
from dispatch_core.ports.trunk import AgentFailed, NodeAgent
from dispatch_core.ports.trunk_keeper import JobFailed, JobSteps, JobStopped, TrunkRefused
from dispatch_core.settings import ACTION_TIMEOUT_S, DRAIN_LASTS_S, DRAIN_RENEW_S, PROBE_SEEN_S, SHUT_LASTS_S
from dispatch_core.wire.trunk import RestartWanted

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.2
PROBE_AGAIN_S = 5.0
"""Between two calls of another node to itself, so long as it takes all callers."""

RESTARTED_WITHIN_S = 120.0
BACK_WITHIN_S = 30.0
REACHED_WITHIN_S = 20.0
"""Phones and carriers that answered before answer again; who does not is named, and callers are taken all the same."""

PATIENCE_MOST_S = 86_400

CLOSED_AFTER_S = 0.5
"""A recording is closed a moment after its channel is gone."""

COUNTS_TOLD = 200
ALONE_S = 10
"""So many seconds without a node are told to whoever restarts the only one."""

TellCore = Callable[[Command], Awaitable[None]]


class Restarts:
    """Implements `ports.trunk_keeper.Restarting`. ``tell`` gives the core a command and waits for its commit."""

    def __init__(
        self, boards: Mapping[str, EmptiedSwitch], agents: Mapping[str, NodeAgent], state: Callable[[], State],
        tell: TellCore, clock: Clock, ids: Ids,
    ) -> None:  # fmt: skip
        self._boards, self._agents, self._state = boards, agents, state
        self._tell, self._clock, self._ids = tell, clock, ids

    def check(self, wanted: RestartWanted) -> None:
        """Raises TrunkRefused where it cannot even begin."""
        node = wanted.node
        if node not in self._boards or node not in self._agents:
            known = ", ".join(sorted(self._boards))
            raise TrunkRefused(
                "unknown_node",
                f"Không có tổng đài {node[:40]}; có: {known}.",
                f"There is no node {node[:40]}; there are: {known}.",
                missing=True,
            )
        if not 0 <= wanted.patience_s <= PATIENCE_MOST_S:
            raise TrunkRefused(
                "bad_patience",
                f"Thời gian chờ từ 0 đến {PATIENCE_MOST_S} giây.",
                f"The patience is 0 to {PATIENCE_MOST_S} seconds.",
            )
        if len(self._boards) == 1 and wanted.confirm != node:
            raise TrunkRefused(
                "restart_alone",
                f"{node} là tổng đài duy nhất: chờ lúc không có ai trên máy rồi khởi động lại, trong khoảng {ALONE_S} "
                f"giây không ai gọi vào được. Gõ {node} để xác nhận.",
                f"{node} is the only node: it is restarted in a moment in which nobody is on it, and for about "
                f"{ALONE_S} seconds nobody can call in. Type {node} to confirm.",
            )

    async def __call__(self, wanted: RestartWanted, job: JobSteps) -> None:
        self.check(wanted)
        node = wanted.node
        if not self._boards[node].up or node not in self._state().nodes:
            raise JobFailed(
                "not_up", f"Đang mất liên lạc với {node}; khởi động lại nó ở chính máy ấy.",
                f"There is no contact with {node}; restart it at its own machine.",
            )  # fmt: skip
        await self._agent_free(node)
        takers = await self._takers(node, job) if len(self._boards) > 1 else frozenset()
        before = self._boards[node].reachable()
        booted = self._state().nodes[node].booted
        async with self._emptied(node, takers, job) as lost:
            await self._alone(node, wanted.patience_s, job, lost)
            await self._restart(node, job)
            await self._back(node, booted, job)
            await self._probed(node, job)
            await self._reached(node, before, job)
        job.say("serves", f"{node} nhận cuộc gọi trở lại", f"{node} takes calls again", node)

    # --- another node takes the callers -------------------------------------------------------------------------------

    async def _takers(self, node: str, job: JobSteps) -> frozenset[str]:
        """The other nodes that answer all their numbers at this moment. JobFailed where none does."""
        job.begin("others", "gọi thử các số ở tổng đài khác", "calling the numbers at the other nodes")
        numbers = sorted(self._state().site.numbers)
        others = [it for it in self._boards if it != node and self._there(it)]
        good = [it for it in others if await self._hears(it, numbers) and self._well(it)]
        if not good:
            raise JobFailed(
                "nobody_takes",
                f"Không có tổng đài nào khác nhận được cuộc gọi thay {node}; {node} vẫn nhận như cũ.",
                f"No other node could take the calls of {node}; it goes on taking them.",
            )
        named = ", ".join(good)
        job.end(vi=f"{named} nhận được mọi số", en=f"{named} answers every number")
        return frozenset(good)

    def _there(self, node: str) -> bool:
        known = self._state().nodes.get(node)
        return known is not None and known.up and not known.draining and self._boards[node].up

    def _well(self, node: str) -> bool:
        alarms = self._state().alarms.values()
        silent = any(it.kind == "number_silent" and it.subject.endswith(f"@{node}") for it in alarms)
        return self._there(node) and not silent

    async def _hears(self, node: str, numbers: list[str]) -> bool:
        """What is heard is told, so that an alarm of before it does not count any more."""
        try:
            async with asyncio.timeout(PROBE_SEEN_S):
                for number in numbers:
                    began = self._clock.monotonic()
                    if (await self._boards[node].probe(number, self._ids.new())).number != number:
                        return False
                    ms = int((self._clock.monotonic() - began) * 1000)
                    await self._tell(ProbeSeen(node=node, number=number, ms=ms))
        except (TimeoutError, ActionFailed) as problem:
            log.warning("%s does not answer its own call: %r", node, problem)
            return False
        return True

    async def _watch(self, takers: frozenset[str], lost: asyncio.Event) -> None:
        """Ends, with ``lost`` set, when none of them is well any more."""
        numbers, turn, next_call = sorted(self._state().site.numbers), 0, self._clock.monotonic() + PROBE_AGAIN_S
        while any(self._well(it) for it in takers):
            await asyncio.sleep(LOOK_EVERY_S)
            if numbers and self._clock.monotonic() >= next_call:
                number, turn = numbers[turn % len(numbers)], turn + 1
                takers = frozenset([it for it in takers if self._well(it) and await self._hears(it, [number])])
                next_call = self._clock.monotonic() + PROBE_AGAIN_S
        lost.set()

    # --- emptied ------------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _emptied(self, node: str, takers: frozenset[str], job: JobSteps) -> AsyncIterator[asyncio.Event]:
        """New callers are sent on, within, and taken again at its end, however that comes. The event is set when nobody
        else takes them any more. Without ``takers`` nobody is ever sent on."""
        lost = asyncio.Event()
        tasks: list[asyncio.Task[None]] = []
        await self._tell(DrainNode(node=node, on=True))
        try:
            if takers:
                named = ", ".join(sorted(takers))
                job.say("drains", f"người gọi mới sang {named}", f"new callers go to {named}", node)
                await self._boards[node].drain(DRAIN_LASTS_S)
                loop = asyncio.get_running_loop()
                tasks = [loop.create_task(self._watch(takers, lost)), loop.create_task(self._renew(node, lost))]
            yield lost
        except ActionFailed as problem:
            raise JobFailed(problem.code, problem.vi, problem.en) from problem
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._open(node, everybody=True)
            await self._open(node)
            await self._tell(DrainNode(node=node, on=False))

    async def _renew(self, node: str, lost: asyncio.Event) -> None:
        while not lost.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(DRAIN_RENEW_S):
                    await lost.wait()
            if not lost.is_set() and self._boards[node].up:
                with suppress(ActionFailed):
                    await self._boards[node].drain(DRAIN_LASTS_S)
        await self._open(node)

    async def _open(self, node: str, *, everybody: bool = False) -> None:
        """Where the node cannot be told, it takes callers again by itself."""
        with suppress(ActionFailed, TimeoutError):
            async with asyncio.timeout(ACTION_TIMEOUT_S):
                await self._boards[node].drain(0, everybody=everybody)

    async def _alone(self, node: str, patience_s: int, job: JobSteps, lost: asyncio.Event) -> None:
        """Returns when nobody is on the node and nobody can come. JobStopped, JobFailed, ActionFailed."""
        until = self._clock.monotonic() + patience_s
        told, last = 0, -1
        job.begin("calls_end", f"chờ các cuộc gọi ở {node} kết thúc", f"waiting for the calls at {node} to end", node)
        while True:
            busy = await self._boards[node].busy()
            if not busy:
                await self._agent_free(node)
            if not busy and await self._shut(node):
                job.say("nobody", f"không còn ai ở {node}", f"nobody is at {node} any more", node)
                return
            count = self._count(node)
            if count != last and count and told < COUNTS_TOLD:
                told, last = told + 1, count
                job.begin("calls_left", f"còn {count} cuộc gọi ở {node}", f"{count} calls left at {node}", node)
            self._go_on(node, job, lost, until, max(count, 1))
            await self._moment(job, lost)

    def _count(self, node: str) -> int:
        return sum(call.state.live for call in self._state().calls.values() if call.node == node)

    def _go_on(self, node: str, job: JobSteps, lost: asyncio.Event, until: float, left: int) -> None:
        if job.stop_asked:
            raise JobStopped(
                "stopped", f"{job.by} đã dừng; {node} nhận cuộc gọi trở lại.",
                f"Stopped; {node} takes calls again.",
            )  # fmt: skip
        if lost.is_set():
            raise JobFailed(
                "others_gone",
                f"Không còn tổng đài nào khác nhận cuộc gọi; {node} nhận trở lại ngay, không khởi động lại.",
                f"No other node takes calls any more; {node} takes them again at once and was not restarted.",
            )
        if self._clock.monotonic() > until:
            raise JobFailed(
                "patience_over",
                f"Hết thời gian chờ, {node} còn {left} cuộc gọi; {node} nhận cuộc gọi trở lại, không khởi động lại.",
                f"The time is over and {left} calls are still at {node}; it takes calls again and was not restarted.",
            )

    async def _moment(self, job: JobSteps, lost: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(it) for it in (job.stopped(), lost.wait())]
        try:
            await asyncio.wait(waits, timeout=LOOK_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for it in waits:
                it.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _agent_free(self, node: str) -> None:
        """The agent answers, and is at nothing else: a connection to it that is still to be made, or a trial that goes
        on, would take longer than everybody is sent on, and whoever was let in by then would be cut off."""
        try:
            await agent_free(self._agents[node])
        except AgentFailed as problem:
            raise JobFailed(problem.code, problem.vi, problem.en) from problem

    async def _shut(self, node: str) -> bool:
        """Everybody is sent on for a moment; whether nobody was let in just before that."""
        await self._boards[node].drain(SHUT_LASTS_S, everybody=True)
        await asyncio.sleep(CLOSED_AFTER_S)
        if not await self._boards[node].busy():
            return True
        await self._boards[node].drain(0, everybody=True)
        return False

    # --- restarted ----------------------------------------------------------------------------------------------------

    async def _restart(self, node: str, job: JobSteps) -> None:
        job.begin("restart", f"khởi động lại {node}", f"restarting {node}", node)
        try:
            async with asyncio.timeout(RESTARTED_WITHIN_S):
                await self._agents[node].restart()
        except AgentFailed as problem:
            raise self._stays(node, problem.vi, problem.en) from problem
        except TimeoutError:
            raise self._stays(node, "không trả lời kịp", "no answer in time") from None

    def _stays(self, node: str, vi: str, en: str) -> JobFailed | Broken:
        if self._boards[node].up:
            return JobFailed(
                "not_restarted", f"Không khởi động lại được {node}: {vi} {node} nhận cuộc gọi như cũ.",
                f"{node} could not be restarted: {en} It takes calls as before.",
            )  # fmt: skip
        return Broken(
            "not_back", f"{node} không lên lại: {vi} Xem máy của tổng đài này ngay.",
            f"{node} did not come back: {en} Look at its machine at once.",
        )  # fmt: skip

    async def _back(self, node: str, booted: str, job: JobSteps) -> None:
        job.begin("back", f"nối lại với {node}", f"connecting to {node} again", node)

        def back() -> bool:
            known = self._state().nodes[node]
            return known.up and known.booted != booted and self._boards[node].up

        if not await self._until(back, BACK_WITHIN_S):
            raise self._stays(node, "không nối lại được.", "there is no contact.")

    async def _probed(self, node: str, job: JobSteps) -> None:
        job.begin("numbers", f"gọi thử các số ở {node}", f"calling the numbers at {node}", node)
        if not await self._hears(node, sorted(self._state().site.numbers)):
            raise Broken(
                "numbers_silent",
                f"{node} đã lên lại nhưng có số gọi thử không tới; xem cấu hình của tổng đài này ngay.",
                f"{node} is back, and a call to one of its numbers does not come through; look at it at once.",
            )

    async def _reached(self, node: str, before: frozenset[str], job: JobSteps) -> None:
        job.begin("reached", "chờ máy và nhà mạng trả lời lại", "phones and carriers answer again", node)

        def missing() -> frozenset[str]:
            return before - self._boards[node].reachable()

        if await self._until(lambda: job.stop_asked or not missing(), REACHED_WITHIN_S) and not missing():
            return
        named = ", ".join(sorted(missing()))
        job.end(False, f"chưa thấy lại: {named}", f"not seen again yet: {named}")

    async def _until(self, held: Callable[[], bool], seconds: float) -> bool:
        deadline = self._clock.monotonic() + seconds
        while not held():
            if self._clock.monotonic() > deadline:
                return False
            await asyncio.sleep(LOOK_EVERY_S)
        return True
