"""The console at its heaviest night, beside an empty Qt window, a bare model and a bare XREAD loop in the same run.

Ours is the real program in an X server, signed in over HTTPS, reading a real Redis over TLS. For the load the core's
place is taken by a feeder: it tells decisions that the domain made (``night``) with the core's own publisher, live
values and Redis users, so that what is measured is the console and not how fast the rest of this machine decides.
"""

from __future__ import annotations

import json
import sys
import sysconfig
import time
from pathlib import Path

from gis.tiles.build import build
from scripts.benchmarks.console.night import the_night
from scripts.benchmarks.console.programs import Program, forget_files, pss_mb, tree
from scripts.benchmarks.console.rounds import Round, figures
from scripts.benchmarks.figures import Figure
from scripts.stage.certificates import server_certificate
from scripts.stage.display import Display
from scripts.stage.layout import ROOT, Layout
from scripts.stage.made_city import write_city
from scripts.stage.ports import Ports
from scripts.stage.progress import say, step
from scripts.stage.redis import RedisServer
from scripts.stage.secret_files import read_secret, secret_file
from scripts.stage.stage import Stage

LOAD_S = 10.0
FLOOR_S = 4.0
CALLS = 100
SETTLE_S = 3.0
USABLE_WITHIN_S = 60.0
PACKAGE = "scripts.benchmarks.console"


def measure(rounds: int) -> list[Figure]:
    with Stage(Layout.of_checkout()) as stage:
        bench = Bench(stage)
        done = [bench.round(cold=number == rounds) for number in range(rounds + 1)]
    return figures(done[1:])  # the first is a warm-up


class Bench:
    def __init__(self, stage: Stage) -> None:
        self._layout = stage.layout
        self._folder = stage.layout.var / "bench"
        self._folder.mkdir(exist_ok=True)
        the_night(self._folder)
        self._redis = stage.server(RedisServer(stage.layout))
        self._display = Display()
        stage.ending(self._display.stop)
        self._password = secret_file(stage.layout.secrets, "bench-person")
        self._https = Ports(stage.layout.ports).tcp("bench-https")
        self._certificate = server_certificate(stage.layout.tls, "core")
        self._write()
        self.feeder = self._python("feeder", str(self._folder))
        stage.ending(self.feeder.stop)
        self.feeder.answer()
        self._stage = stage

    def _write(self) -> None:
        """What the feeder needs to know."""
        told = {
            "night": str(self._folder), "redis": f"unix://{self._redis.user}@{self._redis.socket}",
            "redis_password": read_secret(self._redis.password_file), "tls_port": self._redis.tls_port, "epoch": 1,
            "https_port": self._https, "password": read_secret(self._password), "streets": str(self._streets()),
            "certificate": {it: str(getattr(self._certificate, it)) for it in ("certificate", "key", "authority")},
        }  # fmt: skip
        file = self._folder / "feeder.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(told), "utf-8")

    def _streets(self) -> Path:
        made = self._folder / "streets.pmtiles"
        if not made.is_file():
            with step("streets of a made-up city"):
                write_city(self._folder / "city.osm.pbf")
                build(self._folder / "city.osm.pbf", self._folder, lambda _: None)
        return made

    def _python(self, module: str, *arguments: str, window: bool = False) -> Program:
        home = str(self._folder / "home")
        env = {
            "QT_QPA_PLATFORM": "xcb", "DISPLAY": self._display.name, "XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home,
            "XDG_CACHE_HOME": home,
        }  # fmt: skip
        command = [sys.executable, "-m", f"{PACKAGE}.{module}", *arguments]
        return Program(command, self._layout.log / f"bench-{module}.log", env if window else None)

    # --- one round ----------------------------------------------------------------------------------------------------

    def round(self, cold: bool) -> Round:
        got = Round()
        self._window(got)
        self.feeder.ask("begin")
        console = self._console()
        try:
            self._start(got, console)
            self._quiet(got, console)
            self._load(got, console)
            self._memory(got, console)
        finally:
            console.stop()
        self._floors(got)
        if cold:
            self._cold(got)
        say("   " + got.in_words())
        return got

    def _window(self, got: Round) -> None:
        floor = self._python("floors", "window", window=True)
        try:
            got.window_s = floor.answer()["painted"] - floor.started
            time.sleep(0.2)
            got.window_mb = pss_mb(tree(floor.pid))
        finally:
            floor.stop()

    def _console(self) -> Program:
        core, authority = f"https://127.0.0.1:{self._https}", str(self._certificate.authority)
        arguments = ("lan", str(self._password), "--core", core, "--ca", authority, "--language", "vi")
        return self._python("watched", *arguments, window=True)

    def _start(self, got: Round, console: Program) -> None:
        marks = self._usable(console)
        got.marks = {name: at - console.started for name, at in marks.items()}
        got.start_s = got.marks["usable"]
        deadline = time.monotonic() + USABLE_WITHIN_S
        while not console.ask("worker")["complete"] and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(SETTLE_S)
        console.ask("tell")

    @staticmethod
    def _usable(console: Program) -> dict[str, float]:
        deadline = time.monotonic() + USABLE_WITHIN_S
        while True:
            marks: dict[str, float] = console.ask("tell")["marks"]
            if "usable" in marks or time.monotonic() > deadline:
                return marks
            time.sleep(0.25)

    def _quiet(self, got: Round, console: Program) -> None:
        fed = self.feeder.ask(f"calls {CALLS}")
        got.take_calls(fed, console.ask("tell"))

    def _load(self, got: Round, console: Program) -> None:
        self.feeder.ask("begin")
        time.sleep(SETTLE_S)
        console.ask("tell")
        fed = self.feeder.ask(f"load {LOAD_S:g}")
        got.take_load(fed, console.ask("tell"))

    def _memory(self, got: Round, console: Program) -> None:
        worker = console.ask("worker")["pid"]
        whole = tree(console.pid)
        got.all_mb = pss_mb(whole)
        got.own_mb = pss_mb(set(whole) - {worker})

    def _floors(self, got: Round) -> None:
        redis = self._redis
        arguments = ("127.0.0.1", str(redis.tls_port), redis.user, str(redis.password_file),
                     str(redis.certificate.authority), "bench:console-floor")  # fmt: skip
        reader = self._python("floors", "read", *arguments)
        try:
            reader.answer()
            sent: dict[str, float] = self.feeder.ask(f"bare {FLOOR_S:g}")["sent"]
            reader.close()
            came: dict[str, float] = reader.answer()["came"]
        finally:
            reader.stop()
        got.bare_ms = [(came[number] - at) * 1000 for number, at in sent.items()]
        model = self._python("floors", "model", f"{FLOOR_S:g}", window=True)
        try:
            got.model_turns = model.answer()["turns"]
        finally:
            model.stop()

    def _cold(self, got: Round) -> None:
        """Once more from a disk of which the kernel remembers nothing."""
        standard, installed = sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")
        forget_files([Path(standard), Path(installed), ROOT / "console_gui", ROOT / "dispatch_core"])
        console = self._console()
        try:
            got.cold_s = self._usable(console)["usable"] - console.started
        finally:
            console.stop()


