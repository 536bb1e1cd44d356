"""The streets on a console's map: imported, fetched, drawn with their names, there without the core and after a crash
of what paints them; a closure drawn by hand, a pin dragged.

The pictures are saved where the row says, outside the checkout: they show data that is not ours to publish.
"""

from __future__ import annotations

import atexit
import dataclasses
import os
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage

from console_gui import theme
from console_gui.map.streets.palette import NIGHT
from scripts.acceptance.geo.address_truth import shared_data
from scripts.acceptance.rows import Scenario, Unmet, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.consoles import Console
from scripts.stage.display import Display
from scripts.stage.headless.operators import short

EXTRACT = "hcmc_core_20230824.osm.pbf"
NEAR_UNIT = "C1"
"""Its station is in the middle of the extract."""

CENTRE = (10.7790, 106.7020)
ROAD_COLOURS = set(NIGHT.roads.values()) - set(dataclasses.asdict(theme.NIGHT).values())
"""Those that nothing else on the screen has."""

DRAWN_WITHIN_S = 30.0
ROAD_PIXELS = 8_000
NAMES_LEAST = 20
KNOWN = ("Hai Bà Trưng", "Lê Duẩn", "Đồng Khởi", "Nguyễn Du", "Lê Thánh Tôn")
"""Streets that everybody knows there: three of them are read on the picture's list of names."""

_display: list[Display] = []
_imported: dict[int, str] = {}


def display() -> str:
    if not _display:
        _display.append(Display())
        atexit.register(_display[0].stop)
    return _display[0].name


def with_streets(r: Rig) -> str:
    """The extract imported as an administrator does it, once; what the command said last."""
    if id(r) not in _imported:
        file = shared_data() / EXTRACT
        need(file.is_file(), f"{file} is missing")
        done = r.system.dispatch("map", "import", str(file))
        need(done.returncode == 0, f"dispatch map import: {done.stdout[-400:]} {done.stderr[-400:]}")
        _imported[id(r)] = done.stdout.strip().splitlines()[-1]
    return _imported[id(r)]


def window(r: Rig, name: str, user: str = "vy") -> Console:
    """A console under Xvfb, looking at the middle of the extract at night."""
    console = Console(r.stage, r.system, user, name, display=display())
    console.sign_in()
    console.do("theme toi")
    console.do(f"map {NEAR_UNIT}")
    return console


def drawn(console: Console, fits: Callable[[dict[str, Any]], Any] = lambda it: it["complete"]) -> dict[str, Any]:
    found: list[dict[str, Any]] = []

    def look() -> bool:
        found.append(console.streets())
        return bool(fits(found[-1]))

    try:
        until(look, "the streets drawn", DRAWN_WITHIN_S)
    except Unmet as unmet:
        raise Unmet(f"{unmet}; {found[-1:]}") from None
    return found[-1]


def picture(console: Console, name: str) -> tuple[Path, int]:
    """The window as a file, and how many pixels of it have the colours of roads."""
    file = Path(tempfile.gettempdir()) / f"dispatch-streets-{name}.png"
    file.unlink(missing_ok=True)
    console.shot(file)
    image = QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)
    need(not image.isNull(), f"{file} is no picture")
    pixels = bytes(image.constBits())
    wanted = {bytes.fromhex(colour[5:7] + colour[3:5] + colour[1:3]) for colour in ROAD_COLOURS}
    count = sum(pixels[at : at + 3] in wanted for at in range(0, len(pixels), 4))
    return file, count


def streets_with_names() -> str:
    r = rig()
    said = with_streets(r)
    console = window(r, "streets-1")
    try:
        told = drawn(console, lambda it: it["complete"] and it["names"])
        file, pixels = picture(console, "night")
        known = [name for name in KNOWN if name in told["names"]]
        need(len(told["names"]) >= NAMES_LEAST and len(known) >= 3, f"names: {told['names']}")
        need(pixels >= ROAD_PIXELS, f"{pixels} pixels of roads in {file}")
        console.do("lop duong")  # the same look at a map without streets must find none
        _, without = picture(console, "without")
        need(without < ROAD_PIXELS / 20, f"{without} pixels of roads with the layer off")
        console.do("lop duong")
        drawn(console)
        console.do("theme sang")
        drawn(console, lambda it: it["complete"] and it["names"])
        day, _ = picture(console, "day")
        return (
            f"{said}; {len(told['names'])} names ({', '.join(known)}, …), {pixels} pixels of roads, {without} with the "
            f"layer off; {file}, {day}"
        )
    finally:
        console.stop()


def without_the_core() -> str:
    r = rig()
    with_streets(r)
    console = window(r, "streets-2")
    try:
        before = drawn(console)
        r.system.core.kill9()
        console.key("Ctrl+B")
        console.key("Left")
        console.key("Plus")
        after = drawn(console, lambda it: it["complete"] and it["names"] and it["names"] != before["names"])
        _, pixels = picture(console, "cut-off")
        need(pixels >= ROAD_PIXELS, f"{pixels} pixels of roads while the core is away")
    finally:
        console.stop()
        r.ready()
    kept = Path(after["archive"])
    written = kept.stat().st_mtime_ns
    again = window(r, "streets-2")
    try:
        told = drawn(again, lambda it: it["complete"] and it["archive"])
        need(told["archive"] == after["archive"], f"{told['archive']} instead of {after['archive']}")
        need(kept.stat().st_mtime_ns == written, "it was fetched again")
    finally:
        again.stop()
    return (
        f"core killed, moved and zoomed: {len(after['names'])} names, {pixels} pixels of roads; at the next start the "
        f"same {kept.stat().st_size / 1e6:.1f} MB of this machine, not fetched again"
    )


