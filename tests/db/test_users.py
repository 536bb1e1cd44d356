"""Accounts: what may be made, who gets in, and that nobody learns more than they should."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from db.engine import engine
from db.errors import DatabaseError, UserError
from db.users import UserStore
from dispatch_core.domain.vocabulary import Role
from tests.db.journals import ask

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
PASSWORD = "mật khẩu của Lan"


@pytest.fixture
def store(migrated: str) -> UserStore:
    """With one account: lan, a dispatcher."""
    made = UserStore(migrated, QUICK)
    made.add("lan", "Nguyễn Thị Lan", Role.DISPATCHER, PASSWORD, at=1)
    return made


def test_the_right_password_gets_in(store: UserStore) -> None:
    found = store.check("lan", PASSWORD)
    assert found is not None
    assert (found.user, found.name, found.role, found.disabled) == ("lan", "Nguyễn Thị Lan", Role.DISPATCHER, False)


WRONG = (
    ("lan", PASSWORD + "x"), ("lan", ""), ("lan", PASSWORD.upper()), ("Lan", PASSWORD), ("nobody", PASSWORD),
    ("nobody", "nobody has this password"), ("", ""), ("lan' OR '1'='1", PASSWORD), ("lan\0", PASSWORD),
    ("lan", "x" * 1_000_000), ("lan", "\ud800" * 12),
)  # fmt: skip


def test_nothing_else_does(store: UserStore) -> None:
    for user, password in WRONG:
        assert store.check(user, password) is None
        assert store.verify(user, password) is None


def test_a_password_typed_by_another_input_method_is_the_same(store: UserStore) -> None:
    decomposed = unicodedata.normalize("NFD", PASSWORD)
    assert decomposed != PASSWORD
    assert store.check("lan", decomposed) is not None


def test_the_password_is_nowhere_in_the_table(migrated: str, store: UserStore) -> None:
    [(kept,)] = ask(migrated, "SELECT password FROM users")
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in str(ask(migrated, "SELECT * FROM users"))


def test_a_disabled_account_is_told_so_only_to_its_owner(store: UserStore) -> None:
    store.disable("lan", at=2)
    assert store.check("lan", PASSWORD) is None
    known = store.verify("lan", PASSWORD)
    assert known is not None and known.disabled
    assert store.verify("lan", "a wrong password") is None
    store.enable("lan", at=3)
    assert store.check("lan", PASSWORD) is not None
    assert store.list()[0].changed_at == 3


def test_a_reset_password_replaces_the_old_one(store: UserStore) -> None:
    store.reset("lan", "một mật khẩu khác", at=2)
    assert store.check("lan", PASSWORD) is None
    assert store.check("lan", "một mật khẩu khác") is not None


def test_a_reset_does_not_enable(store: UserStore) -> None:
    store.disable("lan", at=2)
    store.reset("lan", "một mật khẩu khác", at=3)
    assert store.check("lan", "một mật khẩu khác") is None


def refused(act: Callable[..., object], *given: object, at: int = 1) -> str:
    """The code with which the store refuses ``act``."""
    with pytest.raises(UserError) as problem:
        act(*given, at=at)
    assert problem.value.vi and problem.value.en
    return problem.value.code


def test_bad_user_names_are_refused(store: UserStore) -> None:
    bad = ("", "Lan", "1lan", "lan thi", "lân", "lan:admin", "lan*", "a" * 33, "lan\n", "../lan", "-lan", "lan\0")
    for user in bad:
        assert refused(store.add, user, "Ai đó", Role.DISPATCHER, PASSWORD) == "bad_user_name", user


def test_good_user_names_are_taken(store: UserStore) -> None:
    for user in ("a", "lan.nguyen", "ca_truong-2", "a" * 32, "x1"):
        assert store.add(user, "Ai đó", Role.SUPERVISOR, PASSWORD, at=1).user == user


def test_bad_passwords_are_refused(store: UserStore) -> None:
    """Length counts letters, not the marks that they are composed of."""
    for password in ("", "123456789", "e\u0301" * 9, "x" * 513, "nguyenlan1"):
        assert refused(store.add, "nguyenlan1", "Ai đó", Role.DISPATCHER, password) == "bad_password", password
        assert refused(store.reset, "nguyenlan1", password) == "bad_password", password


def test_bad_names_are_refused(store: UserStore) -> None:
    for name in ("", "   ", "x" * 101, "Lan\0", "Lan\x1b[31m"):
        assert refused(store.add, "minh", name, Role.DISPATCHER, PASSWORD) == "bad_name", name


def test_an_account_is_made_once(store: UserStore) -> None:
    assert refused(store.add, "lan", "Lan khác", Role.SUPERVISOR, PASSWORD) == "user_exists"
    assert [user.role for user in store.list()] == [Role.DISPATCHER]


def test_unknown_accounts_cannot_be_changed(store: UserStore) -> None:
    assert refused(store.disable, "minh") == "unknown_user"
    assert refused(store.enable, "minh") == "unknown_user"
    assert refused(store.reset, "minh", PASSWORD) == "unknown_user"


def test_accounts_are_listed_by_name(store: UserStore) -> None:
    for user in ("minh", "an"):
        store.add(user, user, Role.TELEPHONY_ADMIN, PASSWORD, at=5)
    assert [user.user for user in store.list()] == ["an", "lan", "minh"]


def test_an_old_hash_is_renewed_at_sign_in(migrated: str, store: UserStore) -> None:
    [(before,)] = ask(migrated, "SELECT password FROM users")
    stronger = UserStore(migrated, PasswordHasher(time_cost=2, memory_cost=128, parallelism=1))
    assert stronger.check("lan", "wrong password") is None
    assert ask(migrated, "SELECT password FROM users") == [(before,)]
    assert stronger.check("lan", PASSWORD) is not None
    [(after,)] = ask(migrated, "SELECT password FROM users")
    assert after != before and "t=2" in after
    assert stronger.check("lan", PASSWORD) is not None
    assert ask(migrated, "SELECT password FROM users") == [(after,)]


def test_a_damaged_hash_is_said(migrated: str, store: UserStore) -> None:
    with engine(migrated, "test").begin() as connection:
        connection.execute(text("UPDATE users SET password = 'rubbish'"))
    with pytest.raises(UserError) as problem:
        store.check("lan", PASSWORD)
    assert problem.value.code == "bad_hash"


def test_an_unknown_user_costs_as_much_as_a_wrong_password(migrated: str) -> None:
    """Who measures the time learns no names: both hash once."""
    slow = UserStore(migrated, PasswordHasher(time_cost=3, memory_cost=32_768, parallelism=1))
    slow.add("lan", "Lan", Role.DISPATCHER, PASSWORD, at=1)

    def took(user: str) -> float:
        best = float("inf")
        for _ in range(5):
            began = time.perf_counter()
            assert slow.check(user, "a wrong password") is None
            best = min(best, time.perf_counter() - began)
        return best

    known, unknown, malformed = took("lan"), took("nobody"), took("No Body")
    assert unknown > known / 2 and malformed > known / 2, (known, unknown, malformed)


def test_a_database_that_is_away_is_said() -> None:
    with pytest.raises(DatabaseError):
        UserStore("postgresql://x@/x?host=/nowhere", QUICK).list()
