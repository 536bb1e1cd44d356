"""The core's side of an agent that misbehaves: late, foreign, dead, absent, talking nonsense."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dispatch_core.ports.trunk import AgentFailed
from dispatch_core.settings import Settings
from telephony.trunk import node_agent
from telephony.trunk.node_agent import ProcessAgent, agent_command

START = """
import json, os, sys
def say(text): os.write(1, text)
def frame(**what): body = json.dumps(what).encode(); return len(body).to_bytes(4, "big") + body
def hear():
    head = sys.stdin.buffer.read(4)
    return json.loads(sys.stdin.buffer.read(int.from_bytes(head, "big"))) if head else sys.exit(0)
GREETING = b"dispatch-trunk-agent 1\\n"
"""
MARK = START + "say(GREETING)\nwhile True:\n    it = hear()\n    say(frame(id=it['id'], done=str(os.getpid())))\n"
Story = Callable[[ProcessAgent], Coroutine[Any, Any, None]]


def run(program: str, story: Story) -> None:
    async def whole() -> None:
        agent = ProcessAgent("pbx1", [sys.executable, "-c", program])
        try:
            await story(agent)
        finally:
            await agent.close()

    asyncio.run(whole())


def refused(program: str) -> AgentFailed:
    found: list[AgentFailed] = []

    async def story(agent: ProcessAgent) -> None:
        with pytest.raises(AgentFailed) as no:
            await agent.log_mark()
        assert agent._process is None or agent._process.returncode is None
        found.append(no.value)

    run(program, story)
    assert "pbx1" in found[0].vi and "pbx1" in found[0].en
    return found[0]


def test_one_that_does_not_answer_is_ended_and_the_next_starts_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_agent, "QUICK_S", 0.5)

    async def story(agent: ProcessAgent) -> None:
        with pytest.raises(AgentFailed) as no:
            await agent.log_mark()
        assert no.value.code == "agent_late"
        assert agent._process is None
        agent.command = [sys.executable, "-c", MARK]
        assert int(await agent.log_mark()) > 0

    run(START + "say(GREETING)\nhear()\nhear()\n", story)


def test_one_that_never_greets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_agent, "STARTS_WITHIN_S", 0.5)
    assert refused(START + "hear()").code == "agent_not_started"


def test_why_it_could_not_is_one_line_of_bounded_length() -> None:
    said = "failed={'code': 'x', 'vi': 'dài' * 100000, 'en': 'a\\x1b[2J\\nb', 'details': {}}"
    no = refused(START + f"say(GREETING)\nit = hear()\nsay(frame(id=it['id'], {said}))\nhear()")
    assert no.code == "x" and no.en == "Switch pbx1: a\ufffd[2J\ufffdb" and len(no.vi) < 1_100


def test_last_words_are_told_without_what_is_no_text() -> None:
    no = refused(START + "os.write(2, b'no \\x1b[1mroom\\x00 here\\n' * 1000)\nsys.exit(1)")
    assert no.code == "agent_not_started" and "room here" in no.en and "\x1b" not in no.en and len(no.en) < 1000


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("say(b'dispatch-trunk-agent 2\\n')\nhear()", "agent_foreign"),
        ("while True: say(b'news of the day\\n')", "agent_foreign"),
        ("say(b'x' * 200000)\nhear()", "agent_foreign"),
        ("say(GREETING)\nhear()", "agent_gone"),
        ("say(GREETING)\nhear()\nsay(b'\\xff\\xff\\xff\\xff')\nhear()", "agent_gone"),
        ("say(GREETING)\nhear()\nsay(b'\\0\\0\\0\\2{}')\nhear()", "agent_gone"),
        ("say(GREETING)\nhear()\nsay(b'\\0\\0\\0\\2[]')\nhear()", "agent_gone"),
        ("say(GREETING)\nhear()\nsay(b'\\0\\0\\0\\4\\xff\\xfe!!')\nhear()", "agent_gone"),
        ("say(GREETING)\nhear()\nsay(b'\\0\\0')\nsys.exit(0)", "agent_gone"),
        ("say(GREETING)\nsay(frame(id=hear()['id'], failed={'code': 'x'}))\nhear()", "agent_foreign"),
        ("say(GREETING)\nsay(frame(id=hear()['id']))\nhear()", "agent_foreign"),
        ("say(GREETING)\nsay(frame(id=7, done='x'))\nhear()", "agent_gone"),
    ],
)
def test_one_that_talks_otherwise(program: str, code: str) -> None:
    assert refused(START + program).code == code


def test_what_it_could_not_do_comes_as_it_says_it() -> None:
    failed = {"code": "unwritable", "vi": "Đĩa đầy.", "en": "Disk full.", "details": {"free": 0, "node": "x", "l": []}}
    no = refused(START + f"say(GREETING)\nsay(frame(id=hear()['id'], failed={failed!r}))\nhear()")
    assert (no.code, no.vi, no.en) == ("unwritable", "Tổng đài pbx1: Đĩa đầy.", "Switch pbx1: Disk full.")
    assert no.details == {"free": 0, "node": "pbx1"}


def test_there_is_none() -> None:
    async def story() -> None:
        for command, code in (([], "agent_not_set"), (["/nonexistent/agent"], "agent_not_started")):
            with pytest.raises(AgentFailed) as no:
                await ProcessAgent("pbx1", command).look()
            assert no.value.code == code and "dispatch.toml" in no.value.vi and "dispatch.toml" in no.value.en

    asyncio.run(story())


def test_questions_at_the_same_time_go_one_after_the_other_to_one_agent() -> None:
    async def story(agent: ProcessAgent) -> None:
        assert len(set(await asyncio.gather(*(agent.log_mark() for _ in range(20))))) == 1

    run(MARK, story)


def test_a_question_that_is_given_up_leaves_its_answer_to_nobody() -> None:
    slow = START + (
        "import time\nsay(GREETING)\nwhile True:\n    it = hear()\n"
        "    time.sleep(0.3 if it['do'] == 'log_mark' else 0)\n    say(frame(id=it['id'], done=[it['do']]))\n"
    )

    async def story(agent: ProcessAgent) -> None:
        first = asyncio.create_task(agent.log_mark())
        await asyncio.sleep(0.15)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert list(await agent.log_since("")) == ["log_since"]

    run(slow, story)


def test_one_that_went_away_meanwhile_is_replaced_without_a_word() -> None:
    async def story(agent: ProcessAgent) -> None:
        first = int(await agent.log_mark())
        os.kill(first, signal.SIGKILL)
        assert int(await agent.log_mark()) != first

    run(MARK, story)


def test_a_restart_is_not_asked_for_twice() -> None:
    async def story(agent: ProcessAgent) -> None:
        await agent.log_mark()
        with pytest.raises(AgentFailed) as no:
            await agent.restart()
        assert no.value.code == "agent_gone"

    once = "say(GREETING)\nit = hear()\nsay(frame(id=it['id'], done='x'))\nhear()\nsys.exit(1)\n"
    run(START + once, story)


def test_it_ends_when_it_is_closed_and_prints_as_it_likes() -> None:
    async def story(agent: ProcessAgent) -> None:
        pid = int(await agent.log_mark())
        began = time.monotonic()
        await agent.close()
        assert not Path(f"/proc/{pid}").exists() and time.monotonic() - began < 2
        assert int(await agent.log_mark()) != pid

    run(MARK.replace("    it = hear()", "    it = hear(); os.write(2, b'x' * 300000)"), story)


def test_which_command_starts_it(tmp_path: Path) -> None:
    numbers_too = ("http_port", "redis_public_port", "nodes")
    names = [name for name in Settings.__struct_fields__[:14] if name not in numbers_too]
    own = [sys.executable, "-m", "telephony.trunk.agent"]

    def command(**node: object) -> list[str]:
        known = {"name": "pbx1", "host": "h", "port": 1, "user": "u", "secret_file": "s", **node}
        numbers = {"http_port": 1, "redis_public_port": 1, "nodes": [known], "base": str(tmp_path)}
        settings = msgspec.convert({**dict.fromkeys(names, "x"), **numbers}, Settings)
        return agent_command(settings, settings.nodes[0])

    assert command() == []
    assert command(files="etc") == [*own, "--etc", f"{tmp_path}/etc"]
    assert command(files="etc", agent_settings="a.conf") == [*own, f"{tmp_path}/a.conf"]
    assert command(files="etc", agent=["ssh", "-T", "pbx1", "agent"]) == ["ssh", "-T", "pbx1", "agent"]