def worker_killed() -> str:
    r = rig()
    with_streets(r)
    console = window(r, "streets-3")
    try:
        first = drawn(console)
        os.kill(first["worker"], signal.SIGKILL)
        console.do("theme sang")  # every tile is wanted anew
        second = drawn(console, lambda it: it["complete"] and it["worker"] not in (0, first["worker"]))
        need(second["restarts"] == first["restarts"] + 1 and second["names"], f"{second}")
        os.kill(second["worker"], signal.SIGSTOP)
        console.do("theme toi")
        answered = console.type(f"map {NEAR_UNIT}")
        need(answered.accepted, "the console did not answer while the worker was silent")
        console.do("lop duong")
        console.do("lop duong")
        console.key("Ctrl+B")
        console.key("Minus")
        third = drawn(console, lambda it: it["complete"] and it["worker"] not in (0, second["worker"]))
        return (
            f"worker {first['worker']} killed: {second['worker']} drew {len(second['names'])} names; SIGSTOP: "
            f"ended, {third['worker']} drew {len(third['names'])}; the window answered all the while"
        )
    finally:
        console.stop()


def closure_by_hand() -> str:
    r = rig()
    with_streets(r)
    other = r.console("minh")
    console = window(r, "streets-4")
    try:
        drawn(console)
        lat, lon = CENTRE
        console.do("chan cây đổ")
        for step in range(3):
            console.hand_on_map(lat - 0.002 + step * 0.001, lon - 0.001 + step * 0.001)
        console.key("Backspace")
        console.key("Return")
        told = drawn(console, lambda it: it["closures"])
        until(lambda: other.streets()["closures"] == 1, "the closure at another console")
        file, _ = picture(console, "closure")
        console.do("thong")
        until(lambda: other.streets()["closures"] == 0, "the closure ended at another console")
        console.do("ngap triều cường")
        console.key("Escape")
        need(console.streets()["closures"] == 0, "a draft that was left was sent")
        return f"drawn with 2 points, {told['closures']} on both maps ({file}), ended with thong; Esc sends nothing"
    finally:
        console.stop()


def pin_and_way() -> str:
    r = rig()
    with_streets(r)
    lan, number = r.console("lan"), r.number()
    console = window(r, "streets-5")
    try:
        drawn(console)
        with r.calling(Caller("113", number)):
            incident = r.answered(lan, number)["incident"]
            tag = short(incident)
            lan.do(f"t cuop {tag}")
            lan.do(f"@ {CENTRE[0]},{CENTRE[1]} {tag}")
            until(lambda: console.incidents[incident]["place"], "the place at the window")
            console.do(tag)
            console.do(f"map {tag}")
            drawn(console, lambda it: it["complete"] and it["selected"] == incident and incident in it["marks"])
            there = (CENTRE[0] + 0.0018, CENTRE[1] - 0.0021)
            console.hand_on_map(*CENTRE, *there)
            until(lambda: console.incidents[incident]["place"]["lat"] != CENTRE[0], "the pin moved")
            moved = console.incidents[incident]["place"]
            need(abs(moved["lat"] - there[0]) < 2e-4 and abs(moved["lon"] - there[1]) < 2e-4, f"{moved}")
            need(not moved["label"][0].isdigit(), f"it has no street's name: {moved['label']}")
            console.do(f"duong C1 {tag}")
            console.do("tam C1 3")
            way = drawn(console, lambda it: it["route"] and it["reach"])
            need((way["route"], way["reach"]) == ("road", "road") and way["route_m"] > 200, f"{way}")
            file, _ = picture(console, "way")
            console.do(f"@- {tag}")
            until(lambda: console.incidents[incident]["place"]["lat"] == CENTRE[0], "the place of before")
            lan.do("h")
            r.shown(lan, number, "ended")
    finally:
        console.stop()
    return (
        f"dragged 300 m to “{moved['label']}”; C1 comes {way['route_m']} m by the roads, its reach in 3 minutes drawn "
        f"({file}); @- brought the place of before"
    )


SCENARIOS = [
    Scenario(
        "a pin is dragged, a way is drawn",
        "an incident's pin dragged on the map is its new place, named after the street; the way of a unit and what it "
        "reaches come from the core by the roads; one command brings the old place back",
        pin_and_way,
    ),
    Scenario(
        "the console draws the streets with their names",
        "the real extract imported; in a window under Xvfb at least 20 names, three well-known ones among them, and "
        "8,000 pixels of roads; none with the layer off",
        streets_with_names,
    ),
    Scenario(
        "the map without the core",
        "with the core killed the map moves and zooms with names; at the next start the file on this machine serves",
        without_the_core,
    ),
    Scenario(
        "what paints the streets is killed",
        "after SIGKILL and after SIGSTOP another process draws everything again, and the console answers meanwhile",
        worker_killed,
    ),
    Scenario(
        "a closure is drawn by hand",
        "points clicked on the map, one taken back, a reason: it stands on two consoles' maps until it is ended; Esc "
        "sends nothing",
        closure_by_hand,
    ),
]
