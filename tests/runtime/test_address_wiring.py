"""What the running core's address search is made of: the site's own services by its settings, streets of the map."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatch_core.main import addresses
from dispatch_core.settings import Settings, SettingsError, read_settings
from gis.addresses.build import build
from gis.errors import GeocodeError
from gis.locator import Locator
from gis.map_import.importing import import_map
from gis.map_import.versions import MapVersions
from tests.gis.small_city import write_city

BASE = """
database = "d"
redis = "r"
redis_password_file = "p"
site = "site.toml"
types = "t"
stations = "s"
units = "u"
http_host = "127.0.0.1"
http_port = 1
tls_certificate = "c"
tls_key = "k"
redis_public_host = "h"
redis_public_port = 2
nodes = []
"""


def settings_of(tmp_path: Path, more: str) -> Settings:
    file = tmp_path / "dispatch.toml"
    file.write_text(BASE + more, "utf-8")
    return read_settings(file)


def test_no_service_is_asked_unless_one_is_named(tmp_path: Path) -> None:
    assert addresses.geocoder(settings_of(tmp_path, "")) is None


def test_a_service_of_the_site_is_taken(tmp_path: Path) -> None:
    named = settings_of(
        tmp_path, 'geocoder_limit_s = 0.5\n[[geocoders]]\nkind = "photon"\nurl = "http://10.0.0.5:2322"\n'
    )
    assert [(it.kind, it.url) for it in named.geocoders] == [("photon", "http://10.0.0.5:2322")]
    assert addresses.geocoder(named) is not None


def test_a_public_service_and_an_absurd_limit_are_refused(tmp_path: Path) -> None:
    public = settings_of(tmp_path, '[[geocoders]]\nkind = "nominatim"\nurl = "https://nominatim.openstreetmap.org"\n')
    with pytest.raises(GeocodeError) as caught:
        addresses.geocoder(public)
    assert caught.value.code == "geocode.public"
    with pytest.raises(SettingsError) as wrong:
        settings_of(tmp_path, "geocoder_limit_s = 60.0\n")
    assert "geocoder_limit_s" in wrong.value.vi and "geocoder_limit_s" in wrong.value.en


def test_a_map_in_force_is_searched_and_one_without_addresses_is_not(tmp_path: Path) -> None:
    versions, locator = MapVersions(tmp_path / "map"), Locator()
    source = write_city(tmp_path / "city.osm.pbf")
    opened = addresses.streets(locator)
    opened(import_map(source, versions, lambda _: None, 1, "", {"addresses": build}))()
    assert locator.suggest("21 Lê Lợi", None, 1)[0].kind == "house"
    opened(import_map(source, versions, lambda _: None, 1, "", {"none": lambda *_: {}}))()
    assert all(it.kind != "house" for it in locator.suggest("21 Lê Lợi", None, 5))
