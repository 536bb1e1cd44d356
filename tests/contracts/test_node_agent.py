"""What everybody who reaches a node's files promises: in memory, and a real agent as a program of its own."""

from __future__ import annotations

import asyncio
import hashlib
import re
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dispatch_core.ports.trunk import AgentFailed, NodeAgent
from scripts.packaging.agent import bare_pythons, build
from telephony.trunk.node_agent import ProcessAgent
from tests.contracts.memory_node_agent import MemoryNodeAgent

BEFORE = {"pjsip.conf": "[old]\n", "queues.conf": "[q]\n", "by-hand.conf": "; mine\n"}
LOG_LINE = "[2026-11-28 08:26:56.068] {level}[22517] loader.c: {text}\n"
Told = Callable[[str, str], None]


class Case:
    """An agent, and how its node's log gets another line."""

    def __init__(self, agent: NodeAgent, told: Told, hold: Callable[[int], None]) -> None:
        self.agent = agent
        self.told = told
        self.hold = hold


def process_case(command: list[str], home: Path) -> Case:
    etc, log = home / "etc", home / "messages.log"
    etc.mkdir()
    for name, text in BEFORE.items():
        (etc / name).write_text(text)

    def told(level: str, text: str) -> None:
        with log.open("a") as file:
            file.write(LOG_LINE.format(level=level, text=text))

    return Case(ProcessAgent("pbx1", command), told, lambda port: None)


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The agent as one file, on the oldest Python of this machine that it may meet, which has nothing else."""
    oldest = min(bare_pythons().items(), key=lambda one: [int(part) for part in re.findall(r"\d+", one[1])[:3]])
    return [oldest[0], "-I", "-S", str(build(tmp_path_factory.mktemp("packaged")))]


@pytest.fixture(params=["memory", "program", "packaged"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    if request.param == "memory":
        memory = MemoryNodeAgent(BEFORE)

        def told(level: str, text: str) -> None:
            if level in ("WARNING", "ERROR"):
                memory.log.append(f"{level} loader.c: {text}")

        yield Case(memory, told, lambda port: memory.held.add(("udp", "127.0.0.1", port)))
        return
    own = [sys.executable, "-m", "telephony.trunk.agent"]
    command = own if request.param == "program" else request.getfixturevalue("packaged")
    yield process_case([*command, str(agent_settings(tmp_path))], tmp_path)


def agent_settings(home: Path) -> Path:
    settings = home / "agent.conf"
    settings.write_text(f"[agent]\netc = {home}/etc\nlog = {home}/messages.log\nasterisk = {home}/none\n")
    return settings


def run(case: Case, story: Callable[[NodeAgent], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        try:
            await story(case.agent)
        finally:
            await case.agent.close()  # type: ignore[attr-defined]

    asyncio.run(whole())


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_what_is_there_is_seen(case: Case) -> None:
    async def story(agent: NodeAgent) -> None:
        seen = await agent.look(["pjsip.conf", "none.conf"])
        assert seen.files == {name: digest(text) for name, text in BEFORE.items()}
        assert seen.texts == {"pjsip.conf": "[old]\n"}
        assert seen.good == {} and seen.calls == 0

    run(case, story)


def test_written_and_given_back(case: Case) -> None:
    async def story(agent: NodeAgent) -> None:
        before = (await agent.look()).files
        await agent.write({"pjsip.conf": "[new]\n", "added.conf": "á\n"}, remove=["queues.conf", "never.conf"])
        seen = await agent.look(["pjsip.conf", "added.conf", "by-hand.conf"])
        assert seen.texts == {"pjsip.conf": "[new]\n", "added.conf": "á\n", "by-hand.conf": "; mine\n"}
        assert "queues.conf" not in seen.files and seen.good == before
        await agent.give_back()
        assert (await agent.look()).files == before
        await agent.give_back()
        assert (await agent.look()).files == before

    run(case, story)


def test_several_writes_return_to_what_was_before_the_first(case: Case) -> None:
    async def story(agent: NodeAgent) -> None:
        before = (await agent.look()).files
        await agent.write({"pjsip.conf": "[one]\n", "a.conf": "1"})
        await agent.write({"pjsip.conf": "[two]\n", "b.conf": "2"})
        assert (await agent.look()).good == before
        await agent.give_back()
        assert (await agent.look()).files == before

    run(case, story)


def test_settled_is_good(case: Case) -> None:
    async def story(agent: NodeAgent) -> None:
        await agent.write({"pjsip.conf": "[one]\n"})
        await agent.settle()
        settled = await agent.look()
        assert settled.good == settled.files
        await agent.write({"pjsip.conf": "[two]\n", "b.conf": "2"})
        await agent.give_back()
        assert (await agent.look(["pjsip.conf"])).texts == {"pjsip.conf": "[one]\n"}
        assert (await agent.look()).files == settled.files

    run(case, story)


def test_there_is_no_good_before_the_first(case: Case) -> None:
    async def story(agent: NodeAgent) -> None:
        with pytest.raises(AgentFailed) as no:
            await agent.give_back()
        assert no.value.code == "no_last_good" and no.value.vi and no.value.en

    run(case, story)


@pytest.mark.parametrize("name", ["../x.conf", "/etc/x.conf", "a/b.conf", ".hidden.conf", "x.sh", ""])
def test_names_that_are_no_names(case: Case, name: str) -> None:
    async def story(agent: NodeAgent) -> None:
        before = (await agent.look()).files
        for asked in (agent.write({"pjsip.conf": "x", name: "x"}), agent.write({"pjsip.conf": "x"}, remove=[name])):
            with pytest.raises(AgentFailed) as no:
                await asked
            assert no.value.code == "file_name"
        with pytest.raises(AgentFailed):
            await agent.try_out({name: "x"})
        assert (await agent.look()).files == before

    run(case, story)


def test_the_log_since_a_mark(case: Case) -> None:
    async def story(agent: NodeAgent) -> None:
        case.told("ERROR", "long ago")
        mark = await agent.log_mark()
        assert list(await agent.log_since(mark)) == []
        case.told("NOTICE", "nothing")
        case.told("WARNING", "no such codec")
        case.told("ERROR", "cannot load")
        assert list(await agent.log_since(mark)) == ["WARNING loader.c: no such codec", "ERROR loader.c: cannot load"]
        assert list(await agent.log_since(await agent.log_mark())) == []
        with pytest.raises(AgentFailed) as no:
            await agent.log_since("somewhere")
        assert no.value.code == "log_mark"

    run(case, story)


def test_ports_that_others_hold(case: Case) -> None:
    async def story(agent: NodeAgent) -> None:
        with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as other:
            other.bind(("127.0.0.1", 0))
            held = other.getsockname()[1]
            case.hold(held)
            asked = [("udp", "127.0.0.1", held), ("tcp", "127.0.0.1", held)]
            assert list(await agent.taken(asked)) == asked[:1]
        assert list(await agent.taken([])) == []

    run(case, story)
