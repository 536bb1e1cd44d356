"""What needs no core: every mistake of a description at once, and its JSON Schema for an editor."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.files import write_whole
from dispatch_core.wire.trunk import Mistake
from telephony.trunk.site_problems import problems
from telephony.trunk.site_schema import as_text

STANDARD = "-"


def text_of(file: Path) -> str:
    """Raises DispatchError."""
    try:
        return sys.stdin.read() if str(file) == STANDARD else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "UTF-8"
        raise DispatchError(
            "site_unreadable",
            f"Không đọc được {file}: {why}; nêu đường dẫn của một tệp site.toml.",
            f"Cannot read {file}: {why}; name the path of a site.toml.",
        ) from None


def mistakes_in(text: str) -> tuple[Mistake, ...]:
    return tuple(msgspec.convert(it, Mistake, from_attributes=True) for it in problems(text))


def schema(out: Path | None) -> None:
    """Raises DispatchError where it cannot be written."""
    if out is None:
        print(as_text(), end="")
        return
    try:
        write_whole(out, as_text())
    except OSError as problem:
        raise DispatchError(
            "schema_unwritable",
            f"Không ghi được {out}: {problem.strerror}.",
            f"Cannot write {out}: {problem.strerror}.",
        ) from None
