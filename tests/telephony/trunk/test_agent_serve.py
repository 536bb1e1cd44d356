"""Whatever the agent is asked: an answer, or the end of the talk; never a harm."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telephony.trunk.agent.frames import FRAME_MOST, GREETING, BadFrame, packed, read_frame
from telephony.trunk.agent.serve import Agent
from telephony.trunk.agent.settings import AgentSettings, read_settings
from telephony.trunk.agent.words import Failed

OLD = {"pjsip.conf": "old\n", "extensions.conf": "x\n"}
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner))
ASKED = ("look", "try_out", "taken", "write", "give_back", "settle", "log_mark", "log_since", "restart", "x", "")
GIVEN = st.dictionaries(st.sampled_from(["files", "remove", "texts", "ports", "mark"]), JSON, max_size=4)


def agent(home: Path) -> Agent:
    etc = home / "etc"
    etc.mkdir(exist_ok=True)
    for name, text in OLD.items():
        (etc / name).write_text(text)
    none = ("/nonexistent/asterisk",)
    own = AgentSettings(
        str(etc), str(home / "kept"), str(home / "log"), none, none, str(home), boot_limit_s=1, restart_limit_s=1
    )
    return Agent(own, lambda: None)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(do=st.sampled_from(ASKED) | JSON, given_=GIVEN | JSON, ident=JSON)
def test_whatever_is_asked_is_answered(tmp_path: Path, do: object, given_: object, ident: object) -> None:
    answer = agent(tmp_path).answer({"id": ident, "do": do, "with": given_})
    assert answer["id"] == ident and ("done" in answer) != ("failed" in answer)
    packed(answer)
    if "failed" in answer:
        assert answer["failed"]["code"] and answer["failed"]["vi"] and answer["failed"]["en"]
    assert not [name for name in os.listdir(tmp_path) if name.startswith("dispatch-scratch-")]


@pytest.mark.parametrize(
    "files",
    [{"a.conf": "\0"}, {"a.conf": "\ud800"}, {"a.conf": 1}, {"a.conf": "x" * 5_000_000}, [], None,
     {f"f{number}.conf": "" for number in range(201)}],
)  # fmt: skip
def test_texts_that_are_none(tmp_path: Path, files: object) -> None:
    asked = agent(tmp_path)
    for do in ("write", "try_out"):
        assert "failed" in asked.answer({"id": 1, "do": do, "with": {"files": files, "remove": []}})
    assert {name: (tmp_path / "etc" / name).read_text() for name in os.listdir(tmp_path / "etc")} == OLD


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.builds(lambda b: len(b).to_bytes(4, "big") + b, st.binary(max_size=40)))
def test_bytes_that_are_no_frames(data: bytes) -> None:
    stream = io.BytesIO(data)
    try:
        found = read_frame(stream)
    except BadFrame:
        return
    assert (found is None and data == b"") or isinstance(found, dict)


def test_a_frame_is_bounded_in_both_directions() -> None:
    class Endless(io.RawIOBase):
        read_so_far = 0

        def read(self, size: int = -1) -> bytes:
            self.read_so_far += size
            return b"\xff" * size

    endless = Endless()
    with pytest.raises(BadFrame):
        read_frame(endless)  # type: ignore[arg-type]
    assert endless.read_so_far == 4
    with pytest.raises(BadFrame):
        packed({"x": "y" * FRAME_MOST})
    deep = b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(BadFrame):
        read_frame(io.BytesIO(len(deep).to_bytes(4, "big") + deep))
    assert read_frame(io.BytesIO(packed({"à": ["ạ"]}))) == {"à": ["ạ"]}


def program(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "telephony.trunk.agent", *arguments]
    return subprocess.run(command, input=given, capture_output=True, timeout=30, check=False)


def test_nonsense_ends_the_talk(tmp_path: Path) -> None:
    ran = program("--etc", str(tmp_path), given=b"GET / HTTP/1.1\r\n\r\n")
    assert (ran.returncode, ran.stdout) == (1, GREETING) and b"a frame of" in ran.stderr
    ran = program("--etc", str(tmp_path), given=packed({"id": 1, "do": "look", "with": {}}))
    told = io.BytesIO(ran.stdout[len(GREETING) :])
    assert ran.returncode == 0 and (read_frame(told) or {})["done"]["files"] == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no section headers|agent"),
        ("[agent]\n", "etc"),
        ("[agent]\netc = asterisk\n", "etc = asterisk"),
        ("[agent]\netc = /etc/asterisk\nlogs = /x\n", "logs"),
        ("[agent]\netc = /etc/asterisk\nrestart = '\n", "restart"),
        ("[agent]\netc = /etc/asterisk\nboot_limit_s = 0\n", "boot_limit_s"),
        ("[agent]\netc = /etc/asterisk\nnetwork = none\n", "network"),
        ("[other]\n", "agent"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "agent.conf"
    file.write_text(text)
    with pytest.raises(Failed) as no:
        read_settings(str(file))
    assert no.value.code == "agent_settings" and str(file) in no.value.vi and str(file) in no.value.en
    assert any(word in no.value.en for word in words.split("|"))


def test_settings_are_told_where_the_core_hears_it(tmp_path: Path) -> None:
    ran = program(str(tmp_path / "none.conf"))
    assert ran.returncode == 2 and ran.stdout == b"" and "none.conf" in ran.stderr.decode()
    assert program("--nonsense").returncode == 2
    file = tmp_path / "agent.conf"
    file.write_text("[agent]\netc = /x/etc/\nasterisk = /opt/a b\nrestart = sudo systemctl restart 'my asterisk'\n")
    own = read_settings(str(file))
    assert (own.etc, own.kept, own.asterisk) == ("/x/etc", "/x/etc.kept", ("/opt/a", "b"))
    assert own.restart == ("sudo", "systemctl", "restart", "my asterisk")
    assert json.dumps(own.log) == '""'
