"""Packages of a Debian suite unpacked into a directory, without touching the host.

Guards: apt works on its own lists, cache and sources, and on an *empty* dpkg status, so that the closure
includes libc6 and nothing of the host is assumed, changed or run; the suite's Release file must verify with
the machine's debian-archive-keyring. The machine's proxy settings are kept, its update hooks are not run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts.stage.machine import MIRROR_OVERRIDE, System, debian_architecture, debian_keyring, debian_mirrors
from scripts.stage.progress import StageError, run_shown, say

SUITE = "sid"
MAIN_CONF = "/etc/apt/apt.conf"


class PrivateApt:
    """An apt of our own under `home`, which must exist and be reachable by apt's download user."""

    def __init__(self, home: Path, mirror: str, keyring: Path, expired_too: bool = False) -> None:
        self._home = home
        for directory in ("lists/partial", "cache/archives/partial", "none"):
            (home / directory).mkdir(parents=True, exist_ok=True)
        (home / "status").write_text("")
        (home / "sources.list").write_text(f"deb [signed-by={keyring}] {mirror} {SUITE} main\n")
        (home / "main.conf").write_text(_main_conf(home, debian_architecture()))
        # apt reads APT_CONFIG first, then apt.conf.d, then Dir::Etc::main: ours comes last and so has its way
        (home / "first.conf").write_text(f'Dir::Etc::main "{home}/main.conf";\n')
        self._age = ["-o", "Acquire::Check-Valid-Until=false"] if expired_too else []
        self._env = {"APT_CONFIG": str(home / "first.conf"), "LC_ALL": "C.UTF-8"}

    def download(self, packages: Sequence[str]) -> list[Path]:
        """Packages with all that they depend on, as .deb files. Raises StageError."""
        quiet = [] if sys.stderr.isatty() else ["-qq"]
        run_shown(
            ["apt-get", *quiet, *self._age, "-o", "APT::Update::Error-Mode=any", "update"],
            self._env,
            f"the package lists of Debian {SUITE} could not be read",
        )
        run_shown(
            ["apt-get", *quiet, "--download-only", "-y", "install", *packages],
            self._env,
            f"{', '.join(packages)} of Debian {SUITE} could not be downloaded",
        )
        return sorted((self._home / "cache" / "archives").glob("*.deb"))


def unpack(debs: Sequence[Path], into: Path) -> None:
    """Unpack the files of packages, in any order; no maintainer script is run. Raises StageError."""
    into.mkdir(parents=True, exist_ok=True)
    for number, deb in enumerate(debs, start=1):
        if number % 40 == 0 or number == len(debs):
            say(f"   {number} of {len(debs)} packages unpacked")
        done = subprocess.run(["dpkg", "-x", deb, into], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise StageError(f"{deb.name} could not be unpacked into {into}: {done.stderr.strip()}")


def fetch(packages: Sequence[str], into: Path) -> None:
    """Download packages from the first mirror that has them and unpack them. Raises StageError."""
    keyring = debian_keyring()
    if keyring is None:
        raise StageError("no Debian keyring on this machine: install the package debian-archive-keyring")
    mirrors = debian_mirrors(System.here())
    if not mirrors:
        raise StageError(f"this machine names no Debian mirror: set {MIRROR_OVERRIDE} to the base address of one")
    failures = []
    # a mirror that stands still serves lists that have expired; what they sign is still Debian's own
    for mirror, expired_too in [(m, False) for m in mirrors] + [(m, True) for m in mirrors]:
        if expired_too:
            say(f"   once more from {mirror}, accepting lists that verify but have expired")
        with tempfile.TemporaryDirectory(prefix="dispatch-apt-", dir="/var/tmp") as home:
            os.chmod(home, 0o755)  # root's apt downloads as the user _apt
            try:
                debs = PrivateApt(Path(home), mirror, keyring, expired_too).download(packages)
            except StageError as error:
                failures.append(f"{mirror}: {error}")
                continue
            unpack(debs, into)
            return
    raise StageError("; ".join(failures))


def _main_conf(home: Path, architecture: str) -> str:
    host = f'#include "{MAIN_CONF}";\n' if Path(MAIN_CONF).exists() else ""
    return (
        host
        + f"""\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
#clear APT::Architectures;
#clear Acquire::Languages;
#clear APT::Default-Release;
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Install-Recommends "false";
APT::Install-Suggests "false";
Acquire::Languages {{ "none"; }};
Acquire::Retries "3";
Dir::Etc::sourcelist "{home}/sources.list";
Dir::Etc::sourceparts "{home}/none";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "{home}/none";
Dir::State::lists "{home}/lists";
Dir::State::status "{home}/status";
Dir::State::extended_states "{home}/extended_states";
Dir::Cache "{home}/cache";
Dir::Cache::archives "archives/";
Dir::Log "{home}";
"""
    )
