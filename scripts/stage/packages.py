"""Which packages of the distribution are needed, for what, and how the missing ones come in.

The same lists serve Debian 12, Debian 13 and Ubuntu 24.04; a package that was renamed there still provides
its old name. Guards: root's rights are asked for only when something is missing, and only for installing it;
a server that comes in here gets no cluster, is not started and stays off at boot.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.stage.machine import System, debian_architecture, debian_keyring
from scripts.stage.progress import StageError, run_shown, say, step

INSTALLER = Path(__file__).with_name("install-packages.sh")
TRIED = {("debian", "12"), ("debian", "13"), ("ubuntu", "24.04")}


@dataclass(frozen=True, slots=True)
class Package:
    """A package, what it is for, and a program (or a pattern of paths) whose presence makes it unnecessary."""

    name: str
    purpose: str
    instead: str = ""


SERVERS = (
    Package("postgresql", "the journal and everything that people query", "/usr/lib/postgresql/1[5-9]/bin/postgres"),
    Package("redis-server", "the stream from the core to the consoles", "redis-server"),
)
CALLERS = (Package("sip-tester", "carrier, callers and phones that speak SIP (sipp)", "sipp"),)
OFF_SCREEN = tuple(
    Package(name, "the console (Qt)")
    for name in ("libgl1", "libegl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1", "libglib2.0-0", "libpulse0")
)
WINDOW = tuple(
    Package(name, "the console's window (Qt on X11)")
    for name in (
        "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0",
        "libxcb-render-util0", "libxcb-shape0", "libxcb-xinerama0", "libxcb-xkb1", "libxkbcommon-x11-0",
        "libx11-xcb1",
    )
)  # fmt: skip
SCREENSHOTS = (
    Package("xvfb", "a display without a screen, for pictures of the console", "Xvfb"),
    Package("openbox", "windows as a person sees them, for pictures", "openbox"),
    Package("xdotool", "keys and clicks, for pictures", "xdotool"),
    Package("imagemagick", "to cut and to compare pictures", "convert"),
)
SOUND = (
    Package("pulseaudio", "a private sound server, so that a test hears what a console plays", "pulseaudio"),
    Package("pulseaudio-utils", "to listen to it (parec, pactl)", "parec"),
)
VENV = Package("python3-venv", "the virtual environment")
def postgis(major: str) -> Package:
    """PostGIS for the PostgreSQL of that major version: a peer of ``scripts/bench zones``, nothing else needs it."""
    control = f"/usr/share/postgresql/{major}/extension/postgis.control"
    return Package(f"postgresql-{major}-postgis-3", "PostGIS, to measure our lookup beside it", control)


KEYRING = Package("debian-archive-keyring", "to verify the private Asterisk, which comes from Debian")


def missing(
    wanted: Iterable[Package], installed: frozenset[str], search: str | None = None, root: Path = Path("/")
) -> list[Package]:
    """Those of `wanted` that are not `installed` (names, provided names too) nor made unnecessary."""
    return [p for p in wanted if p.name not in installed and not _stands_in(p.instead, search, root)]


def installed_packages(architecture: str, status: str | None = None) -> frozenset[str]:
    """Names of the packages that are installed and of what they provide.

    `status` is dpkg-query's output as "Status-Abbrev|Architecture|Package|Provides" lines; asked when not
    given.
    """
    if status is None:
        format_ = "${db:Status-Abbrev}|${Architecture}|${Package}|${Provides}\n"
        status = subprocess.check_output(["dpkg-query", "-W", "-f", format_], text=True)
    names: set[str] = set()
    for line in status.splitlines():
        state, package_architecture, package, provides = line.split("|", 3)
        if state[1:2] != "i" or package_architecture not in (architecture, "all"):
            continue
        names.add(package)
        names.update(entry.split()[0].partition(":")[0] for entry in provides.split(",") if entry.strip())
    return frozenset(names)


def ensure(wanted: Sequence[Package]) -> None:
    """Install what is missing of `wanted`. Raises StageError with the command to type when that cannot be
    done.
    """
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        lacking = missing(wanted, frozenset())
        if any(package.instead for package in lacking):
            raise StageError(
                "this system has no apt: install "
                + ", ".join(f"{p.name} ({p.purpose})" for p in lacking)
                + " by its own means, or use Debian 12, Debian 13 or Ubuntu 24.04"
            )
        return  # shared libraries cannot be looked up by package name here: Qt names what it lacks
    lacking = missing(wanted, installed_packages(debian_architecture()))
    if lacking:
        install(lacking)


def install(lacking: Sequence[Package]) -> None:
    """Say what is missing and why, and install it with apt, through sudo unless we are root."""
    system = System.here()
    say(f"-- packages missing on this {system.id} {system.version}:")
    for package in lacking:
        say(f"   {package.name}: {package.purpose}")
    if (system.id, system.version) not in TRIED:
        say("   (untried on this system: the names are those of Debian 12, Debian 13 and Ubuntu 24.04)")
    command = ["/bin/sh", str(INSTALLER), *(package.name for package in lacking)]
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            names = " ".join(package.name for package in lacking)
            raise StageError(f"no sudo here; as root: apt-get install --no-install-recommends {names}")
        say("   sudo is asked for this and for nothing else; the packages' own services stay off")
        command = ["sudo", *command]
    with step("packages"):
        run_shown(command, failure="the packages could not be installed")


def needed_for(
    python: Path, window: bool = False, callers: bool = True, screenshots: bool = False, sound: bool = False
) -> list[Package]:
    """The packages for a run of this kind with this Python."""
    wanted = [*SERVERS, *OFF_SCREEN]
    if callers:
        wanted += CALLERS
    if window:
        wanted += WINDOW
    if sound:
        wanted += SOUND
    if screenshots:
        wanted += [*WINDOW, *SCREENSHOTS]
    if python.resolve().parent == Path("/usr/bin"):
        wanted.append(VENV)
    if debian_keyring() is None:
        wanted.append(KEYRING)
    return wanted


def _stands_in(instead: str, search: str | None, root: Path) -> bool:
    if not instead:
        return False
    if instead.startswith("/"):
        return any(root.glob(instead.lstrip("/")))
    path = search if search is not None else "/usr/local/bin:/usr/bin:" + os.environ.get("PATH", "")
    return shutil.which(instead, path=path) is not None
