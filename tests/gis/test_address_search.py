"""The address search over a small made-up map: built by the importer's own builder, read from its file."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from gis_tries import tries
from hypothesis import given
from hypothesis import strategies as st
from small_city import LAT, LON, STEP, write_city

from dispatch_core.domain.vocabulary import Suggestion
from gis.addresses.build import FILE, build
from gis.addresses.entries import all_entries
from gis.addresses.gazetteer import Gazetteer
from gis.addresses.osm import metres
from gis.addresses.search import MapSearch
from gis.addresses.street_index import StreetIndex
from gis.addresses.together import AddressSearch
from gis.errors import GazetteerError, PlaceError
from gis.locator import Locator, nearest_ward

BEN_THANH, SAI_GON = "26743", "26740"


def ward_at(lat: float, lon: float) -> str:
    """A made-up border: west of it one ward, east of it the other."""
    return BEN_THANH if lon < LON + 4 * STEP else SAI_GON


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("map")
    counts = build(write_city(made / "city.osm.pbf"), made, lambda _: None)
    assert counts == {
        "named_streets": 6, "alleys": 2, "houses": 7, "crossings": 2, "places": 3, "houses_without_street": 0,
    }  # fmt: skip
    return made


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(all_entries())


@pytest.fixture(scope="module")
def search(folder: Path, gazetteer: Gazetteer) -> AddressSearch:
    return AddressSearch(gazetteer, MapSearch(StreetIndex(folder), ward_at))


def place(north: float, east: float) -> tuple[float, float]:
    return LAT + north * STEP, LON + east * STEP


def off(it: Suggestion, north: float, east: float) -> float:
    return metres((it.lat, it.lon), place(north, east))


def test_a_house_of_the_map(search: AddressSearch) -> None:
    first = search.suggest("21 Lê Lợi, Quận 1")[0]
    assert (first.kind, first.label, first.ward) == ("house", "21 Lê Lợi", "Phường Sài Gòn") and off(first, 0.1, 4) < 1
    assert first.uncertainty_m == 20.0
    assert [(it.role, it.words, it.means) for it in first.understood] == [
        ("house", "21", ""), ("name", "Lê Lợi", "Lê Lợi"), ("district", "Quận 1", "Quận 1 (cũ)"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["21 le loi", "21 Lee Lowij", "21 LÊ LỢI Q1", "21 lê lơi quan 1", "21 le lio, quan 1", "đối diện 21 Lê Lợi",
     "Lê Lợi số 21"],
)  # fmt: skip
def test_the_same_house_in_other_spellings(search: AddressSearch, text: str) -> None:
    first = search.suggest(text)[0]
    assert first.label == "21 Lê Lợi" and off(first, 0.1, 4) < 1


def test_a_house_between_its_neighbours_is_said_to_be(search: AddressSearch) -> None:
    first = search.suggest("15 Lê Lợi")[0]
    assert first.kind == "house_between" and off(first, 0.1, 2.8) < 40 and first.uncertainty_m >= 30
    far = search.suggest("999 Lê Lợi")[0]
    assert far.kind == "house_unknown" and far.label == "999 Lê Lợi" and far.uncertainty_m > 300


def test_ranges_letters_and_alleys(search: AddressSearch) -> None:
    assert off(search.suggest("22-36 Lê Lợi")[0], -0.1, 6) < 1
    assert off(search.suggest("30 Lê Lợi")[0], -0.1, 6) < 1  # within the building that has 22 to 36
    assert off(search.suggest("59bis Lê Lợi")[0], -0.1, 7) < 1
    assert off(search.suggest("65/12 Lê Lợi")[0], 0.5, 3.1) < 1  # the house's own point
    alley = search.suggest("hẻm 65/4 Lê Lợi")[0]
    assert alley.kind == "alley" and alley.label == "Hẻm 65/4 Lê Lợi" and off(alley, 0.6, 3.2) < 30
    inside = search.suggest("65/4/9 Lê Lợi")[0]
    assert inside.kind == "alley" and off(inside, 0.6, 3.2) < 30 and inside.uncertainty_m >= 40


@pytest.mark.parametrize(
    "text", ["ngã tư Lê Lợi - Pasteur", "Pasteur giao Lê Lợi, Q1", "góc pasteur le loi", "le loi x pasteur"]
)
def test_a_crossing(search: AddressSearch, text: str) -> None:
    first = search.suggest(text)[0]
    assert first.kind == "crossing" and off(first, 0, 2) < 1


def test_a_ward_chooses_the_part_of_the_street(search: AddressSearch) -> None:
    west = search.suggest("Lê Lợi, Phường Bến Thành")[0]
    east = search.suggest("Lê Lợi, P. Bến Nghé, Q.1")[0]
    assert (west.kind, west.ward) == ("street", "Phường Bến Thành") and west.lon < LON + 4 * STEP
    assert (east.ward, east.old) == ("Phường Sài Gòn", "Phường Bến Nghé, Quận 1") and east.lon > LON + 4 * STEP
    assert ("ward", "P. Bến Nghé", "Phường Bến Nghé, Quận 1 (cũ) → Phường Sài Gòn") in [
        (it.role, it.words, it.means) for it in east.understood
    ]


def test_places_old_names_initials_and_numbered_streets(search: AddressSearch) -> None:
    assert search.suggest("bv thử nghiệm")[0].label == "Bệnh viện Thử Nghiệm"
    assert search.suggest("chợ nhà lồng")[0].label == "Chợ Mẫu"
    old = search.suggest("rue bonard")[0]
    assert (old.label, old.once) == ("Lê Lợi", "Rue Bonard")
    assert search.suggest("XVNT")[0].label == "Xô Viết Nghệ Tĩnh"
    assert search.suggest("đường số 7")[0].label == search.suggest("duong 7")[0].label == "Đường số 7"
    assert search.suggest("Đinh Tiên Hoàng")[0].label == search.suggest("Ðinh Tiên Hoàng")[0].label == "Đinh Tiên Hoàng"


def test_a_street_that_nobody_knows_gives_its_ward(search: AddressSearch) -> None:
    first = search.suggest("12 Đường Không Có Thật, P.7 Q.5")[0]
    assert (first.kind, first.ward, first.old) == ("former_ward", "Phường An Đông", "Phường 7, Quận 5")


def test_wards_alone_come_from_the_table(search: AddressSearch) -> None:
    assert search.suggest("P.7 Q.5")[0].ward == "Phường An Đông"
    assert search.suggest("Phường Sài Gòn")[0].kind == "ward"
    assert [it.ward for it in search.suggest("P.14 Q.10", limit=2)] == ["Phường Diên Hồng", "Phường Hòa Hưng"]
    assert search.suggest("Quận 1")[0].kind == "former_district"
    assert search.suggest("Xã Thanh An")[0].ward == "Xã Thanh An"
    assert search.suggest("Xã Thạnh An")[0].ward == "Xã Thạnh An"
    assert search.suggest("Bình Hưng Hòa A, Quận Bình Tân")[0].old == "Phường Bình Hưng Hòa A, Quận Bình Tân"


def test_an_unknown_ward_is_said(search: AddressSearch) -> None:
    with pytest.raises(PlaceError) as caught:
        search.suggest("phường 99")
    assert caught.value.code == "place.unknown_ward" and "99" in caught.value.vi and "99" in caught.value.en
    street = search.suggest("Lê Lợi, phường 99")[0]  # the street is known all the same
    assert street.label == "Lê Lợi"
    assert ("unknown_ward", "phường 99") in [(it.role, it.words) for it in street.understood]


def test_near_tells_the_distance_and_settles_what_is_alike(folder: Path) -> None:
    locator = Locator()
    locator.use_streets(StreetIndex(folder))
    found = locator.suggest("Lê Lợi", (LAT, LON), 5)
    assert found[0].label == "Lê Lợi" and found[0].away_m is not None and 0 < found[0].away_m < 900
    assert locator.suggest("Lê Lợi", None, 5)[0].away_m is None
    locator.use_streets(None)
    assert locator.suggest("21 Lê Lợi", None, 1) == [] or locator.suggest("21 Lê Lợi", None, 1)[0].kind != "house"


def test_a_ward_that_is_guessed_is_marked(folder: Path, gazetteer: Gazetteer) -> None:
    guessed = AddressSearch(gazetteer, MapSearch(StreetIndex(folder), nearest_ward, approximate=True))
    assert guessed.suggest("Lê Lợi")[0].ward.startswith("≈ Phường ")
    assert guessed.suggest("Lê Lợi, Phường Bến Thành")[0].ward == "Phường Bến Thành"


def test_an_index_that_is_no_index(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(GazetteerError):
        StreetIndex(tmp_path)
    (tmp_path / FILE).write_bytes(b"half a file")
    with pytest.raises(GazetteerError):
        StreetIndex(tmp_path)
    os.remove(tmp_path / FILE)
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("CREATE TABLE meta (key TEXT, value TEXT)")
        db.execute("INSERT INTO meta VALUES ('format', '999')")
    with pytest.raises(GazetteerError) as caught:
        StreetIndex(tmp_path)
    assert "dispatch map import" in caught.value.en and FILE in caught.value.vi
    assert (folder / FILE).stat().st_mode  # reading never writes: no journal stands beside the file
    assert {it.name for it in folder.iterdir()} == {FILE, "city.osm.pbf"}


def test_threads_share_it(search: AddressSearch) -> None:
    texts = ["21 Lê Lợi, Q1", "ngã tư Lê Lợi - Pasteur", "P.7 Q.5", "hẻm 65 le loi", "bv thu nghiem"] * 10
    alone = [search.suggest(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(search.suggest, texts)) == alone


@tries(40, 2_000)
@given(st.text(max_size=60), st.sampled_from([0, 1, 3, 8]))
def test_any_text_is_answered_in_order(search: AddressSearch, text: str, limit: int) -> None:
    try:
        found: Sequence[Suggestion] = search.suggest(text, None, limit)
    except PlaceError as problem:
        assert problem.code == "place.unknown_ward"
        return
    scores = [it.score for it in found]
    assert len(found) <= limit and scores == sorted(scores, reverse=True)
    assert all(0.0 <= it <= 100.0 for it in scores)


@pytest.mark.parametrize("piece", ["65 Lê Lợi, P.7 Q.5 ", "a", "\x00\x07\x1b[2J", "🚑🔥", "ngã tư ", "\u0301"])
def test_ten_kilobytes_are_answered_quickly(search: AddressSearch, piece: str) -> None:
    began = time.process_time()
    search.suggest(piece * (10_000 // len(piece)))
    assert time.process_time() - began < 1.0


def test_a_house_is_looked_for_in_the_ward_that_was_said(search: AddressSearch) -> None:
    """Number 11 stands in Phường Bến Thành: in Phường Sài Gòn it is placed by guess, and its own point comes after."""
    found = search.suggest("11 Lê Lợi, phường Sài Gòn")
    assert found[0].kind != "house" and found[0].ward == "Phường Sài Gòn" and found[0].label == "11 Lê Lợi"
    assert any(it.kind == "house" and it.ward == "Phường Bến Thành" and off(it, 0.1, 2) < 1 for it in found[1:])


@pytest.mark.parametrize(
    "text",
    ["21 Le6 Lo7i5 qua65n 1", "em ơi cháy ở 21 Lê Lợi quận nhất nhanh lên", "21 leloi q1", "số hai mươi mốt Lê Lợi",
     "21 L. Lợi, Q1", "21 Le Loi Street, District 1", "21 Lê Lợi, gần chợ Mẫu, Quận 1"],
)  # fmt: skip
def test_the_same_house_said_in_a_hurry(search: AddressSearch, text: str) -> None:
    first = search.suggest(text)[0]
    assert first.label == "21 Lê Lợi" and off(first, 0.1, 4) < 1
