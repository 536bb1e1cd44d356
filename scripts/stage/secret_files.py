"""Passwords of the private servers: made once, kept in files of mode 0600, handed on by path."""

from __future__ import annotations

import secrets
from pathlib import Path

BYTES = 24  # 192 random bits


def secret_file(directory: Path, name: str) -> Path:
    """The file that holds the secret `name`; made when there is none."""
    path = directory / name
    if not path.exists():
        new = directory / f"{name}.new"
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(BYTES) + "\n")
        new.replace(path)
    return path


def read_secret(path: Path) -> str:
    """The secret itself, without the line's end."""
    return path.read_text().strip()
