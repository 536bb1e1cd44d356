"""How something that was done to the trunk ended, in words: what it is now, why, and what to do. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from console_gui.translations.tables import WORDS, say
from dispatch_core.wire.trunk import ChangeShown, JobShown, JobState

STAYS = frozenset({JobState.ROLLED_BACK, JobState.BROKEN, JobState.REFUSED})
"""Endings that nobody wished: their notice stays until it was read."""


@dataclass(frozen=True, slots=True)
class Ending:
    """``why`` is (Vietnamese, English)."""

    kind: str
    state: JobState
    by: str
    at: int
    version: int
    why: tuple[str, str]

    @property
    def stays(self) -> bool:
        return self.state in STAYS and self.kind != "test_call"

    @property
    def ident(self) -> str:
        return f"{self.kind}/{self.version}/{self.at}"

    def title(self, language: str) -> str:
        return say(language, f"trunk.end.{self.state.value}", what=say(language, f"trunk.kind.{self.kind}"))

    def now(self, language: str) -> str:
        """What is in force after it."""
        return _said(language, f"trunk.now.{self.state.value}")

    def reason(self, language: str) -> str:
        return self.why[0 if language == "vi" else 1]

    def remedy(self, language: str) -> str:
        return _said(language, f"trunk.do.{self.state.value}")


def _said(language: str, key: str) -> str:
    """Nothing where nothing is to be said."""
    return say(language, key) if key in WORDS else ""


KINDS = ("apply", "rollback", "secret", "restart", "test_call")


def ending_of(job: JobShown) -> Ending:
    at = max((step.at for step in job.steps), default=job.began_at)
    why = (job.why_vi, job.why_en)
    if not any(why):
        failed = next((step for step in job.steps if step.ok is False), None)
        why = (failed.vi, failed.en) if failed is not None else why
    return Ending(_kind(job.kind), job.state, job.by, at, job.version, why)


def ending_of_change(change: ChangeShown) -> Ending | None:
    """None where it ended as was wished."""
    try:
        state = JobState(change.outcome)
    except ValueError:
        return None
    ending = Ending(_kind(change.kind), state, change.by, change.at, change.version,
                    (change.reason_vi, change.reason_en))  # fmt: skip
    return ending if ending.stays else None


def _kind(kind: str) -> str:
    return kind if kind in KINDS else "apply"
