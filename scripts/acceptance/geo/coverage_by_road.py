"""What the free units reach now, over the city's own streets: the area, the hole that opens when the crews of the
middle go, and the move-up that closes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import shapely

from console_gui.core_client import CoreClient
from dispatch_core.domain.vocabulary import Measured
from dispatch_core.ports import Mover
from dispatch_core.runtime.clock import SystemClock
from gis.geodesy import metres_per_degree
from gis.resources import read_units
from gis.travel.roads import RoadTimes
from scripts.acceptance.geo.places import _coverage
from scripts.acceptance.geo.plans import _report
from scripts.acceptance.geo.streets import with_streets
from scripts.acceptance.geo.travel import in_force, movers, opened
from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import rig, until
from scripts.stage.callers import Caller
from scripts.stage.headless.operators import short
from scripts.stage.site import DEMO

SEED = 20260705
POINTS = 200
ALIKE = 0.93
"""The area is drawn in squares of 75 m, so a street on its edge may be told otherwise."""

MINUTES = 5.0
OF_THE_MIDDLE = ("AS02", "AS03")
KEY = "ambulance/"
OUTSKIRTS = "10.9755,106.4960"
MEASURED_WITHIN_S, RECKONED_WITHIN_S = 180.0, 60.0


class Area:
    """What the core tells over HTTPS, as a shape in degrees."""

    def __init__(self, client: CoreClient) -> None:
        told = client.reachable(MINUTES, service="ambulance")
        need(told.measured is Measured.ROAD, f"the area is measured by {told.measured}")
        self.shape = shapely.MultiPolygon([shapely.Polygon(it[0], it[1:]) for it in told.polygons])
        north, east = metres_per_degree(10.79)
        self.km2 = self.shape.area * north * east / 1e6

    def alike(self, times: RoadTimes, units: Iterable[Mover]) -> tuple[float, int]:
        """The share of streets of which a search from each of them back to the units says the same, and how many are
        inside."""
        force = times.in_force
        assert force is not None
        data, at = force.net.data, SystemClock().now()
        standing = np.flatnonzero(force.driven["patrol_car"].stands)
        cars = [Mover(it.unit, it.lat, it.lon) for it in units]
        same = inside = 0
        for piece in np.random.default_rng(SEED).choice(standing, POINTS, replace=False).tolist():
            lat, lon = (float(it[len(it) // 2]) for it in data.points(piece))
            ways = [it.seconds for it in times.reaches(lat, lon, cars, at) if it.measured is Measured.ROAD]
            within = bool(self.shape.contains(shapely.Point(lon, lat)))
            same += within == (min(ways, default=np.inf) <= MINUTES * 60)
            inside += within
        return same / POINTS, inside


def reach() -> str:
    r = rig()
    with_streets(r)
    times = opened(in_force(r))
    lan, thao, number = r.console("lan"), r.console("thao"), r.number()
    home = {it.unit: it for it in movers("ambulance")}
    gone = _of_the_middle(home)
    client = CoreClient(r.system.site.core_url, r.system.site.certificate.authority)
    try:
        client.sign_in("vy", r.system.password_file("vy").read_text("utf-8").strip())
        before = until(
            lambda: (it := _coverage(r, KEY)) and it["road"] and it["free"] == len(home) and it,
            "coverage over the roads with everybody free", MEASURED_WITHIN_S,
        )  # fmt: skip
        whole = Area(client)
        alike, inside = whole.alike(times, home.values())
        need(alike >= ALIKE and POINTS / 10 < inside < POINTS * 0.9, f"{alike:.1%} alike, {inside} of {POINTS} inside")
        with r.calling(Caller("115", number)):
            named = short(r.answered(lan, number)["incident"])
            lan.do(f"@ {OUTSKIRTS} {named}")
            lan.do(f"d {' '.join(gone)} {named}")
            known = {it["code"] for it in before["holes"]}
            hole = until(
                lambda: (it := _coverage(r, KEY)) and it["share"] < before["share"] and it["road"]
                and {one["code"] for one in it["holes"]} - known and it["moves"] and it,
                "a hole with a move-up", RECKONED_WITHIN_S,
            )  # fmt: skip
            open_ = Area(client)
            need(open_.km2 < whole.km2 / 10, f"{open_.km2:.2f} of {whole.km2:.2f} km² are still reached")
            move = next((it for it in hole["moves"] if it["station"] == OF_THE_MIDDLE[0]), None)
            need(move is not None, f"no move-up to {OF_THE_MIDDLE[0]}: {hole['moves']}")
            assert move is not None
            thao.do(f"dct {move['unit']} {move['station']}")
            station = home[gone[0]]
            _report(r, {"unit": move["unit"], "lat": station.lat, "lon": station.lon})  # it has arrived
            after = until(
                lambda: (it := _coverage(r, KEY)) and it["share"] > hole["share"]
                and move["closes"][0] not in {one["ward"] for one in it["holes"]} and it,
                f"{move['closes'][0]} closed", RECKONED_WITHIN_S,
            )  # fmt: skip
            again = Area(client)
            need(again.km2 > whole.km2 / 2, f"only {again.km2:.2f} of {whole.km2:.2f} km² are reached again")
            thao.do(f"dct- {move['unit']}")
            back = home[move["unit"]]
            _report(r, {"unit": back.unit, "lat": back.lat, "lon": back.lon})
            lan.do("h")
            r.shown(lan, number, "ended")
        lan.do(f"x resolved {named}")
    finally:
        client.close()
    return (
        f"{whole.km2:.2f} km² reached over the streets in {MINUTES:g} min, {alike:.1%} of {POINTS} streets alike by a "
        f"search of their own; {len(gone)} crews go: {open_.km2:.2f} km², {before['share']}% → {hole['share']}% within "
        f"{hole['minutes']} min, hole in {', '.join(it['ward'] for it in hole['holes'][:2])}; {move['unit']} to "
        f"{move['station']} closes {move['closes'][0]}: {again.km2:.2f} km², {after['share']}%"
    )


def _of_the_middle(home: Mapping[str, Mover]) -> list[str]:
    """The crews of the middle, those of the first station first."""
    at = {it.call_sign: it.station for it in read_units(DEMO / "units.csv")}
    return sorted((it for it in home if at[it] in OF_THE_MIDDLE), key=lambda it: (at[it], it))


SCENARIOS = [
    Scenario(
        "coverage over the real streets",
        "the area reached now is told by road; crews go and a hole opens in it; the proposed move-up closes it",
        reach,
    )
]
