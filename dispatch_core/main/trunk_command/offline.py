"""What needs no core: every mistake of a description at once."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from dispatch_core.domain.errors import DispatchError
from dispatch_core.wire.trunk import Mistake
from telephony.trunk.site_problems import problems

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
