"""Listening over real TLS: who may, what is sent while the call runs and afterwards, and each listening is kept."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import msgspec
import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.events import EvidenceExported, RecordingHeard
from dispatch_core.domain.vocabulary import EndedBy
from dispatch_core.runtime.http import recordings
from dispatch_core.wire.sound import HEADER, EvidenceMade, SoundFormat, read_wav_header, wav_header
from scripts.simulation.core import PASSWORD
from scripts.simulation.site import NODE
from scripts.stage.certificates import Certificate
from tests.conftest import RedisAccess
from tests.contracts.memory_recordings import header
from tests.runtime.http_stage import Scene, Server, on_server, refused
from tests.runtime.running import Run

SOUND = bytes(n % 250 + 1 for n in range(16_000 * 4))
FORM = SoundFormat(8_000, 1, 2)
NUMBER = "0912345678"


@pytest.fixture
def play(redis_server: RedisAccess, certificate: Certificate, run: Run) -> Scene:
    return on_server(redis_server, certificate, run)


async def call(server: Server, ident: str = "c1", data: bytes = header(0) + SOUND, *, over: bool = False) -> None:
    """A call with a recording."""
    facts: list[c.Command] = [
        c.CallCame(call=ident, node=NODE, at=1_000, dialled="113", services=("police",), number=NUMBER),
        c.RecordingRuns(call=ident, file=f"/rec/{ident}.wav"),
    ]
    if over:
        facts.append(c.CallOver(call=ident, at=61_000, by=EndedBy.CALLER, cause=16))
    for body in facts:
        asked = c.Asked(id=server.ids.new(), actor=c.Actor(ActorKind.SWITCH, NODE), body=body)
        assert (await server.sequencer.ask(asked)).refusal is None
    server.files.put(NODE, f"{ident}.wav", data)


async def session(server: Server, user: str) -> str:
    return str((await server.sign_in(user, PASSWORD)).json["session"])


def told(server: Server, kind: type) -> list[Any]:
    return [it for it in server.journal.events if isinstance(it.event, kind)]


def test_the_last_seconds_while_the_call_runs(play: Scene) -> None:
    async def scene(server: Server) -> None:
        await call(server)
        lan = await session(server, "lan")
        answer = await server.ask("GET", "/v1/recordings/c1?last=3", session=lan)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "audio/wav")
        assert answer.headers["X-Recording"] == "live" and answer.headers["X-Sound-From"] == "16000"
        assert read_wav_header(answer.body) == (FORM, 48_000)
        assert answer.body[HEADER:] == SOUND[-48_000:]
        (heard,) = told(server, RecordingHeard)
        assert heard.by == "person:lan"
        incident = server.sequencer.state.calls["c1"].incident
        assert heard.event == RecordingHeard(call="c1", incident=incident, file="c1.wav", last_s=3)
        await server.ask("GET", "/v1/recordings/c1?last=3", session=lan)
        assert len(told(server, RecordingHeard)) == 2

    play(scene)


def test_all_of_it_and_part_by_part(play: Scene) -> None:
    async def scene(server: Server) -> None:
        await call(server, data=header(len(SOUND)) + SOUND, over=True)
        lan = await session(server, "lan")
        whole = await server.ask("GET", "/v1/recordings/c1", session=lan)
        assert whole.status == 200 and whole.body == wav_header(FORM, len(SOUND)) + SOUND
        assert whole.headers["X-Recording"] == "final" and whole.headers["Accept-Ranges"] == "bytes"
        total = len(whole.body)
        for asked, first, last in (
            ("bytes=0-99", 0, 99), ("bytes=40-49", 40, 49), ("bytes=100-", 100, total - 1), ("bytes=0-0", 0, 0),
            ("bytes=44-", 44, total - 1), ("bytes=-10", total - 10, total - 1),
            (f"bytes=100-{total + 9}", 100, total - 1),
        ):  # fmt: skip
            part = await server.ask("GET", "/v1/recordings/c1", session=lan, Range=asked)
            assert part.status == 206 and part.body == whole.body[first : last + 1], asked
            assert part.headers["Content-Range"] == f"bytes {first}-{last}/{total}"
        past = await server.ask("GET", "/v1/recordings/c1", session=lan, Range=f"bytes={total}-")
        assert refused(past) == (416, "nothing_there") and past.headers["Content-Range"] == f"bytes */{total}"
        for odd in ("bytes=-", "bytes=a-b", "lines=1-2", "bytes=50-3"):
            part = await server.ask("GET", "/v1/recordings/c1", session=lan, Range=odd)
            assert (part.status, part.body) == (206, whole.body)

    play(scene)


def test_parts_of_one_listening_are_one_line_of_the_audit(play: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(server: Server) -> None:
        await call(server)
        lan, minh = await session(server, "lan"), await session(server, "minh")
        for asked in ("bytes=0-999", "bytes=1000-1999", "bytes=2000-"):
            await server.ask("GET", "/v1/recordings/c1", session=lan, Range=asked)
        assert [it.by for it in told(server, RecordingHeard)] == ["person:lan"]
        await server.ask("GET", "/v1/recordings/c1", session=minh, Range="bytes=2000-")
        assert [it.by for it in told(server, RecordingHeard)] == ["person:lan", "person:minh"]
        monkeypatch.setattr(recordings, "LISTENING_S", -1.0)
        await server.ask("GET", "/v1/recordings/c1", session=lan, Range="bytes=2000-")
        assert len(told(server, RecordingHeard)) == 3
        monkeypatch.setattr(recordings, "LISTENINGS_REMEMBERED", 1)
        await server.ask("GET", "/v1/recordings/c1", session=lan, Range="bytes=0-")

    play(scene)


def test_it_follows_a_recording_that_grows(play: Scene) -> None:
    async def scene(server: Server) -> None:
        await call(server)
        lan = await session(server, "lan")
        await server.ask("GET", "/v1/recordings/c1?last=1", session=lan)
        at = HEADER + len(SOUND)
        nothing = await server.ask("GET", "/v1/recordings/c1", session=lan, Range=f"bytes={at}-")
        assert refused(nothing)[0] == 416
        server.files.put(NODE, "c1.wav", header(0) + SOUND + b"\7" * 320)
        more = await server.ask("GET", "/v1/recordings/c1", session=lan, Range=f"bytes={at}-")
        assert (more.status, more.body) == (206, b"\7" * 320)
        assert len(told(server, RecordingHeard)) == 1

    play(scene)


def test_who_hears_nothing(play: Scene) -> None:
    async def scene(server: Server) -> None:
        await call(server)
        assert refused(await server.ask("GET", "/v1/recordings/c1")) == (401, "not_signed_in")
        admin, lan = await session(server, "tuan"), await session(server, "lan")
        for path in ("/v1/recordings/c1", "/v1/recordings?call=c1"):
            assert refused(await server.ask("GET", path, session=admin)) == (403, "not_allowed")
        wanted = msgspec.json.encode({"number": NUMBER})
        assert refused(await server.ask("POST", "/v1/evidence", wanted, session=lan)) == (403, "not_allowed")
        assert told(server, RecordingHeard) == told(server, EvidenceExported) == []
        server.journal.down = True
        assert refused(await server.ask("GET", "/v1/recordings/c1?last=5", session=lan)) == (503, "read_only")
        server.journal.down = False

    play(scene)


def test_what_is_not_there_is_said(play: Scene) -> None:
    async def scene(server: Server) -> None:
        lan = await session(server, "lan")
        for path in ("c9", "../../etc/passwd", "%2e%2e%2fc1", "", "c1?file=7", "c1?file=-1", "c1?file=nan"):
            assert refused(await server.ask("GET", f"/v1/recordings/{path}", session=lan)) == (404, "no_recording")
        await call(server)
        server.files.files.clear()
        assert refused(await server.ask("GET", "/v1/recordings/c1", session=lan)) == (404, "recording_not_found")
        server.files.put(NODE, "c1.wav", b"gsm")
        assert refused(await server.ask("GET", "/v1/recordings/c1", session=lan)) == (415, "recording_unreadable")
        server.index.put("c1", "c1.wav", state="removed")
        assert refused(await server.ask("GET", "/v1/recordings/c1", session=lan)) == (410, "recording_removed")
        assert told(server, RecordingHeard) == []

    play(scene)


def test_a_long_one_is_heard_part_by_part(play: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(server: Server) -> None:
        await call(server)
        lan = await session(server, "lan")
        monkeypatch.setattr(recordings, "SOUND_WHOLE_BYTES", 1_000)
        monkeypatch.setattr(recordings, "SOUND_PART_BYTES", 1_000)
        assert refused(await server.ask("GET", "/v1/recordings/c1", session=lan)) == (413, "too_large")
        part = await server.ask("GET", "/v1/recordings/c1", session=lan, Range="bytes=0-")
        assert part.status == 206 and len(part.body) == 1_000

    play(scene)


def test_the_list_of_a_call_and_of_an_incident(play: Scene) -> None:
    async def scene(server: Server) -> None:
        await call(server)
        server.index.put("c1", "c1-2.wav")
        lan = await session(server, "lan")
        listed = (await server.ask("GET", "/v1/recordings?call=c1", session=lan)).json
        assert [(it["call"], it["number"], it["state"]) for it in listed] == [
            ("c1", 0, "running"), ("c1", 1, "running"),
        ]  # fmt: skip
        incident = server.sequencer.state.calls["c1"].incident
        assert (await server.ask("GET", f"/v1/recordings?incident={incident}", session=lan)).json == listed
        server.files.put(NODE, "c1-2.wav", header(0) + SOUND[:320])
        second = await server.ask("GET", "/v1/recordings/c1?file=1", session=lan)
        assert second.body[HEADER:] == SOUND[:320]

    play(scene)


def test_evidence_is_made_for_a_supervisor_and_given_part_by_part(play: Scene) -> None:
    async def scene(server: Server) -> None:
        await call(server, data=header(len(SOUND)) + SOUND, over=True)
        hoa = await session(server, "hoa")
        for body, status in (({"number": "x"}, 400), ({"number": "0999999999"}, 404), ({"no": 1}, 400)):
            assert (await server.ask("POST", "/v1/evidence", msgspec.json.encode(body), session=hoa)).status == status
        wanted = msgspec.json.encode({"number": NUMBER})
        answer = await server.ask("POST", "/v1/evidence", wanted, session=hoa)
        made = msgspec.json.decode(answer.body, type=EvidenceMade)
        assert (made.calls, made.recordings, made.missing) == (1, 1, 0)
        (exported,) = told(server, EvidenceExported)
        assert exported.by == "person:hoa"
        assert exported.event == EvidenceExported(call="c1", calls=1, sha256=made.sha256)
        path, data = f"/v1/evidence/{made.ident}", b""
        while len(data) < made.bytes:
            asked = f"bytes={len(data)}-{len(data) + 39_999}"
            data += (await server.ask("GET", path, session=hoa, Range=asked)).body
        assert hashlib.sha256(data).hexdigest() == made.sha256
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None and "recordings/c1.wav" in archive.namelist()
        assert refused(await server.ask("GET", path, session=hoa, Range=f"bytes={made.bytes}-"))[0] == 416
        assert refused(await server.ask("GET", path + "x", session=hoa)) == (404, "no_evidence")
        for _ in range(3):
            await server.ask("POST", "/v1/evidence", wanted, session=hoa)
        assert refused(await server.ask("GET", path, session=hoa)) == (404, "no_evidence")

    play(scene)
