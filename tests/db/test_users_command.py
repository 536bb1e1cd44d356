"""``dispatch users`` as it is typed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from db.users import UserStore
from dispatch_core.main import users
from dispatch_core.main.cli import main
from tests.db.journals import ask

SETTINGS = """\
database = "{database}"
redis = "redis://localhost"
redis_password_file = "x"
site = "x"
types = "x"
stations = "x"
units = "x"
http_host = "127.0.0.1"
http_port = 1
tls_certificate = "x"
tls_key = "x"
redis_public_host = "127.0.0.1"
redis_public_port = 1
nodes = []
"""

Typed = Callable[..., int]


@pytest.fixture
def typed(fresh_database: str, tmp_path: Path) -> Typed:
    """Runs ``dispatch users`` with these words on an empty database; its exit status."""
    settings = tmp_path / "dispatch.toml"
    settings.write_text(SETTINGS.format(database=fresh_database), encoding="utf-8")
    return lambda *words: main(["--settings", str(settings), "users", *words])


@pytest.fixture
def password_file(tmp_path: Path) -> str:
    file = tmp_path / "password"
    file.write_text("mật khẩu của Lan\nsecond line\n", encoding="utf-8")
    return str(file)


def add(typed: Typed, password_file: str, user: str = "lan", role: str = "dispatcher") -> int:
    return typed("add", user, "--role", role, "--name", "Nguyễn Thị Lan", "--password-file", password_file)


def test_a_life(
    typed: Typed, password_file: str, tmp_path: Path, fresh_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(typed, password_file) == 0
    assert "đã tạo lan (điều phối viên, Nguyễn Thị Lan) / made lan (dispatcher)" in capsys.readouterr().out
    store = UserStore(fresh_database)
    assert store.check("lan", "mật khẩu của Lan") is not None
    assert typed("disable", "lan") == 0
    assert store.check("lan", "mật khẩu của Lan") is None
    assert typed("list") == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "lan              dispatcher       Nguyễn Thị Lan đã khoá / disabled"
    )
    assert typed("enable", "lan") == 0
    other = tmp_path / "other"
    other.write_text("hoàn toàn khác", encoding="utf-8")
    assert typed("reset", "lan", "--password-file", str(other)) == 0
    assert store.check("lan", "hoàn toàn khác") is not None


def test_a_refusal_is_one_sentence_in_each_language(
    typed: Typed, password_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(typed, password_file, user="Lan!") == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2 and "chữ thường" in told[0] and "small letter" in told[1]
    assert add(typed, password_file) == 0
    assert add(typed, password_file) == 1
    assert typed("disable", "minh") == 1
    assert "Không có người dùng minh" in capsys.readouterr().err


def test_the_password_from_standard_input(
    typed: Typed, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("từ đầu vào chuẩn\n"))
    assert add(typed, "-") == 0
    assert UserStore(fresh_database).check("lan", "từ đầu vào chuẩn") is not None


class Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answers", "status", "word"),
    [(["mười ký tự", "mười ký tự"], 0, ""), (["mười ký tự", "mười ký tụ"], 1, "Hai lần"), (["ngắn"] * 2, 1, "10")],
)
def test_the_password_is_asked_twice(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answers: list[str],
    status: int, word: str,
) -> None:  # fmt: skip
    given = iter(answers)
    monkeypatch.setattr("sys.stdin", Keyboard())
    monkeypatch.setattr(users.getpass, "getpass", lambda _: next(given))
    assert typed("add", "lan", "--role", "supervisor", "--name", "Lan") == status
    assert word in capsys.readouterr().err


def test_nobody_to_ask_is_said(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert typed("add", "lan", "--role", "supervisor", "--name", "Lan") == 1
    assert "--password-file" in capsys.readouterr().err
    assert add(typed, str(tmp_path / "nowhere")) == 1
    assert "nowhere" in capsys.readouterr().err
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    assert add(typed, str(binary)) == 1
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    assert add(typed, str(empty)) == 1


def test_an_unknown_role_is_refused_by_name(
    typed: Typed, password_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        add(typed, password_file, role="boss")
    assert "telephony_admin" in capsys.readouterr().err


def test_the_tables_are_made_when_they_are_not_there(typed: Typed, fresh_database: str) -> None:
    assert typed("list") == 0
    assert ask(fresh_database, "SELECT count(*) FROM users") == [(0,)]
