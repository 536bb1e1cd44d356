"""Which clocks of text conversations have run out."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch_core.domain.commands import (
    ArchiveConversation,
    CloseConversation,
    Command,
    TextFailed,
    TextWaitsLong,
)
from dispatch_core.domain.conversations import TextState
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant

SEND_LIMIT_MS = 15_000
"""An answer of which nothing was heard by then is of unknown outcome."""

WAIT_LIMIT_MS = 60_000
"""Whoever writes and is not answered for so long is somebody's task."""

IDLE_MS = 2 * 3_600_000
"""A conversation that was answered and in which nobody has written since is over."""


def due(state: State, now: Instant, closed_kept_ms: int) -> Iterator[Command]:
    for ident, it in sorted(state.conversations.items()):
        for line in it.lines:
            if line.state is TextState.ASKED and abs(now - line.at) > SEND_LIMIT_MS:
                yield TextFailed(conversation=ident, text_id=line.id, why="no_outcome")
        since = it.waits_since
        if since and since != it.late_for and now - since > WAIT_LIMIT_MS:
            yield TextWaitsLong(conversation=ident, since=since)
        if it.open and not since and now - it.newest_at > IDLE_MS:
            yield CloseConversation(conversation=ident)
        if not it.open and now - it.closed_at > closed_kept_ms:
            yield ArchiveConversation(conversation=ident)
