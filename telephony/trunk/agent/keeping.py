"""All or none of the switch's files written, and the last good ones kept in the folder beside theirs.

Guarded here: whatever ends the agent at whatever instant, its next start leaves either every file as it was or every
file as it was to be. New files lie finished beside the old ones first; then one file, `state.json`, says that they
count; then they are renamed into place, which the next start does where this one did not. What
cannot be renamed is undone.

What is good: what was in place when a settled folder was written to, or when `settle` was said. Several writes without
`settle` between them return to what was before the first.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from telephony.trunk.agent import machine
from telephony.trunk.agent.folder import ASIDE, Folder, aside, hashed, made, may_be_written
from telephony.trunk.agent.words import Failed, unwritable

STATE = "state.json"
LOCK = "lock"
LOCK_WAIT_S = 10.0
FILES_AT_ONCE = 200
_KEPT = re.compile(r"was-[0-9]{1,9}")


@dataclass(frozen=True)
class Pending:
    """A change that counts and is perhaps not finished. ``put``: name to SHA-256; ``was``: what was in place before;
    ``then``: what the state is afterwards; ``back``: it is being undone."""

    put: dict[str, str]
    remove: list[str]
    was: str
    then: dict[str, Any]
    back: bool = False


@dataclass(frozen=True)
class State:
    """``good``: the folder of the last good files, "" for none. ``touched``: names written since, while unsettled."""

    number: int = 0
    good: str = ""
    unsettled: bool = False
    touched: list[str] = field(default_factory=list)
    pending: dict[str, Any] = field(default_factory=dict)


class Keeping:
    """The configuration folder `etc` and the folder `kept` beside it."""

    def __init__(self, etc: str, kept: str) -> None:
        self.etc = etc
        self.kept = kept

    # --- what it is asked ---------------------------------------------------------------------------------------------

    def files(self) -> dict[str, bytes]:
        """In place, each as the site has it."""
        with self._held() as work:
            return _ours(work.etc.read_all())

    def good(self) -> dict[str, bytes]:
        """The last good ones; none where nothing is kept."""
        with self._held() as work:
            state = work.state()
            return _ours(work.kept_files(state.good)) if state.good else {}

    def write(self, files: Mapping[str, str], remove: Sequence[str]) -> None:
        if len(files) + len(remove) > FILES_AT_ONCE:
            raise Failed(
                "too_many_files",
                f"Quá {FILES_AT_ONCE} tệp trong một lần ghi.",
                f"More than {FILES_AT_ONCE} files in one write.",
            )
        for name in (*files, *remove):
            may_be_written(name)
        if machine.split(files.get(machine.FILE, ""))[0]:
            raise Failed(
                "directories",
                "Mục [directories] của asterisk.conf thuộc về máy đó; hãy bỏ mục này khỏi tệp.",
                "The section [directories] of asterisk.conf belongs to the machine; leave it out of the file.",
            )
        with self._held() as work:
            state = work.state()
            wanted = {name: text.encode("utf-8") for name, text in files.items()}
            names = sorted({*wanted, *remove})
            number = state.number + 1
            then = replace(
                state,
                number=number,
                good=state.good if state.unsettled else f"was-{number}",
                unsettled=True,
                touched=sorted({*state.touched, *names} if state.unsettled else names),
            )
            work.change(wanted, [name for name in remove if name not in wanted], then)

    def give_back(self) -> None:
        with self._held() as work:
            state = work.state()
            if not state.good:
                raise Failed(
                    "no_last_good",
                    f"{self.etc} chưa có bản tốt nào được giữ để trả lại.",
                    f"No last good state of {self.etc} is kept that could be given back.",
                )
            good = _ours(work.kept_files(state.good))
            gone = [name for name in state.touched if name not in good]
            then = replace(state, number=state.number + 1, unsettled=False, touched=[])
            work.change(good, gone, then)

    def settle(self) -> None:
        with self._held() as work:
            state = work.state()
            number = state.number + 1
            work.keep(f"was-{number}")
            work.save(State(number=number, good=f"was-{number}"))
            work.sweep()

    def recover(self) -> None:
        """Finish what an agent before this one did not."""
        with self._held():
            pass

    @contextmanager
    def _held(self) -> Iterator[_Work]:
        """Nobody else looks or writes meanwhile, and nothing is pending. Raises Failed."""
        etc = Folder(self.etc)
        try:
            kept = made(self.kept)
        except Failed:
            etc.close()
            raise
        try:
            with _locked(kept):
                work = _Work(etc, kept)
                work.finish()
                yield work
        finally:
            kept.close()
            etc.close()


class _Work:
    """The two folders while they are ours alone."""

    def __init__(self, etc: Folder, kept: Folder) -> None:
        self.etc = etc
        self.kept = kept

    def state(self) -> State:
        text = self.kept.read(STATE)
        if text is None:
            return State()
        try:
            state = State(**json.loads(text.decode("utf-8")))
            if state.good and not _KEPT.fullmatch(state.good):
                raise ValueError(state.good)
            return state
        except (ValueError, TypeError):
            raise Failed(
                "kept_unreadable",
                f"{self.kept.path}/{STATE} bị hỏng; hãy dời thư mục {self.kept.path} đi nơi khác rồi làm lại.",
                f"{self.kept.path}/{STATE} is damaged; move the folder {self.kept.path} away and try again.",
            ) from None

    def save(self, state: State) -> None:
        """Raises OSError."""
        self.kept.put(f".{STATE}.next", json.dumps(asdict(state)).encode("ascii"))
        self.kept.rename(f".{STATE}.next", STATE)
        self.kept.sync()

    def kept_files(self, name: str) -> dict[str, bytes]:
        folder = Folder(os.path.join(self.kept.path, name))
        try:
            return folder.read_all()
        finally:
            folder.close()

    def keep(self, name: str) -> None:
        """What is in place, as a folder of this name."""
        try:
            shutil.rmtree(os.path.join(self.kept.path, name), ignore_errors=True)
            folder = made(os.path.join(self.kept.path, name))
            try:
                for file, data in self.etc.read_all().items():
                    folder.put(file, data)
                folder.sync()
            finally:
                folder.close()
            self.kept.sync()
        except OSError as error:
            raise unwritable(self.kept.path, error) from None

    def change(self, files: Mapping[str, bytes], remove: Sequence[str], then: State) -> None:
        """All of it or nothing. Raises Failed; then nothing has changed, unless it says so."""
        for name in (*files, *remove):
            self.etc.must_be_replaceable(name)
        for name in files:
            self.etc.must_be_readable_to_its_owner(name)
        was = f"was-{then.number}"
        self.keep(was)
        try:
            put = {name: self._lay_aside(name, data) for name, data in files.items()}
            self.etc.sync()
            pending = Pending(put, list(remove), was, asdict(then))
            self.save(replace(self.state(), number=then.number, pending=asdict(pending)))
        except OSError as error:
            state = self.state()
            if state.pending:  # it counts already, and is taken back
                self._backward(state, replace(Pending(**state.pending), back=True))
            else:
                self.sweep()
            raise unwritable(self.etc.path, error) from None
        self.finish()

    def finish(self) -> None:
        """Bring a change that counts to its end; nothing is left that belongs to none."""
        state = self.state()
        if not state.pending:
            self.sweep()
            return
        pending = Pending(**state.pending)
        if not pending.back:
            try:
                self._forward(pending)
                self.save(State(**pending.then))
                self.sweep()
                return
            except OSError as error:
                problem = error
            pending = replace(pending, back=True)
            self._backward(state, pending)
            raise unwritable(self.etc.path, problem)
        self._backward(state, pending)

    def sweep(self) -> None:
        """Remove what no state names. What cannot be removed does no harm."""
        state = self.state()
        named = {state.good, state.pending.get("was", "")}
        for name in os.listdir(self.kept.fd):
            if _KEPT.fullmatch(name) and name not in named:
                shutil.rmtree(os.path.join(self.kept.path, name), ignore_errors=True)
        if not state.pending:
            for name in os.listdir(self.etc.fd):
                if ASIDE.fullmatch(name):
                    self.etc.drop(name)

    def _lay_aside(self, name: str, data: bytes) -> str:
        if name == machine.FILE:
            before = self.etc.read(name) or b""
            data = machine.joined(before.decode("utf-8", "replace"), data.decode("utf-8")).encode("utf-8")
        self.etc.put(aside(name), data, owner_of=name)
        return hashed(data)

    def _forward(self, pending: Pending) -> None:
        for name, digest in pending.put.items():
            try:
                self.etc.rename(aside(name), name)
            except FileNotFoundError:  # in place already, for it was laid aside before the change counted
                if hashed(self.etc.read(name) or b"") != digest:
                    raise
        for name in pending.remove:
            self.etc.drop(name)
        self.etc.sync()

    def _backward(self, state: State, pending: Pending) -> None:
        names = [*pending.put, *pending.remove]
        try:
            self.save(replace(state, pending=asdict(pending)))
            was = self.kept_files(pending.was)
            for name in names:
                if name not in was:
                    self.etc.drop(name)
                elif self.etc.read(name) != was[name]:
                    self.etc.put(aside(name), was[name], owner_of=name)
                    self.etc.rename(aside(name), name)
            self.etc.sync()
            self.save(replace(state, pending={}))
            self.sweep()
        except (OSError, Failed) as error:
            raise Failed(
                "half_written",
                f"Các tệp trong {self.etc.path} mới ghi được một phần và chưa trả lại được ({error}); hãy xem ngay đĩa "
                f"và quyền ghi, lần hỏi sau agent sẽ làm tiếp. Bản cũ nằm ở {self.kept.path}/{pending.was}.",
                f"The files of {self.etc.path} are written in part and could not be put back ({error}); look at the "
                f"disk and the rights at once, the agent goes on when it is next asked. The old ones are in "
                f"{self.kept.path}/{pending.was}.",
            ) from None


def _ours(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """asterisk.conf without what belongs to the machine."""
    found = dict(files)
    if machine.FILE in found:
        text = found[machine.FILE].decode("utf-8", "replace")
        found[machine.FILE] = machine.split(text)[1].encode("utf-8")
    return found


@contextmanager
def _locked(kept: Folder) -> Iterator[None]:
    try:
        fd = os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600, dir_fd=kept.fd)
    except OSError as error:
        raise unwritable(kept.path, error) from None
    try:
        deadline = time.monotonic() + LOCK_WAIT_S
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Failed(
                        "agent_busy",
                        f"Một agent khác đang làm việc với {kept.path}; hãy thử lại sau ít giây.",
                        f"Another agent is at work on {kept.path}; try again in some seconds.",
                    ) from None
                time.sleep(0.02)
        yield
    finally:
        os.close(fd)


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashed(data) for name, data in files.items()}


def texts(files: Mapping[str, bytes], names: Iterable[str]) -> dict[str, str]:
    return {name: files[name].decode("utf-8", "replace") for name in names if name in files}
