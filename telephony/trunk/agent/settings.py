"""The agent's own settings: a file of `key = value` lines under `[agent]`, or just the folder.

Guarded here: an unknown key is refused; paths are absolute; commands are split into words and never given to a shell.
"""

from __future__ import annotations

import configparser
import os
import shlex
from dataclasses import dataclass

from telephony.trunk.agent.words import Failed

LIMITS = ("boot_limit_s", "restart_limit_s")
KEYS = ("etc", "kept", "log", "asterisk", "restart", "scratch", "network", "harmless", *LIMITS)
OWN, SHARED = "own", "shared"
BOOT_LIMIT_S = 20
RESTART_LIMIT_S = 60
RESTART = "systemctl restart asterisk"


@dataclass(frozen=True)
class AgentSettings:
    """``etc``: the switch's configuration folder. ``kept``: where the last good files are, beside it on the same disk.

    ``log``: the switch's log, "" = messages.log where asterisk.conf says. ``asterisk``: the command that runs or asks
    the switch; ``restart``: the one that restarts it. ``scratch``: where scratch switches live; ``network``: "own" (one
    without a way out, where the kernel gives it) or "shared". ``harmless``: a file of further regular expressions, a
    line each, of log lines that are no problem.
    """

    etc: str
    kept: str
    log: str = ""
    asterisk: tuple[str, ...] = ("asterisk",)
    restart: tuple[str, ...] = tuple(RESTART.split())
    scratch: str = "/tmp"
    network: str = OWN
    harmless: str = ""
    boot_limit_s: int = BOOT_LIMIT_S
    restart_limit_s: int = RESTART_LIMIT_S


def for_folder(etc: str) -> AgentSettings:
    """Everything as usual, for the switch that reads this folder."""
    return made({"etc": etc}, "--etc")


def read_settings(path: str) -> AgentSettings:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
        values = dict(parser["agent"])
    except OSError as error:
        raise _bad(path, error.strerror or str(error)) from None
    except (configparser.Error, KeyError, UnicodeDecodeError) as error:
        raise _bad(path, str(error).splitlines()[0]) from None
    return made(values, path)


def made(values: dict[str, str], path: str) -> AgentSettings:
    unknown = sorted(set(values) - set(KEYS))
    if unknown:
        raise _bad(path, f"{', '.join(unknown)}? ({', '.join(KEYS)})")
    etc = _absolute(values.get("etc", ""), "etc", path)
    return AgentSettings(
        etc=etc,
        kept=_absolute(values.get("kept", "") or f"{etc}.kept", "kept", path),
        log=_absolute(values["log"], "log", path) if values.get("log") else "",
        asterisk=_command(values.get("asterisk", "asterisk"), "asterisk", path),
        restart=_command(values.get("restart", RESTART), "restart", path),
        scratch=_absolute(values.get("scratch", "/tmp"), "scratch", path),
        network=_one_of(values.get("network", OWN), (OWN, SHARED), "network", path),
        harmless=_absolute(values["harmless"], "harmless", path) if values.get("harmless") else "",
        boot_limit_s=_seconds(values.get("boot_limit_s", str(BOOT_LIMIT_S)), "boot_limit_s", path),
        restart_limit_s=_seconds(values.get("restart_limit_s", str(RESTART_LIMIT_S)), "restart_limit_s", path),
    )


def _absolute(value: str, key: str, path: str) -> str:
    if not value.startswith("/") or "\0" in value:
        raise _bad(path, f"{key} = {value}: /…")
    return os.path.realpath(value)


def _command(value: str, key: str, path: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(value))
    except ValueError as error:
        raise _bad(path, f"{key}: {error}") from None
    if not words:
        raise _bad(path, f"{key} = ?")
    return words


def _one_of(value: str, choices: tuple[str, ...], key: str, path: str) -> str:
    if value not in choices:
        raise _bad(path, f"{key} = {value}: {', '.join(choices)}")
    return value


def _seconds(value: str, key: str, path: str) -> int:
    if not value.isdigit() or not 1 <= int(value) <= 600:
        raise _bad(path, f"{key} = {value}: 1 … 600")
    return int(value)


def _bad(path: str, why: str) -> Failed:
    return Failed(
        "agent_settings",
        f"Cấu hình agent {path} không dùng được: {why}; hãy sửa tệp đó.",
        f"The agent's settings {path} cannot be used: {why}; mend that file.",
    )
