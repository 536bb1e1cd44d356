"""Listening to recordings, while their call still runs and afterwards.

Guards: only dispatchers and supervisors hear anything; every listening is committed to the journal before a byte of it
is sent; a client names a call and the number of a file of it, never a path.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import TypeVar

from twisted.web.server import Request

from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command, HearRecording
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Person
from dispatch_core.domain.vocabulary import Role
from dispatch_core.domain.words import ROLES, act
from dispatch_core.ports import (
    Clock,
    Ids,
    KeptRecording,
    Outcome,
    RecordingFiles,
    RecordingIndex,
    RecordingUnreadable,
    Sound,
)
from dispatch_core.runtime.desk import Desk
from dispatch_core.runtime.http.answers import (
    TRY_AGAIN,
    Answer,
    Handler,
    HttpRefusal,
    json_answer,
    number_in,
    path_of,
    text_in,
    token_of,
)
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.settings import (
    LISTENING_S,
    LISTENINGS_REMEMBERED,
    RECALL_MOST_S,
    SOUND_PART_BYTES,
    SOUND_WHOLE_BYTES,
)
from dispatch_core.wire import sound as wire

WAV = "audio/wav"
NAME_LENGTH = 200
PATH = "/v1/recordings/"
_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
T = TypeVar("T")


class Somebody:
    """Who asks, and what they may: shared by the subjects that give out recordings."""

    def __init__(self, desk: Desk, sequencer: Sequencer, ids: Ids, workers: Executor) -> None:
        self._desk, self._sequencer, self._ids, self._workers = desk, sequencer, ids, workers

    def person(self, request: Request, roles: frozenset[Role], command: type[Command]) -> Person:
        """Raises HttpRefusal: 401 where nobody is signed in, 403 where the role may not."""
        session = token_of(request)
        person = self._desk.who(session) if session else None
        if person is None:
            raise HttpRefusal(401, "not_signed_in", "Bạn chưa đăng nhập.", "You are not signed in.")
        if person.role not in roles:
            raise refused(403, refuse("not_allowed", role=ROLES[person.role], command=act(command.__name__)))
        return person

    async def tell(self, person: Person, body: Command) -> Outcome:
        """The command of this person, committed. Raises HttpRefusal."""
        asked = Asked(id=self._ids.new(), actor=Actor(ActorKind.PERSON, person.user), body=body)
        outcome = await self._sequencer.ask(asked)
        if outcome.refusal is not None:
            raise refused(503 if outcome.refusal.code in TRY_AGAIN else 409, outcome.refusal)
        return outcome

    async def work(self, what: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._workers, what, *arguments)


def refused(status: int, no: Refusal) -> HttpRefusal:
    return HttpRefusal(status, no.code, no.sentence("vi"), no.sentence("en"))


class RecordingsApi:
    """`GET /v1/recordings?call=|incident=` lists; `GET /v1/recordings/<call>` is a WAV file: whole, by Range, or its
    last seconds (`?last=30`), of the call's first file or of another (`?file=1`)."""

    def __init__(self, who: Somebody, index: RecordingIndex, files: RecordingFiles, clock: Clock) -> None:
        self._who, self._index, self._files, self._clock = who, index, files, clock
        self._listening: OrderedDict[tuple[str, str, str], float] = OrderedDict()

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {("GET", "/v1/recordings"): self._list, ("GET", PATH): self._hear}

    async def _list(self, request: Request) -> Answer:
        self._who.person(request, frozenset({Role.DISPATCHER, Role.SUPERVISOR}), HearRecording)
        call, incident = text_in(request, b"call")[:NAME_LENGTH], text_in(request, b"incident")[:NAME_LENGTH]
        if incident:
            rows = await self._who.work(self._index.of_incident, incident)
        else:
            rows = await self._who.work(self._index.of_call, call)
        return json_answer(_shown(rows))

    async def _hear(self, request: Request) -> Answer:
        person = self._who.person(request, frozenset({Role.DISPATCHER, Role.SUPERVISOR}), HearRecording)
        call = path_of(request).removeprefix(PATH)[:NAME_LENGTH]
        row = _chosen(call, await self._who.work(self._index.of_call, call), int(number_in(request, b"file") or 0))
        try:
            sound = await self._who.work(self._files.look, row.node, row.file)
        except RecordingUnreadable as problem:
            raise HttpRefusal(415, problem.code, problem.vi, problem.en) from None
        if sound is None:
            raise HttpRefusal(
                404,
                "recording_not_found",
                f"Không thấy tệp ghi âm của cuộc gọi trên máy {row.node}; báo quản trị tổng đài.",
                f"The call's recording is not to be found on {row.node}; tell the telephony admin.",
            )
        request.setHeader(b"accept-ranges", b"bytes")
        request.setHeader(wire.STATE.encode(), (wire.FINAL if sound.final else wire.LIVE).encode())
        last = number_in(request, b"last")
        if last is not None:
            seconds = max(1, min(int(last), RECALL_MOST_S))
            await self._hears(person, row, seconds)
            return await self._last(request, row, sound, seconds)
        return await self._part(request, person, row, sound)

    async def _last(self, request: Request, row: KeptRecording, sound: Sound, seconds: int) -> Answer:
        form = _format(sound)
        length = min(sound.bytes, seconds * form.second)
        start = sound.bytes - length
        data = await self._who.work(self._files.read, row.node, row.file, start, length)
        request.setHeader(wire.FROM.encode(), str(start).encode())
        return 200, wire.wav_header(form, len(data)) + data, WAV

    async def _part(self, request: Request, person: Person, row: KeptRecording, sound: Sound) -> Answer:
        total = wire.HEADER + sound.bytes
        asked = (request.getHeader(b"range") or b"").decode("ascii", "replace")
        first, last = part_of(asked, total)
        if asked and first >= total:
            request.setHeader(b"content-range", f"bytes */{total}".encode())
            raise HttpRefusal(416, "nothing_there", "Chưa có âm thanh ở đoạn này.", "There is no sound there yet.")
        if not asked and total > SOUND_WHOLE_BYTES:
            raise HttpRefusal(
                413, "too_large", "Ghi âm quá dài; hãy hỏi từng đoạn (Range).", "Too long; ask for parts (Range)."
            )
        if first <= wire.HEADER or not self._still_listens(person, row):
            await self._hears(person, row, 0)
        head = wire.wav_header(_format(sound), sound.bytes)
        start = max(0, first - wire.HEADER)
        data = await self._who.work(
            self._files.read, row.node, row.file, start, last + 1 - max(first, wire.HEADER)
        )
        body = head[first : last + 1] + data
        if not asked:
            return 200, body, WAV
        request.setHeader(b"content-range", f"bytes {first}-{first + len(body) - 1}/{total}".encode())
        return 206, body, WAV

    # --- who listens --------------------------------------------------------------------------------------------------

    async def _hears(self, person: Person, row: KeptRecording, last_s: int) -> None:
        """Committed before anything is heard."""
        body = HearRecording(call=row.call, file=row.file, incident=row.incident, last_s=last_s)
        await self._who.tell(person, body)
        self._remember(person, row)

    def _still_listens(self, person: Person, row: KeptRecording) -> bool:
        """Whether this is a further part of a listening that is in the journal."""
        heard = self._listening.get((person.session, row.call, row.file))
        if heard is None or self._clock.monotonic() - heard > LISTENING_S:
            return False
        self._remember(person, row)
        return True

    def _remember(self, person: Person, row: KeptRecording) -> None:
        key = (person.session, row.call, row.file)
        self._listening[key] = self._clock.monotonic()
        self._listening.move_to_end(key)
        while len(self._listening) > LISTENINGS_REMEMBERED:
            self._listening.popitem(last=False)


