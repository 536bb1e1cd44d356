"""Facts about the machine that the stage runs on: its system, its architecture, its Debian mirror."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

APT_TEMPLATE = Path("/usr/share/python-apt/templates/Debian.info")
"""Where python-apt, which Ubuntu installs by default, says where Debian's packages are."""

MIRROR_OVERRIDE = "DISPATCH_DEBIAN_MIRROR"
KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
)


@dataclass(frozen=True, slots=True)
class System:
    """What os-release says: `id` ("debian", "ubuntu"), `version` ("12") and `codename` ("bookworm")."""

    id: str
    version: str
    codename: str

    @classmethod
    def here(cls) -> System:
        try:
            said = platform.freedesktop_os_release()
        except OSError:
            said = {}
        return cls(said.get("ID", ""), said.get("VERSION_ID", ""), said.get("VERSION_CODENAME", ""))


def debian_architecture() -> str:
    """As dpkg names it: "amd64", "arm64"."""
    return subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()


def debian_mirrors(system: System, targets: str | None = None, template: Path = APT_TEMPLATE) -> list[str]:
    """Base addresses of Debian mirrors, best first: the override, the machine's own, the one that apt's template names.

    `targets` is the output of `apt-get indextargets` as "REPO_URI RELEASE" lines; read from apt when not
    given. Empty where the machine knows none.
    """
    if targets is None:
        asked = subprocess.run(
            ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"],
            capture_output=True,
            text=True,
            check=False,
        )
        targets = asked.stdout
    found = [os.environ[MIRROR_OVERRIDE]] if os.environ.get(MIRROR_OVERRIDE) else []
    for line in targets.splitlines():
        address, _, release = line.rpartition(" ")
        if system.id == "debian" and system.codename and release == system.codename:
            found.append(address)
    if template.exists():
        told = template.read_text("utf-8", "replace")
        found += re.findall(r"^BaseURI:\s*(https?://\S+/debian/)\s*$", told, re.MULTILINE)
    return list(dict.fromkeys(found))


def debian_keyring() -> Path | None:
    """The keyring of the package debian-archive-keyring, against which a Debian Release file is verified."""
    return next((path for path in KEYRINGS if path.exists()), None)
