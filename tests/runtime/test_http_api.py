"""The HTTPS side, over real TLS on loopback: who is let in, what is answered, what is refused in clear words."""

from __future__ import annotations

import asyncio
import json
import ssl
from typing import NoReturn

import msgspec
import pytest

from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import UnitStatus
from dispatch_core.runtime.http import Api
from dispatch_core.runtime.http.senders import Senders
from dispatch_core.settings import HTTP_BODY_LIMIT, SIGN_IN_TRIES, SUGGEST_CHARACTERS, SUGGEST_LIMIT
from dispatch_core.wire.envelopes import SignedIn
from scripts.stage.certificates import Certificate
from tests.conftest import RedisAccess
from tests.runtime.http_stage import TOKEN, ZONES, Answer, Scene, Server, on_server, refused
from tests.runtime.running import Run


@pytest.fixture
def play(redis_server: RedisAccess, certificate: Certificate, run: Run) -> Scene:
    return on_server(redis_server, certificate, run)


# --- signing in and out -----------------------------------------------------------------------------------------------


def test_signing_in_and_out(play: Scene) -> None:
    async def scene(server: Server) -> None:
        answer = await server.sign_in()
        assert answer.status == 200
        signed = msgspec.json.decode(answer.body, type=SignedIn)
        assert (signed.user, signed.name, signed.view) == ("lan", "Nguyễn Thị Lan", "ops")
        assert answer.headers["Cache-Control"] == "no-store"
        out = await server.ask("POST", "/v1/sign-out", session=signed.session)
        assert (out.status, out.json) == (200, {})
        assert "lan" not in server.sequencer.state.people
        assert refused(await server.ask("POST", "/v1/sign-out", session=signed.session)) == (401, "not_signed_in")

    play(scene)


def test_who_is_not_let_in(play: Scene) -> None:
    async def scene(server: Server) -> None:
        wrong, unknown = await server.sign_in(password="wrong"), await server.sign_in("nobody", "wrong")
        assert refused(wrong) == refused(unknown) == (401, "bad_sign_in")
        assert wrong.body == unknown.body
        assert refused(await server.sign_in(wire=99)) == (426, "wrong_version")
        for _ in range(SIGN_IN_TRIES - 1):
            await server.sign_in(password="wrong")
        assert refused(await server.sign_in()) == (429, "too_many_tries")

    play(scene)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"wire":1}', b'{"wire":1,"user":"a","password":1}', b"\xff\xfe", b"[" * 60_000,
     b'{"wire":1,"user":"a","password":"b","more":1}', b'{"wire":1,"user":"\\ud800","password":"x"}'],
    ids=lambda it: it[:20].hex(),
)  # fmt: skip
def test_bodies_that_are_no_sign_in(play: Scene, body: bytes) -> None:
    async def scene(server: Server) -> None:
        status, code = refused(await server.ask("POST", "/v1/sign-in", body))
        assert (status, code) in ((400, "malformed"), (401, "bad_sign_in"))

    play(scene)


def test_a_body_that_is_too_large(play: Scene) -> None:
    async def scene(server: Server) -> None:
        answer = await server.ask("POST", "/v1/sign-in", b"x" * (HTTP_BODY_LIMIT + 1))
        assert refused(answer) == (413, "too_large")

    play(scene)


def test_while_the_journal_or_redis_is_away(play: Scene, redis_server: RedisAccess) -> None:
    async def scene(server: Server) -> None:
        session = await server.session()
        server.journal.down = True
        assert refused(await server.sign_in()) == (503, "sign_in_failed")
        assert refused(await server.ask("POST", "/v1/sign-out", session=session)) == (503, "read_only")
        server.journal.down = False
        while server.sequencer.read_only:
            await asyncio.sleep(0.05)
        redis_server.server.kill9()
        assert refused(await server.sign_in()) == (503, "broadcast_down")

    play(scene)


# --- questions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1/suggest?q=a", "/v1/zones/police"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic bGFuOng="}, {"Authorization": "Bearer \xff\xfe"}],
)
def test_questions_need_a_session(play: Scene, path: str, headers: dict[str, str]) -> None:
    async def scene(server: Server) -> None:
        assert refused(await server.ask("GET", path, **headers)) == (401, "not_signed_in")
        assert server.geography.asked == []

    play(scene)


def test_suggestions(play: Scene) -> None:
    async def scene(server: Server) -> None:
        session = await server.session()
        ask = server.ask
        answer = await ask("GET", "/v1/suggest?q=ch%E1%BB%A3&lat=10.7&lon=106.7&limit=3", session=session)
        assert answer.status == 200 and answer.json[0]["label"] == "Chợ Bến Thành"
        assert server.geography.asked == [("chợ", (10.7, 106.7), 3)]
        server.geography.asked.clear()
        long = "a" * SUGGEST_CHARACTERS
        for query in (
            f"q={long}&limit=1000000", "q=a&lat=nan&lon=106", "q=a&lat=10", "q=a&limit=-5", "q=a&limit=x", "q=%ff", "",
            "q=a&lat=999&lon=106",
        ):  # fmt: skip
            assert (await ask("GET", f"/v1/suggest?{query}", session=session)).status == 200
        assert server.geography.asked == [
            (long, None, SUGGEST_LIMIT), ("a", None, 8), ("a", None, 8), ("a", None, 1),
            ("a", None, 8), ("\ufffd", None, 8), ("", None, 8), ("a", None, 8),
        ]  # fmt: skip
        too_long = await ask("GET", f"/v1/suggest?q={'a' * 10_000}", session=session)
        assert refused(too_long) == (400, "address_too_long") and len(server.geography.asked) == 8

    play(scene)


