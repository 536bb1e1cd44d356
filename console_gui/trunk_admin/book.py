"""What is known of the trunk on this screen, and everything that is asked and wanted about it.

One for a desk, older than any window: what was typed into the form outlives a window that is made anew. Pages follow
its signals and hold nothing of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from console_gui.trunk_admin.asking import Poll, TrunkCore, Wanted
from console_gui.trunk_admin.endings import Ending, ending_of
from console_gui.trunk_admin.site_draft import SiteDraft
from dispatch_core.domain.errors import DispatchError
from dispatch_core.wire.trunk import (
    Candidate,
    Checked,
    JobShown,
    JobStarted,
    JobState,
    Mistake,
    Planned,
    TrunkShown,
    TrunkStatus,
)

if TYPE_CHECKING:
    from console_gui.desk import Desk

CHECK_AFTER_MS = 300
JOB_EVERY_MS = 300
STATUS_EVERY_MS = 2_000
SHOWN_EVERY_MS = 15_000
UNDO_MOST = 200


class TrunkBook(QObject):
    shown_changed = Signal()
    draft_changed = Signal()  # something was typed
    form_changed = Signal()  # another description, or an entry more or less: fields are filled anew
    checked_changed = Signal()
    planned_changed = Signal()
    job_changed = Signal()
    job_ended = Signal(object)  # Ending
    status_changed = Signal()
    problem_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.core = TrunkCore(desk.questions)
        self.shown: TrunkShown | None = None
        self.status: TrunkStatus | None = None
        self.problem: DispatchError | None = None  # of looking: gone with the next good answer
        self.refused: DispatchError | None = None  # of doing: stands until something else is done
        self.draft = SiteDraft()
        self._undo: list[tuple[str, SiteDraft]] = []
        self.checked: Checked | None = None
        self._asked_check = 0
        self._check = QTimer(self)
        self._check.setSingleShot(True)
        self._check.setInterval(CHECK_AFTER_MS)
        self._check.timeout.connect(self.check_now)
        self.planned: Planned | None = None
        self.plan_of = 0  # an earlier version, 0: what was typed
        self.planning_since: float | None = None
        self._asked_plan = 0
        self.job: JobShown | None = None
        self.starting = False
        self.unread: Ending | None = None
        self.shown_poll = Poll(self.core.shown, self._take_shown, SHOWN_EVERY_MS, self)
        self.status_poll = Poll(self.core.status, self._take_status, STATUS_EVERY_MS, self)
        self._following = ""
        self._job_poll = Poll(self._ask_job, self._take_job, JOB_EVERY_MS, self)

    # --- what is in force ---------------------------------------------------------------------------------------------

    @property
    def may_change(self) -> bool:
        return self.shown is not None and self.shown.may_change

    @property
    def busy(self) -> bool:
        return self.starting or (self.job is not None and self.job.state is JobState.RUNNING)

    def _take_shown(self, shown: TrunkShown | None, problem: DispatchError | None) -> None:
        if not self.heard(problem) or shown is None:
            return
        before, self.shown = self.shown, shown
        if before is None or (before.version, before.values, before.fields) != (
            shown.version, shown.values, shown.fields
        ):  # fmt: skip
            self.draft = self.draft.rebased(shown.values, shown.fields) if before else self._first_draft(shown)
            self._undo.clear()
            self.form_changed.emit()
            self._check.start()
        if shown.job and (self.job is None or self.job.ident != shown.job):
            self._follow(shown.job)
        self.shown_changed.emit()

    def _first_draft(self, shown: TrunkShown) -> SiteDraft:
        return SiteDraft.of(shown.values, shown.fields)

    def _take_status(self, status: TrunkStatus | None, problem: DispatchError | None) -> None:
        if self.heard(problem) and status is not None:
            self.status = status
            self.status_changed.emit()

    def heard(self, problem: DispatchError | None) -> bool:
        """Whether the core answered well; what it said instead stands above every page until it does."""
        if problem is not self.problem:
            self.problem = problem
            self.problem_changed.emit()
        return problem is None

    def _done(self, problem: DispatchError | None) -> bool:
        if problem is not self.refused:
            self.refused = problem
            self.problem_changed.emit()
        return problem is None

    # --- the form -----------------------------------------------------------------------------------------------------

    def change(self, draft: SiteDraft, what: str = "", *, form: bool = False) -> None:
        """``what`` names the field that is being typed in: its letters are undone together. ``form``: an entry came
        or went."""
        if draft is self.draft or draft == self.draft:
            return
        if not what or not self._undo or self._undo[-1][0] != what:
            self._undo.append((what, self.draft))
            del self._undo[:-UNDO_MOST]
        self.draft = draft
        self.forget_plan()
        self._check.start()
        (self.form_changed if form else self.draft_changed).emit()

    def undo(self) -> bool:
        """Whether there was something."""
        if not self._undo:
            return False
        _, self.draft = self._undo.pop()
        self.forget_plan()
        self._check.start()
        self.form_changed.emit()
        return True

    def drop(self) -> None:
        """Everything as it is in force; that too can be undone."""
        self.change(SiteDraft.of(self.shown.values, self.shown.fields) if self.shown else SiteDraft(), form=True)

    def check_now(self) -> None:
        self._check.stop()
        self._asked_check += 1
        ticket = self._asked_check

        def answered(checked: Checked | None, problem: DispatchError | None) -> None:
            if ticket == self._asked_check and self._done(problem) and checked is not None:
                self.checked = checked
                self.checked_changed.emit()

        self.core.check(Candidate(edits=self.draft.edits()), answered)

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        return self.checked.mistakes if self.checked is not None else ()

    # --- planning -----------------------------------------------------------------------------------------------------

    def forget_plan(self) -> None:
        self._asked_plan += 1
        planned, self.planned, self.planning_since = self.planned, None, None
        if planned is not None:
            self.planned_changed.emit()

    def plan(self, version: int = 0) -> None:
        """Of what was typed, or of an earlier version."""
        self.forget_plan()
        ticket = self._asked_plan
        self.plan_of, self.planning_since = version, self._desk.door.monotonic()
        candidate = Candidate(version=version) if version else Candidate(edits=self.draft.edits())

        def answered(planned: Planned | None, problem: DispatchError | None) -> None:
            if ticket != self._asked_plan:
                return
            self.planning_since = None
            if self._done(problem):
                self.planned = planned
            self.planned_changed.emit()

        self.core.plan(candidate, answered)
        self.planned_changed.emit()

    # --- doing --------------------------------------------------------------------------------------------------------

    def start(self, wanted: Wanted) -> bool:
        """False while something else goes on."""
        if self.busy:
            return False
        self.starting, self.job = True, None
        self._done(None)
        self.core.start(wanted, self._started)
        self.job_changed.emit()
        return True

    def _started(self, started: JobStarted | None, problem: DispatchError | None) -> None:
        self.starting = False
        self._done(problem)
        if started is not None:
            self._follow(started.job)
        else:
            self.shown_poll.now()  # where the answer was lost on its way, it says which job runs
        self.job_changed.emit()

    def _follow(self, ident: str) -> None:
        self._following = ident
        self._job_poll.follow(True)

    def _ask_job(self, answer: Any) -> None:
        self.core.job(self._following, answer)

    def _take_job(self, job: JobShown | None, problem: DispatchError | None) -> None:
        if not self.heard(problem) or job is None or job.ident != self._following:
            return
        self.job = job
        if job.state is not JobState.RUNNING:
            self._job_poll.follow(False)
            self._end(job)
        self.job_changed.emit()

    def _end(self, job: JobShown) -> None:
        done = job.state is JobState.DONE
        if done and job.kind in ("apply", "rollback"):
            self._after_apply()
        self.shown_poll.now()
        ending = ending_of(job)
        if ending.stays:
            self.unread = ending
        self.job_ended.emit(ending)

    def _after_apply(self) -> None:
        """What was typed is in force now, where it was that."""
        if not self.plan_of and self.planned is not None and self.shown is not None:
            self.draft = SiteDraft.of(self.shown.values, self.shown.fields)
        self._undo.clear()
        self.forget_plan()
        self.form_changed.emit()

    def stop(self) -> None:
        def answered(_: Any, problem: DispatchError | None) -> None:
            self._done(problem)

        if self.job is not None and self.job.state is JobState.RUNNING:
            self.core.stop(self.job.ident, answered)

    def read(self) -> None:
        """The notice was read."""
        self.unread = None
        self.job_changed.emit()


def book_of(desk: Desk) -> TrunkBook:
    found = desk.findChild(TrunkBook)
    return found if isinstance(found, TrunkBook) else TrunkBook(desk)
