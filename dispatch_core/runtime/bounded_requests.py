"""What a stranger may cost the HTTPS port: so many connections, and so many bytes of one body.

Guards: a body is cut while it comes. Twisted alone keeps all of it, beyond 100 kB in a file of the temporary folder,
before anybody is asked whether the sender may send it. And a body is for its handler alone: Twisted would take a form
apart beforehand, and answer 400 by itself to one that it cannot read.
"""

from __future__ import annotations

from typing import Any

from twisted.protocols.policies import ThrottlingFactory
from twisted.web.resource import Resource
from twisted.web.server import Request, Site

from dispatch_core.settings import HTTP_BODY_LIMIT, HTTP_CONNECTIONS

KEPT = HTTP_BODY_LIMIT + 1
"""One byte too many is kept, so that who reads the body sees that it was too large."""


class BoundedRequest(Request):
    """A request that keeps ``KEPT`` bytes of its body and drops the rest as it comes."""

    def gotLength(self, length: int | None) -> None:
        self._room = KEPT
        super().gotLength(None if length is None else min(length, KEPT))  # type: ignore[no-untyped-call]

    def handleContentChunk(self, data: bytes) -> None:
        kept = data[: self._room]
        self._room -= len(kept)
        if kept:
            super().handleContentChunk(kept)  # type: ignore[no-untyped-call]

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        self.requestHeaders.removeHeader(b"content-type")
        super().requestReceived(command, path, version)  # type: ignore[no-untyped-call]


def bounded_site(resource: Resource, reactor: Any = None) -> Any:
    """Twisted's factory that serves ``resource``. A connection beyond ``HTTP_CONNECTIONS`` is closed at once, for files
    and sockets that the core needs for the switch and the database must be left."""
    site = Site(resource, requestFactory=BoundedRequest, reactor=reactor)
    return ThrottlingFactory(site, maxConnectionCount=HTTP_CONNECTIONS)
