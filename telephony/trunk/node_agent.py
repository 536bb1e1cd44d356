"""The core's side of a node's agent: a program that is kept running and asked in frames, near or through `ssh -T`.

Guarded here: every question has its time, after which the agent is ended and the next question starts another; what the
far end prints is bounded; a far end of another release is refused in words. The agent ends when the core does, because
its stdin does.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from dispatch_core.domain.plain_text import one_line
from dispatch_core.ports.trunk import AgentFailed, NodeLooked, TriedOut
from dispatch_core.settings import NodeSettings, Settings
from telephony.trunk.agent.frames import GREETING, BadFrame, length_of, packed, unpacked

STARTS_WITHIN_S = 15.0
"""Until the greeting: ssh's connection and sign-in included."""

NOISE_MOST = 16 * 1024
"""What a login shell may print before the greeting."""

SENTENCE_MOST = 1_000
"""Characters of why it could not."""

SAID_KEPT = 600
ENDS_WITHIN_S = 2.0
QUICK_S, WRITE_S, TRY_S, RESTART_S = 20.0, 30.0, 90.0, 660.0
"""The agent's own limits are shorter, so that it says itself what was late."""

CHECKOUT = Path(__file__).resolve().parents[2]


def agent_command(settings: Settings, node: NodeSettings) -> list[str]:
    """What starts the node's agent: as the settings say, or our own python on this machine."""
    if node.agent:
        return list(node.agent)
    own = [sys.executable, "-m", "telephony.trunk.agent"]
    if node.agent_settings:
        return [*own, str(settings.path(node.agent_settings).absolute())]
    files = settings.files_of(node)
    return [*own, "--etc", str(settings.path(files).absolute())] if files else []


def node_agents(settings: Settings) -> dict[str, ProcessAgent]:
    """One for each node of the settings, none of them started yet."""
    return {node.name: ProcessAgent(node.name, agent_command(settings, node)) for node in settings.nodes}


class _Cut(EOFError):
    """It went away without an answer."""


