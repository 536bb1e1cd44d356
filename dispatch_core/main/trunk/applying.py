"""A change brought to every node, or to none: write, reload, look, settle; or the last good files everywhere again.

The order is what makes a death at any moment harmless, and it is read backwards by `recovery`: the history says
*running* before the first byte is written anywhere and *settling* once the change is proven at every node; site.toml is
written only then. Guards: between *running* and *settling* nothing is kept that a start would not give back; after
*settling* nothing is given back; a core that does not lead any more writes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.trunk.description import Words
from dispatch_core.main.trunk.jobs import Broken, Job
from dispatch_core.main.trunk.nodes import Node
from dispatch_core.main.trunk.secret_files import SecretFiles
from dispatch_core.main.trunk.site_file import SiteFile, hashed
from dispatch_core.main.trunk.verdicts import Verdicts, complaints, stopped
from dispatch_core.ports import ActionFailed
from dispatch_core.ports.trunk import AgentFailed, NodeAgent
from dispatch_core.ports.trunk_history import DONE, RUNNING, SETTLING, Change, ChangedFile, TrunkHistory
from dispatch_core.ports.trunk_keeper import JobFailed, JobStopped
from telephony.sip_answers import SipAnswers
from telephony.trunk.masks import masked
from telephony.trunk.secrets import Secrets
from telephony.trunk.site import Carrier, Site

log = logging.getLogger(__name__)

RELOAD_TRIES = 2
RELOADED_S = 0.4
"""A reload answers before all of it is done: the log is read this long after."""

NODE_WITHIN_S = 20.0
"""One step at one node."""

FREE_WITHIN_S = 100.0
"""What an agent is at for somebody else."""

SETTLED_WITHIN_S = 10.0
AGAIN_S = 0.5
LINES_TOLD = 3

T = TypeVar("T")
Run = Callable[..., Awaitable[Any]]
"""Runs what blocks in the keeper's own thread."""


@dataclass(frozen=True)
class Wanted:
    """A change that was tried out. ``files``: by node; ``remove``: names by node that are no longer rendered.
    ``prove``: carriers that must answer, unless it is ``lenient``: a return to what was before; ``anew``: those whose
    secret is another one; ``restarts``: nodes whose change counts only from their restart."""

    text: str
    site: Site
    files: Mapping[str, Mapping[str, str]] = field(repr=False)
    remove: Mapping[str, Sequence[str]]
    secrets: Mapping[str, Secrets] = field(repr=False)
    prove: tuple[Carrier, ...]
    anew: tuple[str, ...] = ()
    site_diff: str = ""
    diffs: tuple[ChangedFile, ...] = ()
    restarts: tuple[str, ...] = ()
    later: tuple[Words, ...] = ()
    secret: tuple[str, Path, str] | None = field(default=None, repr=False)
    """Its name in the description, its file, its new value."""

    lenient: bool = False


