"""An Asterisk that belongs to this checkout: unpacked packages in a directory, run by their own dynamic
loader.

Debian 12 has no asterisk package and the distributions' others are mostly too old, so the package of Debian's
suite `sid` is unpacked with everything that it needs, its C library included. The host's own Asterisk serves
when it is new enough. Guards: what is handed out has been run once and loads every shared library that the
modules in use need.
"""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scripts.stage.layout import Layout
from scripts.stage.private_apt import fetch
from scripts.stage.progress import StageError, step

OVERRIDE = "DISPATCH_ASTERISK_PREFIX"
# the first releases of each branch whose manager.conf knows eventfilter(action(...))
FIRST_RELEASES = {18: 26, 20: 11, 21: 6, 22: 1}
KEPT = ("usr/lib", "usr/lib64", "usr/sbin/asterisk", "usr/share/asterisk")
# what our configuration loads and a packager could have left out
NEEDED_MODULES = (
    "app_confbridge", "app_mixmonitor", "app_queue", "bridge_softmix", "chan_pjsip", "format_wav", "func_uri",
    "res_hep", "res_hep_pjsip", "res_musiconhold", "res_pjsip", "res_pjsip_messaging",
    "res_pjsip_refer", "res_rtp_asterisk", "res_sorcery_config",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AsteriskPrefix:
    """Where an Asterisk's files are. `loader` and `libraries` are empty for one that is installed on the
    host.
    """

    binary: Path
    modules: Path
    data: Path
    loader: Path | None = None
    libraries: str = ""

    def command(self, *arguments: str) -> list[str]:
        """The command line that runs this Asterisk with `arguments`."""
        if self.loader is None:
            return [str(self.binary), *arguments]
        return [str(self.loader), "--library-path", self.libraries, str(self.binary), *arguments]

    def script(self) -> str:
        """A shell script that runs this Asterisk, also when it is the Asterisk that starts itself anew: it then runs
        its own name, which must not be the bare program of another C library.
        """
        loader = [] if self.loader is None else [str(self.loader), "--argv0", "$0", "--library-path", self.libraries]
        words = " ".join(shlex.quote(word) if word != "$0" else '"$0"' for word in [*loader, str(self.binary)])
        return f'#!/bin/sh\nexec {words} "$@"\n'

    def version(self) -> tuple[int, int]:
        """Major and minor release. Raises StageError when it cannot be run."""
        try:
            asked = subprocess.run(self.command("-V"), capture_output=True, text=True, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StageError(f"Asterisk at {self.binary} cannot be run: {error}") from error
        said = re.match(r"Asterisk (?:certified/)?(\d+)\.(\d+)", asked.stdout)
        if said is None:
            raise StageError(f"Asterisk at {self.binary} cannot be run: {(asked.stdout + asked.stderr).strip()}")
        return int(said[1]), int(said[2])

    def lacks(self) -> list[str]:
        """Modules that are absent, and shared libraries that do not resolve; empty when all is well.

        A private Asterisk that would borrow one of the host's libraries lacks it: it would not be there on
        the next machine.
        """
        missing = []
        for file in (self.binary, *(self.modules / f"{name}.so" for name in NEEDED_MODULES)):
            if not file.exists():
                missing.append(file.name)
            else:
                missing += [f"{library} (for {file.name})" for library in self._unresolved(file)]
        return missing

    def _unresolved(self, file: Path) -> list[str]:
        command = ["ldd", str(file)]
        if self.loader is not None:
            command = [str(self.loader), "--library-path", self.libraries, "--list", str(file)]
        listing = subprocess.run(command, capture_output=True, text=True, check=False)
        if listing.returncode != 0 and "=>" not in listing.stdout:
            return [listing.stderr.strip()]
        inside = (str(self.loader), *self.libraries.split(os.pathsep))
        unresolved = []
        for line in listing.stdout.splitlines():
            library, arrow, target = line.strip().partition(" => ")
            own = self.loader is None or target.startswith(inside)
            if arrow and (target.startswith("not found") or not own):
                unresolved.append(library)
        return unresolved


def new_enough(version: tuple[int, int]) -> bool:
    """Whether this release can carry the hardened configuration."""
    major, minor = version
    return major > max(FIRST_RELEASES) or minor >= FIRST_RELEASES.get(major, 1 << 30)


def unpacked(directory: Path) -> AsteriskPrefix | None:
    """The Asterisk unpacked in a directory; None when there is none."""
    binary = directory / "usr/sbin/asterisk"
    loader = next(iter(sorted(directory.glob("usr/lib/*/ld-linux-*.so.*"))), None)
    if not binary.exists() or loader is None:
        return None
    libraries = loader.parent
    return AsteriskPrefix(
        binary, libraries / "asterisk/modules", directory / "usr/share/asterisk", loader,
        os.pathsep.join([str(libraries), str(libraries / "asterisk"), str(libraries / "pulseaudio")]),
    )  # fmt: skip


def of_host() -> AsteriskPrefix | None:
    """The host's own Asterisk, if it is installed, new enough and complete."""
    found = shutil.which("asterisk", path="/usr/local/sbin:/usr/sbin:/sbin:" + os.environ.get("PATH", ""))
    if found is None:
        return None
    places = sorted(Path("/usr").glob("lib*/asterisk/modules")) + sorted(Path("/usr/lib").glob("*/asterisk/modules"))
    data = next((p for p in (Path("/usr/share/asterisk"), Path("/var/lib/asterisk")) if (p / "sounds").exists()), None)
    if not places or data is None:
        return None
    prefix = AsteriskPrefix(Path(found), places[0], data)
    try:
        usable = new_enough(prefix.version()) and not prefix.lacks()
    except StageError:
        return None  # it does not even start: the private one is taken instead
    return prefix if usable else None


def obtain(layout: Layout) -> AsteriskPrefix:
    """An Asterisk to run: the one named by DISPATCH_ASTERISK_PREFIX, the host's, or a private one, fetched
    once.
    """
    named = os.environ.get(OVERRIDE)
    if named:
        prefix = unpacked(Path(named))
        if prefix is None:
            raise StageError(f"{OVERRIDE}={named} holds no unpacked Asterisk: unset it, or name a prefix that does")
        return prefix
    home = layout.asterisk
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once fetch it once
        return unpacked(home / "prefix") or of_host() or _fetched(home)


def _fetched(home: Path) -> AsteriskPrefix:
    whole, kept = home / "unpacking", home / "prefix.new"
    with step("Asterisk: fetching a private one from Debian sid (about 80 MB, nothing is installed)"):
        for leftover in (whole, kept):
            shutil.rmtree(leftover, ignore_errors=True)
        fetch(["asterisk"], whole)
        for part in KEPT:
            if (whole / part).exists():
                (kept / part).parent.mkdir(parents=True, exist_ok=True)
                (whole / part).rename(kept / part)
        shutil.rmtree(whole)
        sounds = kept / "usr/share/asterisk/sounds"
        for link in ("custom", "recordings", "priv-callerintros"):
            (sounds / link).unlink(missing_ok=True)  # they point out of the prefix, into the host
        # the one thing that the package's own installation script does and that is needed here
        english = sounds / "en"
        if not english.exists():
            english.symlink_to("en_US_f_Allison")
        candidate = unpacked(kept)
        if candidate is None:
            raise StageError(f"the package asterisk of Debian sid has no usr/sbin/asterisk (looked in {kept})")
        if not new_enough(candidate.version()) or candidate.lacks():
            raise StageError(
                f"the Asterisk of Debian sid cannot be used: release {candidate.version()}, lacking "
                f"{', '.join(candidate.lacks()) or 'nothing'}; name another with {OVERRIDE}"
            )
        kept.rename(home / "prefix")
    prefix = unpacked(home / "prefix")
    assert prefix is not None
    return prefix
