"""The port to the one writer of the site's description and of the nodes' files, as the HTTPS side asks it.

Whoever asks has shown that he may; nothing here looks at roles.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from dispatch_core.domain.errors import DispatchError
from dispatch_core.wire.trunk import (
    ApplyWanted,
    Candidate,
    ChangeShown,
    Checked,
    JobShown,
    JobStarted,
    Planned,
    RestartWanted,
    RollbackWanted,
    SecretWanted,
    TestCallWanted,
    TrunkShown,
)


class TrunkRefused(DispatchError):
    """Not done, and nothing running was touched. ``missing``: there is no such plan, job or version."""

    def __init__(self, code: str, vi: str, en: str, *, missing: bool = False) -> None:
        super().__init__(code, vi, en)
        self.missing = missing


class JobFailed(DispatchError):
    """The work of a job could not be done; what it touched is as it was before."""


class JobStopped(DispatchError):
    """A person took the job back; what it touched is as it was before."""


class JobSteps(Protocol):
    """Where the work of a job says how far it is. A step that was begun ends by `end`, or with the job."""

    @property
    def ident(self) -> str: ...

    @property
    def by(self) -> str:
        """Who asked for it: a user's name."""

    @property
    def stop_asked(self) -> bool:
        """Whether a person takes it back: the work ends by JobStopped as soon as it can."""

    async def stopped(self) -> None:
        """Returns when a person takes it back."""

    def begin(self, code: str, vi: str, en: str, node: str = "") -> None: ...

    def end(self, ok: bool = True, vi: str = "", en: str = "") -> None:
        """The step that goes on is over; with a sentence, that stands in the place of its own."""

    def say(self, code: str, vi: str, en: str, node: str = "", ok: bool = True, ms: int = 0) -> None:
        """A step that takes no time, or took ``ms``."""


Restarting = Callable[[RestartWanted, JobSteps], Awaitable[None]]
"""The work of a restart. Raises JobFailed, JobStopped; then the node takes calls as before."""


class TrunkKeeper(Protocol):
    """Every method raises TrunkRefused, and DispatchError where a server of ours does not answer."""

    async def shown(self, may_change: bool) -> TrunkShown: ...

    async def check(self, candidate: Candidate) -> Checked: ...

    async def plan(self, candidate: Candidate, by: str) -> Planned: ...

    async def apply(self, wanted: ApplyWanted, by: str) -> JobStarted: ...

    async def roll_back(self, wanted: RollbackWanted, by: str) -> JobStarted: ...

    async def replace_secret(self, wanted: SecretWanted, by: str) -> JobStarted: ...

    async def restart(self, wanted: RestartWanted, by: str) -> JobStarted: ...

    async def test_call(self, wanted: TestCallWanted, by: str) -> JobStarted: ...

    def job(self, ident: str) -> JobShown: ...

    def stop(self, ident: str) -> JobShown: ...

    async def history(self) -> Sequence[ChangeShown]:
        """The newest first, without texts and diffs."""

    async def change(self, version: int) -> ChangeShown: ...

    def schema(self) -> dict[str, Any]:
        """JSON Schema of a site.toml."""
