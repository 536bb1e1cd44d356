"""What carriers answer to our OPTIONS and REGISTER, read from the copies of SIP messages: the switch itself keeps only
that something was answered, or not.

Guards: only addresses that somebody watches are kept; of a message only its status and its method are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

STATUS = re.compile(rb"SIP/2\.0 ([1-6][0-9]{2})[ \r]")
METHOD = re.compile(rb"\r\nCSeq:\s*[0-9]+\s+(OPTIONS|REGISTER)\r\n", re.IGNORECASE)
HEAD_BYTES = 4_096


@dataclass(frozen=True)
class Answered:
    """``at``: monotonic seconds."""

    status: int
    at: float


class SipAnswers:
    def __init__(self) -> None:
        self._watched: dict[str, int] = {}
        self._newest: dict[tuple[str, str], Answered] = {}

    @contextmanager
    def watching(self, peers: Iterable[str]) -> Iterator[None]:
        """While it lasts, answers from these addresses ("203.0.113.10:5060") are kept."""
        mine = tuple(peers)
        for peer in mine:
            self._watched[peer] = self._watched.get(peer, 0) + 1
        try:
            yield
        finally:
            for peer in mine:
                self._watched[peer] -= 1
                if not self._watched[peer]:
                    del self._watched[peer]
                    self._newest = {key: it for key, it in self._newest.items() if key[0] != peer}

    def wants(self, sender: str) -> bool:
        return sender in self._watched

    def heard(self, sender: str, packet: bytes, now: float) -> None:
        """A response from a watched address; a provisional one says nothing."""
        status, method = STATUS.match(packet), METHOD.search(packet[:HEAD_BYTES])
        if status is not None and method is not None and sender in self._watched and int(status[1]) >= 200:
            self._newest[sender, method[1].decode().upper()] = Answered(int(status[1]), now)

    def newest(self, peer: str, method: str) -> Answered | None:
        return self._newest.get((peer, method))
