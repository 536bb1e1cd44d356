"""The one writer of the site's description and of the switches' files. Implements `ports.trunk_keeper.TrunkKeeper`.

Guards: one job at a time; whoever asked and what came of it stand in the journal, before it begins and when it is over;
a plan is of what was in force when it was made; what a core that died left is mended before anything else is changed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Protocol

import msgspec

from dispatch_core.domain.commands import Command, NoteTrunk
from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.trunk import description, drift
from dispatch_core.main.trunk.applying import Applier, Wanted
from dispatch_core.main.trunk.jobs import Job, Jobs
from dispatch_core.main.trunk.live import LiveSite
from dispatch_core.main.trunk.lookout import LOOKED_FOR_S, Lookout
from dispatch_core.main.trunk.nodes import Node, Rendered
from dispatch_core.main.trunk.opening import HAND, Opened
from dispatch_core.main.trunk.past import Past
from dispatch_core.main.trunk.planning import InForce, Plan, Planner
from dispatch_core.main.trunk.recovery import Recovery
from dispatch_core.main.trunk.secret_files import SecretFiles
from dispatch_core.main.trunk.site_file import SiteFile
from dispatch_core.main.trunk.threads import Threads
from dispatch_core.main.trunk.verdicts import Verdicts
from dispatch_core.ports import Clock, Ids
from dispatch_core.ports.trunk_health import TrunkHealth
from dispatch_core.ports.trunk_history import TrunkHistory
from dispatch_core.ports.trunk_keeper import JobFailed, TrunkRefused
from dispatch_core.settings import Settings
from dispatch_core.wire.trunk import (
    ApplyWanted,
    Candidate,
    ChangeShown,
    Checked,
    FieldShown,
    JobShown,
    JobStarted,
    JobState,
    Mistake,
    Planned,
    RestartWanted,
    RollbackWanted,
    SecretWanted,
    TestCallWanted,
    TrunkShown,
)
from telephony.sip_answers import SipAnswers
from telephony.trunk.site import Site, parse_site
from telephony.trunk.site_fields import described, values
from telephony.trunk.site_schema import schema

log = logging.getLogger(__name__)

PLANS_KEPT = 8
LOOK_EVERY_S = 60.0
MEND_EVERY_S = 1.0
NOTHING_NEW = ("Không có gì khác với bản đang dùng", "Nothing differs from what is in force")

AskCore = Callable[[str, Command], Awaitable[None]]


class Restarting(Protocol):
    def check(self, wanted: RestartWanted) -> None:
        """Raises TrunkRefused where it may not be."""

    async def __call__(self, wanted: RestartWanted, job: Job) -> None: ...


class Keeper:
    def __init__(
        self, settings: Settings, nodes: Mapping[str, Node], history: TrunkHistory, opened: Opened,
        answers: SipAnswers, clock: Clock, ids: Ids, leads: Callable[[], bool], ask: AskCore, mask_key: bytes,
    ) -> None:  # fmt: skip
        self._settings, self._nodes, self._history = settings, nodes, history
        self._clock, self._ids, self._ask, self._leads = clock, ids, ask, leads
        threads = self._threads = Threads()
        self._site_file, self._secrets = SiteFile(settings.path(settings.site)), SecretFiles(settings)
        self._live = LiveSite(nodes, ask)
        self._planner = Planner(settings, nodes, self._secrets, threads.read, mask_key)
        self._applier = Applier(
            nodes, history, Verdicts(answers, clock), answers, self._site_file, self._secrets, threads.run, leads,
            mask_key,
        )  # fmt: skip
        self._recovery = Recovery(nodes, leads)
        self._left = list(opened.left)
        self._by_hand = opened.by_hand
        self._jobs = Jobs(clock, ids, self._ended)
        self._plans: OrderedDict[str, Plan] = OrderedDict()
        self._whys: dict[str, str] = {}
        change = opened.change
        in_force = InForce(change.version, change.at, change.by, change.text, opened.site, None)
        self._lookout = Lookout(
            settings, nodes, self._site_file, in_force, mask_key, threads, clock,
            lambda: self._jobs.running is not None, self._note,
        )  # fmt: skip
        self._past = Past(history, threads, self._version_and_text, self._running_version)
        self.health: TrunkHealth | None = None
        self.restarts: Restarting | None = None

    def on_site(self, take: Callable[[Site], None]) -> None:
        """``take`` is told of every site that comes in force while the core runs."""
        self._live.takes.append(take)

    @property
    def site_text(self) -> str:
        return self._in_force.text

    @property
    def _in_force(self) -> InForce:
        return self._lookout.in_force

    def _version_and_text(self) -> tuple[int, str]:
        return self._in_force.version, self._in_force.text

    def _running_version(self) -> int:
        job = self._jobs.running
        return job.version if job is not None else 0

    # --- what runs beside ---------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until cancelled: what a core before this one left is mended, and drift looked for. Never ends the core."""
        due = 0.0
        try:
            while True:
                try:
                    if self._by_hand:
                        await self._note_hand()
                    await self._mend()
                    if not self._left and self._jobs.running is None and self._clock.monotonic() >= due:
                        await self._lookout.look_and_tell()
                        due = self._clock.monotonic() + LOOK_EVERY_S
                except DispatchError as problem:
                    log.warning("the trunk: %s", problem.en)
                except Exception:  # noqa: BLE001  (calls go on, whatever is wrong with the configuration)
                    log.exception("the trunk")
                await asyncio.sleep(MEND_EVERY_S)
        finally:
            await self._jobs.end()
            self._threads.end()

    async def _note_hand(self) -> None:
        vi, en = HAND
        await self._note(
            NoteTrunk(kind="start", by="", outcome="found", version=self._in_force.version, vi=vi, en=en)
        )
        self._by_hand = False

    async def _mend(self) -> None:
        job = self._jobs.newest
        if job is not None and job.state is JobState.BROKEN and not job.mended:
            self._left = list(await self._threads.run(self._history.unfinished))
            job.mended = True
        for change in list(self._left):
            ended = await self._recovery.mend(change)
            if ended is None:
                continue
            outcome, vi, en = ended
            await self._applier.end(change.version, outcome, vi, en)
            self._left.remove(change)
            self._lookout.forget()
            note = NoteTrunk(
                kind=change.kind, by=change.by, outcome=outcome, version=change.version, why=change.why, vi=vi, en=en
            )
            await self._note(note)

    # --- looking ------------------------------------------------------------------------------------------------------

    async def shown(self, may_change: bool) -> TrunkShown:
        looked = await self._lookout.look(LOOKED_FOR_S)
        force = self._in_force
        job = self._jobs.running
        return TrunkShown(
            text=force.text, version=force.version, applied_at=force.at, applied_by=force.by,
            nodes=tuple(self._nodes), values=await self._threads.read(values, force.text), fields=_fields(),
            secrets=await self._threads.run(self._secrets.shown, force.site), drift=looked.found, may_change=may_change,
            job=job.ident if job is not None else "",
        )  # fmt: skip

    async def check(self, candidate: Candidate) -> Checked:
        text, mistakes = await self._text(candidate)
        if not mistakes:
            mistakes = await self._threads.read(self._checked, text)
        return Checked(text=text, mistakes=mistakes)

    def _checked(self, text: str) -> tuple[Mistake, ...]:
        mistakes = description.mistakes_of(text)
        if mistakes:
            return mistakes
        site = description.site_of(text)
        return description.placed(text, site, self._secrets.mistakes(site, self._in_force.site))

    async def plan(self, candidate: Candidate, by: str) -> Planned:
        self._mended()
        text, mistakes = await self._text(candidate)
        if mistakes:
            return Planned(ident="", text=text, mistakes=mistakes)
        looked = await self._lookout.look()
        if text == self._in_force.text and not drift.named(looked.found):
            return Planned(ident="", text=text, mistakes=(), summary=(NOTHING_NEW,))
        made = await self._planner.plan(text, self._in_force, looked, self._ids.new(), by)
        if isinstance(made, Planned):
            return made
        self._plans[made.planned.ident] = made
        while len(self._plans) > PLANS_KEPT:
            self._plans.popitem(last=False)
        return made.planned

    async def history(self) -> Sequence[ChangeShown]:
        return await self._past.listed()

    async def change(self, version: int) -> ChangeShown:
        return await self._past.whole(version)

    def schema(self) -> dict[str, Any]:
        return schema()

    def job(self, ident: str) -> JobShown:
        return self._jobs.of(ident).shown()

    def stop(self, ident: str) -> JobShown:
        return self._jobs.stop(ident).shown()

    # --- changing -----------------------------------------------------------------------------------------------------

    async def apply(self, wanted: ApplyWanted, by: str) -> JobStarted:
        self._mended()
        plan = self._plans.get(wanted.plan)
        if plan is None:
            raise TrunkRefused(
                "unknown_plan", "Không còn bản thử này; hãy lập lại.", "There is no such plan any more; make it anew.",
                missing=True,
            )  # fmt: skip
        if wanted.confirm.strip() != plan.planned.confirm:
            raise TrunkRefused(
                "not_confirmed",
                f"Hãy gõ đúng “{plan.planned.confirm}” để xác nhận.",
                f"Type “{plan.planned.confirm}” to confirm it.",
            )
        await self._fresh(plan)
        job = await self._begin("apply", by, wanted.why, lambda job: self._bring(job, plan.wanted, wanted.why))
        self._plans.pop(wanted.plan, None)
        return job

    async def _fresh(self, plan: Plan) -> None:
        looked = await self._lookout.look()
        if plan.base != (self._in_force.version, looked.print) or looked.away:
            self._plans.pop(plan.planned.ident, None)
            raise TrunkRefused(
                "stale_plan",
                "Cấu hình đang dùng đã khác lúc lập bản thử này; hãy lập lại và xem lại chỗ khác.",
                "What is in force has changed since this plan was made; make it anew and look at the difference again.",
            )

    async def roll_back(self, wanted: RollbackWanted, by: str) -> JobStarted:
        self._mended()
        found = await self._past.to_return_to(wanted.version)
        looked = await self._lookout.look()
        if found.text == self._in_force.text and not drift.named(looked.found):
            raise TrunkRefused("nothing_new", *(f"{it}." for it in NOTHING_NEW))
        text = found.text

        async def work(job: Job) -> None:
            job.begin("try", f"thử lại bản {found.version}", f"trying version {found.version} out")
            planned = await self._planner.plan(text, self._in_force, await self._lookout.look(), job.ident, by)
            if isinstance(planned, Planned):
                raise _failed(planned.mistakes)
            if by_hand := drift.named(looked.found):
                job.say("drift", f"ghi đè phần bị sửa tay: {by_hand}", f"overwriting what a hand changed: {by_hand}")
            await self._bring(job, replace(planned.wanted, lenient=True), wanted.why)

        return await self._begin("rollback", by, wanted.why, work)

    async def replace_secret(self, wanted: SecretWanted, by: str) -> JobStarted:
        self._mended()
        force, secret = self._in_force, wanted.secret
        path, used_by = await self._threads.run(self._secrets.to_replace, wanted.name, secret, force.site)

        async def work(job: Job) -> None:
            if not used_by:
                await self._threads.run(self._secrets.write, path, secret)
                self._plans.clear()
                job.say("kept", "đã ghi mật khẩu; chưa nơi nào dùng", "the secret is kept; nothing uses it yet")
                return
            job.begin("try", "thử với mật khẩu mới", "trying the new secret out")
            if not await self._threads.run(self._secrets.is_good, wanted.name, force.site):
                await self._threads.run(self._secrets.write, path, secret)  # nothing to go back to
            made = await self._threads.read(
                self._planner.wanted, force.text, force.site, force, (wanted.name, path, secret), used_by
            )
            mistakes = await self._planner.tried(made, force)
            if mistakes:
                raise _failed(mistakes)
            await self._bring(job, made, wanted.why)

        return await self._begin("secret", by, wanted.why, work)

    async def restart(self, wanted: RestartWanted, by: str) -> JobStarted:
        self._mended()
        restarts = self.restarts
        if restarts is None:
            raise TrunkRefused("no_restart", "Máy chủ này không khởi động lại được.", "This core restarts nothing.")
        restarts.check(wanted)
        return await self._begin("restart", by, wanted.why, lambda job: restarts(wanted, job))

    async def test_call(self, wanted: TestCallWanted, by: str) -> JobStarted:
        health = self.health
        if health is None:
            raise TrunkRefused("no_health", "Máy chủ này không gọi thử được.", "This core places no test calls.")
        return await self._begin("test_call", by, wanted.carrier[:60], lambda job: health.test_call(wanted, job))

    async def install(self, text: str) -> None:
        """A text that the core itself made of the one in force, such as with one more position; waits for its turn.
        Raises DispatchError; then everything is as it was. The state is told by whoever asked."""
        self._mended()
        looked = await self._lookout.look()
        if drift.named(looked.found):
            if any(not it.node for it in looked.found):
                await self._threads.read(parse_site, looked.site_now, str(self._site_file.path))
            raise TrunkRefused(
                "drift",
                f"Cấu hình bị sửa ở ngoài ({drift.places(looked.found)}); hãy xem và áp dụng ở phần trung kế trước.",
                f"The configuration was changed outside ({drift.places(looked.found)}); look at it and apply first.",
            )
        made = await self._planner.plan(text, self._in_force, looked, self._ids.new(), "")
        if isinstance(made, Planned):
            raise _failed(made.mistakes)
        wanted = made.wanted
        job = await self._begin_job("position", "console", "", lambda job: self._bring(job, wanted, "", state=False))
        over = await self._jobs.over(job)
        if over.state is not JobState.DONE:
            raise DispatchError("apply_failed", *over.why)

    # --- jobs ---------------------------------------------------------------------------------------------------------

    async def _begin(self, kind: str, by: str, why: str, work: Callable[[Job], Awaitable[None]]) -> JobStarted:
        job = await self._begin_job(kind, by, why, work)
        return JobStarted(job=job.ident)

    async def _begin_job(self, kind: str, by: str, why: str, work: Callable[[Job], Awaitable[None]]) -> Job:
        """Nothing begins that the journal does not know."""
        self._jobs.free()
        with self._jobs.reserved(kind, by):
            await self._note(NoteTrunk(kind=kind, by=by, outcome="asked", why=why))
        job = self._jobs.start(kind, by, work)
        self._whys = {job.ident: why}
        return job

    async def _bring(self, job: Job, wanted: Wanted, why: str, state: bool = True) -> None:
        async with self._lookout.changing:
            await self._applier.bring(job, wanted, why)
            self._lookout.in_force = InForce(
                job.version, self._clock.now(), job.by, wanted.text, wanted.site,
                Rendered(wanted.files, wanted.secrets),
            )  # fmt: skip
            self._lookout.forget()
            self._plans.clear()
        try:
            await self._live.take(wanted.site, state)
        except DispatchError as problem:
            job.say("state", f"bảng chưa nhận: {problem.vi}", f"the boards have not taken it: {problem.en}", ok=False)
        for node in wanted.restarts:
            vi, en = "còn phải khởi động lại tổng đài này", "this node must still be restarted"
            job.say("restart", vi, en, node)
        for vi, en in wanted.later:
            job.say("later", vi, en)

    async def _ended(self, job: Job) -> None:
        why = self._whys.get(job.ident, "")
        vi, en = job.why
        await self._note(
            NoteTrunk(kind=job.kind, by=job.by, outcome=job.state.value, version=job.version, why=why, vi=vi, en=en)
        )

    async def _note(self, body: NoteTrunk) -> None:
        await self._ask("trunk", body)

    def _mended(self) -> None:
        if self._left:
            raise TrunkRefused(
                "mending",
                f"Bản {self._left[0].version} đang dở từ máy chủ trước; chờ trả lại xong ở mọi tổng đài.",
                f"Version {self._left[0].version} was left in the middle; wait until every node has its files back.",
            )
        self._jobs.free()

    # --- texts --------------------------------------------------------------------------------------------------------

    async def _text(self, candidate: Candidate) -> tuple[str, tuple[Mistake, ...]]:
        text = candidate.text or self._in_force.text
        if candidate.version:
            text = (await self._past.one(candidate.version)).text
        description.within_limits(text)
        edited: tuple[str, tuple[Mistake, ...]] = await self._threads.read(description.edited, text, candidate.edits)
        return edited


@cache
def _fields() -> tuple[FieldShown, ...]:
    return tuple(msgspec.convert(msgspec.to_builtins(it), FieldShown) for it in described())


def _failed(mistakes: Sequence[Mistake]) -> JobFailed:
    one = mistakes[0]
    more = f" (+{len(mistakes) - 1})" if len(mistakes) > 1 else ""
    where = f"{one.key}: " if one.key else ""
    return JobFailed(one.code, f"{where}{one.vi}{more}", f"{where}{one.en}{more}")
