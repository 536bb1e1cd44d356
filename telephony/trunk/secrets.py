"""The passwords that Asterisk's configuration needs, read from files and never written into a site file.

Guarded here: a password is of an alphabet that cannot break out of a configuration line, and long enough. One that a
carrier gave may be shorter and of more signs than one that we make. No sentence here holds a password.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from telephony.trunk.site import RegisteringPhone, Site, SiteError

AMI_USER = "dispatch"
FILE_MOST = 4_096
SAFE = re.compile(r"[A-Za-z0-9._~+/=-]{12,128}")
SAFE_OF_CARRIER = re.compile(r"[!-:<-\[\]-~]{6,128}")  # printable ASCII but ';', '\' and the blank
AMI_USED_BY = "ami"

_OURS = ("12 đến 128 ký tự trong A-Z a-z 0-9 . _ ~ + / = -", "12 to 128 characters out of A-Z a-z 0-9 . _ ~ + / = -")
_THEIRS = (
    "6 đến 128 ký tự ASCII, không có dấu cách, dấu ; và dấu \\",
    "6 to 128 ASCII characters, without blank, ; and \\",
)


@dataclass(frozen=True)
class Secrets:
    """`ami`: password of AMI_USER. `phones`: position id to the password of its registering phone. `carriers`: name to
    the password of its account, of those that have one."""

    ami: str
    phones: Mapping[str, str] = field(default_factory=dict)
    carriers: Mapping[str, str] = field(default_factory=dict)

    @property
    def probe(self) -> str:
        """Password of the synthetic calls: of its own, and yet nobody has to keep another file; who has it cannot tell
        AMI's from it."""
        return hmac.new(self.ami.encode(), b"probe", sha256).hexdigest()


@dataclass(frozen=True)
class SecretFile:
    """A secret's file. `name`: as the description has it; `used_by`: "carriers.vnpt", "positions.B05" or both."""

    name: str
    path: Path
    used_by: tuple[str, ...]

    @property
    def of_carrier(self) -> bool:
        """Whether all who use it are carriers, so that their wider alphabet will do."""
        return all(user.startswith("carriers.") for user in self.used_by)

    @property
    def state(self) -> str:
        """good, missing or bad."""
        try:
            self.read()
        except SiteError as error:
            return "missing" if error.code == "site.secret-unreadable" else "bad"
        return "good"

    def read(self) -> str:
        """The password. SiteError as `read_secrets`."""
        return _password(self.path, f"{self.used_by[0]}.secret_file" if "." in self.used_by[0] else "", self.of_carrier)


def capture_key(ami: str) -> str:
    """What a node's copies of SIP messages are signed with, made from its AMI password."""
    return hashlib.sha256(b"sip capture:" + ami.encode()).hexdigest()[:32]


def secret_files(site: Site, directory: Path) -> tuple[SecretFile, ...]:
    """The files that a description names, each once; relative to `directory`. AMI's is not among them."""
    users: dict[str, list[str]] = {}
    for who, name in _named(site):
        users.setdefault(name, []).append(who)
    return tuple(SecretFile(name, directory / name, tuple(used_by)) for name, used_by in users.items())


def read_secrets(site: Site, ami: Path, directory: Path) -> Secrets:
    """The secrets of a site: AMI's from the file `ami`, the others from their secret_file, relative to `directory`.

    SiteError when a file cannot be read or holds something else than one password; `details`: file, and key.
    """
    read = {who: one.read() for one in secret_files(site, directory) for who in one.used_by}
    own = _password(ami, "", False)
    return Secrets(
        own,
        {who.removeprefix("positions."): it for who, it in read.items() if who.startswith("positions.")},
        {who.removeprefix("carriers."): it for who, it in read.items() if who.startswith("carriers.")},
    )


def check_secret(secret: str, of_carrier: bool, file: str = "", key: str = "") -> str:
    """The secret itself. SiteError when it cannot be one; the sentence does not hold it."""
    if (SAFE_OF_CARRIER if of_carrier else SAFE).fullmatch(secret):
        return secret
    vi, en = _THEIRS if of_carrier else _OURS
    where = f"{file} ({key})" if file and key else file or key
    raise SiteError(
        "site.secret-unusable",
        f"{where}: mật khẩu phải gồm {vi}.",
        f"{where}: the password must have {en}.",
        file=file,
        key=key,
    )


def _named(site: Site) -> Iterator[tuple[str, str]]:
    """Who has a secret, and the file's name."""
    for carrier in site.carriers:
        if carrier.enabled and (carrier.asks or carrier.answers):
            yield f"carriers.{carrier.name}", carrier.secret_file
    for position in site.positions:
        if isinstance(position.phone, RegisteringPhone):
            yield f"positions.{position.id}", position.phone.secret_file


def _password(path: Path, key: str, of_carrier: bool) -> str:
    where = f"{path} ({key})" if key else str(path)
    vi, en = _THEIRS if of_carrier else _OURS
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), encoding="utf-8") as file:  # nobody waits for a pipe
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError("no plain file")
            password = file.read(FILE_MOST).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(
            "site.secret-unreadable",
            f"{where}: không đọc được tệp mật khẩu; hãy tạo tệp có một mật khẩu gồm {vi}.",
            f"{where}: the password file cannot be read; make a file with one password of {en}.",
            file=str(path),
            key=key,
        ) from error
    return check_secret(password, of_carrier, str(path), key)
