"""A scratch switch is a real Asterisk: what it says of good and of broken files, and that nobody ever hears of it."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from dispatch_core.ports.trunk import AgentFailed, TriedOut
from scripts.stage.asterisk import WRITTEN
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.processes import Identity
from telephony.trunk.node_agent import ProcessAgent
from tests.system.voice_stage import SECRET, Voice

AT_ONCE = 3
TALKS_WITHIN_S = 7  # a switch that may, has registered (after 5 s) and asked its carriers by then
Files = Mapping[str, str]
PJSIP = "pjsip.conf"
REGISTRATION = """
[out]
type = registration
transport = udp
outbound_auth = out
server_uri = sip:127.0.0.1:{server}
client_uri = sip:centre@127.0.0.1
retry_interval = 1
forbidden_retry_interval = 1
[out]
type = auth
auth_type = userpass
username = centre
password = {password}
"""
TALKS = "load = res_pjsip_outbound_registration.so\n"


class Prepared:
    """A node that is configured and does not run: its agent's settings and its good files."""

    def __init__(self, prefix: AsteriskPrefix, home: Path) -> None:
        self.voice = Voice(prefix, home)
        server = self.voice.asterisk
        for name in WRITTEN:
            (server.home / name).mkdir(parents=True, exist_ok=True)
        server.prepare()
        self.settings = server.home / "agent.conf"
        self.good = self.voice.rendered(self.voice.site)

    def agent(self, *further: str, asterisk: str = "") -> ProcessAgent:
        settings = self.settings
        if further or asterisk:
            text = self.settings.read_text()
            if asterisk:
                text = re.sub("(?m)^asterisk = .*$", f"asterisk = {asterisk}", text)
            settings = self.settings.with_name("other-agent.conf")
            settings.write_text(text + "\n".join(further) + "\n")
        return ProcessAgent("pbx1", [sys.executable, "-m", "telephony.trunk.agent", str(settings)])


    def slow_program(self) -> str:
        """An Asterisk that answers the agent's last question late, so that it lives as long as it takes to talk to a
        carrier; and that says in which network it was started."""
        program = self.settings.with_name("slow-asterisk")
        program.write_text(
            f"#!/bin/sh\ncase \"$*\" in\n*functions) sleep {TALKS_WITHIN_S};;\n"
            f"*-f) readlink /proc/self/ns/net > {program}.network;;\nesac\n"
            f'exec {self.voice.asterisk.program} "$@"\n'
        )
        program.chmod(0o755)
        return str(program)

    def network_seen(self) -> str:
        return self.settings.with_name("slow-asterisk.network").read_text().strip()


@pytest.fixture(scope="module")
def node(asterisk_prefix: AsteriskPrefix) -> Iterator[Prepared]:
    with tempfile.TemporaryDirectory(prefix="dispatch-", dir="/tmp") as home:
        yield Prepared(asterisk_prefix, Path(home))


def swapped(file: str, old: str, new: str) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        assert old in files[file]
        return {**files, file: files[file].replace(old, new, 1)}

    return change


def added(file: str, text: str) -> Callable[[Files], Files]:
    return lambda files: {**files, file: files[file] + "\n" + text}


TLS = "[tls]\ntype = transport\nprotocol = tls\nbind = 127.0.0.1:5061\ncert_file = /none/c.pem\n"
BROKEN: dict[str, tuple[Callable[[Files], Files], str]] = {
    "codec": (swapped(PJSIP, "allow = alaw,ulaw", "allow = alaw,nosuch"), "unknown format 'nosuch'"),
    "dangling aor": (swapped(PJSIP, "aors = viettel", "aors = nobody"), "'viettel' names the aor 'nobody'"),
    "transport": (swapped(PJSIP, "transport = udp", "transport = nosuch"), "names the transport 'nosuch'"),
    "protocol": (swapped(PJSIP, "protocol = udp", "protocol = pigeon"), "protocol=pigeon"),
    "twice": (added(PJSIP, "[viettel]\ntype = endpoint\nallow = ulaw\n"), "duplicate object: 'viettel'"),
    "certificate": (added(PJSIP, TLS), "cert_file /none/c.pem is either missing or not readable"),
    "expression": (swapped(PJSIP, "Replaces: /.*/", "Replaces: /(/"), "failed to compile"),
    "unknown key": (swapped(PJSIP, "protocol = udp", "protocol = udp\nnonsense = 1"), "'nonsense'"),
    "contact": (added(PJSIP, "[x]\ntype = aor\ncontact = nonsense\n"), "not a sip(s) uri: nonsense"),
    "dangling identify": (added(PJSIP, "[x]\ntype = identify\nendpoint = y\nmatch = 192.0.2.1\n"), "endpoint 'y'"),
    "no section": (lambda files: {**files, PJSIP: "oops\n" + files[PJSIP]}, "No category context for line 1"),
    "application": (added("extensions.conf", "[z]\nexten = s,1,NoSuch()\n"), "has the application NoSuch"),
    "module": (added("modules.conf", "load = app_nosuch.so\n"), "app_nosuch.so"),
    "no boot": (added("modules.conf", "require = app_nosuch.so\n"), "app_nosuch"),
}


