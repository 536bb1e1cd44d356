"""A node's agent that lies in memory, for tests of what uses it: `problems`, `booted`, `held`, `log` and `failing` say
what it is to tell or not to do; `done` is what it was asked to do."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from dispatch_core.ports.trunk import AgentFailed, NodeLooked, TriedOut


class MemoryNodeAgent:
    def __init__(self, files: Mapping[str, str] | None = None) -> None:
        self.files: dict[str, str] = dict(files or {})
        self.good: dict[str, str] | None = None
        self.problems: Sequence[str] = ()
        self.booted = True
        self.held: set[tuple[str, str, int]] = set()
        self.log: list[str] = []
        self.calls = 0
        self.failing: set[str] = set()
        self.done: list[str] = []
        self.tried: list[dict[str, str]] = []
        self.restarts = 0
        self._unsettled = False
        self._touched: set[str] = set()

    async def look(self, texts: Sequence[str] = ()) -> NodeLooked:
        self._may("look")
        shown = {name: self.files[name] for name in texts if name in self.files}
        return NodeLooked(_digests(self.files), shown, _digests(self.good or {}), self.calls)

    async def try_out(self, files: Mapping[str, str]) -> TriedOut:
        self._may("try_out")
        _named(files)
        self.tried.append(dict(files))
        return TriedOut(self.booted, tuple(self.problems), 1)

    async def taken(self, ports: Sequence[tuple[str, str, int]]) -> Sequence[tuple[str, str, int]]:
        self._may("taken")
        return tuple(port for port in ports if port in self.held)

    async def write(self, files: Mapping[str, str], *, remove: Sequence[str] = ()) -> None:
        self._may("write")
        _named([*files, *remove])
        if not self._unsettled:
            self.good, self._touched = dict(self.files), set()
        self._unsettled = True
        self._touched |= {*files, *remove}
        for name in remove:
            self.files.pop(name, None)
        self.files |= files

    async def give_back(self) -> None:
        self._may("give_back")
        if self.good is None:
            raise AgentFailed("no_last_good", "Chưa có bản tốt nào được giữ.", "No last good state is kept.")
        for name in self._touched - set(self.good):
            self.files.pop(name, None)
        self.files |= self.good
        self._unsettled, self._touched = False, set()

    async def settle(self) -> None:
        self._may("settle")
        self.good, self._unsettled, self._touched = dict(self.files), False, set()

    async def log_mark(self) -> str:
        self._may("log_mark")
        return str(len(self.log))

    async def log_since(self, mark: str) -> Sequence[str]:
        self._may("log_since")
        if not mark.isdigit():
            raise AgentFailed("log_mark", "Dấu của nhật ký không hợp lệ.", "That is no mark of a log.")
        return tuple(self.log[int(mark) :])

    async def restart(self) -> None:
        self._may("restart")
        self.restarts += 1

    async def close(self) -> None:
        pass

    def _may(self, do: str) -> None:
        self.done.append(do)
        if do in self.failing:
            raise AgentFailed("agent_gone", f"Agent đã dừng ({do}).", f"The agent ended ({do}).")


def _digests(files: Mapping[str, str]) -> dict[str, str]:
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}


def _named(names: Mapping[str, str] | Sequence[str]) -> None:
    for name in names:
        if "/" in name or name.startswith(".") or not name.endswith(".conf"):
            raise AgentFailed("file_name", f"Tên tệp {name} không được phép.", f"The file name {name} is not allowed.")
