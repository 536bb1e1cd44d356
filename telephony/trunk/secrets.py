"""The passwords that Asterisk's configuration needs, read from files and never written into a site file.

Guarded here: a password is of an alphabet that cannot break out of a configuration line, and long enough.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from telephony.trunk.site import RegisteringPhone, Site, SiteError

AMI_USER = "dispatch"
SAFE = re.compile(r"[A-Za-z0-9._~+/=-]{12,128}")


@dataclass(frozen=True)
class Secrets:
    """`ami`: password of AMI_USER. `phones`: position id to the password of its registering phone."""

    ami: str
    phones: Mapping[str, str] = field(default_factory=dict)

    @property
    def probe(self) -> str:
        """Password of the synthetic calls: of its own, and yet nobody has to keep another file; who has it cannot tell
        AMI's from it."""
        return hmac.new(self.ami.encode(), b"probe", sha256).hexdigest()


def capture_key(ami: str) -> str:
    """What a node's copies of SIP messages are signed with, made from its AMI password."""
    return hashlib.sha256(b"sip capture:" + ami.encode()).hexdigest()[:32]


def read_secrets(site: Site, ami: Path, directory: Path) -> Secrets:
    """The secrets of a site: AMI's from the file `ami`, phones' from their secret_file, relative to `directory`.

    SiteError when a file cannot be read or holds something else than one password.
    """
    return Secrets(
        _password(ami),
        {
            position.id: _password(directory / position.phone.secret_file)
            for position in site.positions
            if isinstance(position.phone, RegisteringPhone)
        },
    )


def _password(path: Path) -> str:
    try:
        password = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(
            "site.secret-unreadable",
            f"{path}: không đọc được tệp mật khẩu; hãy tạo tệp có một mật khẩu 12 ký tự trở lên.",
            f"{path}: the password file cannot be read; make a file with one password of 12 characters or more.",
            file=str(path),
        ) from error
    if not SAFE.fullmatch(password):
        raise SiteError(
            "site.secret-unusable",
            f"{path}: mật khẩu phải gồm 12 đến 128 ký tự trong A-Z a-z 0-9 . _ ~ + / = -.",
            f"{path}: the password must have 12 to 128 characters out of A-Z a-z 0-9 . _ ~ + / = -.",
            file=str(path),
        )
    return password
