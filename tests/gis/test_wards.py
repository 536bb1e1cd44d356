"""The wards of the city and the names that they replaced, as the package has them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from gis.addresses import wards
from gis.addresses.wards import former_districts, former_wards, present_wards
from gis.errors import WardDataError


def test_the_168_wards() -> None:
    found = {w.code: w for w in present_wards()}
    assert len(found) == 168
    assert found["26743"].name == "Phường Bến Thành"
    assert sum(w.name.startswith("Phường ") for w in found.values()) == 113
    assert sum(w.name.startswith("Xã ") for w in found.values()) == 54
    assert found["26732"].name == "Đặc khu Côn Đảo"


def test_every_former_ward_became_something() -> None:
    former = {(f.name, f.district): f for f in former_wards()}
    assert len(former) == 442 and all(f.became for f in former.values())
    assert [w.name for w in former["Phường 7", "Quận 5"].became] == ["Phường An Đông"]
    assert former["Phường 7", "Quận 5"].merged == (8,)
    assert [w.name for w in former["Phường 14", "Quận 10"].became] == ["Phường Diên Hồng", "Phường Hòa Hưng"]
    assert former["Phường Thảo Điền", "Thành phố Thủ Đức"].district_of_2020 == "Quận 2"


def test_former_districts_with_those_of_2020() -> None:
    found = {d.name: [w.name for w in d.became] for d in former_districts()}
    assert found["Quận 1"] == ["Phường Tân Định", "Phường Sài Gòn", "Phường Bến Thành", "Phường Cầu Ông Lãnh"]
    assert found["Quận 2"] == ["Phường An Khánh", "Phường Bình Trưng", "Phường Cát Lái"]
    assert len(found) == 38 + 3


def test_package_that_changed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wards, "_data", lambda: tmp_path)
    present_wards.cache_clear()
    try:
        with pytest.raises(WardDataError):
            present_wards()
        with sqlite3.connect(tmp_path / "dataset.db") as db:
            db.execute(
                "CREATE TABLE admin_units (provinceCode, wardCode, wardKey, ward, wardLat, wardLon, wardAreaKm2)"
            )
            db.execute("INSERT INTO admin_units VALUES ('79', '1', 'a', 'A', 10.0, 106.0, 1.0)")
        db.close()
        with pytest.raises(WardDataError, match="1 wards"):
            present_wards()
    finally:
        present_wards.cache_clear()
