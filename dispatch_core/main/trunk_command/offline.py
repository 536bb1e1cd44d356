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
NOT_UTF8 = ("không phải UTF-8; lưu lại bằng mã UTF-8", "it is not UTF-8; save it again as UTF-8")
UNREADABLE = (
    (FileNotFoundError, ("không có tệp này; nêu đúng đường dẫn của site.toml", "there is no such file; name its path")),
    (IsADirectoryError, ("đó là thư mục; nêu tệp site.toml trong đó", "that is a folder; name the site.toml in it")),
    (
        PermissionError,
        ("tài khoản này không được đọc; xin quyền (chmod), hay dùng tài khoản khác",
         "this account may not read it; ask for the right (chmod), or use another account"),
    ),
)  # fmt: skip


def text_of(file: Path) -> str:
    """Without the mark that some editors put first. Raises DispatchError."""
    try:
        text = sys.stdin.read() if str(file) == STANDARD else file.read_text(encoding="utf-8-sig")
    except OSError as problem:
        said = problem.strerror or str(problem)
        kinds = (it for kind, it in UNREADABLE if isinstance(problem, kind))
        vi, en = next(kinds, (f"{said}; nêu đường dẫn của một tệp site.toml", f"{said}; name the path of a site.toml"))
    except UnicodeDecodeError:
        vi, en = NOT_UTF8
    else:
        return text.removeprefix("\ufeff")
    raise DispatchError("site_unreadable", f"Không đọc được {file}: {vi}.", f"Cannot read {file}: {en}.")


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
