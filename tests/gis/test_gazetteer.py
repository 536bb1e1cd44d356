"""The embedded search: what a call taker types, and what must come first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from gis_tries import tries
from hypothesis import given
from hypothesis import strategies as st

from gis.addresses.entries import all_entries
from gis.addresses.gazetteer import MAX_SUGGESTIONS, Gazetteer
from gis.addresses.spelling import fold
from gis.addresses.wards import former_wards, present_wards
from gis.errors import PlaceError
from gis.geodesy import in_viet_nam


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(all_entries())


def first(gazetteer: Gazetteer, text: str) -> str:
    found = gazetteer.suggest(text)
    return found[0].label if found else ""


@pytest.mark.parametrize(
    "text",
    [
        "chợ Bến Thành",
        "CHỢ BẾN THÀNH",
        "cho ben thanh",
        "ben thanh",
        "Bến Thành",
        "chowj beens thanhf",
        "beens thanhf",
        "chợ bến th",
        "cho ben thnah",
        "chợ bên thành",
        "cho\u0323 be\u0302\u0301n tha\u0300nh",
        "chợ Bến Thành, TP.HCM",
        "cho  ben-thanh",
    ],
)
def test_the_market_in_all_its_spellings(gazetteer: Gazetteer, text: str) -> None:
    assert first(gazetteer, text) == "Chợ Bến Thành"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("ngã tư Hàng Xanh", "Ngã tư Hàng Xanh"),
        ("nga 4 hang xanh", "Ngã tư Hàng Xanh"),
        ("hang xanh", "Ngã tư Hàng Xanh"),
        ("nag tu hang xanh", "Ngã tư Hàng Xanh"),
        ("BV Chợ Rẫy", "Bệnh viện Chợ Rẫy"),
        ("cho ray", "Bệnh viện Chợ Rẫy"),
        ("sở thú", "Thảo Cầm Viên"),
        ("cv 23/9", "Công viên 23 tháng 9"),
        ("landmark", "Landmark 81"),
        ("cầu sài gòn", "Cầu Sài Gòn"),
        ("Ðức Nhuận", "Phường Đức Nhuận"),
        ("quận 2", "Quận 2 (cũ)"),
        ("q1", "Quận 1 (cũ)"),
        ("quan binh thanh", "Quận Bình Thạnh (cũ)"),
        ("P.7 Q.5", "Phường 7, Quận 5 (cũ) → Phường An Đông"),
        ("Q.5, P.7", "Phường 7, Quận 5 (cũ) → Phường An Đông"),
        ("phường 8 quận 5", "Phường 8, Quận 5 (cũ) → Phường An Đông"),
        ("F14 Q10", "Phường 14, Quận 10 (cũ) → Phường Diên Hồng"),
        ("p4 gò vấp", "Phường 4, Quận Gò Vấp (cũ) → Phường Hạnh Thông"),
        ("phường 17 bình thạnh", "Phường 17, Quận Bình Thạnh (cũ) → Phường Gia Định"),
        ("thảo điền q2", "Phường Thảo Điền, Thành phố Thủ Đức (cũ) → Phường An Khánh"),
        ("220/9/43 Nguyễn Văn Cừ P.1 Q.5", "Phường 1, Quận 5 (cũ) → Phường Chợ Quán"),
        ("Xã Thạnh An", "Xã Thạnh An"),
        ("xã Thanh An", "Xã Thanh An"),
        ("thanhj an", "Xã Thạnh An"),
    ],
)
def test_first_answer(gazetteer: Gazetteer, text: str, label: str) -> None:
    assert first(gazetteer, text) == label


def test_a_numbered_ward_never_brings_another_number_of_the_same_district(gazetteer: Gazetteer) -> None:
    labels = [s.label for s in gazetteer.suggest("P.7 Q.5", limit=20)]
    assert not [label for label in labels if ", Quận 5 (cũ)" in label and not label.startswith("Phường 7,")]


def test_a_divided_ward_gives_every_part(gazetteer: Gazetteer) -> None:
    wards = [s.ward for s in gazetteer.suggest("P.14 Q.10", limit=2)]
    assert wards == ["Phường Diên Hồng", "Phường Hòa Hưng"]


def test_every_present_ward_is_found_by_its_full_name(gazetteer: Gazetteer) -> None:
    for ward in present_wards():
        [found] = gazetteer.suggest(ward.name, limit=1)
        assert (found.label, found.kind, found.ward, found.lat, found.lon) == (
            ward.name, "ward", ward.name, ward.lat, ward.lon,
        )  # fmt: skip


def test_every_former_ward_answers_with_the_centre_of_what_it_became(gazetteer: Gazetteer) -> None:
    for former in former_wards():
        if not former.name:
            continue
        found = gazetteer.suggest(fold(f"{former.name}, {former.district}"), limit=12)
        mine = [s for s in found if s.label.startswith(f"{former.name}, {former.district} (cũ)")]
        assert {(s.ward, s.lat, s.lon) for s in mine} == {(w.name, w.lat, w.lon) for w in former.became}


def test_suggestions_say_how_sure_they_are(gazetteer: Gazetteer) -> None:
    market = gazetteer.suggest("chợ Bến Thành", limit=1)[0]
    assert (market.kind, market.uncertainty_m, market.score) == ("market", 100.0, 100.0)
    district = gazetteer.suggest("quận 1", limit=1)[0]
    assert district.kind == "former_district" and 1_500.0 < district.uncertainty_m < 4_000.0


def test_near_settles_what_is_said_alike(gazetteer: Gazetteer) -> None:
    labels = {
        gazetteer.suggest("phường 1", near=near, limit=1)[0].label
        for near in ((10.7573, 106.6811), (10.3500, 107.0800), (10.8200, 106.6830))
    }
    assert len(labels) == 3
    with pytest.raises(PlaceError):
        gazetteer.suggest("chợ", near=(float("nan"), 106.0))


@pytest.mark.parametrize("text", ["", "   ", "!!!", "xyzzyqkk", "\u0301\u0301", "1" * 500, '"OR" AND NEAR(', "quận 13"])
def test_nothing_found_is_an_empty_list(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.suggest(text) == []


def test_limits(gazetteer: Gazetteer) -> None:
    assert gazetteer.suggest("chợ", limit=0) == [] and gazetteer.suggest("chợ", limit=-1) == []
    assert len(gazetteer.suggest("phường", limit=1000)) <= MAX_SUGGESTIONS
    assert 0 < len(gazetteer.suggest("ch", limit=5)) <= 5
    gazetteer.suggest("chợ bến thành " * 1000)


@tries(60, 3_000)
@given(st.text(max_size=40))
def test_any_text_is_answered_in_order(text: str) -> None:
    found = _SHARED.suggest(text)
    scores = [s.score for s in found]
    assert scores == sorted(scores, reverse=True) and all(0.0 < s <= 100.0 for s in scores)
    assert all(in_viet_nam(s.lat, s.lon) for s in found)
    assert found == _SHARED.suggest(text)


_SHARED = Gazetteer(all_entries())


def test_threads_share_it(gazetteer: Gazetteer) -> None:
    texts = ["chợ bến thành", "p7 q5", "hang xanh", "vung tau"] * 25
    alone = [gazetteer.suggest(t) for t in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(gazetteer.suggest, texts)) == alone


def test_the_sample_of_places() -> None:
    places = [e for e in all_entries() if e.kind not in ("ward", "former_ward", "former_district")]
    assert len(places) >= 150 and len({e.label for e in places}) == len(places)
    assert all(50.0 <= e.uncertainty_m <= 2_000.0 for e in places)
