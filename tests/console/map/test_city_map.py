"""Streets on the map widget, closures drawn by hand, a pin dragged, layers by key."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap

from console_gui.hands import click_map, drag_map
from console_gui.map.city_map import CityMap
from console_gui.map.draft import Draft
from console_gui.map.keys import LAYERS, MAP_KEYS
from console_gui.map.mercator import to_degrees, to_world
from console_gui.map.streets.layer import FROM_ZOOM, TO_ZOOM, Grid
from console_gui.map.streets.messages import TileWanted
from console_gui.map.streets.palette import DAY, NIGHT
from console_gui.map.streets.tile_shelf import TileShelf
from console_gui.theme import Look
from dispatch_core.domain.vocabulary import Closure, ClosureKind, Measured
from dispatch_core.wire.ways import ReachableShown, RouteShown
from tests.console.map.city import incident, square_zones, state, unit
from tests.console.map.streets import MIDDLE
from tests.lateness import Lateness

PATIENCE_MS = 60_000
LAT, LON = MIDDLE


@pytest.fixture
def city(qtbot: Any, look: Look) -> Iterator[CityMap]:
    made = CityMap()
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    made.show_state(state([unit("A1", LAT, LON)], [incident(1, LAT, LON)]))
    look_at(made, 15.5)
    yield made
    made.streets.stop()


def look_at(city: CityMap, zoom: float) -> None:
    x, y = to_world(LAT, LON)
    city.move_to(replace(city.viewport, x=x, y=y, scale=256 * 2**zoom))


def colours(city: CityMap) -> set[str]:
    image = city.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(0, 700, 3) for y in range(0, 500, 3)}


def drawn(city: CityMap, qtbot: Any) -> None:
    city.grab()

    def complete() -> bool:
        city.grab()
        return city.streets.complete and city.at_rest

    qtbot.waitUntil(complete, timeout=PATIENCE_MS)


def test_a_picture_that_a_hand_has_overtaken_leaves_no_words_behind(city: CityMap) -> None:
    """Words of a closure stand where the map is now, not where it was when the picture was begun."""
    city.show_closures([Closure(id="D1", kind=ClosureKind.CLOSED, outline=((LON, LAT), (LON + 0.003, LAT)))])
    city.picture()
    city._renew(aside=True)
    under_way = city._compose_now()
    next(under_way)
    city.move_to(city.viewport.panned(120, 60))
    city.grab()
    stand = list(city.laid.plates)
    for _ in under_way:
        pass
    assert stand and city.laid.plates == stand


# --- streets ----------------------------------------------------------------------------------------------------------


def test_streets_lie_beneath_with_their_names(city: CityMap, archive: Path, qtbot: Any) -> None:
    assert NIGHT.roads["street"] not in colours(city)
    city.streets.use(str(archive))
    drawn(city, qtbot)
    assert NIGHT.roads["street"] in colours(city) and len(city.streets.names) > 3
    city.set_look(False)
    drawn(city, qtbot)
    assert DAY.ground in colours(city) and NIGHT.roads["street"] not in colours(city)
    city.show_layer("streets", False)
    assert DAY.ground not in colours(city) and city.streets.names == ()


def test_a_move_shows_what_is_there_at_once(city: CityMap, archive: Path, qtbot: Any) -> None:
    city.streets.use(str(archive))
    drawn(city, qtbot)
    os.kill(city.streets.workshop.pid, signal.SIGSTOP)
    try:
        for zoom in (15.2, 15.9, 16.4):
            look_at(city, zoom)
            assert NIGHT.roads["street"] in colours(city), "the pictures of before are stretched meanwhile"
        began, worked = time.monotonic(), time.process_time()
        with Lateness() as machine:
            for step in range(20):
                city.move_to(city.viewport.panned(9, step))
                city.grab()
        waited = time.monotonic() - began - (time.process_time() - worked)
        assert waited < 20 * 0.1 + machine.lost, "nothing waits for the worker"
    finally:
        os.kill(city.streets.workshop.pid, signal.SIGCONT)


def test_names_stand_while_the_map_moves_a_little(city: CityMap, archive: Path, qtbot: Any) -> None:
    city.streets.use(str(archive))
    drawn(city, qtbot)
    asked = city.streets._asked_names
    city.move_to(city.viewport.panned(20, -15))
    drawn(city, qtbot)
    assert city.streets._asked_names is asked
    city.move_to(city.viewport.panned(300, 0))
    drawn(city, qtbot)
    assert city.streets._asked_names is not asked


def test_far_out_there_are_outlines_alone(city: CityMap, archive: Path, qtbot: Any) -> None:
    city.streets.use(str(archive))
    look_at(city, FROM_ZOOM - 0.5)
    city.grab()
    qtbot.wait(150)
    assert city.streets._needed == []
    assert Grid.of(256 * 2 ** (FROM_ZOOM - 0.1)) is None
    near = Grid.of(400_000_000.0)
    assert near is not None and near.z <= TO_ZOOM and near.side < 600


def test_tiles_cover_the_view_and_the_middle_comes_first(city: CityMap) -> None:
    view = city.viewport
    grid = Grid.of(view.scale)
    assert grid is not None
    tiles = grid.tiles(view, 1.0, True)
    count = 2**grid.z
    west, north, east, south = view.bounds
    assert min(it.x for it in tiles) / count <= west and (max(it.x for it in tiles) + 1) / count >= east
    assert min(it.y for it in tiles) / count <= north and (max(it.y for it in tiles) + 1) / count >= south
    first = tiles[0]
    assert first.x <= view.x * count <= first.x + 1 and first.y <= view.y * count <= first.y + 1


def test_the_shelf_keeps_the_newest_within_its_bytes(qapp: Any) -> None:
    shelf = TileShelf(10 * 64 * 64 * 4)
    tiles = [TileWanted(15, n, 0, 64, 1.0, True) for n in range(30)]
    for tile in tiles:
        shelf.put(tile, QPixmap(64, 64))
        shelf.get(tiles[0])
    assert len(shelf) == 10 and shelf.bytes == 10 * 64 * 64 * 4
    assert tiles[0] in shelf and tiles[29] in shelf and tiles[1] not in shelf
    shelf.put(tiles[29], QPixmap(64, 64))
    assert shelf.bytes == 10 * 64 * 64 * 4


def test_a_file_that_cannot_be_read_leaves_the_map_as_it_was(city: CityMap, tmp_path: Path, qtbot: Any) -> None:
    city.show_zones("ambulance", square_zones(4, 4))
    file = tmp_path / "none.pmtiles"
    file.write_bytes(b"nothing of the kind")
    city.streets.use(str(file))
    city.grab()
    qtbot.waitUntil(lambda: bool(city.streets.unreadable), timeout=PATIENCE_MS)
    look_at(city, 12.5)
    assert not city.streets.drawn
    with_outlines = city.grab().toImage()
    city.show_layer("zones", False)
    assert city.grab().toImage() != with_outlines


# --- drawing ----------------------------------------------------------------------------------------------------------


def places(count: int) -> list[tuple[float, float]]:
    return [(LAT - 0.002 + n * 0.001, LON - 0.002 + (n % 2) * 0.003) for n in range(count)]


def test_a_stretch_is_drawn_point_by_point(city: CityMap, qtbot: Any) -> None:
    told: list[Draft] = []
    city.drawn.connect(told.append)
    city.begin_draft(ClosureKind.CLOSED, "cây đổ")
    qtbot.keyClick(city, Qt.Key.Key_Return)
    assert told == [] and city.draft is not None, "nothing is drawn yet"
    for place in places(3):
        click_map(city, *place)
    qtbot.keyClick(city, Qt.Key.Key_Backspace)
    assert "2" in city.notes[0][0]
    city.grab()
    qtbot.keyClick(city, Qt.Key.Key_Return)
    (draft,) = told
    assert (draft.kind, draft.reason, draft.area) == (ClosureKind.CLOSED, "cây đổ", False)
    outline = draft.outline()
    lat, lon = places(1)[0]
    assert len(outline) == 2 and abs(outline[0][0] - lon) < 2e-5 and abs(outline[0][1] - lat) < 2e-5
    assert city.draft is None


def test_the_first_point_again_makes_an_area(city: CityMap, qtbot: Any) -> None:
    told: list[Draft] = []
    city.drawn.connect(told.append)
    city.begin_draft(ClosureKind.FLOODED)
    corners = [(LAT, LON), (LAT + 0.002, LON), (LAT + 0.002, LON + 0.002)]
    for place in (*corners, corners[0]):
        click_map(city, *place)
    qtbot.keyClick(city, Qt.Key.Key_Enter)
    outline = told[0].outline()
    assert told[0].area and outline[0] == outline[-1] and len(outline) == 4


def test_escape_leaves_and_tells_nothing(city: CityMap, qtbot: Any) -> None:
    told: list[Draft] = []
    city.drawn.connect(told.append)
    city.begin_draft(ClosureKind.CLOSED)
    click_map(city, *places(1)[0])
    before = city.viewport
    drag_map(city, (LAT, LON), (LAT + 0.001, LON))
    assert city.viewport != before and city.draft is not None and len(city.draft.points) == 1, "a move is no point"
    qtbot.keyClick(city, Qt.Key.Key_Escape)
    assert city.draft is None and told == []


def test_a_draft_of_many_points_stays_within_its_limit() -> None:
    draft = Draft(ClosureKind.CLOSED)
    from console_gui.map.draft import POINTS_MOST
    from console_gui.map.mercator import Viewport

    view = Viewport(0.5, 0.5, 1e6, 100, 100)
    for n in range(POINTS_MOST + 20):
        draft = draft.clicked(view, n * 20.0, 0.0)
    assert len(draft.points) == POINTS_MOST
    assert draft.turned().area and draft.turned().back() == draft
    assert not replace(draft, points=()).turned().area and not Draft(ClosureKind.CLOSED).done


def test_closures_are_drawn_with_a_word_and_can_be_picked(city: CityMap, qtbot: Any) -> None:
    plain = city.grab().toImage()
    closed = Closure(id="D1", kind=ClosureKind.CLOSED, outline=((LON, LAT), (LON + 0.003, LAT)), reason="cây đổ")
    ring = ((LON, LAT - 0.001), (LON + 0.002, LAT - 0.001), (LON + 0.002, LAT - 0.002), (LON, LAT - 0.001))
    flooded = Closure(id="D2", kind=ClosureKind.FLOODED, outline=ring, reason="triều cường")
    far = Closure(id="D3", kind=ClosureKind.CLOSED, outline=((100.0, 10.0), (100.1, 10.0)))
    city.show_closures([closed, flooded, far])
    assert city.grab().toImage() != plain
    assert [plate.ident for plate in city.laid.plates] == ["D1", "D2"]
    picked: list[str] = []
    city.closure_picked.connect(picked.append)
    badge = city.laid.plates[1]
    qtbot.mouseClick(city, Qt.MouseButton.LeftButton, pos=QPoint(round(badge.left + 20), round(badge.top + 8)))
    assert picked == ["D2"]
    city.show_layer("closures", False)
    assert city.grab().toImage() == plain


def test_a_way_and_an_area_are_layers(city: CityMap) -> None:
    plain = city.grab().toImage()
    line = ((LAT, LON), (LAT + 0.001, LON + 0.001))
    city.show_route(RouteShown(unit="A1", incident="x", seconds=200, metres=900, line=line, walk_m=40))
    with_route = city.grab().toImage()
    square = ((LON - 0.001, LAT - 0.001), (LON + 0.001, LAT - 0.001), (LON, LAT + 0.001), (LON - 0.001, LAT - 0.001))
    city.show_reach(
        ReachableShown(of="ambulance", seconds=480, units=3, polygons=((square,),), measured=Measured.ROAD)
    )
    assert plain != with_route != city.grab().toImage()
    for layer in ("route", "reach"):
        city.show_layer(layer, False)
    assert city.grab().toImage() == plain


def test_each_layer_has_its_key(city: CityMap, qtbot: Any) -> None:
    of_layers = {it.key: it.layer for it in MAP_KEYS if it.layer}
    assert set(of_layers.values()) == set(LAYERS)
    for key, layer in of_layers.items():
        qtbot.keyClick(city, key)
        assert not city.layers[layer]
        qtbot.keyClick(city, key)
        assert city.layers[layer]
    wanted: list[str] = []
    city.draw_wanted.connect(wanted.append)
    qtbot.keyClick(city, "D")
    qtbot.keyClick(city, "F")
    assert wanted == ["closed", "flooded"]


# --- the pin ----------------------------------------------------------------------------------------------------------

CRASH = "20261123-00001"


def test_the_chosen_pin_can_be_dragged_and_no_other(city: CityMap) -> None:
    told: list[tuple[str, float, float]] = []
    city.place_dragged.connect(lambda *it: told.append(it))
    there = (LAT + 0.002, LON + 0.003)
    drag_map(city, (LAT, LON), there)
    assert told == [], "an incident that is not chosen stays where it is"
    look_at(city, 15.5)
    city.select_incident(CRASH)
    drag_map(city, (LAT, LON), there)
    ((who, lat, lon),) = told
    assert who == CRASH and abs(lat - there[0]) < 2e-5 and abs(lon - there[1]) < 2e-5


def test_a_slip_of_the_hand_moves_nothing(city: CityMap, qtbot: Any) -> None:
    told: list[object] = []
    city.place_dragged.connect(lambda *it: told.append(it))
    city.select_incident(CRASH)
    px, py = city.viewport.to_screen(*to_world(LAT, LON))
    near = to_degrees(*city.viewport.from_screen(px + 5, py + 3))
    drag_map(city, (LAT, LON), near)
    qtbot.mousePress(city, Qt.MouseButton.LeftButton, pos=QPoint(round(px), round(py)))
    qtbot.keyClick(city, Qt.Key.Key_Escape)
    qtbot.mouseRelease(city, Qt.MouseButton.LeftButton, pos=QPoint(round(px) + 90, round(py)))
    assert told == []


def test_shift_and_a_click_put_the_pin_there(city: CityMap, qtbot: Any) -> None:
    told: list[tuple[str, float, float]] = []
    city.place_dragged.connect(lambda *it: told.append(it))
    at = QPoint(100, 120)
    qtbot.mouseClick(city, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at)
    assert told == []
    city.select_incident(CRASH)
    qtbot.mouseClick(city, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at)
    lat, lon = to_degrees(*city.viewport.from_screen(100, 120))
    assert told == [(CRASH, lat, lon)]


def test_a_zone_is_known_by_a_place_in_it(city: CityMap) -> None:
    assert city.zone_at(LAT, LON) == ""
    square = [[LON - 0.01, LAT - 0.01], [LON + 0.01, LAT - 0.01], [LON + 0.01, LAT + 0.01], [LON - 0.01, LAT + 0.01],
              [LON - 0.01, LAT - 0.01]]  # fmt: skip
    zone = {"type": "Feature", "properties": {"code": "1", "name": "Phường Sài Gòn", "station": "S1"},
            "geometry": {"type": "Polygon", "coordinates": [square]}}  # fmt: skip
    zones = {"type": "FeatureCollection", "features": [zone]}
    city.show_zones("ambulance", zones)
    assert city.zone_at(LAT, LON) == "Phường Sài Gòn" and city.zone_at(LAT + 0.02, LON) == ""
    city.show_zones("ambulance", {**zones, "approximate": True})
    assert city.zone_at(LAT, LON) == "", "an approximate ward names no place"
