"""The switch's log: where it ends now, and what of level WARNING and above was written since.

Guarded here: a log that was rotated in between loses no line; a line that belongs to a call is left out, for it holds
callers' data and says nothing of a configuration; passwords are masked; what is read and told is bounded.
"""

from __future__ import annotations

import os
import pkgutil
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from re import Pattern

from telephony.trunk.agent.words import Failed, unreadable

READ_MOST = 4 * 1024 * 1024
LINES_MOST = 200
CHARACTERS_MOST = 400
MASK = "•••"
_TAIL = 64
_MARK = re.compile(r"(\d{1,20}):(\d{1,20}):(\d{1,10})")
_LINE = re.compile(
    r"(?:\x1b\[[0-9;]*m)*\[[^\]]+\](?:\x1b\[[0-9;]*m)* +(?:\x1b\[[0-9;]*m)*"
    r"(?P<level>[A-Z]+)(?:\x1b\[[0-9;]*m)*\[\d+\](?P<call>\[C-[0-9a-f]+\])?:? +(?P<rest>.*)"
)
_PLACE = re.compile(r"^(?P<file>[\w./-]+?):\d+ \w+: ")
_SECRET_KEY = re.compile(
    r"^\s*(?:secret|password|capture_password|md5_cred|password_digest|turnpassword|tlsprivatekey)\s*=>?\s*([^;\r\n]+)",
    re.MULTILINE | re.IGNORECASE,
)
_SECRET_SAID = re.compile(r"((?:secret|password|md5_cred)\w*['\"]?\s*[=:]?>?\s*['\"])[^'\"]+(['\"])", re.IGNORECASE)


def harmless(further: str) -> list[Pattern[str]]:
    """What is known to be no problem; `further`: a file of the site's own, "" for none."""
    known = pkgutil.get_data("telephony.trunk.agent", "harmless.txt") or b""
    lines = known.decode("utf-8").splitlines()
    if further:
        try:
            with open(further, encoding="utf-8") as file:
                lines += file.read(READ_MOST).splitlines()
        except OSError as error:
            raise unreadable(further, error) from None
    try:
        return [re.compile(line) for line in lines if line.strip() and not line.startswith("#")]
    except re.error as error:
        raise Failed(
            "harmless_file",
            f"{further} có biểu thức không hợp lệ ({error}); hãy sửa dòng đó.",
            f"{further} holds what is no regular expression ({error}); mend that line.",
        ) from None


def secrets_in(texts: Iterable[str]) -> list[str]:
    """The passwords in configuration files, longest first."""
    found = {secret.strip() for text in texts for secret in _SECRET_KEY.findall(text)}
    return sorted((secret for secret in found if len(secret) >= 4), key=len, reverse=True)


def problems(
    text: str,
    known: Sequence[Pattern[str]],
    secrets: Sequence[str],
    paths: Mapping[str, str],
    joined: bool = True,
) -> list[str]:
    """The lines of a log that are a problem, each once: "LEVEL file: message". `paths`: what to write for a path;
    `joined`: a line without its own beginning belongs to the one before."""
    told: dict[str, None] = {}
    for level, call, rest in _joined(text, joined):
        if level not in ("WARNING", "ERROR", "CRITICAL", "FATAL") or call:
            continue
        place = _PLACE.match(rest)
        line = f"{level} {place['file']}: {rest[place.end():]}" if place else f"{level} {rest}"
        for path, instead in paths.items():
            line = line.replace(path, instead)
        line = masked(line, secrets)
        if not any(pattern.search(line) for pattern in known):
            told[line[:CHARACTERS_MOST].rstrip()] = None
    lines = list(told)
    if len(lines) > LINES_MOST:
        lines = [*lines[: LINES_MOST - 1], f"… {len(lines) - LINES_MOST + 1}"]
    return lines


def masked(line: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        line = line.replace(secret, MASK)
    return _SECRET_SAID.sub(rf"\g<1>{MASK}\g<2>", line)


def _joined(text: str, joined: bool) -> list[tuple[str, str, str]]:
    """(level, call's mark, rest) of each message; a message of several lines is one."""
    found: list[tuple[str, str, str]] = []
    for line in text.splitlines():
        begun = _LINE.match(line)
        if begun:
            found.append((begun["level"], begun["call"] or "", begun["rest"].rstrip()))
        elif joined and found and line.strip() and not line.startswith("["):
            level, call, rest = found[-1]
            if len(rest) < CHARACTERS_MOST:
                found[-1] = (level, call, f"{rest} {line.strip()}")
    return found


def mark(path: str) -> str:
    """Where the log ends now: the file, the place in it, and what stands before that place."""
    try:
        with open(path, "rb") as file:
            kind = os.fstat(file.fileno())
            return f"{kind.st_ino}:{kind.st_size}:{_tail_sum(file.fileno(), kind.st_size)}"
    except FileNotFoundError:
        return "0:0:0"
    except OSError as error:
        raise unreadable(path, error) from None


def since(path: str, said: str) -> str:
    """What was written since this mark, also where the file was moved away, copied and cut, or made anew."""
    match = _MARK.fullmatch(said)
    if match is None:
        raise Failed("log_mark", "Dấu của nhật ký không hợp lệ.", "That is no mark of a log.")
    inode, offset, total = (int(part) for part in match.groups())
    try:
        parts = [_from(file, start) for file, start in _files_since(path, inode, offset, total)]
    except OSError as error:
        raise unreadable(path, error) from None
    return b"".join(parts)[-READ_MOST:].decode("utf-8", "replace")


def _files_since(path: str, inode: int, offset: int, total: int) -> list[tuple[str, int]]:
    """The files to read, oldest first, each from where."""
    folder, name = os.path.split(path)
    known: list[tuple[int, str, os.stat_result]] = []
    for entry in os.scandir(folder):
        if entry.is_file(follow_symlinks=False) and (entry.name == name or entry.name.startswith(f"{name}.")):
            kind = entry.stat(follow_symlinks=False)
            known.append((kind.st_mtime_ns if entry.name != name else 1 << 62, entry.path, kind))
    known.sort()
    for number, (_, file, kind) in enumerate(known):
        if kind.st_ino == inode and kind.st_size >= offset and _sum_of(file, offset) == total:
            return [(file, offset), *((later, 0) for _, later, _ in known[number + 1 :])]
    return [(path, 0)] if any(file == path for _, file, _ in known) else []


def _sum_of(path: str, offset: int) -> int:
    with open(path, "rb") as file:
        return _tail_sum(file.fileno(), offset)


def _tail_sum(fd: int, offset: int) -> int:
    begin = max(0, offset - _TAIL)
    return zlib.crc32(os.pread(fd, offset - begin, begin))


def _from(path: str, start: int) -> bytes:
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(max(start, size - READ_MOST))
        return file.read(READ_MOST)
