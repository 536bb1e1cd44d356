"""A core reduced to its journal, in a process of its own: leads, and writes as fast as it can until it is deposed.

Prints ``leading EPOCH``, then ``wrote SEQ`` after each commit, at last ``deposed`` with exit status 2. Arguments: the
database, and the pause between two writes in seconds.
"""

from __future__ import annotations

import asyncio
import sys

from db.journal import PostgresJournal
from dispatch_core.domain.errors import DispatchError
from dispatch_core.ports import CommitUnknown, Deposed, JournalDown
from dispatch_core.runtime.clock import SystemClock, SystemIds
from tests.contracts.night import Night


class RealIds(SystemIds):
    """Ids that two processes do not draw alike."""


async def write(dsn: str, pause: float) -> int:
    clock = SystemClock()
    ids = RealIds(clock)
    lost = asyncio.Event()

    def on_lost(_: DispatchError) -> None:
        lost.set()

    journal = PostgresJournal(dsn, clock, ids, on_lost=on_lost)
    loaded = await journal.open()
    print("leading", loaded.epoch, flush=True)
    night = Night(loaded.state, ids)  # type: ignore[arg-type]
    if not loaded.state.site.services:
        night.begin()
    while not lost.is_set():
        night.call()
        batch = night.batch(loaded.epoch)
        while not lost.is_set():
            try:
                await journal.append(batch)
                print("wrote", batch.after.seq, flush=True)
                break
            except CommitUnknown:
                found = await journal.outcomes([entry.asked.id for entry in batch.entries])
                if found:
                    break
            except JournalDown:
                await asyncio.sleep(0.01)
            except Deposed:
                print("deposed", flush=True)
                return 2
        await asyncio.sleep(pause)
    print("deposed", flush=True)
    return 2


if __name__ == "__main__":
    sys.exit(asyncio.run(write(sys.argv[1], float(sys.argv[2]))))
