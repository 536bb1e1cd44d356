"""Work that takes a while and can be watched: one at a time, the newest kept.

Guards: whatever the work raises, its job ends and says why; nobody's waiting ends it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from dataclasses import replace as as_job

from msgspec.structs import replace

from dispatch_core.domain.errors import DispatchError
from dispatch_core.ports import Clock, Ids
from dispatch_core.ports.trunk_keeper import JobFailed, JobStopped, TrunkRefused
from dispatch_core.wire.trunk import JobShown, JobStarted, JobState, Step

log = logging.getLogger(__name__)

JOBS_KEPT = 32
STEPS_MOST = 500
KINDS = {
    "apply": ("áp dụng cấu hình", "an apply"),
    "rollback": ("trả lại cấu hình", "a roll-back"),
    "secret": ("thay mật khẩu", "the replacing of a secret"),
    "restart": ("khởi động lại tổng đài", "a restart"),
    "test_call": ("gọi thử", "a test call"),
    "position": ("thêm bàn trực", "a position to add"),
}


class Broken(DispatchError):
    """Also the way back failed."""


@dataclass
class Job:
    """Implements `ports.trunk_keeper.JobSteps`. ``version`` 0: nothing of it is in the history."""

    ident: str
    kind: str
    by: str
    began_at: int
    clock: Clock
    state: JobState = JobState.RUNNING
    steps: list[Step] = field(default_factory=list)
    why: tuple[str, str] = ("", "")
    version: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    since: float = 0.0
    mended: bool = False

    @property
    def stop_asked(self) -> bool:
        return self.asked.is_set()

    async def stopped(self) -> None:
        await self.asked.wait()

    def begin(self, code: str, vi: str, en: str, node: str = "") -> None:
        self.end()
        self.since = self.clock.monotonic()
        self._add(Step(at=self.clock.now(), code=code, vi=vi, en=en, node=node, ok=None))

    def end(self, ok: bool = True, vi: str = "", en: str = "") -> None:
        """Does nothing where no step goes on."""
        if not self.steps or self.steps[-1].ok is not None:
            return
        step = self.steps[-1]
        ms = int((self.clock.monotonic() - self.since) * 1000)
        self.steps[-1] = replace(step, ok=ok, ms=ms, vi=vi or step.vi, en=en or step.en)

    def say(self, code: str, vi: str, en: str, node: str = "", ok: bool = True, ms: int = 0) -> None:
        self.end()
        self._add(Step(at=self.clock.now(), code=code, vi=vi, en=en, node=node, ok=ok, ms=ms))

    def _add(self, step: Step) -> None:
        if len(self.steps) < STEPS_MOST:
            self.steps.append(step)

    def shown(self) -> JobShown:
        return JobShown(
            ident=self.ident, kind=self.kind, by=self.by, began_at=self.began_at, state=self.state,
            steps=tuple(self.steps), why_vi=self.why[0], why_en=self.why[1], version=self.version,
        )  # fmt: skip


Work = Callable[[Job], Awaitable[None]]
"""Raises JobFailed (refused), JobStopped, Broken or any other DispatchError; `job.state` set by it counts."""


class Jobs:
    def __init__(self, clock: Clock, ids: Ids, ended: Callable[[Job], Awaitable[None]]) -> None:
        """``ended``: told of every job that is over, before its state says so."""
        self._clock, self._ids, self._ended = clock, ids, ended
        self._jobs: deque[Job] = deque(maxlen=JOBS_KEPT)
        self._task: asyncio.Task[None] | None = None
        self._begins: tuple[str, str] | None = None

    @property
    def newest(self) -> Job | None:
        return self._jobs[-1] if self._jobs else None

    @property
    def running(self) -> Job | None:
        return self._jobs[-1] if self._jobs and self._jobs[-1].state is JobState.RUNNING else None

    def free(self) -> None:
        """Raises TrunkRefused while a job runs."""
        job = self.running
        if job is None and self._begins is None:
            return
        kind, by = (job.kind, job.by) if job is not None else self._begins or ("", "")
        vi, en = KINDS.get(kind, (kind, kind))
        raise TrunkRefused(
            "job_running",
            f"{by} đang {vi}; chờ xong hoặc dừng việc đó.",
            f"{by} has {en} going on; wait for its end, or stop it.",
        )

    @contextmanager
    def reserved(self, kind: str, by: str) -> Iterator[None]:
        """Nobody else begins meanwhile. Raises TrunkRefused."""
        self.free()
        self._begins = (kind, by)
        try:
            yield
        finally:
            self._begins = None

    async def end(self) -> None:
        """The core ends: so does what runs, as if the core had died; the next start mends it."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def start(self, kind: str, by: str, work: Work) -> Job:
        """Raises TrunkRefused where another one runs."""
        self.free()
        job = Job(self._ids.new(), kind, by, self._clock.now(), self._clock)
        self._jobs.append(job)
        self._task = asyncio.get_running_loop().create_task(self._run(job, work), name=f"trunk {kind}")
        return job

    def started(self, kind: str, by: str, work: Work) -> JobStarted:
        return JobStarted(job=self.start(kind, by, work).ident)

    async def over(self, job: Job) -> Job:
        """Wait for the end of a job that was started; who stops waiting does not end it."""
        if self._task is not None and self.running is job:
            await asyncio.shield(self._task)
        return job

    def of(self, ident: str) -> Job:
        for job in self._jobs:
            if job.ident == ident:
                return job
        raise TrunkRefused(
            "unknown_job", "Không còn việc này; xem lịch sử.", "There is no such job any more; see the history.",
            missing=True,
        )  # fmt: skip

    def stop(self, ident: str) -> Job:
        job = self.of(ident)
        if job.state is not JobState.RUNNING:
            raise TrunkRefused("job_over", "Việc này đã xong.", "This job is over.")
        job.asked.set()
        return job

    async def _run(self, job: Job, work: Work) -> None:
        state = await self._outcome(job, work)
        job.end(state is JobState.DONE)
        try:
            await self._ended(as_job(job, state=state))  # nobody sees an end before it was noted
        except Exception:  # noqa: BLE001  (the journal's trouble is told by the journal; the job is over)
            log.exception("the end of %s by %s could not be noted", job.kind, job.by)
        job.state = state

    async def _outcome(self, job: Job, work: Work) -> JobState:
        try:
            await work(job)
        except JobStopped as problem:
            job.why = (problem.vi, problem.en)
            return JobState.STOPPED
        except Broken as problem:
            job.why = (problem.vi, problem.en)
            log.critical("%s by %s: %s", job.kind, job.by, problem.en)
            return JobState.BROKEN
        except (JobFailed, DispatchError) as problem:
            job.why = (problem.vi, problem.en)
            return JobState.ROLLED_BACK if job.version else JobState.REFUSED
        except Exception as problem:  # noqa: BLE001  (a bug of ours: the job ends, and says so)
            log.exception("%s by %s", job.kind, job.by)
            name = type(problem).__name__
            job.why = (f"Lỗi của máy chủ ({name}); xem nhật ký.", f"A fault of the core ({name}); see its log.")
            return JobState.BROKEN
        return JobState.DONE
