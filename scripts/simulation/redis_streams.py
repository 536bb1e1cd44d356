"""Redis's streams as far as the product uses them, with the refusals that it relies on."""

from __future__ import annotations

from dataclasses import dataclass, field

from redis.exceptions import ResponseError

Id = tuple[int, int]
Fields = dict[bytes, bytes]
Entry = tuple[bytes, Fields | None]

NOT_ABOVE = "The ID specified in XADD is equal or smaller than the target stream top item"


def parse(text: bytes | str) -> Id:
    word = text.decode() if isinstance(text, bytes) else text
    first, _, second = word.partition("-")
    return int(first), int(second or 0)


def written(ident: Id) -> bytes:
    return b"%d-%d" % ident


@dataclass
class Group:
    """A place in a stream, and what was read there and not acknowledged."""

    last: Id
    pending: list[Id] = field(default_factory=list)


class Stream:
    def __init__(self) -> None:
        self.entries: dict[Id, Fields] = {}
        self.last: Id = (0, 0)
        self.groups: dict[bytes, Group] = {}

    def add(self, ident: bytes | str, fields: Fields, now_ms: int, maxlen: int | None = None) -> bytes:
        if ident in ("*", b"*"):
            new = (now_ms, 0) if now_ms > self.last[0] else (self.last[0], self.last[1] + 1)
        else:
            new = parse(ident)
        if new <= self.last:
            raise ResponseError(NOT_ABOVE)
        self.entries[new] = fields
        self.last = new
        if maxlen is not None:
            self.trim(maxlen)
        return written(new)

    def trim(self, maxlen: int) -> None:
        for old in list(self.entries)[: max(0, len(self.entries) - maxlen)]:
            del self.entries[old]

    def after(self, ident: Id, count: int) -> list[Entry]:
        if ident >= self.last:
            return []
        found: list[Entry] = [(written(key), value) for key, value in self.entries.items() if key > ident]
        return found[:count]

    def newest(self, count: int) -> list[Entry]:
        return [(written(key), self.entries[key]) for key in list(self.entries)[: -count - 1 : -1]]

    def read_new(self, group: Group, count: int) -> list[Entry]:
        found = self.after(group.last, count)
        for ident, _ in found:
            group.last = parse(ident)
            group.pending.append(group.last)
        return found

    @staticmethod
    def _of(entries: dict[Id, Fields], ident: Id) -> Entry:
        return written(ident), entries.get(ident)

    def read_pending(self, group: Group, after: Id, count: int) -> list[Entry]:
        """What was read before and not acknowledged; fields are None where the entry is gone."""
        return [self._of(self.entries, ident) for ident in sorted(group.pending) if ident > after][:count]
