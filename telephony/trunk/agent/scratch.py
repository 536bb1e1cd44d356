"""A scratch switch: booted on candidate files, listened to, and ended.

Guarded here: it lives in a folder of its own that is removed afterwards, ends by its process number within a set time,
and dies with the agent; see `scratch_files` and `room` for what it cannot reach.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from telephony.trunk.agent import log_lines, machine, references
from telephony.trunk.agent.asking import run, switch_says
from telephony.trunk.agent.room import entered, free_ports
from telephony.trunk.agent.scratch_files import LOG, ScratchPorts, binds_in, fit, machine_file
from telephony.trunk.agent.settings import OWN, AgentSettings
from telephony.trunk.agent.words import Failed

FOLDERS = ("etc", "lib", "db", "spool", "run", "log")
ASKED_EVERY_S = 0.05
ENDS_WITHIN_S = 5.0
PREFIX = "dispatch-scratch-"
LEFT_AFTER_S = 3600
"""A folder of this age was left by an agent that was killed: no trial lasts so long. Passwords are in it."""

OUT = "out"


@dataclass(frozen=True)
class Tried:
    booted: bool
    problems: Sequence[str]
    ms: int


def try_out(
    settings: AgentSettings, files: Mapping[str, str], running: str, still_wanted: Callable[[], None]
) -> Tried:
    """`files`: name to text, with what is in place where the candidate says nothing; `running`: the whole asterisk.conf
    in place. `still_wanted` raises where nobody waits for the answer any more."""
    known = log_lines.harmless(settings.harmless)
    began = time.monotonic()
    try:
        home = tempfile.mkdtemp(prefix=PREFIX, dir=settings.scratch)
    except OSError as error:
        raise Failed(
            "scratch_folder",
            f"Không tạo được thư mục cho tổng đài thử trong {settings.scratch}: {error.strerror}.",
            f"No folder for a scratch switch could be made in {settings.scratch}: {error.strerror}.",
        ) from None
    sweep(settings.scratch, os.stat(home).st_mtime)
    try:
        _furnish(home, files, running)
        account = _given_to_the_switch(home, settings.etc)
        told = _boot(settings, home, account, began, still_wanted)
        secrets = log_lines.secrets_in([*files.values(), running])
        paths = {f"{home}/etc/": "", f"{home}/": ""}
        found = log_lines.problems(_read(os.path.join(home, "log", LOG)), known, secrets, paths)
        printed = log_lines.problems(_read(os.path.join(home, "log", OUT)), known, secrets, paths, joined=False)
        found += [line for line in printed if not any(one.startswith(line) for one in found)]
        if told is None:
            found += _last_words(home, secrets, paths, found)
        else:
            found += references.unknown_in_dialplan(files, *told)
        found += references.dangling(files)
        return Tried(told is not None, found, round((time.monotonic() - began) * 1000))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def sweep(folder: str, now: float) -> None:
    """Remove what agents that were killed left there. What cannot be removed belongs to somebody else."""
    try:
        left = [it.path for it in os.scandir(folder) if it.name.startswith(PREFIX) and it.is_dir(follow_symlinks=False)]
    except OSError:
        return
    for path in left:
        try:
            old = now - os.lstat(path).st_mtime > LEFT_AFTER_S
        except OSError:
            continue
        if old:
            shutil.rmtree(path, ignore_errors=True)


def _furnish(home: str, files: Mapping[str, str], running: str) -> None:
    sink, ami, *binds = free_ports(2 + binds_in(files))
    ours = files.get(machine.FILE) or machine.split(running)[1]
    fitted: dict[str, str] = fit(files, ScratchPorts(sink, ami, tuple(binds)))
    fitted[machine.FILE] = machine_file(running, ours, home)
    for folder in FOLDERS:
        os.mkdir(os.path.join(home, folder), 0o700)
    for name, text in fitted.items():
        with open(os.path.join(home, "etc", name), "x", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
    with open(os.path.join(home, "sink"), "x", encoding="ascii") as file:
        file.write(str(sink))


def _given_to_the_switch(home: str, etc: str) -> tuple[int, int] | None:
    """As root: to whom the switch's files belong, so that the scratch may read what the switch may, and no more."""
    owner = os.stat(etc)
    if os.geteuid() != 0 or owner.st_uid == 0:
        return None
    for folder, folders, names in os.walk(home):
        for name in (".", *folders, *names):
            os.chown(os.path.join(folder, name), owner.st_uid, owner.st_gid)
    return owner.st_uid, owner.st_gid


def _boot(
    settings: AgentSettings,
    home: str,
    account: tuple[int, int] | None,
    began: float,
    still_wanted: Callable[[], None],
) -> tuple[str, str] | None:
    """What it says of its applications and its functions; None where it did not boot."""
    conf = os.path.join(home, "etc", machine.FILE)
    sink = int(_read(os.path.join(home, "sink")))
    with open(os.path.join(home, "log", OUT), "wb") as output:
        try:
            switch = subprocess.Popen(
                [*settings.asterisk, "-C", conf, "-f"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=home,
                close_fds=False,  # the sink goes along; all others of ours close by themselves
                start_new_session=True,
                preexec_fn=entered(sink, os.getpid(), settings.network == OWN, account),
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise Failed(
                "no_switch_program",
                f"Không chạy được {settings.asterisk[0]} ({error}); hãy sửa dòng asterisk trong cấu hình agent.",
                f"{settings.asterisk[0]} cannot be run ({error}); mend the line asterisk of the agent's settings.",
            ) from None
    try:
        while switch.poll() is None and time.monotonic() - began < settings.boot_limit_s:
            still_wanted()
            if os.path.exists(os.path.join(home, "run", "asterisk.ctl")):
                status, said = run([*settings.asterisk, "-C", conf, "-rx", "core waitfullybooted"], 2.0)
                if status == 0 and "fully booted" in said:
                    applications = switch_says(settings.asterisk, conf, "core show applications")
                    return applications, switch_says(settings.asterisk, conf, "core show functions")
            time.sleep(ASKED_EVERY_S)
        return None
    finally:
        _end(switch)


def _end(switch: subprocess.Popen[bytes]) -> None:
    if switch.poll() is None:
        switch.terminate()
        try:
            switch.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            switch.kill()
            switch.wait()


def _last_words(
    home: str, secrets: Sequence[str], paths: Mapping[str, str], found: Sequence[str]
) -> list[str]:
    """Of a switch that did not boot: what it printed last, or nobody would know why."""
    lines = [line.strip() for line in _read(os.path.join(home, "log", OUT)).splitlines() if line.strip()][-3:]
    for path, instead in paths.items():
        lines = [line.replace(path, instead) for line in lines]
    lines = [log_lines.masked(line, secrets)[: log_lines.CHARACTERS_MOST] for line in lines]
    return [line for line in lines if not any(line in one for one in found)]


def _read(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read(log_lines.READ_MOST).decode("utf-8", "replace")
    except OSError:
        return ""
