"""The switch's log since a mark, and which of its lines are a problem."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from telephony.trunk.agent.log_lines import LINES_MOST, harmless, mark, problems, secrets_in, since
from telephony.trunk.agent.words import Failed

KNOWN = harmless("")


def line(text: str, level: str = "WARNING", call: str = "") -> str:
    return f"[2026-11-28 08:26:56.068] {level}[22517]{call} loader.c: {text}\n"


def found(text: str, *secrets: str) -> list[str]:
    return problems(text, KNOWN, secrets, {})


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "messages.log"
    path.write_text(line("before"))
    return path


def add(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(line(text))


def told(path: Path, at: str) -> list[str]:
    return [one.rpartition(" ")[2] for one in found(since(str(path), at))]


def test_it_goes_on(log: Path) -> None:
    at = mark(str(log))
    assert told(log, at) == []
    add(log, "one")
    assert told(log, at) == ["one"]


def test_it_was_moved_away_and_made_anew(log: Path) -> None:
    at = mark(str(log))
    add(log, "one")
    log.rename(log.with_name("messages.log.1"))
    add(log, "two")
    assert told(log, at) == ["one", "two"]
    log.with_name("messages.log.1").rename(log.with_name("messages.log.2"))
    os.utime(log.with_name("messages.log.2"), ns=(1, 1))
    log.rename(log.with_name("messages.log.1"))
    add(log, "three")
    assert told(log, at) == ["one", "two", "three"]


def test_it_was_cut_or_the_old_one_is_gone(log: Path) -> None:
    add(log, "much " * 50)
    at = mark(str(log))
    log.write_text(line("anew"))
    assert told(log, at) == ["anew"]
    log.write_text(line("longer than it was before " * 50))
    assert len(told(log, at)) == 1
    log.unlink()
    assert told(log, at) == []


def test_there_was_none_yet(log: Path) -> None:
    log.unlink()
    at = mark(str(log))
    add(log, "first")
    assert told(log, at) == ["first"]


@pytest.mark.parametrize("at", ["", "1:2", "a:b:c", "1:2:3:4", "-1:0:0", "1:99999999999999999999999:0"])
def test_what_is_no_mark(log: Path, at: str) -> None:
    with pytest.raises(Failed) as no:
        since(str(log), at)
    assert no.value.code == "log_mark"


def test_levels_calls_and_lines_that_belong_together() -> None:
    text = (
        line("a notice", "NOTICE") + line("the caller said +84912345678", call="[C-00000a1f]") + line("one", "ERROR")
        + "   and more of it\n" + line("two") + line("two")
        + "\x1b[1;31m[2026-11-28 08:26:56.068] ERROR[1]: x.c:12 f: red\n"
    )  # fmt: skip
    assert found(text) == ["ERROR loader.c: one and more of it", "WARNING loader.c: two", "ERROR x.c: red"]


def test_no_password_is_told() -> None:
    files = "secret = the-ami-secret\npassword=phone-secret ; x\ncapture_password => key-of-copies\n"
    secrets = secrets_in([files])
    text = line("bad 'the-ami-secret' phone-secret") + line("password = 'unknown-one' is short") + line("key-of-copies")
    assert found(text, *secrets) == [
        "WARNING loader.c: bad '•••' •••", "WARNING loader.c: password = '•••' is short", "WARNING loader.c: •••",
    ]  # fmt: skip


def test_what_is_known_to_be_harmless(tmp_path: Path) -> None:
    gone = "[d] WARNING[1] res_pjsip_outbound_registration.c: No response received from 'sip:x' on registration attempt"
    assert found(gone + " to 'sip:y', retrying in '60'\n") == []
    further = tmp_path / "harmless"
    further.write_text("# of this site\n\nloader\\.c: known\n")
    assert problems(line("known") + line("other"), harmless(str(further)), (), {}) == ["WARNING loader.c: other"]
    further.write_text("(\n")
    with pytest.raises(Failed) as no:
        harmless(str(further))
    assert no.value.code == "harmless_file" and str(further) in no.value.vi


def test_what_is_told_is_bounded() -> None:
    many = found("".join(line(f"{number} " + "x" * 1000) for number in range(1000)))
    assert len(many) == LINES_MOST and many[-1] == f"… {1000 - LINES_MOST + 1}" and max(map(len, many)) <= 400
