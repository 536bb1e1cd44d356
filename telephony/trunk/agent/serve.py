"""What the agent is asked, one thing after the other, until the other end goes away.

A request is {"id", "do", "with"}; its answer {"id", "done"} or {"id", "failed": {code, vi, en, details}}.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from typing import Any, BinaryIO

from telephony.trunk.agent import held_ports, log_lines, machine, restarting, scratch
from telephony.trunk.agent.folder import FILE_BYTES_MOST, Folder, may_be_written
from telephony.trunk.agent.frames import GREETING, BadFrame, packed, read_frame
from telephony.trunk.agent.keeping import FILES_AT_ONCE, Keeping, digests, texts
from telephony.trunk.agent.settings import AgentSettings
from telephony.trunk.agent.words import Failed, unwritable

Given = dict[str, Any]


class Gone(Exception):
    """Nobody waits for the answer any more."""


class Agent:
    """``still_wanted``: raises Gone where nobody listens any more; asked while something takes long."""

    def __init__(self, settings: AgentSettings, still_wanted: Callable[[], None]) -> None:
        self._settings = settings
        self._keeping = Keeping(settings.etc, settings.kept)
        self._still_wanted = still_wanted
        self._asked: dict[str, Callable[[Given], Any]] = {
            "look": self._look,
            "try_out": self._try_out,
            "taken": self._taken,
            "write": self._write,
            "give_back": lambda given: self._keeping.give_back(),
            "settle": lambda given: self._keeping.settle(),
            "log_mark": lambda given: log_lines.mark(self._log()),
            "log_since": self._log_since,
            "restart": lambda given: restarting.restart(self._settings, self._running(), self._still_wanted),
        }

    def recover(self) -> None:
        """What an agent before this one left unfinished. A failure is told to whoever asks next."""
        try:
            self._keeping.recover()
        except Failed:
            return

    def answer(self, request: Given) -> Given:
        """Raises Gone."""
        ident = request.get("id")
        try:
            do = self._asked.get(str(request.get("do")))
            given = request.get("with")
            if do is None or not isinstance(given, dict):
                raise Failed(
                    "not_understood",
                    "Agent không hiểu lệnh; hãy cài bản dispatch-trunk-agent cùng phiên bản với máy chủ.",
                    "The agent does not understand; install the dispatch-trunk-agent of the core's release.",
                )
            return {"id": ident, "done": do(given)}
        except Failed as failed:
            problem = failed
        except OSError as error:
            problem = unwritable(error.filename if isinstance(error.filename, str) else self._settings.etc, error)
        return {
            "id": ident,
            "failed": {"code": problem.code, "vi": problem.vi, "en": problem.en, "details": problem.details},
        }

    def _look(self, given: Given) -> Given:
        files = self._keeping.files()
        return {
            "files": digests(files),
            "texts": texts(files, _names(given, "texts")),
            "good": digests(self._keeping.good()),
            "calls": restarting.calls_up(self._settings),
        }

    def _try_out(self, given: Given) -> Given:
        files = _texts(given)
        for name in files:
            may_be_written(name)
        around = {name: data.decode("utf-8", "replace") for name, data in self._keeping.files().items()}
        around = {name: text for name, text in around.items() if name.endswith(".conf")}
        tried = scratch.try_out(self._settings, {**around, **files}, self._running(), self._still_wanted)
        return {"booted": tried.booted, "problems": list(tried.problems), "ms": tried.ms}

    def _taken(self, given: Given) -> list[list[Any]]:
        try:
            ports = [(str(protocol), str(address), int(port)) for protocol, address, port in given["ports"]]
        except (KeyError, TypeError, ValueError):
            raise _wrong("ports") from None
        return [list(port) for port in held_ports.taken(ports, machine.pid_of(self._running()))]

    def _write(self, given: Given) -> None:
        self._keeping.write(_texts(given), _names(given, "remove"))

    def _log_since(self, given: Given) -> list[str]:
        text = log_lines.since(self._log(), str(given.get("mark")))
        secrets = log_lines.secrets_in(data.decode("utf-8", "replace") for data in self._keeping.files().values())
        known = log_lines.harmless(self._settings.harmless)
        return log_lines.problems(text, known, secrets, {f"{self._settings.etc}/": ""})

    def _log(self) -> str:
        return self._settings.log or machine.log_of(self._running())

    def _running(self) -> str:
        """The whole asterisk.conf in place; "" where there is none."""
        etc = Folder(self._settings.etc)
        try:
            return (etc.read(machine.FILE) or b"").decode("utf-8", "replace")
        finally:
            etc.close()


def _names(given: Given, key: str) -> list[str]:
    names = given.get(key, [])
    if not isinstance(names, list) or len(names) > FILES_AT_ONCE or not all(isinstance(one, str) for one in names):
        raise _wrong(key)
    return names


def _texts(given: Given) -> dict[str, str]:
    files = given.get("files")
    if not isinstance(files, dict) or len(files) > FILES_AT_ONCE:
        raise _wrong("files")
    for name, text in files.items():
        if not isinstance(text, str) or "\0" in text or len(text) > FILE_BYTES_MOST:
            raise _wrong(repr(name)[:80])
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise _wrong(repr(name)[:80]) from None
    return files


def _wrong(what: str) -> Failed:
    return Failed("not_understood", f"Lệnh gửi agent sai ở {what}.", f"What the agent was asked is wrong at {what}.")


def serve(settings: AgentSettings, asked: BinaryIO, answers: BinaryIO) -> int:
    """Until the other end goes away. Exit status: 1 where it does not talk in frames."""
    hangup = select.poll()
    hangup.register(asked.fileno(), select.POLLHUP | select.POLLRDHUP)

    def still_wanted() -> None:
        if any(event & (select.POLLHUP | select.POLLERR) for _, event in hangup.poll(0)):
            raise Gone

    agent = Agent(settings, still_wanted)
    agent.recover()
    try:
        answers.write(GREETING)
        answers.flush()
        while True:
            request = read_frame(asked)
            if request is None:
                return 0
            answer = agent.answer(request)
            try:
                frame = packed(answer)
            except BadFrame:
                frame = packed({"id": request.get("id"), "failed": _TOO_LONG})
            answers.write(frame)
            answers.flush()
    except (Gone, BrokenPipeError):
        return 0
    except BadFrame as bad:
        os.write(2, f"dispatch-trunk-agent: {bad}\n".encode())
        return 1


_TOO_LONG = {
    "code": "answer_too_long",
    "vi": "Câu trả lời của agent quá dài; hãy hỏi ít tệp hơn.",
    "en": "The agent's answer is too long; ask for fewer files.",
    "details": {},
}
