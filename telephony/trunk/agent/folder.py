"""The files of one folder, by name alone.

Guarded here: a name is of an alphabet in which no path can be said; nothing is followed that is not a plain file; a
file is new or old, never half; what is written can be read by the switch's account and nobody else.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from contextlib import suppress

from telephony.trunk.agent.words import Failed, unreadable, unwritable

SEEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
WRITTEN = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}\.conf")
FILES_MOST = 500
FILE_BYTES_MOST = 4 * 1024 * 1024
ASIDE = re.compile(r"\.([a-z0-9][a-z0-9_-]{0,59}\.conf)\.next")


def may_be_written(name: str) -> None:
    """Raises Failed."""
    if not WRITTEN.fullmatch(name):
        shown = repr(name)[:80]
        raise Failed(
            "file_name",
            f"Tên tệp {shown} không được phép; chỉ nhận a-z 0-9 _ - và đuôi .conf.",
            f"The file name {shown} is not allowed: a-z 0-9 _ - and the ending .conf only.",
        )


def aside(name: str) -> str:
    return f".{name}.next"


class Folder:
    """An open folder. Names given to it were looked at before."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self.fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise unreadable(path, error) from None

    def close(self) -> None:
        os.close(self.fd)

    def names(self) -> list[str]:
        """Plain files whose name could be one of the switch's, sorted."""
        found = sorted(name for name in os.listdir(self.fd) if SEEN.fullmatch(name) and self.is_file(name))
        if len(found) > FILES_MOST:
            raise Failed(
                "too_many_files",
                f"{self.path} có {len(found)} tệp, quá {FILES_MOST}; hãy chuyển bớt tệp lạ đi nơi khác.",
                f"{self.path} has {len(found)} files, more than {FILES_MOST}; move what is foreign elsewhere.",
            )
        return found

    def is_file(self, name: str) -> bool:
        try:
            return stat.S_ISREG(os.stat(name, dir_fd=self.fd, follow_symlinks=False).st_mode)
        except FileNotFoundError:
            return False

    def must_be_replaceable(self, name: str) -> None:
        """Raises Failed where something stands under this name that is no plain file."""
        try:
            plain = stat.S_ISREG(os.stat(name, dir_fd=self.fd, follow_symlinks=False).st_mode)
        except FileNotFoundError:
            return
        if not plain:
            raise Failed(
                "not_a_file",
                f"{self.path}/{name} không phải tệp thường (liên kết hoặc thư mục); hãy thay bằng tệp thường.",
                f"{self.path}/{name} is no plain file (a link or a folder); put a plain file in its place.",
            )

    def read(self, name: str) -> bytes | None:
        """None where there is none."""
        try:
            fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=self.fd)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unreadable(f"{self.path}/{name}", error) from None
        with os.fdopen(fd, "rb") as file:
            data = file.read(FILE_BYTES_MOST + 1)
        if len(data) > FILE_BYTES_MOST:
            raise Failed(
                "file_too_long",
                f"{self.path}/{name} dài hơn {FILE_BYTES_MOST} byte; hãy chuyển tệp đó đi.",
                f"{self.path}/{name} is longer than {FILE_BYTES_MOST} bytes; move it elsewhere.",
            )
        return data

    def read_all(self) -> dict[str, bytes]:
        found = {name: self.read(name) for name in self.names()}
        return {name: data for name, data in found.items() if data is not None}

    def put(self, name: str, data: bytes, owner_of: str = "") -> None:
        """Write it whole under this name, on the disk when this returns. Raises OSError."""
        fd = os.open(
            name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=self.fd
        )
        with os.fdopen(fd, "wb") as file:
            os.fchmod(fd, 0o600)
            if os.geteuid() == 0:
                self._give_away(fd, owner_of)
            file.write(data)
            file.flush()
            os.fsync(fd)

    def rename(self, old: str, new: str) -> None:
        os.rename(old, new, src_dir_fd=self.fd, dst_dir_fd=self.fd)

    def drop(self, name: str) -> None:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self.fd)

    def sync(self) -> None:
        os.fsync(self.fd)

    def must_be_readable_to_its_owner(self, name: str) -> None:
        """Raises Failed where who reads this file now could not read the one that we would put in its place."""
        uid = self._like(name).st_uid
        if os.geteuid() not in (0, uid):
            raise Failed(
                "wrong_account",
                f"{self.path}/{name} thuộc tài khoản số {uid}, mà agent chạy bằng tài khoản số {os.geteuid()}: tổng "
                f"đài sẽ không đọc được tệp mới. Hãy chạy agent bằng tài khoản của tổng đài hoặc root.",
                f"{self.path}/{name} belongs to the account {uid} and the agent runs as {os.geteuid()}: the switch "
                f"could not read the new file. Run the agent as the switch's account or as root.",
            )

    def _like(self, name: str) -> os.stat_result:
        """Of the file before, or of the folder."""
        try:
            return os.stat(name, dir_fd=self.fd, follow_symlinks=False)
        except (FileNotFoundError, ValueError):
            return os.fstat(self.fd)

    def _give_away(self, fd: int, owner_of: str) -> None:
        """As root: to whom the file before belonged, or the folder, or the switch could not read it."""
        like = self._like(owner_of)
        os.fchown(fd, like.st_uid, like.st_gid)


def made(path: str) -> Folder:
    """The folder, made where it is not there, closed to others."""
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from None
    return Folder(path)


def hashed(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
