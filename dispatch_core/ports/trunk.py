"""The port to a node's files: what the core asks of the agent at a switch's machine, near or far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dispatch_core.domain.errors import DispatchError


class AgentFailed(DispatchError):
    """The agent cannot be asked, or could not do it; nothing was changed unless the sentence says so."""


@dataclass(frozen=True)
class NodeLooked:
    """``files``: name to SHA-256 of each file in the node's etc that we render or that nobody rendered. ``texts``: of
    those that were asked for. ``good``: the same of the last good state, empty where none is kept."""

    files: Mapping[str, str]
    texts: Mapping[str, str]
    good: Mapping[str, str]
    calls: int = 0


@dataclass(frozen=True)
class TriedOut:
    """A scratch switch on candidate files. ``problems``: lines of its log of level WARNING and above, masked."""

    booted: bool
    problems: Sequence[str]
    ms: int


class NodeAgent(Protocol):
    """One node's agent. Every method raises AgentFailed."""

    async def look(self, texts: Sequence[str] = ()) -> NodeLooked: ...

    async def try_out(self, files: Mapping[str, str]) -> TriedOut:
        """Boot a scratch switch on these files, on ports of its own, read its log, stop it."""

    async def taken(self, ports: Sequence[tuple[str, str, int]]) -> Sequence[tuple[str, str, int]]:
        """Which of these (protocol "udp"/"tcp", address, port) another program than the switch holds."""

    async def write(self, files: Mapping[str, str], *, remove: Sequence[str] = ()) -> None:
        """Atomically, all or none; what was there before is kept as the last good state."""

    async def give_back(self) -> None:
        """The last good files in place again."""

    async def settle(self) -> None:
        """What is in place now is good: the next `give_back` returns to it."""

    async def log_mark(self) -> str: ...

    async def log_since(self, mark: str) -> Sequence[str]:
        """Lines of the switch's own log of level WARNING and above since then."""

    async def restart(self) -> None:
        """Stop the switch (nobody is on it) and start it again; returns when it has booted."""
