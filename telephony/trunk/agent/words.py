"""What the agent could not do, in the words that reach the admin."""

from __future__ import annotations


class Failed(Exception):
    """``code`` is stable; ``vi`` and ``en`` say what, where and what to do. Never a secret in them."""

    def __init__(self, code: str, vi: str, en: str, **details: str | int) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.vi = vi
        self.en = en
        self.details: dict[str, str | int] = details


def unreadable(path: str, error: OSError) -> Failed:
    why = error.strerror or str(error)
    return Failed(
        "unreadable",
        f"Không đọc được {path}: {why}; hãy xem quyền của tài khoản chạy agent.",
        f"{path} cannot be read: {why}; look at the rights of the agent's account.",
    )


def unwritable(path: str, error: OSError) -> Failed:
    why = error.strerror or str(error)
    return Failed(
        "unwritable",
        f"Không ghi được {path}: {why}; hãy xem quyền ghi và chỗ trống trên đĩa. Chưa có gì thay đổi.",
        f"{path} cannot be written: {why}; look at the rights and at the disk. Nothing was changed.",
    )
