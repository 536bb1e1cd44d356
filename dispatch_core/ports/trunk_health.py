"""The port to the live values of the trunks, the switches' events and test calls."""

from __future__ import annotations

from typing import Protocol

from dispatch_core.ports.trunk_keeper import JobSteps
from dispatch_core.wire.trunk import SwitchEvents, TestCallWanted, TrunkStatus


class TrunkHealth(Protocol):
    def status(self) -> TrunkStatus: ...

    def events(self, after: int) -> SwitchEvents:
        """Those with a greater number, the oldest first, so many as fit an answer."""

    async def test_call(self, wanted: TestCallWanted, job: JobSteps) -> None:
        """Place the marked call and follow it to its end, a step for each thing seen. Raises JobFailed, JobStopped."""
