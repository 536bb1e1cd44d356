"""The locations in an INVITE as it came over the wire (RFC 6442): bytes in, what its Geolocation headers lead to out.

Several headers, several URIs in one, several presence documents: each is read, up to a limit; which one is the best is
decided elsewhere. What is by reference is kept as a link and never fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dispatch_core.domain.vocabulary import Location
from telephony.caller_location.pidf_lo import read_pidf

PARTS_MOST = 16
DOCUMENTS_MOST = 4
LINK_LIMIT = 500

_PIDF = "application/pidf+xml"
_URI = re.compile(r"<([^<>\s]{1,2000})>")
_LINK = re.compile(r"https://[!-~]+")
_COMPACT = {"c": "content-type", "i": "call-id"}

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Told:
    """What the INVITE of one SIP Call-ID says of where its caller is. `why`: there is none that could be read."""

    sip_call_id: str
    places: tuple[Location, ...] = ()
    why: str = ""
    link: str = ""


def read_invite(packet: bytes, came: int) -> Told | None:
    """None where it is no INVITE, or says nothing of a location."""
    if not packet.startswith(b"INVITE "):
        return None
    head, _, body = packet.partition(b"\r\n\r\n")
    headers = _headers(head.partition(b"\r\n")[2])
    uris = [uri for value in _all(headers, "geolocation") for uri in _URI.findall(value)]
    documents = _documents(headers, body)
    if not uris and not any(True for _ in documents.values()):
        return None
    wanted = [uri[4:] for uri in uris if uri.lower().startswith("cid:")]
    bodies = [documents[ident] for ident in wanted if ident in documents] or list(documents.values())
    places: list[Location] = []
    why = "no_body" if wanted else "by_reference"
    for document in bodies[:DOCUMENTS_MOST]:
        found, reason = read_pidf(document, came)
        places += found
        why = reason or why
    link = next((uri for uri in uris if _LINK.fullmatch(uri)), "")
    return Told(_one(headers, "call-id"), tuple(places), "" if places else why, link[:LINK_LIMIT])


def _documents(headers: Headers, body: bytes) -> dict[str, bytes]:
    """Content id to presence document; those without an id by their place."""
    kind = _one(headers, "content-type")
    if kind.lower().startswith(_PIDF):
        return {_ident(headers) or "body": body}
    if not kind.lower().startswith("multipart/"):
        return {}
    boundary = re.search(r'boundary="?([^";,\s]{1,70})', kind, re.IGNORECASE)
    found = {}
    for place, part in enumerate(_parts(body, boundary[1]) if boundary else ()):
        head, _, inside = part.partition(b"\r\n\r\n")
        own = _headers(head)
        if _one(own, "content-type").lower().startswith(_PIDF):
            found[_ident(own) or f"part {place}"] = inside
    return found


def _parts(body: bytes, boundary: str) -> Iterator[bytes]:
    mark = b"--" + boundary.encode("utf-8", "surrogateescape")
    for part in body.split(mark, PARTS_MOST + 1)[1 : PARTS_MOST + 1]:
        if part.startswith(b"--"):
            return
        yield part.removeprefix(b"\r\n").removesuffix(b"\r\n")


def _ident(headers: Headers) -> str:
    return _one(headers, "content-id").strip("<> ")


def _headers(head: bytes) -> list[tuple[str, str]]:
    """Name in small letters, value; folded lines are one."""
    text = re.sub(r"\r?\n[ \t]+", " ", head.decode("utf-8", "surrogateescape"))
    found = []
    for line in text.split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            name = name.strip().lower()
            found.append((_COMPACT.get(name, name), value.strip()))
    return found


def _all(headers: Headers, name: str) -> list[str]:
    return [value for own, value in headers if own == name]


def _one(headers: Headers, name: str) -> str:
    return next(iter(_all(headers, name)), "")
