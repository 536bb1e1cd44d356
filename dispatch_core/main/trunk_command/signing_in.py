"""Who gives the command: the account, its password from where the arguments say, and the session for as long as it
takes.

Guards: a password or a secret is never read from the arguments, which every user of the machine can read.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.trunk_command.client import TrunkClient, client_of
from dispatch_core.main.trunk_command.offline import NOT_UTF8
from dispatch_core.settings import read_settings


def add_options(parser: Any) -> None:
    """Those of every command that asks the core."""
    parser.add_argument("--user", help="account to sign in with (default: your name on this machine)")
    parser.add_argument(
        "--password-file",
        metavar="FILE",
        help="file whose first line is the password, - for standard input (default: ask)",
    )
    parser.add_argument("--core", default="", metavar="URL", help="https://HOST:PORT (default: as the settings say)")
    parser.add_argument(
        "--ca", type=Path, metavar="FILE", help="authority of the core's certificate (default: that certificate alone)"
    )


@contextmanager
def signed_in(asked: argparse.Namespace) -> Iterator[TrunkClient]:
    """Raises CoreRefused, CoreUnreachable, DispatchError."""
    client = client_of(read_settings(asked.settings), asked.core, asked.ca)
    user = asked.user or getpass.getuser()
    client.sign_in(user, password(asked.password_file, user))
    try:
        yield client
    finally:
        with suppress(DispatchError):  # the session ends by itself too
            client.sign_out()
        client.close()


def password(file: str | None, user: str) -> str:
    if file == "-":
        return sys.stdin.readline().rstrip("\r\n")
    if file is None:
        return hidden(f"Mật khẩu của {user} | Password of {user}: ", "--password-file")
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        said = (problem.strerror or str(problem),) * 2 if isinstance(problem, OSError) else NOT_UTF8
        raise DispatchError(
            "password_file",
            f"Không đọc được tệp mật khẩu {file}: {said[0]}.",
            f"Cannot read the password's file {file}: {said[1]}.",
        ) from None
    return text.splitlines()[0] if text else ""


def hidden(prompt: str, option: str) -> str:
    """What a person types unseen."""
    if not sys.stdin.isatty():
        raise DispatchError(
            "no_terminal",
            f"Không có bàn phím để hỏi; dùng {option}.",
            f"There is no terminal to ask at; use {option}.",
        )
    return getpass.getpass(prompt)


def new_secret() -> str:
    """Asked twice at a terminal, else the next line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Mật khẩu mới | New secret: ")
    if getpass.getpass("Nhập lại | Again: ") != first:
        raise DispatchError("secrets_differ", "Hai lần nhập không giống nhau.", "The two differ.")
    return first


def typed(prompt: str) -> str:
    """A line from the terminal, "" at its end."""
    try:
        return input(prompt).strip()
    except EOFError:
        return ""


def confirmed(word: str, given: str | None) -> bool:
    """Whether ``word`` was given, or is typed now. Raises DispatchError where nobody can type."""
    if given is not None:
        return given == word
    if not sys.stdin.isatty():
        raise DispatchError(
            "no_terminal",
            f"Không có bàn phím để xác nhận; dùng --confirm {word}.",
            f"There is no terminal to confirm at; use --confirm {word}.",
        )
    return typed(f"Gõ {word} để làm | Type {word} to do it: ") == word
