"""As many wait as the site lets wait: the next caller overflows at once, and nobody is turned away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import OVERFLOW_S, Rig, rig, until
from scripts.stage.callers import Caller

QUEUE = "q-police"


@contextmanager
def _one_may_wait(r: Rig) -> Iterator[None]:
    """The police's queue rendered as with `most_waiting = 1`, until the end."""
    asterisk = r.system.asterisk
    before = asterisk.files
    text, changed = re.subn(rf"(?s)(\[{QUEUE}\]\n.*?maxlen = )0\n", r"\g<1>1\n", before["queues.conf"], count=1)
    need(changed == 1, f"no maxlen of {QUEUE} in queues.conf")
    try:
        asterisk.files = {**before, "queues.conf": text}
        asterisk.write_configuration()
        asterisk.ask("queue reload all")
        yield
    finally:
        asterisk.files = before
        asterisk.write_configuration()
        asterisk.ask("queue reload all")


def full_queue() -> str:
    r = rig()
    lan = r.console("lan")
    first, second = r.number(), r.number()
    with ExitStack() as ends:
        ends.enter_context(_one_may_wait(r))
        ends.enter_context(r.calling(Caller("113", first)))
        r.shown(lan, first, "queued", "ringing")  # only now as many wait as may
        ends.enter_context(r.calling(Caller("113", second), second=True))
        r.shown(lan, second, "queued", "ringing")
        until(lambda: overflowed(r, second), f"{second} overflowed, while {first} waits", OVERFLOW_S - 2.0)
        need(not overflowed(r, first), "the first overflowed with it")
        other = r.console("thao")  # a position of another service
        other.do(f"a {second}")
        answered = r.shown(lan, second, "answered")
        need(answered["position"] == "B03", f"answered at {answered['position']}")
    return f"the second caller was in q-all at once and B03 of 114 answered; the first waited on in {QUEUE}"


def overflowed(r: Rig, number: str) -> bool:
    """Whether the store says so of the newest call of this number."""
    rows = r.sql("SELECT overflowed FROM calls WHERE number = %s ORDER BY arrived_at DESC LIMIT 1", number)
    return bool(rows and rows[0][0])


SCENARIOS = [
    Scenario(
        "full queue", "with as many waiting as the site says, the next caller overflows at once to every position",
        full_queue,
    ),
]  # fmt: skip
