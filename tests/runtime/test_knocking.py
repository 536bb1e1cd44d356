"""Strangers at the door: what they may cost, and whom they can keep out."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from twisted.web.test.requesthelper import DummyChannel

from dispatch_core.runtime import bounded_requests
from dispatch_core.runtime.bounded_requests import BoundedRequest, bounded_site
from dispatch_core.runtime.desk import KNOCKS_REMEMBERED, Desk, SignInRefused
from dispatch_core.runtime.http import ApiResource
from dispatch_core.settings import HTTP_BODY_LIMIT, SIGN_IN_TRIES, SIGN_INS_AT_ONCE, SIGN_INS_WAITING
from scripts.simulation.core import PASSWORD, Accounts
from scripts.simulation.loop import SimulatedLoop
from tests.runtime.fakes import House
from tests.runtime.running import Run

HERE, THERE = "192.0.2.1", "192.0.2.2"


class NoUsers:
    """Redis's users, for whom this is not about."""

    async def admit(self, person: Any) -> None:
        return None

    def name(self, user: str) -> str:
        return user

    def password(self, person: Any) -> str:
        return "p"


def desk_of(house: House, accounts: Any = None) -> Desk:
    return Desk(
        house.sequencer, accounts or Accounts(), NoUsers(), house.clock, house.ids, "127.0.0.1", 1  # type: ignore[arg-type]
    )


async def refused(desk: Desk, user: str, password: str = "wrong", address: str = HERE) -> int:
    with pytest.raises(SignInRefused) as no:
        await desk.sign_in(user, password, address)
    return no.value.status


@pytest.fixture
def house(loop: SimulatedLoop) -> House:
    return House(loop)


def test_guesses_elsewhere_keep_nobody_out(house: House, simulated: Run) -> None:
    async def scene() -> None:
        await house.begin()
        desk = desk_of(house)
        for _ in range(SIGN_IN_TRIES):
            assert await refused(desk, "lan", address=THERE) == 401
        assert await refused(desk, "lan", PASSWORD, THERE) == 429
        assert (await desk.sign_in("lan", PASSWORD, HERE)).user == "lan"

    simulated(scene())


def test_names_that_nobody_has_do_not_make_the_desk_forget(house: House, simulated: Run) -> None:
    async def scene() -> None:
        desk = desk_of(house)
        for _ in range(SIGN_IN_TRIES):
            await refused(desk, "lan")
        for number in range(KNOCKS_REMEMBERED + 1):
            assert await refused(desk, f"*{number}") == 401
        assert await refused(desk, "lan") == 429

    simulated(scene())


def test_a_flood_of_sign_ins_has_an_end(house: House, run: Run) -> None:
    class Slow:
        def __init__(self) -> None:
            self.let, self.guard, self.now, self.most = threading.Event(), threading.Lock(), 0, 0

        def check(self, user: str, password: str) -> None:
            with self.guard:
                self.now += 1
                self.most = max(self.most, self.now)
            self.let.wait(30.0)
            with self.guard:
                self.now -= 1

    async def scene() -> None:
        slow = Slow()
        desk = desk_of(house, slow)
        many = [asyncio.ensure_future(refused(desk, f"u{number}")) for number in range(SIGN_INS_WAITING)]
        await asyncio.sleep(0.2)
        assert await refused(desk, "one.more") == 503
        slow.let.set()
        assert await asyncio.gather(*many) == [401] * SIGN_INS_WAITING
        assert slow.most == SIGN_INS_AT_ONCE
        assert await refused(desk, "one.more") == 401, "and then it is over"

    run(scene())


@pytest.mark.parametrize("length", [None, 10 * 1024 * 1024], ids=["chunked", "told"])
def test_a_body_is_cut_while_it_comes(length: int | None) -> None:
    request = BoundedRequest(DummyChannel(), False)  # type: ignore[no-untyped-call]
    request.gotLength(length)
    for _ in range(160):
        request.handleContentChunk(b"x" * HTTP_BODY_LIMIT)
    assert request.content is not None
    assert request.content.seek(0, 2) == HTTP_BODY_LIMIT + 1


def test_a_small_body_is_whole() -> None:
    request = BoundedRequest(DummyChannel(), False)  # type: ignore[no-untyped-call]
    request.gotLength(5)
    request.handleContentChunk(b"ab")
    request.handleContentChunk(b"cde")
    assert request.content is not None
    request.content.seek(0)
    assert request.content.read() == b"abcde"


@pytest.mark.parametrize(
    "kind",
    [b"multipart/form-data; boundary=x", b"multipart/form-data", b"application/x-www-form-urlencoded", b"text/plain"],
)
def test_a_form_is_for_its_handler_whatever_it_is(kind: bytes) -> None:
    served: list[BoundedRequest] = []

    class Served(BoundedRequest):
        def process(self) -> None:
            served.append(self)

    request = Served(DummyChannel(), False)  # type: ignore[no-untyped-call]
    request.requestHeaders.setRawHeaders(b"content-type", [kind])
    body = b"--x\r\nno form&path=1&call=2"
    request.gotLength(len(body))
    request.handleContentChunk(body)
    request.requestReceived(b"POST", b"/v1/aml?call=1", b"HTTP/1.1")
    assert served == [request] and request.args == {b"call": [b"1"]}
    assert request.content is not None and request.content.read() == body


def test_so_many_connections_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    from twisted.internet.address import IPv4Address
    from twisted.internet.task import Clock
    from twisted.internet.testing import StringTransport

    monkeypatch.setattr(bounded_requests, "HTTP_CONNECTIONS", 2)
    factory = bounded_site(ApiResource(), Clock())
    where = IPv4Address("TCP", HERE, 5)
    first, second = factory.buildProtocol(where), factory.buildProtocol(where)
    assert first is not None and second is not None
    assert factory.buildProtocol(where) is None
    first.makeConnection(StringTransport())  # type: ignore[no-untyped-call]
    first.connectionLost(None)  # type: ignore[arg-type]
    assert factory.buildProtocol(where) is not None
