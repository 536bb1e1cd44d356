"""site.toml on this machine, and a mark beside it of what the keeper last wrote or found there.

A file that is as it was left is this machine's copy of an earlier state and is brought up to date; any other one was
changed by hand, and counts.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.files import write_whole

log = logging.getLogger(__name__)


class SiteFile:
    """Every method blocks, briefly; OSError where the file cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mark = path.with_name(f".{path.name}.applied")

    def read(self) -> str:
        return self.path.read_bytes().decode("utf-8")

    def write(self, text: str) -> None:
        write_whole(self.path.resolve(), text, self._mode())  # a link to it stays one
        self.leave(text)

    def must_be_writable(self) -> None:
        """Raises DispatchError before anything is begun that could not be ended."""
        there = self.path.resolve()
        aside = there.with_name(f".{there.name}.new")
        try:
            write_whole(aside, "", self._mode())
            aside.unlink()
        except OSError as problem:
            why = problem.strerror or str(problem)
            raise DispatchError(
                "site_file", f"Không ghi được {self.path}: {why}; xem quyền ghi và đĩa.",
                f"Cannot write {self.path}: {why}; look at rights and disk.",
            ) from None  # fmt: skip

    def leave(self, text: str) -> None:
        """What is in the file now is known."""
        try:
            write_whole(self._mark, hashed(text) + "\n")
        except OSError as problem:  # then a copy of an earlier state is taken for a change by hand
            log.warning("%s: %s", self._mark, problem)

    def as_left(self, text: str) -> bool:
        try:
            return self._mark.read_text("utf-8").strip() == hashed(text)
        except (OSError, UnicodeDecodeError):
            return False

    def _mode(self) -> int:
        try:
            return self.path.stat().st_mode & 0o777
        except OSError:
            return 0o644


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
