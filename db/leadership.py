"""Which core may write: the lock, the epoch, the heartbeat, and the watchdog over them.

Three guards, because none is enough alone. The advisory *lock* lets one core in at a time, and dies with its session.
The *epoch*, checked inside every write transaction, refuses a core that was paused and does not know that another
took over. The *watchdog* tells a leader that hears no heartbeat for ``WATCHDOG_S`` to stop publishing and acting,
before the server (``LOCK_SESSION_IDLE_MS``) lets another one in.

A leader whose session broke asks for the lock again. Where nobody led meanwhile (the epoch is its own) it goes on;
where somebody did, it is deposed for good.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from enum import Enum
from typing import Any

from db.lock_session import LockSession
from db.waiting import Stopped, Wake
from dispatch_core.domain.errors import DispatchError
from dispatch_core.ports import Clock, Deposed, JournalDown
from dispatch_core.settings import HEARTBEAT_EVERY_S, REGAIN_EVERY_S, STATEMENT_TIMEOUT_MS, WATCHDOG_S

log = logging.getLogger(__name__)

TAKE_OVER = "UPDATE leadership SET epoch = epoch + 1, since = %s WHERE id = 1 RETURNING epoch"
EPOCH = "SELECT epoch FROM leadership WHERE id = 1"
HEARTBEAT = "SELECT 1"


class Standing(Enum):
    """What this core knows of its leadership now."""

    FOLLOWING = "following"  # not the leader yet, or no longer asking
    LEADING = "leading"
    UNSURE = "unsure"  # no heartbeat: neither publish nor act
    DEPOSED = "deposed"  # another core leads: end


Tell = Callable[[Standing, DispatchError | None], None]
"""Hears every change of standing, with its reason. Called in the leadership's own thread."""


class Leadership:
    """``take`` blocks until this core leads; afterwards a thread keeps it and tells every change of standing."""

    def __init__(self, dsn: str, clock: Clock, tell: Tell) -> None:
        self._dsn = dsn
        self._clock = clock
        self._tell = tell
        self._wake = Wake()
        self._session: LockSession | None = None
        self._thread: threading.Thread | None = None
        self._standing = Standing.FOLLOWING
        self._heard = 0.0
        self.epoch = 0

    @property
    def standing(self) -> Standing:
        """By the clock, not by what the thread got round to telling: a process that was paused reads the truth."""
        if self._standing is Standing.LEADING and self._clock.monotonic() - self._heard > WATCHDOG_S:
            return Standing.UNSURE
        return self._standing

    def take(self) -> int:
        """Wait for the lock, raise the epoch, begin the heartbeat; the new epoch. JournalDown, Stopped."""
        session = LockSession(self._dsn, self._wake)
        try:
            session.wait_for_lock()
            row = session.ask(TAKE_OVER, STATEMENT_TIMEOUT_MS / 1000, (self._clock.now(),))
            if not row:
                raise JournalDown("the table leadership has lost its row")
            sent = self._clock.monotonic()  # raising the epoch may have waited for the last transaction of the old one
            session.ask(HEARTBEAT, WATCHDOG_S)
        except BaseException:
            session.close()
            raise
        self._session, self.epoch = session, int(row[0])
        self._heard, self._standing = sent, Standing.LEADING
        self._thread = threading.Thread(target=self._keep, name="journal-leader", daemon=True)
        self._thread.start()
        return self.epoch

    def stop(self) -> None:
        """Give the lock up, or give up waiting for it: ``take`` then raises Stopped. Blocks until the thread ended."""
        self._wake.call()
        if self._thread is not None:
            self._thread.join()
        if self._standing is not Standing.DEPOSED:
            self._standing = Standing.FOLLOWING

    # --- in its own thread --------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        try:
            while self._standing is not Standing.DEPOSED:
                self._beat()
                self._regain()
        except Stopped:
            return
        finally:
            if self._session is not None:
                self._session.close()

    def _become(self, standing: Standing, why: DispatchError | None = None) -> None:
        self._standing = standing
        log.warning("leadership of epoch %d: %s%s", self.epoch, standing.value, f" ({why})" if why else "")
        self._tell(standing, why)

    def _beat(self) -> None:
        """Heartbeats until one is not answered in time. The age counts from sending: the server's clock does too."""
        try:
            while self._session is not None:
                self._wake.sleep(HEARTBEAT_EVERY_S)
                sent = self._clock.monotonic()
                left = self._heard + WATCHDOG_S - sent
                if left <= 0.0:  # we were paused: what a quick answer would say is told by asking for the lock anew
                    raise JournalDown("this process was paused")
                self._session.ask(HEARTBEAT, left)
                self._heard = sent
        except JournalDown as problem:
            self._become(Standing.UNSURE, problem)

    def _regain(self) -> None:
        """Ask for the lock again until this core leads again or another one does."""
        while True:
            if self._session is not None:
                self._session.close()
                self._session = None
            try:
                session = self._session = LockSession(self._dsn, self._wake)
                got = session.try_lock(WATCHDOG_S)
                sent = self._clock.monotonic()
                row: tuple[Any, ...] = session.ask(EPOCH, WATCHDOG_S)
            except JournalDown:
                self._wake.sleep(REGAIN_EVERY_S)
                continue
            if not row or row[0] != self.epoch:
                self._become(Standing.DEPOSED, Deposed(self.epoch, row[0] if row else 0))
                return
            if got:
                self._heard = sent
                self._become(Standing.LEADING)
                return
            self._wake.sleep(REGAIN_EVERY_S)
