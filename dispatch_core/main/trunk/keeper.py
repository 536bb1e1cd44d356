"""The one writer of the site's description and of the switches' files. Implements `ports.trunk_keeper.TrunkKeeper`.

Guards: one job at a time; whoever asked and what came of it stand in the journal, before it begins and when it is over;
a plan is of what was in force when it was made; what a core that died left is mended before anything else is changed;
texts are read in a thread of the keeper's own, so many at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

import msgspec

from dispatch_core.domain.commands import Command, NoteTrunk
from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.trunk import description, drift
from dispatch_core.main.trunk.applying import Applier, Wanted
from dispatch_core.main.trunk.jobs import Job, Jobs
from dispatch_core.main.trunk.live import LiveSite
from dispatch_core.main.trunk.nodes import Node, Rendered, rendered
from dispatch_core.main.trunk.opening import HAND, Opened
from dispatch_core.main.trunk.planning import InForce, Plan, Planner, shown_files
from dispatch_core.main.trunk.recovery import Recovery
from dispatch_core.main.trunk.secret_files import SecretFiles
from dispatch_core.main.trunk.site_file import SiteFile
from dispatch_core.main.trunk.verdicts import Verdicts
from dispatch_core.ports import Clock, Ids
from dispatch_core.ports.trunk_health import TrunkHealth
from dispatch_core.ports.trunk_history import OPEN, Change, TrunkHistory
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
from telephony.trunk.site import Site, SiteError, parse_site
from telephony.trunk.site_fields import described, values
from telephony.trunk.site_schema import schema

log = logging.getLogger(__name__)

PLANS_KEPT = 8
TEXTS_WAITING = 12
"""Texts that are being read or wait for it; one more is told to come again."""

LOOK_EVERY_S = 60.0
MEND_EVERY_S = 1.0
LOOKED_FOR_S = 4.0
"""A look that is no older is shown to who only looks."""

NOTHING_NEW = ("Không có gì khác với bản đang dùng", "Nothing differs from what is in force")

AskCore = Callable[[str, Command], Awaitable[None]]
Restart = Callable[[RestartWanted, Job], Awaitable[None]]


class Keeper:
    def __init__(
        self, settings: Settings, nodes: Mapping[str, Node], history: TrunkHistory, opened: Opened,
        answers: SipAnswers, clock: Clock, ids: Ids, leads: Callable[[], bool], ask: AskCore, mask_key: bytes,
    ) -> None:  # fmt: skip
        self._settings, self._nodes, self._history = settings, nodes, history
        self._clock, self._ids, self._ask, self._leads = clock, ids, ask, leads
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="trunk-texts")
        self._doers = ThreadPoolExecutor(1, thread_name_prefix="trunk")
        self._reading = 0
        self._mask = mask_key
        self._site_file, self._secrets = SiteFile(settings.path(settings.site)), SecretFiles(settings)
        self._live = LiveSite(nodes, ask)
        self._planner = Planner(settings, nodes, self._secrets, self._read, lambda: self._mask)
        self._applier = Applier(
            nodes, history, Verdicts(answers, clock), answers, self._site_file, self._secrets, self._run, leads,
            lambda: self._mask,
        )  # fmt: skip
        self._recovery = Recovery(nodes, leads)
        self._left = list(opened.left)
        self._by_hand = opened.by_hand
        self._jobs = Jobs(clock, ids, self._ended)
        self._plans: OrderedDict[str, Plan] = OrderedDict()
        self._whys: dict[str, str] = {}
        self._looked: drift.Looked | None = None
        self._looked_at = 0.0
        self._told_drift = ""
        self._one_look = asyncio.Lock()
        change = opened.change
        self._in_force = InForce(change.version, change.at, change.by, change.text, opened.site, None)
        self.health: TrunkHealth | None = None
        self.restarts: Restart | None = None

    def on_site(self, take: Callable[[Site], None]) -> None:
        """``take`` is told of every site that comes in force while the core runs."""
        self._live.takes.append(take)

    @property
    def site_text(self) -> str:
        return self._in_force.text

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
                        await self._look_out()
                        due = self._clock.monotonic() + LOOK_EVERY_S
                except DispatchError as problem:
                    log.warning("the trunk: %s", problem.en)
                except Exception:  # noqa: BLE001  (calls go on, whatever is wrong with the configuration)
                    log.exception("the trunk")
                await asyncio.sleep(MEND_EVERY_S)
        finally:
            await self._jobs.end()
            self._readers.shutdown(wait=False, cancel_futures=True)
            self._doers.shutdown(wait=False, cancel_futures=True)

    async def _note_hand(self) -> None:
        vi, en = HAND
        await self._note(
            NoteTrunk(kind="start", by="", outcome="found", version=self._in_force.version, vi=vi, en=en)
        )
        self._by_hand = False

    async def _mend(self) -> None:
        job = self._jobs.newest
        if job is not None and job.state is JobState.BROKEN and not job.mended:
            self._left = list(await self._run(self._history.unfinished))
            job.mended = True
        for change in list(self._left):
            ended = await self._recovery.mend(change)
            if ended is None:
                continue
            outcome, vi, en = ended
            await self._applier.end(change.version, outcome, vi, en)
            self._left.remove(change)
            self._looked = None
            note = NoteTrunk(
                kind=change.kind, by=change.by, outcome=outcome, version=change.version, why=change.why, vi=vi, en=en
            )
            await self._note(note)

    async def _look_out(self) -> None:
        looked = await self._look(0.0)
        for node, why in looked.away.items():
            log.warning("whether files of %s were changed is not known: %s", node, why.en)
        if looked.away:
            return
        named = "; ".join(f"{it.node or '-'} {it.file} {it.how}" for it in looked.found)
        if named and named != self._told_drift:
            vi = f"Tệp cấu hình bị sửa ở ngoài: {drift.places(looked.found)}"
            en = f"Files of the configuration were changed outside: {drift.places(looked.found)}"
            await self._note(NoteTrunk(kind="drift", by="", outcome="found", vi=vi, en=en))
        self._told_drift = named

    # --- looking ------------------------------------------------------------------------------------------------------

    async def shown(self, may_change: bool) -> TrunkShown:
        looked = await self._look(LOOKED_FOR_S)
        force = self._in_force
        job = self._jobs.running
        return TrunkShown(
            text=force.text, version=force.version, applied_at=force.at, applied_by=force.by,
            nodes=tuple(self._nodes), values=await self._read(values, force.text), fields=_fields(),
            secrets=await self._run(self._secrets.shown, force.site), drift=looked.found, may_change=may_change,
            job=job.ident if job is not None else "",
        )  # fmt: skip

    async def check(self, candidate: Candidate) -> Checked:
        text, mistakes = await self._text(candidate)
        if not mistakes:
            mistakes = await self._read(self._checked, text)
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
        looked = await self._look(0.0)
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
        changes: Sequence[Change] = await self._run(self._history.listed)
        return [self._shown_change(it) for it in changes]

    async def change(self, version: int) -> ChangeShown:
        found: Change | None = await self._run(self._history.one, version)
        if found is None:
            raise _no_version(version)
        shown = self._shown_change(found)
        return msgspec.structs.replace(
            shown, site_diff=found.site_diff, files=shown_files(found.files), text=found.text
        )

    def _shown_change(self, it: Change) -> ChangeShown:
        job = self._jobs.running
        runs = job is not None and job.version == it.version
        outcome = it.outcome if it.outcome not in OPEN else "running" if runs else "broken"
        return ChangeShown(
            version=it.version, at=it.at, by=it.by, kind=it.kind, why=it.why, outcome=outcome, reason_vi=it.vi,
            reason_en=it.en, in_force=it.version == self._in_force.version,
        )  # fmt: skip

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
        looked = await self._look(0.0)
        if plan.base != (self._in_force.version, looked.print) or looked.away:
            self._plans.pop(plan.planned.ident, None)
            raise TrunkRefused(
                "stale_plan",
                "Cấu hình đang dùng đã khác lúc lập bản thử này; hãy lập lại và xem lại chỗ khác.",
                "What is in force has changed since this plan was made; make it anew and look at the difference again.",
            )

    async def roll_back(self, wanted: RollbackWanted, by: str) -> JobStarted:
        self._mended()
        version = wanted.version or await self._run(self._before)
        found: Change | None = await self._run(self._history.one, version)
        if found is None or not found.text:
            raise _no_version(version)
        looked = await self._look(0.0)
        if found.text == self._in_force.text and not drift.named(looked.found):
            raise TrunkRefused("nothing_new", *(f"{it}." for it in NOTHING_NEW))
        text = found.text

        async def work(job: Job) -> None:
            job.begin("try", f"thử lại bản {version}", f"trying version {version} out")
            planned = await self._planner.plan(text, self._in_force, await self._look(0.0), job.ident, by)
            if isinstance(planned, Planned):
                raise _failed(planned.mistakes)
            if by_hand := drift.named(looked.found):
                job.say("drift", f"ghi đè phần bị sửa tay: {by_hand}", f"overwriting what a hand changed: {by_hand}")
            await self._bring(job, replace(planned.wanted, lenient=True), wanted.why)

        return await self._begin("rollback", by, wanted.why, work)

    def _before(self) -> int:
        """The version with another text that was in force before this one, 0 = none."""
        for change in self._history.listed():
            if change.version < self._in_force.version and change.outcome == "done":
                whole = self._history.one(change.version)
                if whole is not None and whole.text != self._in_force.text:
                    return change.version
        return 0

    async def replace_secret(self, wanted: SecretWanted, by: str) -> JobStarted:
        self._mended()
        path, used_by = await self._run(self._secrets.to_replace, wanted.name, wanted.secret, self._in_force.site)
        force, secret = self._in_force, wanted.secret

        async def work(job: Job) -> None:
            if not used_by:
                await self._run(self._secrets.write, path, secret)
                self._plans.clear()
                job.say("kept", "đã ghi mật khẩu; chưa nơi nào dùng", "the secret is kept; nothing uses it yet")
                return
            job.begin("try", "thử với mật khẩu mới", "trying the new secret out")
            if not await self._run(self._secrets.is_good, wanted.name, force.site):
                await self._run(self._secrets.write, path, secret)  # nothing to go back to
            made = await self._read(
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
        check = getattr(restarts, "check", None)
        if check is not None:
            check(wanted)
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
        looked = await self._look(0.0)
        if drift.named(looked.found):
            if any(not it.node for it in looked.found):
                await self._read(parse_site, looked.site_now, str(self._site_file.path))
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
        async with self._one_look:
            await self._applier.bring(job, wanted, why)
            self._in_force = InForce(
                job.version, self._clock.now(), job.by, wanted.text, wanted.site,
                Rendered(wanted.files, wanted.secrets),
            )  # fmt: skip
            self._looked = None
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

    # --- what is there ------------------------------------------------------------------------------------------------

    async def _look(self, fresh_s: float) -> drift.Looked:
        """What lies at the nodes against what is in force; a look of the last ``fresh_s`` will do."""
        known = self._looked
        if known is not None and (self._jobs.running is not None or self._age() < fresh_s):
            return known  # what a job writes is no drift
        async with self._one_look:
            if self._looked is not None and self._age() < fresh_s:
                return self._looked
            try:
                wanted = await self._rendered()
                now = await self._run(self._site_now)
                nodes = tuple(self._nodes.values())
                self._looked = await drift.look(nodes, wanted, self._mask, self._in_force.text, now)
            except SiteError as problem:  # a secret is gone: nobody can tell what should lie there
                self._looked = drift.Looked((), dict.fromkeys(self._nodes, problem))
            self._looked_at = self._clock.monotonic()
            return self._looked

    def _age(self) -> float:
        return self._clock.monotonic() - self._looked_at

    async def _rendered(self) -> Rendered:
        force = self._in_force
        if force.rendered is None:
            settings = [it.settings for it in self._nodes.values()]
            force = replace(force, rendered=await self._run(rendered, self._settings, force.site, settings))
            self._in_force = force
        assert force.rendered is not None
        return force.rendered

    def _site_now(self) -> str:
        try:
            return self._site_file.read()
        except (OSError, UnicodeDecodeError):
            return ""

    async def _text(self, candidate: Candidate) -> tuple[str, tuple[Mistake, ...]]:
        text = candidate.text or self._in_force.text
        if candidate.version:
            found: Change | None = await self._run(self._history.one, candidate.version)
            if found is None:
                raise _no_version(candidate.version)
            text = found.text
        description.within_limits(text)
        edited: tuple[str, tuple[Mistake, ...]] = await self._read(description.edited, text, candidate.edits)
        return edited

    async def _run(self, work: Callable[..., Any], *given: Any) -> Any:
        """What touches this machine's files or the database."""
        return await asyncio.get_running_loop().run_in_executor(self._doers, work, *given)

    async def _read(self, work: Callable[..., Any], *given: Any) -> Any:
        """What reads a text that somebody wrote."""
        if self._reading >= TEXTS_WAITING:
            raise TrunkRefused("overloaded", "Máy chủ đang bận; hãy thử lại.", "The core is busy; try again.")
        self._reading += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, work, *given)
        finally:
            self._reading -= 1


@cache
def _fields() -> tuple[FieldShown, ...]:
    return tuple(msgspec.convert(msgspec.to_builtins(it), FieldShown) for it in described())


def _failed(mistakes: Sequence[Mistake]) -> JobFailed:
    one = mistakes[0]
    more = f" (+{len(mistakes) - 1})" if len(mistakes) > 1 else ""
    where = f"{one.key}: " if one.key else ""
    return JobFailed(one.code, f"{where}{one.vi}{more}", f"{where}{one.en}{more}")


def _no_version(version: int) -> TrunkRefused:
    return TrunkRefused(
        "unknown_version", f"Không có bản {version} trong lịch sử.", f"There is no version {version} in the history.",
        missing=True,
    )  # fmt: skip
