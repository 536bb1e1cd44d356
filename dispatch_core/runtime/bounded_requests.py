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

from dispatch_core.settings import HTTP_BODY_LIMIT, HTTP_CONNECTIONS, POSITIONS_BODY_LIMIT, TRUNK_BODY_LIMIT

KEPT = HTTP_BODY_LIMIT + 1
"""One byte too many is kept, so that who reads the body sees that it was too large."""

KEPT_AT = {b"/v1/trunk/": TRUNK_BODY_LIMIT + 1, b"/v1/positions": POSITIONS_BODY_LIMIT + 1}
"""Where a body may be larger, by how the path begins. Twisted keeps what is beyond 100 kB in a file, not in memory."""


def kept_at(path: bytes) -> int:
    return next((kept for begins, kept in KEPT_AT.items() if path.startswith(begins)), KEPT)


class BoundedRequest(Request):
    """A request that keeps ``kept_at`` its path bytes of its body and drops the rest as it comes."""

    def gotLength(self, length: int | None) -> None:
        # the request itself learns its path only when all of it is there
        self._room = room = kept_at(getattr(self.channel, "_path", b""))
        super().gotLength(None if length is None else min(length, room))  # type: ignore[no-untyped-call]

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