FEW = ("codec", "dangling aor", "certificate", "no boot")


@pytest.mark.parametrize("names", [FEW, pytest.param(tuple(BROKEN), marks=pytest.mark.long)], ids=["few", "all"])
def test_what_it_says_of_good_and_of_broken_files(node: Prepared, names: tuple[str, ...]) -> None:
    async def one(agents: asyncio.Queue[ProcessAgent], files: Files) -> TriedOut:
        agent = await agents.get()
        try:
            return await agent.try_out(files)
        finally:
            agents.put_nowait(agent)

    async def every() -> list[TriedOut]:
        agents: asyncio.Queue[ProcessAgent] = asyncio.Queue()
        every = [node.agent(f"scratch = {room}") for _ in range(AT_ONCE)]
        for agent in every:
            agents.put_nowait(agent)
        candidates = [node.good, *(BROKEN[name][0](node.good) for name in names)]
        try:
            return await asyncio.gather(*(one(agents, files) for files in candidates))
        finally:
            for agent in every:
                await agent.close()

    room = node.settings.with_name("room")
    room.mkdir(exist_ok=True)
    good, *broken = asyncio.run(every())
    assert good.booted and list(good.problems) == []
    for name, tried in zip(names, broken, strict=True):
        words = BROKEN[name][1]
        assert tried.booted is (name != "no boot"), (name, tried)
        assert any(words in line for line in tried.problems), (name, tried.problems)
        assert not any("/tmp/" in line or SECRET in line for line in tried.problems), tried.problems
    assert not os.listdir(room), "nothing is left of a trial"


@pytest.mark.long
@pytest.mark.parametrize("network", ["own", "shared"])
def test_nobody_hears_of_it(node: Prepared, network: str) -> None:
    """A carrier that is registered at, one that is asked whether it lives, and whoever hears copies of SIP messages:
    none of them gets a byte while it boots; the running switch's ports may be held, and stay so."""
    with ExitStack() as held:

        def ear(port: int = 0) -> socket.socket:
            one = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            one.bind(("127.0.0.1", port))
            one.setblocking(False)
            return one

        site = node.voice.site
        ears = [ear(node.voice.carrier_port), ear(int(site.locations.listen.rpartition(":")[2]))]
        ear(site.ports.sip)
        files = {
            **node.good,
            PJSIP: node.good[PJSIP] + REGISTRATION.format(server=node.voice.carrier_port, password="x" * 12),
            "modules.conf": node.good["modules.conf"] + TALKS,
        }
        spoilt = {**files, PJSIP: files[PJSIP].replace("client_uri = sip:centre", "client_uri = centre")}

        async def story() -> None:
            agent = node.agent(f"network = {network}", asterisk=node.slow_program())
            try:
                tried = await agent.try_out(files)
                assert tried.booted and list(tried.problems) == [] and tried.ms > TALKS_WITHIN_S * 1000
                apart = node.network_seen() != os.readlink("/proc/self/ns/net")
                assert apart is (network == "own" and _kernel_gives_networks())
                tried = await agent.try_out(spoilt)
                assert any("outbound_registration" in line for line in tried.problems), tried.problems
            finally:
                await agent.close()

        asyncio.run(story())
        for one in ears:
            with pytest.raises(BlockingIOError):
                one.recv(2000)


