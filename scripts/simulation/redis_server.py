"""A Redis in memory: the commands that the core and the consoles send, done at one instant each.

Watchers see every write of the core's streams, snapshots, pulses and replies at the moment at which it happens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from redis.exceptions import ResponseError

from dispatch_core.runtime.doorbell import GUARDED
from scripts.simulation.redis_streams import Entry, Fields, Group, Stream, parse
from scripts.simulation.redis_users import User

Watcher = Callable[[str, str, Any], None]
"""Told of (command, key, what was written)."""


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


class RedisServer:
    """``life`` counts its starts; ``connections`` tells which users' connections were cut, by a count per user."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self.life = 0
        self.keys: dict[str, Any] = {}
        self.users: dict[str, User] = {}
        self.cuts: dict[str, int] = {}
        self.watchers: list[Watcher] = []
        self._waiting: list[tuple[frozenset[str], Callable[[], None]]] = []

    def restart(self) -> None:
        """``kill -9`` and a fresh start: nothing was on disk, and every connection is gone."""
        self.life += 1
        self.keys.clear()
        self.users.clear()
        self._wake_all()

    def flush(self) -> None:
        self.keys.clear()
        self._wake_all()

    # --- waiting for news ---------------------------------------------------------------------------------------------

    def when_written(self, keys: frozenset[str], what: Callable[[], None]) -> Callable[[], None]:
        """Call ``what`` once, when one of the keys is written or gone; gives how to stop waiting."""
        waiter = (keys, what)
        self._waiting.append(waiter)

        def stop() -> None:
            if waiter in self._waiting:
                self._waiting.remove(waiter)

        return stop

    def _wake(self, key: str) -> None:
        due = [waiter for waiter in self._waiting if key in waiter[0]]
        self._waiting = [waiter for waiter in self._waiting if key not in waiter[0]]
        for _, what in due:
            what()

    def _wake_all(self) -> None:
        due, self._waiting = self._waiting, []
        for _, what in due:
            what()

    def _wrote(self, command: str, key: str, value: Any) -> None:
        for watcher in self.watchers:
            watcher(command, key, value)
        self._wake(key)

    # --- keys ---------------------------------------------------------------------------------------------------------

    def stream(self, key: object) -> Stream | None:
        value = self.keys.get(_text(key))
        if value is not None and not isinstance(value, Stream):
            raise ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value")
        return value

    def get(self, key: object) -> bytes | None:
        value = self.keys.get(_text(key))
        if value is not None and not isinstance(value, bytes):
            raise ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value")
        return value

    def set(self, key: object, value: object) -> bool:
        self.keys[_text(key)] = _bytes(value)
        self._wrote("set", _text(key), _bytes(value))
        return True

    def delete(self, *keys: object) -> int:
        found = [key for key in map(_text, keys) if self.keys.pop(key, None) is not None]
        for key in found:
            self._wake(key)
        return len(found)

    def exists(self, key: object) -> int:
        return int(_text(key) in self.keys)

    def hset(self, key: object, field: object, value: object) -> int:
        self.keys.setdefault(_text(key), {})[_bytes(field)] = _bytes(value)
        return 1

    def hdel(self, key: object, field: object) -> int:
        return int(self.keys.get(_text(key), {}).pop(_bytes(field), None) is not None)

    def hgetall(self, key: object) -> dict[bytes, bytes]:
        return dict(self.keys.get(_text(key), {}))

    # --- streams ------------------------------------------------------------------------------------------------------

    def xadd(
        self, key: object, fields: dict[Any, Any], id: object = "*", maxlen: int | None = None, approximate: bool = True
    ) -> bytes:
        stream = self.stream(key)
        if stream is None:
            stream = self.keys[_text(key)] = Stream()
        content: Fields = {_bytes(name): _bytes(value) for name, value in fields.items()}
        ident = stream.add(_bytes(id), content, self._now_ms(), maxlen)
        self._wrote("xadd", _text(key), (ident, content))
        return ident

    def xrevrange(self, key: object, count: int) -> list[Entry]:
        stream = self.stream(key)
        return [] if stream is None else stream.newest(count)

    def xread(self, streams: dict[Any, Any], count: int) -> list[tuple[bytes, list[Entry]]]:
        found = []
        for key, ident in streams.items():
            stream = self.stream(key)
            if stream is not None and (entries := stream.after(parse(ident), count)):
                found.append((_bytes(key), entries))
        return found

    def _group(self, key: object, name: object) -> tuple[Stream, Group]:
        stream = self.stream(key)
        if stream is None or _bytes(name) not in stream.groups:
            raise ResponseError(f"NOGROUP No such key '{_text(key)}' or consumer group '{_text(name)}'")
        return stream, stream.groups[_bytes(name)]

    def xreadgroup(self, name: object, streams: dict[Any, Any], count: int) -> list[tuple[bytes, list[Entry]]]:
        found = []
        for key, (stream, group) in {key: self._group(key, name) for key in streams}.items():
            if streams[key] == ">":
                if entries := stream.read_new(group, count):
                    found.append((_bytes(key), entries))
            else:
                found.append((_bytes(key), stream.read_pending(group, parse(streams[key]), count)))
        return found

    def xack(self, key: object, name: object, *ids: bytes) -> int:
        stream = self.stream(key)
        group = stream.groups.get(_bytes(name)) if stream is not None else None
        known = [ident for ident in map(parse, ids) if group is not None and ident in group.pending]
        for ident in known:
            group.pending.remove(ident)  # type: ignore[union-attr]
        return len(known)

    def xdel(self, key: object, *ids: bytes) -> int:
        stream = self.stream(key)
        return sum(stream is not None and stream.entries.pop(parse(ident), None) is not None for ident in ids)

    # --- the rest -----------------------------------------------------------------------------------------------------

    def eval(self, script: str, count: int, *rest: Any) -> int:
        """The one script that the product has."""
        if script != GUARDED or count != 1:
            raise ResponseError("the simulated Redis does not know this script")
        key, epoch, command = rest[0], int(rest[1]), rest[2:]
        newest = int(self.get(key) or 0)
        if newest > epoch:
            return newest
        self.set(key, epoch)
        self._command(*command)
        return 0

    def _command(self, word: str, *rest: Any) -> None:
        match word:
            case "DEL":
                self.delete(*rest)
            case "SET":
                self.set(*rest)
            case "XADD":
                key, _, _, maxlen, ident, name, value = rest
                self.xadd(key, {name: value}, id=ident, maxlen=int(maxlen))
            case _:
                raise ResponseError(f"unknown command '{word}'")

    def execute_command(self, *words: Any) -> Any:
        match [_text(word) for word in words]:
            case ["ACL", "SETUSER", user, *rules]:
                account = self.users.setdefault(user, User())
                for rule in rules:
                    account.apply(rule)
                return b"OK"
            case ["ACL", "GETUSER", user]:
                known = self.users.get(user)
                return None if known is None else [b"passwords", [word.encode() for word in known.passwords]]
            case ["ACL", "USERS"]:
                return [user.encode() for user in ("core", "default", *self.users)]
            case ["ACL", "DELUSER", user]:
                self._cut(user)
                return int(self.users.pop(user, None) is not None)
            case ["CLIENT", "KILL", "USER", user]:
                self._cut(user)
                return 0
            case ["XGROUP", "CREATE", key, name, start, "MKSTREAM"]:
                return self._make_group(key, name.encode(), start)
            case other:
                raise ResponseError(f"unknown command {other[:2]}")

    def _cut(self, user: str) -> None:
        self.cuts[user] = self.cuts.get(user, 0) + 1

    def _make_group(self, key: str, name: bytes, start: str) -> bytes:
        stream = self.stream(key)
        if stream is None:
            stream = self.keys[key] = Stream()
        if name in stream.groups:
            raise ResponseError("BUSYGROUP Consumer Group name already exists")
        stream.groups[name] = Group(stream.last if start == "$" else parse(start))
        return b"OK"
