"""The tiles of the streets, fetched by consoles: `GET /v1/map/<version>/streets`, by Range, a part at a time.

Guards: only who is signed in gets any; a client names a version by its number and never a path; a version that is not
in force is not there any more, and a console then asks for the one that the state names.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path

from twisted.web.server import Request

from dispatch_core.domain.state import Person
from dispatch_core.ports import MapFile
from dispatch_core.runtime.http.answers import Answer, Handler, HttpRefusal, path_of, signed_in
from dispatch_core.runtime.http.recordings import part_of
from dispatch_core.settings import MAP_PART_BYTES

PATH = "/v1/map/"
ARCHIVE_TYPE = "application/vnd.pmtiles"
_ASKED = re.compile(re.escape(PATH) + r"(\d{1,9})/streets")


class StreetsApi:
    """``file`` gives what is in force, None where there is none."""

    def __init__(
        self, who: Callable[[str], Person | None], file: Callable[[], MapFile | None], workers: Executor
    ) -> None:
        self._who, self._file, self._workers = who, file, workers

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {("GET", PATH): self._part}

    async def _part(self, request: Request) -> Answer:
        """206 with ``Content-Range`` and, as ETag, the whole file's SHA-256. Never more than ``MAP_PART_BYTES``."""
        signed_in(self._who, request)
        asked = _ASKED.fullmatch(path_of(request))
        file = self._file()
        if asked is None or file is None or int(asked[1]) != file.version:
            raise HttpRefusal(
                404, "no_such_map", "Không có bản đồ này, hoặc đã có bản mới.", "There is no such map, or a newer one."
            )
        told = (request.getHeader(b"range") or b"bytes=0-").decode("ascii", "replace")
        first, last = part_of(told, file.bytes)
        if first >= file.bytes:
            request.setHeader(b"content-range", f"bytes */{file.bytes}".encode())
            raise HttpRefusal(416, "nothing_there", "Không có đoạn này.", "There is no such part.")
        length = min(last + 1 - first, MAP_PART_BYTES)
        try:
            data = await asyncio.get_running_loop().run_in_executor(self._workers, _read, file.path, first, length)
        except OSError as problem:
            raise HttpRefusal(
                503, "map_unreadable",
                f"Máy chủ không đọc được tệp bản đồ ({problem.strerror}).",
                f"The core cannot read the map's file ({problem.strerror}).",
            ) from None  # fmt: skip
        request.setHeader(b"content-range", f"bytes {first}-{first + len(data) - 1}/{file.bytes}".encode())
        request.setHeader(b"etag", f'"{file.sha256}"'.encode())
        return 206, data, ARCHIVE_TYPE


def _read(path: Path, first: int, length: int) -> bytes:
    handle = os.open(path, os.O_RDONLY)
    try:
        return os.pread(handle, length, first)
    finally:
        os.close(handle)
