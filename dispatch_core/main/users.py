"""``dispatch users``: accounts are made, disabled, enabled, given a new password and listed from the command line.

A password is read from a file, from standard input or from a prompt that asks twice; never from the arguments, which
every user of the machine can read.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from db.schema import upgrade
from db.users import UserStore
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Role
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.settings import read_settings

ROLES = {
    Role.DISPATCHER: "điều phối viên",
    Role.SUPERVISOR: "trưởng ca",
    Role.TELEPHONY_ADMIN: "quản trị tổng đài",
}


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("users", help="accounts: add, disable, enable, reset, list")
    actions = parser.add_subparsers(dest="action", required=True, metavar="{add,disable,enable,reset,list}")

    new = actions.add_parser("add", help="make an account")
    new.add_argument("user", help="name to sign in with: a-z, 0-9, dot, underscore, hyphen")
    new.add_argument("--role", required=True, choices=[role.value for role in Role])
    new.add_argument("--name", required=True, help='full name, such as "Nguyễn Thị Lan"')
    _add_password_file(new)
    new.set_defaults(run=add)

    for word, run, what in (
        ("disable", disable, "the account stays, nobody signs in with it"),
        ("enable", enable, "undo disable"),
    ):
        change = actions.add_parser(word, help=what)
        change.add_argument("user")
        change.set_defaults(run=run)

    renew = actions.add_parser("reset", help="give a new password")
    renew.add_argument("user")
    _add_password_file(renew)
    renew.set_defaults(run=reset)

    actions.add_parser("list", help="every account").set_defaults(run=list_users)


def _add_password_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-file",
        metavar="FILE",
        help="file whose first line is the password, - for standard input (default: ask)",
    )


def add(asked: argparse.Namespace) -> int:
    store = _store(asked)
    password = _password(asked.password_file)
    made = store.add(asked.user, asked.name, Role(asked.role), password, at=SystemClock().now())
    return _say(f"đã tạo {made.user} ({ROLES[made.role]}, {made.name})", f"made {made.user} ({made.role.value})")


def disable(asked: argparse.Namespace) -> int:
    _store(asked).disable(asked.user, at=SystemClock().now())
    return _say(f"đã khoá {asked.user}", f"disabled {asked.user}")


def enable(asked: argparse.Namespace) -> int:
    _store(asked).enable(asked.user, at=SystemClock().now())
    return _say(f"đã mở khoá {asked.user}", f"enabled {asked.user}")


def reset(asked: argparse.Namespace) -> int:
    store = _store(asked)
    store.reset(asked.user, _password(asked.password_file), at=SystemClock().now())
    return _say(f"đã đổi mật khẩu của {asked.user}", f"{asked.user} has a new password")


def list_users(asked: argparse.Namespace) -> int:
    for user in _store(asked).list():
        mark = "đã khoá / disabled" if user.disabled else ""
        print(f"{user.user:<16} {user.role.value:<16} {user.name} {mark}".rstrip())
    return 0


def _store(asked: argparse.Namespace) -> UserStore:
    dsn = read_settings(asked.settings).database
    upgrade(dsn)
    return UserStore(dsn)


def _say(vi: str, en: str) -> int:
    print(f"{vi} / {en}")
    return 0


def _password(file: str | None) -> str:
    """The password from where the arguments say. Raises DispatchError."""
    if file == "-":
        return sys.stdin.readline().rstrip("\r\n")
    if file is None:
        return _prompted()
    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "UTF-8"
        raise DispatchError(
            "password_file",
            f"Không đọc được tệp mật khẩu {file}: {why}.",
            f"Cannot read the password's file {file}: {why}.",
        ) from None
    return text.splitlines()[0] if text else ""


def _prompted() -> str:
    if not sys.stdin.isatty():
        raise DispatchError(
            "password_file",
            "Không có bàn phím để hỏi mật khẩu; dùng --password-file TỆP, hoặc - để đọc từ đầu vào chuẩn.",
            "There is no terminal to ask for the password; use --password-file FILE, or - for standard input.",
        )
    first = getpass.getpass("Mật khẩu / Password: ")
    if getpass.getpass("Nhập lại / Again: ") != first:
        raise DispatchError("passwords_differ", "Hai lần nhập không giống nhau.", "The two passwords differ.")
    return first
