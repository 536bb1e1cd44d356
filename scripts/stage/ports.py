"""Ports on loopback: chosen free at the first start, remembered in `var/ports.json`, used again by later
ones.

Guards: a port lies below the range from which the kernel takes outgoing ones, so that it is still free the
next time; two checkouts begin their search at different places; a remembered port that somebody else now
holds is replaced.
"""

from __future__ import annotations

import fcntl
import json
import socket
import zlib
from pathlib import Path

from scripts.stage.progress import StageError

LOWEST, HIGHEST = 20000, 32000  # Linux takes outgoing ports from 32768 on (ip_local_port_range)
LOOPBACK = "127.0.0.1"


class Ports:
    """The port numbers of one checkout by name, for instance `redis-tls`."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def tcp(self, name: str, held_by_us: bool = False) -> int:
        """A TCP port. `held_by_us` keeps the remembered one although it is in use, by our own running server."""
        return self._choose(name, "tcp", 1, held_by_us)

    def udp(self, name: str, held_by_us: bool = False) -> int:
        """A UDP port."""
        return self._choose(name, "udp", 1, held_by_us)

    def udp_block(self, name: str, size: int, held_by_us: bool = False) -> int:
        """The first of `size` UDP ports in a row, an even one, as RTP wants it."""
        return self._choose(name, "udp", size, held_by_us)

    def _choose(self, name: str, kind: str, size: int, held_by_us: bool) -> int:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            noted = self._noted()
            taken = noted.get(name)
            if taken is not None and len(taken) == size and (held_by_us or _all_free(taken, kind)):
                return taken.start
            others = {port for key, block in noted.items() if key != name for port in block}
            noted[name] = self._search(kind, size, others)
            table = {
                key: block.start if len(block) == 1 else [block.start, block.stop - 1] for key, block in noted.items()
            }
            new = self._file.with_suffix(".new")
            new.write_text(json.dumps(table, indent=2, sort_keys=True) + "\n")
            new.replace(self._file)
            return noted[name].start

    def _noted(self) -> dict[str, range]:
        """What is remembered: a number, or the first and the last of a block."""
        try:
            table = json.loads(self._file.read_text())
            pairs = {key: value if isinstance(value, list) else [value, value] for key, value in table.items()}
            return {key: range(int(first), int(last) + 1) for key, (first, last) in pairs.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, AttributeError, TypeError) as error:
            raise StageError(f"{self._file} is not a table of ports: delete it, and it is made anew") from error

    def _search(self, kind: str, size: int, others: set[int]) -> range:
        span = HIGHEST - LOWEST
        begin = zlib.crc32(str(self._file).encode()) % span
        for step in range(0, span, 2):
            first = LOWEST + (begin + step) % span
            first += first % 2
            block = range(first, first + size)
            if block.stop <= HIGHEST and not others.intersection(block) and _all_free(block, kind):
                return block
        raise StageError(f"no {size} free {kind} ports in a row between {LOWEST} and {HIGHEST} on {LOOPBACK}")


def _all_free(block: range, kind: str) -> bool:
    return all(_free(port, kind) for port in block)


def _free(port: int, kind: str) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as probe:
        if kind == "tcp":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a closed port's TIME_WAIT is no owner
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
