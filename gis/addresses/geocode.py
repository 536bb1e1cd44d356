"""Address search by a service of the site's own: Nominatim, Photon or Pelias, behind the embedded gazetteer.

None is asked unless its URL is configured, and the public ones are refused: a caller's address is nobody else's
business, and an emergency must not wait for a free service. A hard time limit holds whatever the service does; one
that did not answer is left alone for a while; at most ``AT_ONCE`` questions are under way.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import URLLibAdapter
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim, Pelias, Photon

from dispatch_core.domain.vocabulary import Suggestion
from gis.errors import GeocodeError
from gis.geodesy import in_viet_nam

log = logging.getLogger(__name__)

KINDS = ("nominatim", "photon", "pelias")
PUBLIC = ("openstreetmap.org", "openstreetmap.fr", "openstreetmap.de", "komoot.io", "geocode.earth", "geocoding.ai",
          "locationiq.com", "opencagedata.com", "maps.co")  # fmt: skip
TIME_LIMIT_S = 1.0
LEFT_ALONE_S = 30.0
AT_ONCE = 4
MAX_LABEL = 200
SCORE = 70.0  # below a good answer of the gazetteer: the service says nothing of how sure it is
UNCERTAINTY_M = 150.0  # likewise: about a block


@dataclass(frozen=True, slots=True)
class GeocodeService:
    """``kind`` is one of KINDS; ``url`` e.g. ``http://10.0.0.5:8080``."""

    kind: str
    url: str


class Geocoder:
    """Asks the configured services in their order until one answers."""

    def __init__(self, services: Sequence[GeocodeService], time_limit_s: float = TIME_LIMIT_S) -> None:
        """Raises ``GeocodeError`` for an unknown kind, a malformed URL or a public service."""
        self._limit = time_limit_s
        self._services = [(s, _client(s, time_limit_s)) for s in services]
        self._left_alone: dict[str, float] = {}
        self._places = BoundedSemaphore(AT_ONCE)

    def suggest(self, text: str, near: tuple[float, float] | None, limit: int) -> list[Suggestion]:
        """Answers within Viet Nam of the first service that has any; none within the time limit is no error."""
        until = time.monotonic() + self._limit
        for service, client in self._services:
            left = until - time.monotonic()
            if left <= 0.0 or self._left_alone.get(service.url, 0.0) > time.monotonic():
                continue
            found = self._ask(service, client, text, near, limit, left)
            if found:
                return found
        return []

    def _ask(
        self, service: GeocodeService, client: Any, text: str, near: tuple[float, float] | None, limit: int, left: float
    ) -> list[Suggestion]:
        if not self._places.acquire(blocking=False):
            return []
        answer: SimpleQueue[list[Any]] = SimpleQueue()

        def work() -> None:
            try:
                answer.put(_geocode(service.kind, client, text, near, limit))
            # A service that answers nonsense makes geopy raise any of these; the search goes on without it.
            except (GeopyError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError,
                    RecursionError) as error:
                log.warning("geocoding by %s failed: %s", service.url, type(error).__name__)
                self._left_alone[service.url] = time.monotonic() + LEFT_ALONE_S
                answer.put([])
            finally:
                self._places.release()

        # A thread of its own: geopy's timeout counts from byte to byte, so a dripping service could hold one for ever.
        Thread(target=work, name="geocode", daemon=True).start()
        try:
            locations = answer.get(timeout=left)
        except Empty:
            log.warning("geocoding by %s took longer than %.1f s", service.url, self._limit)
            self._left_alone[service.url] = time.monotonic() + LEFT_ALONE_S
            return []
        inside = [it for it in locations if in_viet_nam(it.latitude, it.longitude)]
        return [_suggestion(it, rank) for rank, it in enumerate(inside[:limit])]


def _geocode(kind: str, client: Any, text: str, near: tuple[float, float] | None, limit: int) -> list[Any]:
    if kind == "nominatim":
        found = client.geocode(text, exactly_one=False, limit=limit, language="vi", country_codes="vn")
    elif kind == "photon":
        found = client.geocode(text, exactly_one=False, limit=limit, location_bias=near)
    else:
        found = client.geocode(text, exactly_one=False, countries=["VNM"], language="vi")
    return list(found or ())


def _suggestion(location: Any, rank: int) -> Suggestion:
    label = "".join(c for c in str(location.address) if c.isprintable())[:MAX_LABEL]
    return Suggestion(
        label=label,
        lat=float(location.latitude),
        lon=float(location.longitude),
        kind="geocoder",
        uncertainty_m=UNCERTAINTY_M,
        score=max(0.0, SCORE - rank),
    )


def _client(service: GeocodeService, time_limit_s: float) -> Any:
    parts = urlsplit(service.url)
    host = (parts.hostname or "").rstrip(".")
    if service.kind not in KINDS or parts.scheme not in ("http", "https") or not host:
        raise GeocodeError(
            "geocode.service",
            f"Dịch vụ địa chỉ “{service.kind} {service.url}” ghi sai; cần {' / '.join(KINDS)} và URL http(s)://máy:cổng.",
            f"The address service “{service.kind} {service.url}” is malformed; write {' / '.join(KINDS)} and a URL"
            " http(s)://host:port.",
        )
    if any(host == name or host.endswith("." + name) for name in PUBLIC):
        raise GeocodeError(
            "geocode.public",
            f"Không được dùng dịch vụ công cộng {host} cho cuộc gọi khẩn cấp; hãy ghi địa chỉ máy chủ riêng.",
            f"The public service {host} must not be used for emergency calls; give a server of your own.",
        )
    common = {"scheme": parts.scheme, "timeout": time_limit_s, "proxies": {}, "adapter_factory": URLLibAdapter}
    domain = parts.netloc + parts.path.rstrip("/")
    if service.kind == "nominatim":
        return Nominatim(domain=domain, user_agent="dispatch", **common)
    if service.kind == "photon":
        return Photon(domain=domain, user_agent="dispatch", **common)
    return Pelias(domain, user_agent="dispatch", **common)
