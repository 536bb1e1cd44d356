"""Waiting for sockets with an end: by poll(2), which unlike select(2) does not mind how many files are open."""

from __future__ import annotations

import select
import socket
import weakref


class Stopped(Exception):
    """The wait was given up because somebody called."""


def ready(reads: list[int], writes: list[int], seconds: float | None) -> set[int]:
    """Those that can be read or written (or are broken) within ``seconds``; None waits for ever."""
    poll = select.poll()
    for number in reads:
        poll.register(number, select.POLLIN)
    for number in writes:
        poll.register(number, select.POLLOUT)
    found = poll.poll(None if seconds is None else max(0.0, seconds) * 1000)
    return {number for number, _ in found}


class Wake:
    """Interrupts the waits of one thread from another, once and for all."""

    def __init__(self) -> None:
        self._heard, self._call = socket.socketpair()
        weakref.finalize(self, self._heard.close)
        weakref.finalize(self, self._call.close)

    def call(self) -> None:
        """Every wait, present and future, raises Stopped."""
        self._call.close()  # the other end is readable from now on

    def wait(self, reads: list[int], writes: list[int], seconds: float | None) -> bool:
        """Whether one of the sockets got ready in time. Raises Stopped when called."""
        mine = self._heard.fileno()
        found = ready([*reads, mine], writes, seconds)
        if mine in found:
            raise Stopped
        return bool(found)

    def sleep(self, seconds: float) -> None:
        """Raises Stopped when called."""
        self.wait([], [], seconds)
