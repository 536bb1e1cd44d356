"""Notes between desks: how many there may be, and who may still read one."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch_core.domain.commands import Command, FileMemo
from dispatch_core.domain.state import Memo, MemoReader, Person, State
from dispatch_core.domain.vocabulary import Instant

MEMO_LIMIT = 500
"""Characters: what is longer belongs into an incident's narrative."""

MEMOS_KEPT = 300
"""In the live state; the journal has them all. Read ones make room for new ones, unread ones never do."""

UNREAD_OF_ONE = 30
"""Notes of one person that somebody has not read yet: beyond it he should go and talk."""

READ_KEPT_MS = 30 * 60_000
"""A note that everybody has read stays so long, for who wrote it."""

UNREAD_KEPT_MS = 3 * 24 * 3_600_000
"""One that is not read by then is for people who no longer come."""


def is_for(reader: MemoReader, person: Person) -> bool:
    return reader.user == person.user if reader.user else reader.position == person.position


def unread_by(memo: Memo, person: Person) -> bool:
    return any(not it.read_at and is_for(it, person) for it in memo.readers)


def to_read(state: State, user: str) -> list[Memo]:
    """What this person has not read, the oldest first."""
    person = state.people.get(user)
    if person is None:
        return []
    return sorted((it for it in state.memos.values() if unread_by(it, person)), key=lambda it: (it.at, it.id))


def is_over(memo: Memo, now: Instant) -> bool:
    return now - memo.at > UNREAD_KEPT_MS if memo.unread else now - memo.read_at > READ_KEPT_MS


def due(state: State, now: Instant) -> Iterator[Command]:
    return (FileMemo(memo=ident) for ident, memo in sorted(state.memos.items()) if is_over(memo, now))
