"""The engines that a site may run, on the same streets.

One question for all 50 units each, over HTTP on loopback, as the core would ask it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from dispatch_core.ports import Mover
from gis.travel.engines.first import EngineAddress, engine
from scripts.benchmarks.rank.net import MadeNet, write_osm
from scripts.stage.progress import StageError, say, step
from scripts.stage.routing_engines import OsrmServer, ValhallaServer, private_home

TIME_LIMIT_S = 30.0
AT = 1_795_410_000_000
SERVERS = {"valhalla": ("Valhalla matrix", ValhallaServer), "osrm": ("OSRM table", OsrmServer)}
ENGINES = tuple(name for name, _ in SERVERS.values())


def engines(
    net: MadeNet, places: Sequence[tuple[float, float]], units: Sequence[Sequence[Mover]], ends: ExitStack
) -> dict[str, Callable[[int], object]]:
    """What asks each engine that can be had here; one that cannot is named with the reason."""
    layout = ends.enter_context(private_home())
    file = layout.var / "net.osm.pbf"
    write_osm(net, file)
    asks: dict[str, Callable[[int], object]] = {}
    for kind, (name, server) in SERVERS.items():
        try:
            with step(f"{name}: building its data and starting it"):
                running = server(layout, file)
                running.start(60)
        except StageError as why:
            say(f"   {name}: not measured: {why}")
            continue
        ends.callback(running.stop)
        asked = engine(EngineAddress(kind, running.url), TIME_LIMIT_S)
        asks[name] = lambda n, asked=asked: asked.reaches(*places[n], units[n], AT)  # type: ignore[misc]
    return asks
