"""Redis's users and what their rules allow: commands by name, keys by pattern for reading and for writing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from redis.exceptions import NoPermissionError


@dataclass
class User:
    on: bool = False
    passwords: list[str] = field(default_factory=list)  # SHA-256, as Redis keeps them
    commands: set[str] = field(default_factory=set)
    reads: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    _allowed: set[tuple[str, str, bool]] = field(default_factory=set)

    def apply(self, rule: str) -> None:
        self._allowed.clear()
        if rule == "reset":
            self.__init__()  # type: ignore[misc]
        elif rule in ("on", "off"):
            self.on = rule == "on"
        elif rule.startswith(">"):
            self.passwords.append(hashlib.sha256(rule[1:].encode()).hexdigest())
        elif rule.startswith("%R~"):
            self.reads.append(rule[3:])
        elif rule.startswith("%W~"):
            self.writes.append(rule[3:])
        elif rule.startswith("+"):
            self.commands.add(rule[1:])
        elif rule not in ("resetchannels", "-@all"):
            raise ValueError(f"a rule that the simulated Redis does not know: {rule}")

    def signs_in(self, password: str) -> bool:
        return self.on and hashlib.sha256(password.encode()).hexdigest() in self.passwords

    def check(self, command: str, key: str, *, write: bool) -> None:
        if (command, key, write) in self._allowed:
            return
        patterns = self.writes if write else self.reads
        if command not in self.commands:
            raise NoPermissionError(f"this user has no permissions to run the '{command}' command")
        if not any(fnmatchcase(key, pattern) for pattern in patterns):
            raise NoPermissionError("No permissions to access a key")
        self._allowed.add((command, key, write))
