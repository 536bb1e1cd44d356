"""Candidate files made fit for a scratch switch: the same lines at the same places, but nothing of it leaves the
machine nor touches what the running switch has.

Guarded here, whatever the candidate says:
- every address that is listened on is 127.0.0.1 with a port of the scratch's own;
- no OPTIONS: every `qualify_frequency` is 0; no REGISTER and no PUBLISH but to the sink, a socket on 127.0.0.1 that
  never answers: `server_uri` and `outbound_proxy` have its address in place of theirs; what cannot be read as a URI is
  made one that the switch refuses;
- no copies of SIP messages but to the sink; no question to a name server (`match`, `external_*`, STUN);
- no syslog, no included file; directories of its own, so that the running switch's database, spool and control socket
  are not seen.

What a line says wrongly stays wrong, so that the scratch switch says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from telephony.trunk.agent import machine
from telephony.trunk.agent.references import is_address

LOOPBACK = "127.0.0.1"
LOG = "scratch.log"
LOGGED = f"{LOG} = notice,warning,error"
_PAIR = re.compile(r"^(\s*)([A-Za-z0-9_.-]+)(\s*\+?=>?\s*)(.*?)(\s*(?<!\\);.*)?$")
_URI = re.compile(r"^(sips?):(?:[^@]*@)?(?:\[[^\]]*\]|[^:;?>@\s\\]+)(?::\d+)?((?:\\?;[A-Za-z0-9=_.\\;-]*)?)$")
_INCLUDES = re.compile(r"^\s*#(include|tryinclude|exec)\b")
SCRATCH_OPTIONS_DROPPED = ("runuser", "rungroup", "astctl", "lockconfdir", "alwaysfork", "execincludes")


@dataclass(frozen=True)
class ScratchPorts:
    """``sink``: UDP and TCP, never answering. ``ami``; ``binds``: one for each address that is listened on."""

    sink: int
    ami: int
    binds: tuple[int, ...]


def binds_in(files: Mapping[str, str]) -> int:
    """How many ports `fit` will want for listening."""
    return sum(
        1
        for text in files.values()
        for line in text.splitlines()
        if (pair := _PAIR.match(line)) and pair[2].lower() == "bind"
    )


def fit(files: Mapping[str, str], ports: ScratchPorts) -> dict[str, str]:
    """The files, asterisk.conf left out."""
    binds = list(ports.binds)
    found: dict[str, str] = {}
    for name, text in files.items():
        if name == machine.FILE:
            continue
        change = _OF_FILE.get(name, _elsewhere)
        if name == "extensions.conf":
            found[name] = "\n".join(_no_include(line) for line in text.split("\n"))
            continue
        lines = [_changed(_no_include(line), change, ports, binds) for line in text.split("\n")]
        found[name] = "\n".join(lines)
    found["logger.conf"] = _logging(found.get("logger.conf", ""))
    return found


def machine_file(running: str, ours: str, home: str) -> str:
    """asterisk.conf of the scratch: what is only read is the running switch's, what is written to lies in `home`."""
    theirs = machine.directories(running)
    read = {key: theirs[key] for key in ("astmoddir", "astdatadir", "astsbindir") if key in theirs}
    own = {
        "astetcdir": "etc",
        "astvarlibdir": "lib",
        "astdbdir": "db",
        "astkeydir": "lib",
        "astagidir": "lib",
        "astspooldir": "spool",
        "astrundir": "run",
        "astlogdir": "log",
    }
    lines = [f"{key} => {home}/{folder}" for key, folder in own.items()]
    lines += [f"{key} => {path}" for key, path in read.items()]
    options = [line for line in ours.splitlines() if not _drops(line)]
    return "\n".join(["[directories]", *lines, "", *options]) + "\n"


def _drops(line: str) -> bool:
    pair = _PAIR.match(line)
    return bool(_INCLUDES.match(line)) or (pair is not None and pair[2].lower() in SCRATCH_OPTIONS_DROPPED)


def _no_include(line: str) -> str:
    return f"; {line.strip()}" if _INCLUDES.match(line) else line


Change = Callable[[str, str, ScratchPorts, list[int]], str]
"""Key in lower case, value, ports, ports for listening that are left -> the value; "" takes the line out."""


def _changed(line: str, change: Change, ports: ScratchPorts, binds: list[int]) -> str:
    pair = _PAIR.match(line)
    if pair is None:
        return line
    indent, key, equals, value, comment = pair.groups()
    new = change(key.lower(), value, ports, binds)
    if new == value:
        return line
    return f"{indent}{key}{equals}{new}{comment or ''}" if new else f"; {line.strip()}"


def _elsewhere(key: str, value: str, ports: ScratchPorts, binds: list[int]) -> str:
    if key == "bind":
        return f"{LOOPBACK}:{binds.pop(0)}"
    if key == "qualify_frequency":
        return re.sub(r"^[+-]?\d+", "0", value)
    if key in ("server_uri", "outbound_proxy"):
        return _to_sink(value, ports.sink)
    if key in ("external_media_address", "external_signaling_address", "stunaddr", "turnaddr"):
        return value if is_address(value) and not key.endswith("naddr") else ""
    if key == "match":
        return ",".join(part if is_address(part.strip()) else LOOPBACK for part in value.split(","))
    if key == "register":
        return ""
    return value


def _to_sink(value: str, sink: int) -> str:
    uri = _URI.match(value)
    if uri is None:
        return "unreadable-uri:" + re.sub(r"[^A-Za-z0-9]", "-", value)[:40]
    return f"{uri[1]}:{LOOPBACK}:{sink}{uri[2]}"


def _manager(key: str, value: str, ports: ScratchPorts, binds: list[int]) -> str:
    wanted = {"port": str(ports.ami), "bindaddr": LOOPBACK, "tlsenable": "no", "webenabled": "no"}
    return wanted.get(key, value)


def _http(key: str, value: str, ports: ScratchPorts, binds: list[int]) -> str:
    return {"enabled": "no", "tlsenable": "no"}.get(key, value)


def _hep(key: str, value: str, ports: ScratchPorts, binds: list[int]) -> str:
    return f"{LOOPBACK}:{ports.sink}" if key == "capture_address" else value


def _rtp(key: str, value: str, ports: ScratchPorts, binds: list[int]) -> str:
    return "" if key in ("stunaddr", "turnaddr", "turnusername", "turnpassword", "ice_host_candidates") else value


def _logger(key: str, value: str, ports: ScratchPorts, binds: list[int]) -> str:
    return "" if key.startswith("syslog") else value


_OF_FILE: dict[str, Change] = {
    "manager.conf": _manager,
    "http.conf": _http,
    "hep.conf": _hep,
    "rtp.conf": _rtp,
    "logger.conf": _logger,
}


def _logging(text: str) -> str:
    """With a log of our own, whatever else it says."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if re.match(r"\s*\[logfiles\]", line):
            return "\n".join([*lines[: number + 1], LOGGED, *lines[number + 1 :]])
    return text + f"\n[logfiles]\n{LOGGED}\n"
