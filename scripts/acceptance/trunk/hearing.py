"""Callers whose sound is followed to the recording: each has a tone of his own, and it must be there as long as he
talked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.acceptance.telephony.recordings import samples
from scripts.acceptance.trunk.centre import NODES, Centre
from scripts.stage.carrier_line import PACKET_S, CarrierLine, LineCall
from scripts.stage.tone import loudest

FIRST_HZ, STEP_HZ = 500.0, 130.0
LONG_S = 120.0
FORGIVEN_S = 0.7
"""Of a tone, at its two ends and between windows."""

SHARE = 0.85
"""Of the time he talked: while he waits he is told to press a key, and that is louder."""


def hertz(number: int) -> float:
    return FIRST_HZ + STEP_HZ * number


def callers(r: Centre, line: CarrierLine, dials: Sequence[str], at: int = 0, first: int = 0) -> list[LineCall]:
    """So many, connected, each with the tone of his number in the row, from `at` on."""
    calls = [
        line.call(dial, r.number(), hertz(at + number), LONG_S, first=first) for number, dial in enumerate(dials)
    ]
    return [call.wait_connected() for call in calls]


def heard_on(calls: Sequence[LineCall], packets: int = 50) -> None:
    """Every one is there and goes on talking, from now on."""
    before = [it.sent for it in calls]

    def more() -> bool:
        return all(it.sent >= sent + packets and not it.over for it, sent in zip(calls, before, strict=True))

    until(more, "all of them talking on", 15.0)


def recording(r: Centre, number: str) -> tuple[Path, str, list[str], int]:
    """Its file, state, faults and milliseconds, once it was summed up."""

    def found() -> list[tuple[Any, ...]]:
        return r.sql(
            "SELECT r.file, r.state, r.faults, r.ms FROM recordings r JOIN calls c ON c.id = r.call "
            "WHERE c.number = %s AND r.checked_at IS NOT NULL", number,
        )  # fmt: skip

    name, state, faults, ms = until(found, f"the recording of {number} summed up")[0]
    homes = [r.system.site.home_of(node) / "recordings" / str(name) for node in NODES]
    files = [it for it in homes if it.exists()]
    need(len(files) == 1, f"{name} is in {files}")
    return files[0], state, faults, ms


def whole(r: Centre, calls: Sequence[LineCall], at: int = 0) -> str:
    """Every recording is whole and has its caller's tone for as long as he talked."""
    least = 1.0
    for number, call in enumerate(calls, at):
        file, state, faults, ms = recording(r, call.number)
        need((state, faults) == ("kept", []), f"{call.number}: {state} {faults}")
        spoke = min(call.sent * PACKET_S, LONG_S)
        tone = loudest(samples(file), hertz(number))
        enough = tone.seconds >= SHARE * spoke - FORGIVEN_S
        need(enough, f"{call.number}: {tone.seconds:.1f} s of {spoke:.1f} s: {tone}")
        need(ms / 1000 >= spoke - FORGIVEN_S, f"{call.number}: {ms} ms recorded of {spoke:.1f} s")
        least = min(least, tone.seconds / spoke)
    return f"{len(calls)} of {len(calls)} recordings whole, their callers' tones in them for {least:.0%} or more"
