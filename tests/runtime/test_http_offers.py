"""Answers of stations and crews over HTTPS: with the token, once for one id, and nothing that does not fit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind, SenderKind
from dispatch_core.domain.vocabulary import OfferOutcome, UnitStatus
from dispatch_core.runtime.http.offers import OffersApi
from dispatch_core.runtime.http.senders import Senders, only
from scripts.stage.certificates import Certificate
from tests.conftest import RedisAccess
from tests.runtime.http_stage import TOKEN, Answer, Scene, Server, asking, on_server, refused, told
from tests.runtime.running import Run


@pytest.fixture
def play(redis_server: RedisAccess, certificate: Certificate, run: Run) -> Scene:
    return on_server(redis_server, certificate, run)


async def say(server: Server, path: str, token: str = TOKEN, **body: Any) -> Answer:
    return await server.ask("POST", path, json.dumps(body).encode(), session=token)


def test_who_waits_for_an_answer_and_the_answers(play: Scene) -> None:
    async def scene(server: Server) -> None:
        incident = await asking(server)
        crew, station = f"{incident}.ambulance.1", f"{incident}.police.1"
        assert refused(await server.ask("GET", "/v1/offers")) == (401, "bad_token")
        listed = (await server.ask("GET", "/v1/offers", session=TOKEN)).json
        assert [(it["offer"], it["to"], it["station"], it["unit"]) for it in listed] == [
            (crew, "crew", "S-A", "A1"), (station, "station", "S-P", "P1"),
        ]  # fmt: skip
        assert all(it["until"] > it["at"] > 0 for it in listed)
        assert refused(await say(server, f"/v1/offers/{crew}/accept", "wrong", id="1")) == (401, "bad_token")
        first = await say(server, f"/v1/offers/{crew}/accept", id="1")
        again = await say(server, f"/v1/offers/{crew}/accept", id="1")
        assert first.status == 200 and first.json == again.json
        unit = server.sequencer.state.units["A1"]
        assert (unit.status, unit.status_by) == (UnitStatus.ACKNOWLEDGED, "intake:intake")
        assert refused(await say(server, f"/v1/offers/{crew}/decline", id="2", why="x")) == (409, "offer_over")
        no = await say(server, f"/v1/offers/{station}/decline", id="3", reason="xe hỏng")
        assert no.status == 200
        offer = server.sequencer.state.incidents[incident].legs["police"].offers[0]
        assert (offer.outcome, offer.reason) == (OfferOutcome.DECLINED, "xe hỏng")
        early = await say(server, "/v1/intake/unit-check", id="6", unit="A1")
        assert refused(early) == (409, "unit_not_there")
        await told(server, ActorKind.INTAKE, "crew", c.ReportStatus(unit="A1", status=UnitStatus.ON_SCENE))
        checked = await say(server, "/v1/intake/unit-check", id="4", unit="A1")
        assert checked.status == 200 and server.sequencer.state.units["A1"].checked_at > 0
        assert refused(await say(server, "/v1/intake/unit-check", id="5", unit="A2")) == (409, "unit_free")

    play(scene)


def test_what_does_not_fit_is_refused_in_words(play: Scene) -> None:
    async def scene(server: Server) -> None:
        incident = await asking(server)
        path = f"/v1/offers/{incident}.ambulance.1"
        odd: list[dict[str, Any]] = [{}, {"id": ""}, {"id": "x" * 101}, {"id": "a\nb"}, {"id": "1", "y": 2}]
        for body in (*odd, {"id": "1", "units": ["A"] * 41}):
            assert refused(await say(server, f"{path}/accept", **body)) == (400, "malformed"), body
        assert refused(await say(server, f"{path}/decline", id="1", reason="x" * 501)) == (400, "malformed")
        assert refused(await say(server, f"{path}/decline", id="2")) == (409, "reason_missing")
        assert refused(await say(server, f"{path}/dance", id="3")) == (404, "unknown_path")
        assert refused(await say(server, "/v1/offers/none/accept", id="4")) == (409, "unknown_offer")
        assert refused(await say(server, "/v1/offers/%F0%9F%9A%92/../x/accept", id="5")) == (409, "unknown_offer")
        assert refused(await server.ask("POST", f"{path}/accept", b"x" * 3_000_000, session=TOKEN))[0] in (400, 413)
        assert refused(await say(server, "/v1/intake/unit-check", id="6", unit="")) == (400, "malformed")

    play(scene)


def test_where_a_station_is_named_the_token_for_all_answers_for_crews_only(
    redis_server: RedisAccess, certificate: Certificate, run: Run
) -> None:
    async def scene(server: Server) -> None:
        incident = await asking(server)
        crew, station = f"/v1/offers/{incident}.ambulance.1", f"/v1/offers/{incident}.police.1"
        assert [it["to"] for it in (await server.ask("GET", "/v1/offers", session=TOKEN)).json] == ["crew"]
        assert refused(await say(server, f"{station}/accept", id="1")) == (403, "not_allowed")
        assert refused(await say(server, f"{station}/decline", id="2", reason="bận")) == (403, "not_allowed")
        assert (await say(server, f"{crew}/accept", id="3")).status == 200, "of vehicles nobody is named"
        assert (await say(server, f"{station}/decline", "the station's", id="1", reason="bận")).status == 200

    named = Senders([only(TOKEN), only("the station's", "s-p", SenderKind.STATION)])
    on_server(redis_server, certificate, run, named)(scene)


def test_without_a_token_nothing_is_open(play: Scene) -> None:
    async def scene(server: Server) -> None:
        class Request:
            def getHeader(self, _: bytes) -> bytes:
                return b"Bearer "

        with pytest.raises(Exception, match="bad_token"):
            await OffersApi(server.sequencer, Senders())._list(Request())  # type: ignore[arg-type]

    play(scene)
