"""Who may sign in: names, roles and argon2id hashes. A password is never stored, logged or shown.

Guards: a wrong password and an unknown user take the same time and get the same answer; a hash made with older
parameters is renewed at the next sign-in; what a person types in one Unicode form matches the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from db.engine import engine, questions
from db.errors import UserError
from db.tables import users
from dispatch_core.domain.vocabulary import Instant, Role

USER_NAME = re.compile(r"[a-z][a-z0-9._-]{0,31}")
PASSWORD_LEAST = 10
PASSWORD_MOST = 512
FULL_NAME_MOST = 100


@dataclass(frozen=True, slots=True)
class User:
    """An account. Times are milliseconds UTC."""

    user: str
    name: str
    role: Role
    disabled: bool
    created_at: Instant
    changed_at: Instant


class UserStore:
    """Every method blocks (hashing takes a tenth of a second and 64 MiB); DatabaseError where PostgreSQL is away."""

    def __init__(self, dsn: str, hasher: PasswordHasher | None = None) -> None:
        self._engine = engine(dsn, "dispatch users")
        self._hasher = hasher if hasher is not None else PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")

    # --- signing in ---------------------------------------------------------------------------------------------------

    def check(self, user: str, password: str) -> User | None:
        """The account if it may sign in with this password now; None for a wrong password, nobody, or disabled."""
        found = self.verify(user, password)
        return None if found is None or found.disabled else found

    def verify(self, user: str, password: str) -> User | None:
        """The account whose password this is, disabled or not: only who knows it may be told that it is disabled."""
        row = None
        if USER_NAME.fullmatch(user):
            with questions(self._engine) as connection:
                row = connection.execute(select(users).where(users.c.user == user)).first()
        kept: str = row.password if row is not None else self._nobody
        typed = _normal(password)
        try:
            self._hasher.verify(kept, _bytes(typed))
        except VerifyMismatchError:
            return None
        except (InvalidHashError, VerificationError) as problem:
            raise UserError(
                "bad_hash",
                f"Mật khẩu đã lưu của {user} bị hỏng; hãy chạy “dispatch users reset {user}”.",
                f"The stored password of {user} is damaged; run “dispatch users reset {user}”.",
            ) from problem
        if row is None:
            return None
        if self._hasher.check_needs_rehash(kept):
            with questions(self._engine) as connection:
                connection.execute(
                    update(users)
                    .where(users.c.user == user, users.c.password == kept)
                    .values(password=self._hasher.hash(_bytes(typed)))
                )
        return _account(dict(row._mapping))

    # --- administration -----------------------------------------------------------------------------------------------

    def add(self, user: str, name: str, role: Role, password: str, *, at: Instant) -> User:
        """A new account. Raises UserError: bad_user_name, bad_name, bad_password, user_exists."""
        check_user_name(user)
        name = " ".join(unicodedata.normalize("NFC", name).split())
        if not name or len(name) > FULL_NAME_MOST or not name.isprintable():
            raise UserError(
                "bad_name",
                f"Họ tên phải có từ 1 đến {FULL_NAME_MOST} ký tự; dùng --name \"Nguyễn Thị Lan\".",
                f"The full name must have 1 to {FULL_NAME_MOST} characters; use --name \"Nguyễn Thị Lan\".",
            )
        values: dict[str, Any] = {
            "user": user, "name": name, "role": role.value, "password": self._hashed(user, password),
            "disabled": False, "created_at": at, "changed_at": at,
        }  # fmt: skip
        try:
            with questions(self._engine) as connection:
                connection.execute(insert(users).values(**values))
        except IntegrityError:
            raise UserError(
                "user_exists",
                f"Đã có người dùng {user}; chọn tên khác, hoặc “dispatch users reset {user}” để đổi mật khẩu.",
                f"There is a user {user} already; choose another name, or “dispatch users reset {user}”.",
            ) from None
        return _account(values)

    def disable(self, user: str, *, at: Instant) -> None:
        """The account stays, nobody signs in with it. Raises UserError: unknown_user."""
        self._change(user, at, disabled=True)

    def enable(self, user: str, *, at: Instant) -> None:
        """Undo ``disable``. Raises UserError: unknown_user."""
        self._change(user, at, disabled=False)

    def reset(self, user: str, password: str, *, at: Instant) -> None:
        """A new password. Raises UserError: unknown_user, bad_password."""
        self._change(user, at, password=self._hashed(user, password))

    def list(self) -> Sequence[User]:
        """Every account, by user name."""
        with questions(self._engine) as connection:
            return [_account(dict(row._mapping)) for row in connection.execute(select(users).order_by(users.c.user))]

    # --- within -------------------------------------------------------------------------------------------------------

    def _change(self, user: str, at: Instant, **values: object) -> None:
        check_user_name(user)
        with questions(self._engine) as connection:
            done = connection.execute(update(users).where(users.c.user == user).values(changed_at=at, **values))
        if done.rowcount == 0:
            raise UserError(
                "unknown_user",
                f"Không có người dùng {user}; xem “dispatch users list”.",
                f"There is no user {user}; see “dispatch users list”.",
            )

    def _hashed(self, user: str, password: str) -> str:
        typed = _normal(password)
        if not PASSWORD_LEAST <= len(typed) <= PASSWORD_MOST or typed.casefold() == user:
            raise UserError(
                "bad_password",
                f"Mật khẩu phải có từ {PASSWORD_LEAST} đến {PASSWORD_MOST} ký tự và không trùng tên đăng nhập.",
                f"A password needs {PASSWORD_LEAST} to {PASSWORD_MOST} characters and must not be the user name.",
            )
        return self._hasher.hash(_bytes(typed))


def check_user_name(user: str) -> None:
    """Raises UserError unless it is a user name: it becomes part of Redis keys and of the journal's actors."""
    if not USER_NAME.fullmatch(user):
        raise UserError(
            "bad_user_name",
            "Tên đăng nhập phải bắt đầu bằng chữ thường, gồm a-z, 0-9, dấu chấm, gạch dưới, gạch nối, tối đa 32 ký tự.",
            "A user name begins with a small letter and has a-z, 0-9, dot, underscore, hyphen; 32 characters at most.",
        )


def _normal(password: str) -> str:
    """One form for "ệ" however the input method composed it; what is too long to be a password is cut, not hashed."""
    return unicodedata.normalize("NFC", password[: 4 * PASSWORD_MOST])[: PASSWORD_MOST + 1]


def _bytes(typed: str) -> bytes:
    return typed.encode("utf-8", "surrogatepass")


def _account(values: dict[str, Any]) -> User:
    return User(
        user=values["user"], name=values["name"], role=Role(values["role"]), disabled=values["disabled"],
        created_at=values["created_at"], changed_at=values["changed_at"],
    )  # fmt: skip
