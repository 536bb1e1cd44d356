"""What a console asks of the core over HTTPS: signing in and out, address suggestions, zone outlines. Blocking.

Guards: as `HttpsClient`; only the site's own authority is trusted.
"""

from __future__ import annotations

import contextlib
import copy
import http.client
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from console_gui.limits import CORE_ANSWER_BYTES, CORE_CONNECT_S, SUGGESTIONS
from dispatch_core.domain.vocabulary import Reach, Suggestion
from dispatch_core.wire.callers import CallerHistory
from dispatch_core.wire.envelopes import SignedIn, SignInAsked
from dispatch_core.wire.https_client import CoreRefused, CoreUnreachable, HttpsClient
from dispatch_core.wire.names import WIRE_VERSION
from dispatch_core.wire.sound import (
    FROM,
    HEADER,
    LIVE,
    STATE,
    EvidenceMade,
    EvidenceWanted,
    RecordingShown,
    SoundFormat,
    read_wav_header,
)
from dispatch_core.wire.ways import AlongShown, HereShown, ReachableShown, RouteShown

T = TypeVar("T")

HUNG_UP_S = 0.5
"""Of one more try, where the connection had been kept."""


class StreetsPart(Struct, frozen=True):
    """Some bytes of an archive of ``total`` bytes whose SHA-256 is ``sha256``."""

    total: int
    sha256: str
    data: bytes


class SoundPart(Struct, frozen=True, kw_only=True):
    """Some of a recording's sound: ``start`` is its first byte and ``total`` the bytes of all of it, as of now."""

    call: str
    number: int
    form: SoundFormat
    data: bytes
    start: int
    total: int
    live: bool


