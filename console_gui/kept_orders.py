"""Commands without a reply, on this machine's disk: a console that crashed does not forget what waited. No Qt.

Guards: the file is the person's own (mode 0600) and replaced whole; it is gone when nothing waits, because the words of
callers do not lie about on disks; a file that cannot be read is set aside and said, never silently thrown away.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from console_gui.about import Fact
from console_gui.limits import KEPT_ORDERS_BYTES
from console_gui.outbox import Fate, Pending
from dispatch_core.domain.commands import Command
from dispatch_core.domain.vocabulary import Instant


class Kept(Struct, frozen=True, kw_only=True):
    id: str
    body: Command
    typed: str
    given_at: Instant
    fate: Fate
    facts: tuple[Fact, ...] = ()
    withdrawn: bool = False
    keeps_id: bool = False


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[Kept, ...])


class KeptOrders:
    """``path`` None keeps nothing."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._written = b""
        self.unreadable = ""  # why what was left by an earlier run could not be read

    def load(self) -> tuple[Pending, ...]:
        """What an earlier run left, in the order in which it was given."""
        if self._path is None or not self._path.exists():
            return ()
        try:
            with self._path.open("rb") as file:
                data = file.read(KEPT_ORDERS_BYTES)
            kept = _decoder.decode(data)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            self.unreadable = str(problem)[:200]
            self._set_aside(self._path)
            return ()
        self._written = data
        return tuple(
            Pending(
                it.id, it.body, it.typed, b"", 0.0, 0.0, given_at=it.given_at, fate=it.fate, facts=it.facts,
                withdrawn=it.withdrawn, keeps_id=it.keeps_id,
            )
            for it in kept
        )  # fmt: skip

    def save(self, pending: list[Pending]) -> None:
        """Write what has no reply now, where that has changed. Raises OSError."""
        if self._path is None:
            return
        data = _encoder.encode(
            tuple(
                Kept(
                    id=it.id, body=it.body, typed=it.typed, given_at=it.given_at, fate=it.fate, facts=it.facts,
                    withdrawn=it.withdrawn, keeps_id=it.keeps_id,
                )
                for it in pending
            )
        ) if pending else b""  # fmt: skip
        if data == self._written:
            return
        if not data:
            self._path.unlink(missing_ok=True)
        else:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = self._path.with_suffix(".new")
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)
            new.replace(self._path)
        self._written = data

    def _set_aside(self, path: Path) -> None:
        try:
            path.replace(path.with_suffix(".unreadable"))
        except OSError:  # it stays where it is and is said again next time
            return
