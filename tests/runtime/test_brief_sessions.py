"""Signing in beside one's console, for commands: it takes nothing away there, and opens nothing but what it is for."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dispatch_core.domain.vocabulary import Role
from dispatch_core.main import accounts
from dispatch_core.main.accounts import watch_accounts
from dispatch_core.runtime.brief_sessions import IDLE_S, SESSIONS_MOST, BriefSessions
from dispatch_core.runtime.clock import SystemClock, SystemIds
from dispatch_core.runtime.desk import SignInRefused, digest
from dispatch_core.runtime.http.brief import BriefApi
from dispatch_core.wire import names
from scripts.simulation.core import PASSWORD
from scripts.simulation.loop import SimulatedLoop
from scripts.stage.certificates import Certificate, server_certificate
from tests.conftest import RedisAccess
from tests.runtime.fakes import House
from tests.runtime.http_stage import Server, on_server, refused
from tests.runtime.running import Run
from tests.runtime.test_knocking import desk_of


@pytest.fixture
def house(loop: SimulatedLoop) -> House:
    return House(loop)


def test_the_console_of_the_same_person_stays_signed_in(house: House, simulated: Run) -> None:
    async def scene() -> None:
        await house.begin()
        desk = desk_of(house)
        console = (await desk.sign_in("lan", PASSWORD)).session
        events = house.sequencer.state.seq
        brief = BriefSessions(desk, house.clock, house.ids)
        told = await brief.sign_in("lan", PASSWORD)
        assert (told.user, told.role, told.idle_s) == ("lan", Role.DISPATCHER, IDLE_S)
        assert house.sequencer.state.seq == events
        for session in (console, told.session):
            person = brief.who(session)
            assert person is not None and person.user == "lan"
        assert desk.who(console) is not None and desk.who(told.session) is None
        brief.sign_out(told.session)
        assert brief.who(told.session) is None and brief.who(console) is not None

    simulated(scene())


def test_wrong_passwords_are_counted_with_those_of_the_desk(house: House, simulated: Run) -> None:
    async def scene() -> None:
        await house.begin()
        desk = desk_of(house)
        brief = BriefSessions(desk, house.clock, house.ids)
        status = 0
        for _ in range(20):
            with pytest.raises(SignInRefused) as no:
                await brief.sign_in("lan", "wrong")
            status = no.value.status
        assert status == 429
        with pytest.raises(SignInRefused):
            await desk.sign_in("lan", PASSWORD)

    simulated(scene())


def test_it_ends_unused_and_does_not_end_used(house: House, simulated: Run) -> None:
    async def scene() -> None:
        await house.begin()
        brief = BriefSessions(desk_of(house), house.clock, house.ids)
        idle, used = [(await brief.sign_in("lan", PASSWORD)).session for _ in range(2)]
        for _ in range(3):
            await asyncio.sleep(IDLE_S * 0.6)
            assert brief.who(used) is not None
        assert brief.who(idle) is None
        assert len(brief.people) == 1

    simulated(scene())


def test_there_are_only_so_many(house: House, simulated: Run) -> None:
    async def scene() -> None:
        await house.begin()
        brief = BriefSessions(desk_of(house), house.clock, house.ids)
        every = [(await brief.sign_in("lan", PASSWORD)).session for _ in range(SESSIONS_MOST + 1)]
        assert brief.who(every[0]) is None
        assert all(brief.who(it) is not None for it in every[1:])
        brief.end("minh")
        assert len(brief.people) == SESSIONS_MOST
        brief.end("lan")
        assert brief.people == ()

    simulated(scene())


def test_an_account_that_is_taken_away_takes_its_commands_along(
    house: House, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "LOOK_EVERY_S", 0.01)

    class Nobody:
        def list(self) -> list[Any]:
            return []

    async def scene() -> None:
        brief = BriefSessions(desk_of(house), SystemClock(), SystemIds(SystemClock()))
        await brief.sign_in("lan", PASSWORD)
        with ThreadPoolExecutor(1) as workers:
            watch = asyncio.ensure_future(
                watch_accounts(Nobody(), workers, lambda: house.sequencer.state, lambda _: None, brief)  # type: ignore[arg-type]
            )
            async with asyncio.timeout(10.0):
                while brief.people:
                    await asyncio.sleep(0.01)
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    run(scene())


def test_over_https(redis_server: RedisAccess, run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    certificate: Certificate = server_certificate(tmp_path_factory.mktemp("tls"), "core")
    opened: list[BriefSessions] = []

    def more(server: Server) -> None:
        opened.append(BriefSessions(server.desk, SystemClock(), server.ids))
        server.serve(BriefApi(opened[0]))

    async def scene(server: Server) -> None:
        async def sign_in(password: str, wire: int = names.WIRE_VERSION) -> Any:
            asked = {"wire": wire, "user": "lan", "password": password}
            return await server.ask("POST", "/v1/sign-in/brief", json.dumps(asked).encode())

        console = await server.session()
        assert refused(await sign_in("wrong")) == (401, "bad_sign_in")
        assert refused(await sign_in(PASSWORD, wire=99)) == (426, "wrong_version")
        session = (await sign_in(PASSWORD)).json["session"]
        assert server.sequencer.state.people["lan"].session == digest(console), "the console is still signed in"
        elsewhere = await server.ask("GET", "/v1/suggest?q=ben", session=session)
        assert refused(elsewhere) == (401, "not_signed_in"), "it opens nothing that consoles ask"
        assert (await server.ask("POST", "/v1/sign-out/brief", b"{}", session=session)).status == 200
        assert refused(await server.ask("POST", "/v1/sign-out/brief", b"{}", session=session)) == (401, "not_signed_in")

    on_server(redis_server, certificate, run, more=more)(scene)