class CoreClient(HttpsClient):
    def __init__(self, address: str, authority: Path) -> None:
        """``address`` as https://HOST:PORT. Raises ValueError where it is not that, OSError for the authority."""
        trust = ssl.create_default_context(cafile=str(authority))
        super().__init__(address, trust, connect_s=CORE_CONNECT_S, answer_bytes=CORE_ANSWER_BYTES)
        self._formats: dict[tuple[str, int], SoundFormat] = {}

    def beside(self, patience_s: float) -> CoreClient:
        """A connection of its own for the same session, whose answers are waited for so long."""
        other = copy.copy(self)
        other._connection, other._formats, other._patience_s = None, {}, patience_s
        return other

    def fetch(self, path: str, kind: type[T]) -> T:
        _, body, _ = self._ask("GET", path)
        return self._read(body, kind)

    def send(self, path: str, wanted: Struct | None, kind: type[T], *, once: bool = False) -> T:
        """``once``: on a fresh connection, because what dies on the way with a kept one would be sent again."""
        if once:
            self.close()
        _, body, _ = self._ask("POST", path, msgspec.json.encode(wanted) if wanted is not None else b"{}")
        return self._read(body, kind)

    def hang_up(self) -> None:
        """From another thread: whatever is waited for ends now, without an answer."""
        self._patience_s = HUNG_UP_S
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def sign_in(self, user: str, password: str) -> SignedIn:
        asked = msgspec.json.encode(SignInAsked(wire=WIRE_VERSION, user=user, password=password))
        _, body, _ = self._ask("POST", "/v1/sign-in", asked)
        signed_in = self._read(body, SignedIn)
        self._session = signed_in.session
        return signed_in

    def sign_out(self) -> None:
        self._ask("POST", "/v1/sign-out", b"{}")
        self._session = ""

    def suggest(self, text: str, near: tuple[float, float] | None = None) -> tuple[Suggestion, ...]:
        """Places that may be meant by ``text``, best first; ``near`` is (lat, lon)."""
        query: dict[str, str | float] = {"q": text, "limit": SUGGESTIONS}
        if near is not None:
            query |= {"lat": near[0], "lon": near[1]}
        _, body, _ = self._ask("GET", "/v1/suggest?" + urlencode(query))
        return self._read(body, tuple[Suggestion, ...])

    def hospitals(self, unit: str) -> tuple[Reach, ...]:
        """How long the unit needs to the nearest hospitals, each by its id."""
        _, body, _ = self._ask("GET", f"/v1/hospitals?{urlencode({'unit': unit})}")
        return self._read(body, tuple[Reach, ...])

    def zones(self, service: str, version: str = "") -> tuple[bytes, str] | None:
        """The zone set as GeoJSON and its version; None where ``version`` is still the newest."""
        headers = {"If-None-Match": version} if version else {}
        status, body, tag = self._ask("GET", f"/v1/zones/{quote(service, safe='')}", headers=headers)
        return None if status == http.client.NOT_MODIFIED else (body, tag)

    def streets(self, version: int, first: int, length: int) -> StreetsPart:
        """``length`` bytes of the streets' tiles of this map version, from byte ``first`` on."""
        part = {"Range": f"bytes={first}-{first + length - 1}"}
        _, body, tag = self._ask("GET", f"/v1/map/{version}/streets", headers=part)
        try:
            return StreetsPart(int(self._said["Content-Range"].rpartition("/")[2]), tag.strip('"'), body)
        except (ValueError, KeyError) as problem:
            unread = ("không đọc được đoạn bản đồ máy chủ gửi", f"its part of the map cannot be read ({problem})")
            raise CoreUnreachable(self._address, unread) from problem

    def route(self, unit: str, incident: str) -> RouteShown:
        _, body, _ = self._ask("GET", "/v1/route?" + urlencode({"unit": unit, "incident": incident}))
        return self._read(body, RouteShown)

    def reachable(self, minutes: float, *, unit: str = "", service: str = "") -> ReachableShown:
        of = {"service": service} if service else {"unit": unit}
        _, body, _ = self._ask("GET", "/v1/reachable?" + urlencode({**of, "minutes": minutes}))
        return self._read(body, ReachableShown)

    def along(self, points: Sequence[tuple[float, float]]) -> AlongShown:
        """How far it is by road along these (lat, lon)."""
        told = "|".join(f"{lat:.6f},{lon:.6f}" for lat, lon in points)
        _, body, _ = self._ask("GET", "/v1/along?" + urlencode({"points": told}))
        return self._read(body, AlongShown)

    def here(self, lat: float, lon: float) -> HereShown:
        _, body, _ = self._ask("GET", "/v1/here?" + urlencode({"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"}))
        return self._read(body, HereShown)

    def caller(self, call: str) -> CallerHistory:
        """What the number of this call called for before."""
        _, body, _ = self._ask("GET", "/v1/caller?" + urlencode({"call": call}))
        return self._read(body, CallerHistory)

    def recordings(self, *, call: str = "", incident: str = "") -> tuple[RecordingShown, ...]:
        query = urlencode({"incident": incident} if incident else {"call": call})
        _, body, _ = self._ask("GET", f"/v1/recordings?{query}")
        return self._read(body, tuple[RecordingShown, ...])

    def sound(
        self, call: str, number: int = 0, *, incident: str = "", last_s: int = 0, first: int = 0, length: int = 0
    ) -> SoundPart:
        """The last seconds of a recording, or ``length`` bytes of its sound from ``first`` on. Without a call, the
        newest recording of the incident. CoreRefused with status 416 where there is nothing (yet)."""
        if not call:
            listed = [it for it in self.recordings(incident=incident) if it.state != "removed"]
            if not listed:
                raise CoreRefused(404, "no_recording", "Vụ việc này không có ghi âm.", "The incident has no recording.")
            call, number = listed[-1].call, listed[-1].number
        path = f"/v1/recordings/{quote(call, safe='')}?file={number}"
        try:
            if last_s:
                _, body, _ = self._ask("GET", f"{path}&last={last_s}")
            else:
                begin = first + HEADER if first else 0
                part = {"Range": f"bytes={begin}-{first + HEADER + length - 1}"}
                _, body, _ = self._ask("GET", path, headers=part)
        except CoreRefused as no:
            no.live = self._said.get(STATE) == LIVE
            raise
        return self._sound_part(call, number, body, first, bool(last_s))

    def _sound_part(self, call: str, number: int, body: bytes, first: int, last: bool) -> SoundPart:
        try:
            if not first:
                self._formats[call, number], _ = read_wav_header(body)
                body = body[HEADER:]
            start = int(self._said.get(FROM, "0")) if last else first
            total = start + len(body) if last else int(self._said["Content-Range"].rpartition("/")[2]) - HEADER
            form = self._formats[call, number]
        except (ValueError, KeyError) as problem:
            unread = ("không đọc được âm thanh máy chủ gửi", f"its sound cannot be read ({problem})")
            raise CoreUnreachable(self._address, unread) from problem
        live = self._said.get(STATE) == LIVE
        return SoundPart(
            call=call, number=number, form=form, data=body, start=start, total=total, live=live
        )

    def make_evidence(self, number: str, since: int) -> EvidenceMade:
        wanted = msgspec.json.encode(EvidenceWanted(number=number, since=since))
        _, body, _ = self._ask("POST", "/v1/evidence", wanted)
        return self._read(body, EvidenceMade)

    def evidence(self, ident: str, first: int) -> bytes:
        """Some of it, from byte ``first`` on."""
        _, body, _ = self._ask("GET", f"/v1/evidence/{quote(ident, safe='')}", headers={"Range": f"bytes={first}-"})
        return body
