"""An agent at another machine: the same promises through a real ssh and a real sshd, and what is said where that
fails."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch_core.ports.trunk import AgentFailed
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.layout import Layout
from scripts.stage.ports import Ports
from scripts.stage.processes import Identity
from scripts.stage.ssh_server import SshServer
from telephony.trunk.node_agent import ProcessAgent
from tests.contracts.test_node_agent import (  # noqa: F401 - the contract, with another `case`
    Case,
    agent_settings,
    packaged,
    process_case,
    test_names_that_are_no_names,
    test_ports_that_others_hold,
    test_settled_is_good,
    test_several_writes_return_to_what_was_before_the_first,
    test_the_log_since_a_mark,
    test_there_is_no_good_before_the_first,
    test_what_is_there_is_seen,
    test_written_and_given_back,
)
from tests.system.trunk.test_scratch_switch import BROKEN, Prepared

NOISY = "echo 'Welcome to pbx2. Mind the step.'; echo on stderr >&2; exec "


@pytest.fixture(scope="module")
def far(packaged: list[str], short_tmp_module: Path) -> Iterator[SshServer]:  # noqa: F811
    """Its one command asks the agent with the settings that the test has put there; its shell greets first."""
    home = short_tmp_module
    command = ["/bin/sh", "-c", NOISY + " ".join([*packaged, str(home / "agent.conf")])]
    server = SshServer(Layout.of_checkout(), home / "ssh", Ports(home / "ports.json").tcp("ssh"), command)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def short_tmp_module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ssh")


@pytest.fixture
def case(far: SshServer, tmp_path: Path) -> Case:
    settings = agent_settings(tmp_path)
    far.home.with_name("agent.conf").write_text(settings.read_text())
    return process_case([*far.client(), "dispatch-trunk-agent"], tmp_path)


def failed(command: list[str]) -> AgentFailed:
    async def story() -> AgentFailed:
        agent = ProcessAgent("pbx2", command)
        try:
            with pytest.raises(AgentFailed) as no:
                await agent.look()
            return no.value
        finally:
            await agent.close()

    return asyncio.run(story())


def test_nobody_is_there(far: SshServer) -> None:
    command = [word if word != str(far.port) else "1" for word in far.client()]
    no = failed(command)
    assert no.code == "agent_not_started" and "refused" in no.vi and "pbx2" in no.vi and "refused" in no.en


def test_the_key_is_not_known_there(far: SshServer, tmp_path: Path) -> None:
    other = tmp_path / "key"
    other.write_text("no key\n")
    other.chmod(0o600)
    no = failed([word if word != str(far.home / "key") else str(other) for word in far.client()])
    assert no.code == "agent_not_started" and "ermission denied" in no.en


def test_a_line_that_breaks_ends_the_far_agent_and_the_next_question_starts_another(case: Case, far: SshServer) -> None:
    async def story() -> None:
        agent = case.agent
        assert isinstance(agent, ProcessAgent)
        await agent.write({"pjsip.conf": "[new]\n"})
        assert agent._process is not None
        lives = [one for pid in _agents(far) if (one := Identity.of(pid))]
        assert len(lives) == 1
        os.kill(agent._process.pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while lives[0].alive:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
        try:
            seen = await agent.look(["pjsip.conf"])
        except AgentFailed as no:
            assert no.code == "agent_gone"
            seen = await agent.look(["pjsip.conf"])
        assert seen.texts == {"pjsip.conf": "[new]\n"}
        await agent.give_back()
        await agent.close()

    asyncio.run(story())


def test_who_holds_the_key_can_do_nothing_else(far: SshServer, case: Case) -> None:
    """The key is held to the agent: whatever else is asked for, the agent is what answers."""
    no = failed([sys.executable, "-c", "import sys; print('dispatch-trunk-agent 99'); sys.stdin.read()"])
    assert no.code == "agent_foreign" and "dispatch-trunk-agent.pyz" in no.vi

    async def story() -> None:
        agent = ProcessAgent("pbx2", [*far.client(), "rm", "-rf", "/"])
        assert "pjsip.conf" in (await agent.look()).files
        await agent.close()

    asyncio.run(story())


def test_a_scratch_switch_far_away(asterisk_prefix: AsteriskPrefix, far: SshServer) -> None:
    with tempfile.TemporaryDirectory(prefix="dispatch-", dir="/tmp") as home:
        node = Prepared(asterisk_prefix, Path(home))
        far.home.with_name("agent.conf").write_text(node.settings.read_text())

        async def story() -> None:
            agent = ProcessAgent("pbx2", far.client())
            try:
                good = await agent.try_out(node.good)
                assert good.booted and list(good.problems) == []
                bad = await agent.try_out(BROKEN["codec"][0](node.good))
                assert any("nosuch" in line for line in bad.problems)
            finally:
                await agent.close()

        asyncio.run(story())


def _agents(far: SshServer) -> list[int]:
    """Processes whose command line names the settings of this server's agent, and are it."""
    name = str(far.home.with_name("agent.conf")).encode()
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                words = Path("/proc", entry, "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if name in words:
                found.append(int(entry))
    return found