@pytest.mark.long
def test_the_same_files_do_talk_where_nothing_holds_them_back(node: Prepared) -> None:
    """Or the test above would show nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as carrier:
        carrier.bind(("127.0.0.1", node.voice.carrier_port))
        carrier.settimeout(10)
        server = node.voice.asterisk
        server.files = {
            **node.good,
            PJSIP: node.good[PJSIP] + REGISTRATION.format(server=node.voice.carrier_port, password="x" * 12),
            "modules.conf": node.good["modules.conf"] + TALKS,
        }
        server.start()
        try:
            heard, deadline = set(), time.monotonic() + 15
            while heard != {b"REGISTER", b"OPTIONS"}:
                assert time.monotonic() < deadline, heard
                heard.add(carrier.recv(2000).split(b" ")[0])
        finally:
            server.stop()
            server.files = node.good


def test_it_dies_with_the_core(node: Prepared) -> None:
    """Core killed in the midst of a trial: the agent goes, and the scratch switch with it."""
    program = (
        "import asyncio, sys\n"
        "from telephony.trunk.node_agent import ProcessAgent\n"
        "async def main():\n"
        "    agent = ProcessAgent('pbx1', sys.argv[1:])\n"
        "    await agent.look()\n"
        "    print(agent._process.pid, flush=True)\n"
        "    await agent.try_out({'pjsip.conf': ''})\n"
        "asyncio.run(main())\n"
    )

    async def story() -> None:
        core = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, *node.agent().command, stdout=asyncio.subprocess.PIPE
        )
        assert core.stdout is not None
        agent = int(await core.stdout.readline())
        living = Identity.of(agent)
        assert living is not None
        deadline = time.monotonic() + 10
        while not (children := _children(agent)):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
        core.kill()
        await core.wait()
        while living.alive or any(one.alive for one in children):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)

    asyncio.run(story())


def _kernel_gives_networks() -> bool:
    return subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode == 0


def _children(pid: int) -> list[Identity]:
    try:
        numbers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [one for one in map(Identity.of, map(int, numbers)) if one is not None]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_as_root_it_is_of_the_switchs_account(node: Prepared) -> None:
    """What only root can read, the switch could not read either."""
    key = node.voice.home / "key.pem"
    key.write_text("of root alone\n")
    key.chmod(0o600)
    node.voice.home.chmod(0o755)
    closed = {**node.good, PJSIP: node.good[PJSIP] + TLS.replace("/none/c.pem", str(key))}

    async def story() -> None:
        agent = node.agent()
        try:
            tried = await agent.try_out(node.good)
            assert tried.booted and list(tried.problems) == []
            tried = await agent.try_out(closed)
            assert any("either missing or not readable" in line for line in tried.problems), tried.problems
        finally:
            await agent.close()

    os.chown(node.voice.asterisk.etc, 65534, 65534)
    try:
        asyncio.run(story())
    finally:
        os.chown(node.voice.asterisk.etc, 0, 0)


def test_a_program_that_is_no_switch(node: Prepared) -> None:
    async def story() -> None:
        agent = node.agent(asterisk="/nonexistent/asterisk")
        try:
            with pytest.raises(AgentFailed) as no:
                await agent.try_out(node.good)
            assert no.value.code == "no_switch_program" and "/nonexistent/asterisk" in no.value.vi
        finally:
            await agent.close()

    asyncio.run(story())


def test_a_running_switch_is_asked_and_restarted(node: Prepared) -> None:
    server = node.voice.asterisk
    server.start()
    try:

        async def story() -> None:
            agent = node.agent()
            ports = node.voice.site.ports
            asked = [("udp", "127.0.0.1", ports.sip), ("tcp", "127.0.0.1", ports.ami)]
            try:
                assert list(await agent.taken(asked)) == []  # the switch's own
                mark = await agent.log_mark()
                pid, born = server.pid, (server.run / "asterisk.ctl").stat().st_ctime_ns
                (server.etc / "queues.conf").write_text(node.good["queues.conf"] + "[x]\nstrategy = nosuch\n")
                await agent.restart()
                assert server.alive and server.pid == pid and server.ready()
                assert (server.run / "asterisk.ctl").stat().st_ctime_ns != born
                said = list(await agent.log_since(mark))
                words = "'nosuch' isn't a valid strategy for queue 'x', using ringall instead"
                assert said == [f"WARNING app_queue.c: {words}"]
                assert (await agent.look()).calls == 0
                server.stop()
                with socket.create_server(("127.0.0.1", ports.ami)):
                    assert list(await agent.taken(asked)) == asked[1:]
                with pytest.raises(AgentFailed) as no:
                    await agent.restart()
                assert no.value.code == "restart_command"
            finally:
                await agent.close()

        asyncio.run(story())
    finally:
        server.stop()