def _shown(rows: Sequence[KeptRecording]) -> list[wire.RecordingShown]:
    counted: dict[str, int] = {}
    shown = []
    for row in rows:
        number = counted.get(row.call, 0)
        counted[row.call] = number + 1
        shown.append(
            wire.RecordingShown(
                call=row.call, number=number, incident=row.incident, state=row.state, began_at=row.began_at,
                ended_at=row.ended_at, ms=row.ms, held=row.held, faults=row.faults,
            )
        )  # fmt: skip
    return shown


def _chosen(call: str, rows: Sequence[KeptRecording], number: int) -> KeptRecording:
    if not 0 <= number < len(rows) or not rows[number].file:
        raise refused(404, refuse("no_recording", call=call))
    row = rows[number]
    if row.state == "removed":
        raise HttpRefusal(
            410,
            "recording_removed",
            "Ghi âm này đã bị xoá vì hết thời hạn lưu giữ.",
            "This recording was deleted: it was past the time that recordings are kept.",
        )
    return row


def _format(sound: Sound) -> wire.SoundFormat:
    return wire.SoundFormat(sound.rate, sound.channels, sound.width)


def part_of(asked: str, total: int) -> tuple[int, int]:
    """First and last byte of a request's Range, cut to one part; everything where there is none, or no such one."""
    match = _RANGE.fullmatch(asked.strip())
    if match is None or match[1] == match[2] == "" or ("" not in match.groups() and int(match[1]) > int(match[2])):
        return 0, (min(total, SOUND_PART_BYTES) if asked else total) - 1
    if match[1] == "":
        first = max(0, total - int(match[2]))
        last = total - 1
    else:
        first, last = int(match[1]), int(match[2]) if match[2] else total - 1
    return first, min(last, total - 1, first + SOUND_PART_BYTES - 1)