def test_a_ward_that_does_not_exist_is_said(play: Scene) -> None:
    async def scene(server: Server) -> None:
        def unknown(*_: object) -> NoReturn:
            raise DispatchError("place.unknown_ward", "Không có phường 99.", "There is no ward 99.")

        server.geography.suggest = unknown  # type: ignore[method-assign]
        answer = await server.ask("GET", "/v1/suggest?q=p99", session=await server.session())
        assert refused(answer) == (404, "place.unknown_ward") and answer.json["vi"] == "Không có phường 99."

    play(scene)


def test_zones_are_sent_once(play: Scene) -> None:
    async def scene(server: Server) -> None:
        session = await server.session()
        first = await server.ask("GET", "/v1/zones/police", session=session)
        assert (first.status, first.body) == (200, ZONES)
        assert first.headers["Content-Type"].startswith("application/geo+json")
        tag = first.headers["Etag"] if "Etag" in first.headers else first.headers["ETag"]
        again = await server.ask("GET", "/v1/zones/police", session=session, If_None_Match=tag)
        assert (again.status, again.body) == (304, b"")
        server.geography.zones = ZONES.replace(b"features", b"features2")
        changed = await server.ask("GET", "/v1/zones/police", session=session, If_None_Match=tag)
        assert changed.status == 200 and changed.body != ZONES
        unknown = await server.ask("GET", "/v1/zones/x%22y", session=session)
        assert refused(unknown) == (404, "unknown_service")

    play(scene)


def test_a_bug_answers_500_and_is_seen(play: Scene, caplog: pytest.LogCaptureFixture) -> None:
    async def scene(server: Server) -> None:
        session = await server.session()
        assert refused(await server.ask("GET", "/v1/suggest?q=v%E1%BB%A1", session=session)) == (500, "internal")
        assert (await server.ask("GET", "/v1/suggest?q=a", session=session)).status == 200

    play(scene)
    assert "planted" in caplog.text


# --- other systems ----------------------------------------------------------------------------------------------------


def test_the_intake(play: Scene) -> None:
    async def scene(server: Server) -> None:
        async def report(ident: str, unit: str, status: str, token: str = TOKEN) -> Answer:
            body = json.dumps({"id": ident, "unit": unit, "status": status}).encode()
            return await server.ask("POST", "/v1/intake/unit-status", body, session=token)

        assert refused(await report("1", "A1", "out_of_service", "wrong")) == (401, "bad_token")
        assert refused(await server.ask("POST", "/v1/intake/unit-status", b"{}")) == (401, "bad_token")
        first = await report("1", "A1", "out_of_service")
        assert first.status == 200 and first.json["seq"] == server.sequencer.state.seq
        assert server.sequencer.state.units["A1"].status is UnitStatus.OUT_OF_SERVICE
        again = await report("1", "A1", "out_of_service")
        assert again.json == first.json
        assert refused(await report("2", "Z9", "available")) == (409, "unknown_unit")
        assert refused(await report("3", "A1", "on_scene")) == (409, "wrong_status")
        assert refused(await report("4", "A1", "flying")) == (400, "malformed")
        assert refused(await report("", "A1", "available")) == (400, "malformed")
        for ident in ("x" * 101, "a\0b", "a\nb", "\ud800"):  # the journal's own key: nothing that a column refuses
            assert refused(await report(ident, "A1", "available")) == (400, "malformed")
        server.journal.down = True
        assert refused(await report("5", "A1", "available")) == (503, "read_only")
        server.journal.down = False
        while server.sequencer.read_only:
            await asyncio.sleep(0.05)
        assert (await report("5", "A1", "available")).status == 200

    play(scene)


def test_without_a_token_the_intake_is_closed(play: Scene) -> None:
    async def scene(server: Server) -> None:
        api = Api(server.sequencer, server.desk, server.geography, server.workers, Senders(), server.health)
        with pytest.raises(Exception, match="bad_token"):
            await api.unit_status(b"{}", "")

    play(scene)


# --- supervision ------------------------------------------------------------------------------------------------------


def test_health_and_metrics_need_no_session(play: Scene) -> None:
    async def scene(server: Server) -> None:
        leading = await server.ask("GET", "/health")
        assert leading.status == 200 and leading.json["state"] == "leading" and leading.json["seq"] == 3
        metrics = (await server.ask("GET", "/metrics")).body.decode()
        assert "# TYPE dispatch_seq gauge\ndispatch_seq 3\n" in metrics and "generation" not in metrics
        server.state = "read_only"
        assert (await server.ask("GET", "/health")).status == 503

    play(scene)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/v1/sign-in"), ("POST", "/health"), ("DELETE", "/v1/zones/police"), ("GET", "/v1/zones"),
     ("GET", "/%00"), ("GET", "/../../etc/passwd"), ("POST", "/v1/suggest")],
)  # fmt: skip
def test_there_is_nothing_else(play: Scene, method: str, path: str) -> None:
    async def scene(server: Server) -> None:
        assert refused(await server.ask(method, path)) == (404, "unknown_path")

    play(scene)


def test_a_client_that_goes_away_changes_nothing(play: Scene) -> None:
    async def scene(server: Server) -> None:
        server.journal.gate = asyncio.Event()
        asking = asyncio.ensure_future(server.sign_in())
        await asyncio.sleep(0.3)
        context = ssl.create_default_context(cafile=str(server._authority))
        reader, writer = await asyncio.open_connection("127.0.0.1", server._port.getHost().port, ssl=context)
        body = b'{"wire":1,"user":"minh","password":"right"}'
        writer.write(b"POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await asyncio.sleep(0.3)
        writer.close()
        server.journal.gate.set()
        assert (await asking).status == 200
        assert (await server.ask("GET", "/health")).status == 200
        assert reader is not None

    play(scene)