class Applier:
    def __init__(
        self, nodes: Mapping[str, Node], history: TrunkHistory, verdicts: Verdicts, answers: SipAnswers,
        site_file: SiteFile, secrets: SecretFiles, run: Run, leads: Callable[[], bool], mask_key: bytes,
    ) -> None:  # fmt: skip
        self._nodes, self._history, self._verdicts, self._answers = nodes, history, verdicts, answers
        self._site_file, self._secrets, self._run, self._leads = site_file, secrets, run, leads
        self._mask_key = mask_key

    async def bring(self, job: Job, wanted: Wanted, why: str) -> None:
        """Returns with the change in force at every node. JobFailed, JobStopped or another DispatchError: everything
        is as it was; Broken: it is not, and the start of a core tries again."""
        change = Change(
            version=0, at=job.began_at, by=job.by, kind=job.kind, why=why, outcome=RUNNING, text=wanted.text,
            site_diff=wanted.site_diff, files=wanted.diffs, secret=wanted.secret[0] if wanted.secret else "",
        )  # fmt: skip
        for node in self._nodes.values():
            self._reachable(node)
            await agent_free(node.agent)
        await self._run(self._site_file.must_be_writable)
        job.version = await self._run(self._history.begin, change)
        written: list[Node] = []
        try:
            await self._prove(job, wanted, written)
        except asyncio.CancelledError:
            raise  # this core ends: the next start gives back
        except BaseException as problem:
            await self._take_back(job, wanted, written, problem)
            raise
        await self._settle(job, wanted)

    # --- forward ------------------------------------------------------------------------------------------------------

    async def _prove(self, job: Job, wanted: Wanted, written: list[Node]) -> None:
        if wanted.secret is not None:
            _, path, value = wanted.secret
            await self._run(self._secrets.replace, path, value)
        for node in self._nodes.values():
            self._may_go_on(job)
            job.begin("write", "ghi tệp, giữ bản tốt trước", "writing the files, the last good kept", node.name)
            written.append(node)
            files = wanted.files[node.name]
            await in_time(node.agent.write(files, remove=wanted.remove.get(node.name, ())))
        marks = {it.name: await in_time(it.agent.log_mark()) for it in self._nodes.values()}
        peers = [peer for carrier in wanted.prove for peer in carrier.peers]
        peers += [carrier.registrar for carrier in wanted.prove]
        with self._answers.watching(dict.fromkeys(peers)):
            for node in self._nodes.values():
                self._may_go_on(job)
                job.begin("reload", "nạp lại cấu hình", "reloading", node.name)
                await node.board.reload()
            for node in self._nodes.values():
                self._may_go_on(job)
                await self._read_log(job, node, marks[node.name], wanted)
            await self._look(job, wanted)
        self._may_go_on(job)
        await self._proven(job)

    async def _read_log(self, job: Job, node: Node, mark: str, wanted: Wanted) -> None:
        job.begin("log", "đọc nhật ký sau khi nạp lại", "reading the log after the reload", node.name)
        await asyncio.sleep(RELOADED_S)
        bad = complaints(await in_time(node.agent.log_since(mark)))
        if bad:
            key, secrets = self._mask_key, wanted.secrets.get(node.name)
            told = "; ".join(masked(line, secrets, key)[:300] for line in bad[:LINES_TOLD])
            raise JobFailed(
                "log",
                f"Tổng đài {node.name} báo lỗi khi nạp lại: {told}",
                f"Switch {node.name} complains at the reload: {told}",
            )

    async def _look(self, job: Job, wanted: Wanted) -> None:
        """At every node that has read all of the change."""
        job.begin("look", "chờ nhà mạng và bàn trực", "waiting for carriers and positions")
        carriers = {name: () if name in wanted.restarts else wanted.prove for name in self._nodes}
        looks = [
            self._verdicts.wait(node, wanted.site, carriers[node.name], wanted.anew, job, wanted.lenient)
            for node in self._nodes.values()
        ]
        for outcome in await asyncio.gather(*looks, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome
        job.end()

    async def _proven(self, job: Job) -> None:
        """From here on there is no way back. Whether it was kept is looked up where the database did not say."""
        while True:
            try:
                if await self._run(self._history.mark, job.version, SETTLING):
                    return
            except DispatchError as problem:
                log.error("whether version %d is proven is not kept yet: %s", job.version, problem.en)
                await asyncio.sleep(AGAIN_S)
                continue
            found = await self._run(self._history.one, job.version)
            if found is not None and found.outcome == SETTLING:
                return
            raise JobFailed("not_leading", "Máy chủ khác đã tiếp quản.", "Another core has taken over.")

    async def _settle(self, job: Job, wanted: Wanted) -> None:
        job.begin("settle", "giữ bản mới làm bản tốt", "keeping the new state as the good one")
        try:
            await self._run(self._site_file.write, wanted.text)
        except OSError as problem:  # the history has it, and the next start brings the file up to date
            why = problem.strerror or str(problem)
            job.say("site", f"chưa ghi được site.toml: {why}", f"site.toml is not written: {why}", ok=False)
        if wanted.secret is not None:
            await self._run(self._secrets.settle, wanted.secret[1])
        for node in self._nodes.values():
            try:
                await in_time(node.agent.settle())
            except AgentFailed as problem:  # proven and in place; the next write keeps what is there
                vi, en = f"chưa giữ được bản tốt: {problem.vi}", f"not kept yet: {problem.en}"
                job.say("settle", vi, en, node.name, False)
        await self.end(job.version, DONE)
        job.end()
        for name in wanted.restarts:
            vi = f"{name} phải khởi động lại mới có hiệu lực hết (khoidong {name})"
            job.say("restart_due", vi, f"{name} must be restarted before all of it counts (restart {name})", name)

    async def end(self, version: int, outcome: str, vi: str = "", en: str = "") -> None:
        """What became of it, kept as soon as the database takes it."""
        while True:
            try:
                await self._run(self._history.mark, version, outcome, vi, en)
                return
            except DispatchError as problem:
                log.error("that version %d is %s is not kept yet: %s", version, outcome, problem.en)
                await asyncio.sleep(AGAIN_S)

    # --- back ---------------------------------------------------------------------------------------------------------

    async def _take_back(self, job: Job, wanted: Wanted, written: Sequence[Node], problem: BaseException) -> None:
        job.end(False)
        if not self._leads():
            raise JobFailed("not_leading", "Máy chủ khác đã tiếp quản.", "Another core has taken over.") from None
        if wanted.secret is not None:
            await self._run(self._secrets.give_back, wanted.secret[1])
        failed = []
        backs = [self._back_at(job, it, wanted) for it in written]
        for outcome in await asyncio.gather(*backs, return_exceptions=True):
            if isinstance(outcome, BaseException):
                log.critical("the last good files: %s", outcome, exc_info=outcome)
                failed.append(outcome)
        vi, en = words_of(problem)
        if failed:
            also_vi, also_en = words_of(failed[0])
            raise Broken(
                "broken",
                f"{vi} Chưa trả lại được bản cũ: {also_vi} Máy chủ vẫn thử tiếp; xem ngay.",
                f"{en} The old state could not be given back: {also_en} The core goes on trying; look at once.",
            ) from problem
        state = "stopped" if isinstance(problem, JobStopped) else "rolled_back"
        await self.end(job.version, state, vi, en)

    async def _back_at(self, job: Job, node: Node, wanted: Wanted) -> None:
        job.say("back", "trả lại bản tốt trước", "giving the last good files back", node.name)
        await files_back(node, wanted.files[node.name])
        try:
            await node.board.reload()
            for name in wanted.anew:
                await node.board.register_anew(name)
        except ActionFailed as problem:  # one that is away reads them when it starts
            log.error("%s has its old files back and did not read them: %s", node.name, problem.en)

    # --- may it -------------------------------------------------------------------------------------------------------

    def _may_go_on(self, job: Job) -> None:
        if job.stop_asked:
            raise stopped()
        if not self._leads():
            raise JobFailed("not_leading", "Máy chủ này không còn điều hành.", "This core does not lead any more.")

    def _reachable(self, node: Node) -> None:
        if not node.board.up:
            raise JobFailed(
                "node_away",
                f"Đang mất liên lạc với tổng đài {node.name}; áp dụng khi nối lại được.",
                f"There is no contact with switch {node.name}; apply when there is again.",
            )


async def files_back(node: Node, written: Mapping[str, str] | None = None) -> None:
    """The last good files in place again, where they are not; ``written``: what was to be there, so that a node where
    nothing of it is keeps what it has. Raises AgentFailed."""
    looked = await in_time(node.agent.look())
    if not looked.good or dict(looked.good) == dict(looked.files):
        return
    new = {name: hashed(text) for name, text in (written or {}).items()}
    if written is None or any(looked.files.get(it) == new[it] != looked.good.get(it) for it in new):
        await in_time(node.agent.give_back())


def words_of(problem: BaseException) -> Words:
    if isinstance(problem, DispatchError):
        return problem.vi, problem.en
    name = type(problem).__name__
    return f"Lỗi của máy chủ ({name}); xem nhật ký.", f"A fault of the core ({name}); see its log."


async def agent_free(agent: NodeAgent) -> None:
    """The agent answers, and what it was at for somebody else, such as a trial, is over: from a job's beginning on
    nobody begins another one. Raises AgentFailed."""
    try:
        async with asyncio.timeout(FREE_WITHIN_S):
            await agent.taken(())
    except TimeoutError:
        raise AgentFailed(
            "agent_slow", f"Chương trình ở máy tổng đài không trả lời trong {FREE_WITHIN_S:g} giây.",
            f"The agent at the switch's machine did not answer within {FREE_WITHIN_S:g} s.",
        ) from None  # fmt: skip


async def in_time(work: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(NODE_WITHIN_S):
            return await work
    except TimeoutError:
        raise AgentFailed(
            "agent_slow", f"Chương trình ở máy tổng đài không trả lời trong {NODE_WITHIN_S:g} giây.",
            f"The agent at the switch's machine did not answer within {NODE_WITHIN_S:g} s.",
        ) from None  # fmt: skip
