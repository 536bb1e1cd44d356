"""What the running core's address search is made of: the site's own services, and the streets of the map in force."""

from __future__ import annotations

from dispatch_core.main.maps import Opener, Take
from dispatch_core.settings import Settings
from gis.addresses.build import FILE
from gis.addresses.geocode import Geocoder, GeocodeService
from gis.addresses.street_index import StreetIndex
from gis.locator import Locator
from gis.map_import.versions import MapVersion


def geocoder(settings: Settings) -> Geocoder | None:
    """None where the site runs none. Raises ``GeocodeError`` for a service that is malformed or public."""
    if not settings.geocoders:
        return None
    services = [GeocodeService(it.kind, it.url) for it in settings.geocoders]
    return Geocoder(services, settings.geocoder_limit_s)


def streets(locator: Locator) -> Opener:
    """Opens the addresses of a version; a map that was made without them takes the old ones away."""

    def opened(version: MapVersion) -> Take:
        file = version.part(FILE)
        index = StreetIndex(file.parent) if file is not None else None
        return lambda: locator.use_streets(index)

    return opened