class ProcessAgent:
    """A `ports.NodeAgent`. Asked one thing at a time; started when first asked and whenever it has ended.

    One that went away since it was last asked (a line was cut, a machine was started anew) is replaced without a
    word, and asked again: whatever it is asked for may be done twice, but a restart.
    """

    def __init__(self, node: str, command: Sequence[str]) -> None:
        self.node = node
        self.command = list(command)
        self._process: Process | None = None
        self._said = b""
        self._listening: asyncio.Task[None] | None = None
        self._number = 0
        self._one_by_one = asyncio.Lock()

    async def look(self, texts: Sequence[str] = ()) -> NodeLooked:
        said = await self._ask("look", {"texts": list(texts)}, QUICK_S)
        return NodeLooked(dict(said["files"]), dict(said["texts"]), dict(said["good"]), int(said["calls"]))

    async def try_out(self, files: Mapping[str, str]) -> TriedOut:
        said = await self._ask("try_out", {"files": dict(files)}, TRY_S)
        return TriedOut(bool(said["booted"]), tuple(map(str, said["problems"])), int(said["ms"]))

    async def taken(self, ports: Sequence[tuple[str, str, int]]) -> Sequence[tuple[str, str, int]]:
        said = await self._ask("taken", {"ports": [list(port) for port in ports]}, QUICK_S)
        return tuple((str(protocol), str(address), int(port)) for protocol, address, port in said)

    async def write(self, files: Mapping[str, str], *, remove: Sequence[str] = ()) -> None:
        await self._ask("write", {"files": dict(files), "remove": list(remove)}, WRITE_S)

    async def give_back(self) -> None:
        await self._ask("give_back", {}, WRITE_S)

    async def settle(self) -> None:
        await self._ask("settle", {}, WRITE_S)

    async def log_mark(self) -> str:
        return str(await self._ask("log_mark", {}, QUICK_S))

    async def log_since(self, mark: str) -> Sequence[str]:
        return tuple(map(str, await self._ask("log_since", {"mark": mark}, QUICK_S)))

    async def restart(self) -> None:
        await self._ask("restart", {}, RESTART_S)

    async def close(self) -> None:
        """End it; what it is at, it finishes."""
        async with self._one_by_one:
            await self._end()

    # --- one question -------------------------------------------------------------------------------------------------

    async def _ask(self, do: str, given: dict[str, Any], limit_s: float) -> Any:
        async with self._one_by_one:
            try:
                if do != "restart" and (process := self._process) is not None and process.returncode is None:
                    with suppress(_Cut):
                        return await asyncio.wait_for(self._answer(process, do, given), limit_s)
                    await self._end(at_once=True)
                process = await self._running()
                return await asyncio.wait_for(self._answer(process, do, given), limit_s)
            except TimeoutError:
                await self._end(at_once=True)
                raise AgentFailed(
                    "agent_late",
                    f"Agent của tổng đài {self.node} không trả lời trong {limit_s:g} giây ({do}); hãy xem máy đó và "
                    f"đường mạng. Việc đang dở có thể đã xong: hãy xem lại các tệp.",
                    f"The agent of switch {self.node} did not answer within {limit_s:g} s ({do}); look at that machine "
                    f"and the network. What it was at may have been done: look at the files.",
                    node=self.node,
                ) from None
            except (OSError, EOFError, BadFrame) as error:
                said = await self._last_words()
                raise AgentFailed(
                    "agent_gone",
                    f"Agent của tổng đài {self.node} đã dừng giữa chừng ({do}): {said or error}. Hãy thử lại; nếu vẫn "
                    f"vậy, chạy tay lệnh agent trong dispatch.toml để xem.",
                    f"The agent of switch {self.node} ended in the middle ({do}): {said or error}. Try again; where it "
                    f"stays so, run the agent's command of dispatch.toml by hand.",
                    node=self.node,
                ) from None
            except (KeyError, TypeError, ValueError) as error:
                await self._end(at_once=True)
                raise self._foreign(f"{do}: {error!r}") from None
            except asyncio.CancelledError:
                await self._end(at_once=True)  # its answer would be taken for the next one's
                raise

    async def _answer(self, process: Process, do: str, given: dict[str, Any]) -> Any:
        assert process.stdin is not None and process.stdout is not None
        self._number += 1
        asked = packed({"id": self._number, "do": do, "with": given})
        try:
            process.stdin.write(asked)
            await process.stdin.drain()
            head = await process.stdout.readexactly(4)
        except (ConnectionError, EOFError) as error:
            raise _Cut(str(error)) from None
        answer = unpacked(await process.stdout.readexactly(length_of(head)))
        if answer.get("id") != self._number:
            raise BadFrame("the answer to something else")
        failed = answer.get("failed")
        if failed is not None:
            details = {str(key): value for key, value in dict(failed["details"]).items()} | {"node": self.node}
            details = {key: value for key, value in details.items() if isinstance(value, str | int)}
            details.pop("code", None)
            raise AgentFailed(
                str(failed["code"]),
                f"Tổng đài {self.node}: {one_line(str(failed['vi']), SENTENCE_MOST)}",
                f"Switch {self.node}: {one_line(str(failed['en']), SENTENCE_MOST)}",
                **details,
            )
        return answer["done"]

    async def _running(self) -> Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        await self._end(at_once=True)
        if not self.command:
            raise AgentFailed(
                "agent_not_set",
                f"dispatch.toml chưa nêu agent cho tổng đài {self.node}; hãy thêm agent, agent_settings hoặc files vào "
                f"[[nodes]].",
                f"dispatch.toml names no agent for switch {self.node}; add agent, agent_settings or files to "
                "[[nodes]].",
                node=self.node,
            )
        try:
            process = await asyncio.create_subprocess_exec(
                *self.command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=_environment(), start_new_session=True
            )
        except OSError as error:
            raise AgentFailed(
                "agent_not_started",
                f"Không chạy được agent của tổng đài {self.node} ({self.command[0]}: {error.strerror}); hãy sửa dòng "
                f"agent trong dispatch.toml.",
                f"The agent of switch {self.node} cannot be run ({self.command[0]}: {error.strerror}); mend the line "
                f"agent in dispatch.toml.",
                node=self.node,
            ) from None
        self._process = process
        self._said = b""
        self._listening = asyncio.create_task(self._listen(process))
        try:
            await asyncio.wait_for(self._greeting(process), STARTS_WITHIN_S)
        except (TimeoutError, EOFError, OSError):
            said = await self._last_words()
            raise AgentFailed(
                "agent_not_started",
                f"Agent của tổng đài {self.node} không khởi động được: {said or 'không nói gì'}. Hãy chạy tay lệnh "
                f"agent trong dispatch.toml để xem (khoá SSH, tệp cấu hình, Python 3.9 trở lên).",
                f"The agent of switch {self.node} does not start: {said or 'it says nothing'}. Run the agent's command "
                f"of dispatch.toml by hand (SSH key, settings file, Python 3.9 or newer).",
                node=self.node,
            ) from None
        except BadFrame as bad:
            await self._end(at_once=True)
            raise self._foreign(str(bad)) from None
        return process

    async def _greeting(self, process: Process) -> None:
        assert process.stdout is not None
        seen = 0
        name = GREETING.split()[0]
        while True:
            line = await process.stdout.readline()
            if not line:
                raise EOFError
            if line.endswith(GREETING):
                return
            if name in line:
                raise BadFrame(line.decode("ascii", "replace").strip()[-80:])
            seen += len(line)
            if seen > NOISE_MOST:
                raise BadFrame("it prints and prints")

    def _foreign(self, what: str) -> AgentFailed:
        return AgentFailed(
            "agent_foreign",
            f"Agent của tổng đài {self.node} không cùng phiên bản với máy chủ ({what}); hãy chép bản "
            f"dispatch-trunk-agent.pyz mới sang máy đó.",
            f"The agent of switch {self.node} is not of the core's release ({what}); copy the new "
            f"dispatch-trunk-agent.pyz to that machine.",
            node=self.node,
        )

    async def _listen(self, process: Process) -> None:
        """Whatever it prints beside its answers, so that it never waits for us; the end of it is kept."""
        assert process.stderr is not None
        while more := await process.stderr.read(4096):
            self._said = (self._said + more)[-SAID_KEPT:]

    async def _last_words(self) -> str:
        """Of an agent that has ended or is ended now."""
        await self._end(at_once=True)
        text = self._said.decode("utf-8", "replace")
        return " ".join("".join(c if c.isprintable() else " " for c in text).split())

    async def _end(self, at_once: bool = False) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        if process.returncode is None:
            try:
                await asyncio.wait_for(process.wait(), ENDS_WITHIN_S if not at_once else 0.2)
            except TimeoutError:
                with suppress(ProcessLookupError):
                    process.kill()
        if self._listening is not None:
            with suppress(TimeoutError):  # a program of its own may still hold the pipe
                await asyncio.wait_for(self._listening, 0.5)
            self._listening = None
        # what it printed and nobody reads any more would keep `wait` waiting; there is no public way to let go of it
        process._transport.close()  # type: ignore[attr-defined]
        await process.wait()


def _environment() -> dict[str, str]:
    """Ours, with our own modules to be found wherever the core was started."""
    path = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": f"{CHECKOUT}{os.pathsep}{path}" if path else str(CHECKOUT)}
