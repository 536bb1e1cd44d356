"""A job of the core's followed to its end: each step in a line as it comes, with its time.

Ctrl-C takes the job back, and it is followed to that end too; a second one leaves it alone. A core that does not answer
for a moment is asked again.
"""

from __future__ import annotations

import time

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.trunk_command import words
from dispatch_core.main.trunk_command.client import TrunkClient
from dispatch_core.wire.https_client import CoreRefused, CoreUnreachable
from dispatch_core.wire.trunk import JobShown, JobState, Step

LOOK_EVERY_S = 0.3
AWAY_MOST_S = 60.0


class JobPrinter:
    """Prints what is new of a job: a step when it is first seen, and once more when it has ended."""

    def __init__(self) -> None:
        self._seen: list[Step] = []

    def show(self, job: JobShown) -> None:
        for number, step in enumerate(job.steps):
            if number >= len(self._seen):
                self._seen.append(step)
            elif self._seen[number].ok is step.ok:
                continue
            self._seen[number] = step
            print(words.step_line(step), flush=True)


def follow(client: TrunkClient, ident: str) -> int:
    """Exit status: 0 when it was done."""
    printer, stopped = JobPrinter(), False
    while True:
        try:
            job = _asked(client, ident)
            printer.show(job)
            if job.state is not JobState.RUNNING:
                print(words.end_line(job), flush=True)
                return 0 if job.state is JobState.DONE else 1
            time.sleep(LOOK_EVERY_S)
        except KeyboardInterrupt:
            if stopped:
                raise
            stopped = True
            words.say("đang dừng và trả lại bản trước…", "stopping, and giving back what was before…")
            client.close()
            client.stop(ident)


def _asked(client: TrunkClient, ident: str) -> JobShown:
    deadline = time.monotonic() + AWAY_MOST_S
    while True:
        try:
            return client.job(ident)
        except CoreUnreachable:
            if time.monotonic() > deadline:
                raise
            time.sleep(LOOK_EVERY_S)
        except CoreRefused as no:
            if no.status != 401:
                raise
            raise DispatchError(
                "core_restarted",
                "Máy chủ đã khởi động lại giữa chừng; việc đó ra sao: dispatch trunk history.",
                "The core was restarted meanwhile; how it ended: dispatch trunk history.",
            ) from None
