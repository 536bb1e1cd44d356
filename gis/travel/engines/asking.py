"""One question over HTTP with a hard time limit, and the patience with a service that failed.

Called from worker threads. A thread of its own asks: the library's timeout counts from byte to byte, so that a dripping
service could hold a worker for ever.
"""

from __future__ import annotations

import http.client
import logging
import math
import time
import urllib.error
import urllib.request
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import Any
from urllib.parse import urlsplit

import msgspec

from gis.errors import EngineError

log = logging.getLogger(__name__)

TIME_LIMIT_S = 1.0
LEFT_ALONE_S = 30.0
ALMOST = 0.9  # of the time limit: who had less was not too slow for one question
AT_ONCE = 4
MAX_ANSWER_BYTES = 8_000_000
PUBLIC = ("openstreetmap.org", "openstreetmap.de", "project-osrm.org", "openstreetmap.fr", "mapbox.com",
          "stadiamaps.com", "openrouteservice.org", "graphhopper.com")  # fmt: skip
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Unanswered(Exception):
    """The service did not give a usable answer in time; the text says why."""


class Asking:
    """A service at ``url``. Raises EngineError for an address that is malformed or public: where our crews go is nobody
    else's business, and an emergency must not wait for a free service."""

    def __init__(self, url: str, time_limit_s: float = TIME_LIMIT_S) -> None:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
            raise EngineError(
                "engine.url",
                f"Địa chỉ máy chủ chỉ đường “{url}” ghi sai; cần dạng http(s)://máy:cổng.",
                f"The address of the routing engine “{url}” is malformed; write http(s)://host:port.",
            )
        if any(host == name or host.endswith("." + name) for name in PUBLIC):
            raise EngineError(
                "engine.public",
                f"Không được dùng máy chủ chỉ đường công cộng {host}; hãy ghi địa chỉ máy chủ riêng.",
                f"The public routing engine {host} must not be used; give a server of your own.",
            )
        self.url = url.rstrip("/")
        self._limit = time_limit_s
        self._left_alone_until = 0.0
        self._places = BoundedSemaphore(AT_ONCE)

    def until(self) -> float:
        """The moment by which an answer that takes several questions must be whole, for ``ask``."""
        return time.monotonic() + self._limit

    def ask(self, path: str, question: object = None, *, until: float = math.inf) -> Any:
        """The JSON that ``path`` answers, posted as JSON where there is a ``question``. Raises Unanswered."""
        left = min(self._limit, until - time.monotonic())
        if left <= 0.0:
            raise Unanswered("the time for the whole answer is used up")
        if time.monotonic() < self._left_alone_until:
            raise Unanswered("left alone after a failure")
        if not self._places.acquire(blocking=False):
            raise Unanswered("too many questions are under way")
        answer: SimpleQueue[Any] = SimpleQueue()

        def work() -> None:
            try:
                answer.put(_fetch(self.url + path, question, self._limit))
            except Unanswered as refused:
                answer.put(refused)  # it answers, and has none for this question
            except (OSError, http.client.HTTPException, ValueError, RecursionError, msgspec.DecodeError) as error:
                answer.put(_Failed(f"{type(error).__name__}: {error}"))
            finally:
                self._places.release()

        Thread(target=work, name="routing engine", daemon=True).start()
        try:
            found = answer.get(timeout=left)
        except Empty:
            why = f"no answer in {left:.2f} s"
            found = _Failed(why) if until == math.inf or left > ALMOST * self._limit else Unanswered(why)
        if isinstance(found, _Failed):
            self._left_alone_until = time.monotonic() + LEFT_ALONE_S
            log.warning("the routing engine %s failed, left alone for %.0f s: %s", self.url, LEFT_ALONE_S, found)
        if isinstance(found, Unanswered):
            raise found
        return found


class _Failed(Unanswered):
    """The service itself is in trouble."""


def _fetch(url: str, question: object, limit: float) -> Any:
    body = None if question is None else msgspec.json.encode(question)
    asked = urllib.request.Request(url, body, {"Content-Type": "application/json"} if body else {})  # noqa: S310
    try:
        with _DIRECT.open(asked, timeout=limit) as answer:
            told = answer.read(MAX_ANSWER_BYTES + 1)
    except urllib.error.HTTPError as error:
        if error.code == 400:  # no way, too far, no road near: said by both engines in this way
            raise Unanswered(error.read(500).decode("utf-8", "replace")) from None
        raise
    if len(told) > MAX_ANSWER_BYTES:
        raise ValueError(f"more than {MAX_ANSWER_BYTES} bytes")
    return msgspec.json.decode(told)
