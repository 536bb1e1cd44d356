"""Where a scratch switch runs: a network of its own where the kernel gives one, and the sink into which it may talk.

The files of the scratch name no address outside the machine (`scratch_files`); without a way out of its network nothing
else could reach one either. Where the kernel gives no network of its own, the files alone must do.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import pwd
import signal
import socket
import struct
from collections.abc import Callable

from telephony.trunk.agent.words import Failed

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG = 1
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
LOOPBACK = "127.0.0.1"
NICE = 10
LOWEST, HIGHEST = 20000, 32000  # below the ports that the kernel gives to whoever asks for any

_libc = ctypes.CDLL(None, use_errno=True)


def free_ports(count: int) -> list[int]:
    """So many, each free for UDP and TCP on 127.0.0.1. Raises Failed."""
    found: list[int] = []
    first = LOWEST + (os.getpid() * 97) % (HIGHEST - LOWEST)
    for step in range(HIGHEST - LOWEST):
        port = LOWEST + (first - LOWEST + step) % (HIGHEST - LOWEST)
        if _free(port):
            found.append(port)
            if len(found) == count:
                return found
    raise Failed(
        "no_free_ports",
        f"Không còn {count} cổng trống cho tổng đài thử trên 127.0.0.1.",
        f"There are no {count} free ports on 127.0.0.1 for a scratch switch.",
    )


def _free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as trial:
            try:
                trial.bind((LOOPBACK, port))
            except OSError:
                return False
    return True


def entered(sink: int, parent: int, own_network: bool, account: tuple[int, int] | None) -> Callable[[], None]:
    """What the child does before it becomes the switch: it dies with us, is polite, has a network of its own if it can,
    holds the sink, and is of this account (user and group by number; None: ours)."""
    groups = _groups_of(account)

    def enter() -> None:
        os.nice(NICE)
        if own_network and _own_network():
            _loopback_up()
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            try:
                hold = socket.socket(socket.AF_INET, kind)
                hold.bind((LOOPBACK, sink))
                if kind == socket.SOCK_STREAM:
                    hold.listen(16)
            except OSError:
                os._exit(1)
            os.set_inheritable(hold.detach(), True)
        if account is not None:
            os.setgroups(groups)
            os.setgid(account[1])
            os.setuid(account[0])
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # last: a change of account would take it away
        if os.getppid() != parent:
            os._exit(1)

    return enter


def _groups_of(account: tuple[int, int] | None) -> list[int]:
    if account is None:
        return []
    try:
        return os.getgrouplist(pwd.getpwuid(account[0]).pw_name, account[1])
    except KeyError:
        return [account[1]]


def _own_network() -> bool:
    ids: tuple[int, int] = (os.geteuid(), os.getegid())
    if _libc.unshare(CLONE_NEWNET) == 0:
        return True
    if _libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return False
    for name, line in (("setgroups", "deny"), ("uid_map", f"{ids[0]} {ids[0]} 1"), ("gid_map", f"{ids[1]} {ids[1]} 1")):
        try:
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(line)
        except OSError:
            os._exit(1)
    return True


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        flags = struct.unpack("16sH14s", fcntl.ioctl(control, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", flags | IFF_UP, b""))
