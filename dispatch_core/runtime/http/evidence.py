"""The evidence of a number, put together for a supervisor and fetched part by part.

Guards: it is made in a file without a name, which is gone with the process; only who asked for it gets it; that it was
made is committed before any of it is given out.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

from twisted.web.server import Request

from dispatch_core.domain.commands import ExportEvidence
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant, Role
from dispatch_core.ports import Clock, Ids, RecordingFiles, RecordingIndex
from dispatch_core.runtime.http.answers import Answer, Handler, HttpRefusal, body_of, decoded, json_answer, path_of
from dispatch_core.runtime.http.recordings import Somebody, part_of
from dispatch_core.runtime.recordings.evidence import Evidence, EvidenceRefused, write_evidence
from dispatch_core.settings import EVIDENCE_KEPT_S, EVIDENCES_KEPT
from dispatch_core.wire.sound import EvidenceMade, EvidenceWanted

ZIP = "application/zip"
PATH = "/v1/evidence/"
NUMBER = re.compile(r"\+?[0-9]{2,20}")
LEAD = frozenset({Role.SUPERVISOR})


@dataclass
class _Made:
    user: str
    file: IO[bytes]
    size: int
    until: float  # monotonic


class EvidenceApi:
    """`POST /v1/evidence` makes it, `GET /v1/evidence/<ident>` with Range gives it."""

    def __init__(
        self,
        who: Somebody,
        index: RecordingIndex,
        files: RecordingFiles,
        clock: Clock,
        ids: Ids,
        state: Callable[[], State],
    ) -> None:
        self._who, self._index, self._files, self._clock, self._ids, self._state = who, index, files, clock, ids, state
        self._made: OrderedDict[str, _Made] = OrderedDict()

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {("POST", "/v1/evidence"): self._make, ("GET", PATH): self._give}

    async def _make(self, request: Request) -> Answer:
        person = self._who.person(request, LEAD, ExportEvidence)
        wanted = decoded(body_of(request), EvidenceWanted)
        if not NUMBER.fullmatch(wanted.number):
            raise HttpRefusal(
                400, "bad_number", "Số điện thoại gồm 2 đến 20 chữ số.", "A number has 2 to 20 digits."
            )
        self._forget()
        try:
            file, size, sha256, told = await self._who.work(self._write, wanted.number, wanted.since, person.user)
        except EvidenceRefused as problem:
            status = 404 if problem.code == "no_calls" else 413
            raise HttpRefusal(status, problem.code, problem.vi, problem.en) from None
        try:
            await self._who.tell(person, ExportEvidence(call=told.newest_call, calls=told.calls, sha256=sha256))
        except BaseException:
            file.close()
            raise
        ident = self._ids.secret(22)
        self._made[ident] = _Made(person.user, file, size, self._clock.monotonic() + EVIDENCE_KEPT_S)
        self._forget()
        return json_answer(
            EvidenceMade(
                ident=ident, bytes=size, sha256=sha256, calls=told.calls, recordings=told.recordings,
                missing=len(told.missing),
            )
        )  # fmt: skip

    async def _give(self, request: Request) -> Answer:
        person = self._who.person(request, LEAD, ExportEvidence)
        self._forget()
        made = self._made.get(path_of(request).removeprefix(PATH))
        if made is None or made.user != person.user:
            raise HttpRefusal(404, "no_evidence", "Chứng cứ này không còn; hãy xuất lại.", "It is gone; export again.")
        asked = (request.getHeader(b"range") or b"bytes=0-").decode("ascii", "replace")
        first, last = part_of(asked, made.size)
        if first >= made.size:
            raise HttpRefusal(416, "nothing_there", "Không có đoạn này.", "There is no such part.")
        data = await self._who.work(os.pread, made.file.fileno(), last + 1 - first, first)
        request.setHeader(b"content-range", f"bytes {first}-{first + len(data) - 1}/{made.size}".encode())
        return 206, data, ZIP

    def _write(self, number: str, since: Instant, by: str) -> tuple[IO[bytes], int, str, Evidence]:
        """In a worker thread."""
        with ExitStack() as undone:
            file = undone.enter_context(tempfile.TemporaryFile(prefix="dispatch-evidence-"))
            told = write_evidence(
                file, self._index, self._files, number=number, since=since, now=self._clock.now(), by=by,
                utc_offset_min=self._state().site.utc_offset_min,
            )  # fmt: skip
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            undone.pop_all()
            return file, size, sha256, told

    def _forget(self) -> None:
        now = self._clock.monotonic()
        for ident, made in list(self._made.items()):
            if now > made.until or len(self._made) > EVIDENCES_KEPT:
                made.file.close()
                del self._made[ident]
