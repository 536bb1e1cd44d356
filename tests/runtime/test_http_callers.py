"""Who has called before: asked by the call, answered to those who take calls."""

from __future__ import annotations

import pytest

from dispatch_core.domain.state import Call, Person, State
from dispatch_core.domain.vocabulary import Role
from dispatch_core.ports import NumberPast, PastIncident
from dispatch_core.runtime.http.aside import Aside
from dispatch_core.runtime.http.callers import CallersApi
from scripts.stage.certificates import Certificate
from tests.conftest import RedisAccess
from tests.runtime.http_stage import Scene, Server, on_server, refused
from tests.runtime.running import Run

PEOPLE = {role.value: Person(user=role.value, name="", role=role, session=role.value) for role in Role}
CALL = Call(id="hcm1-1", node="hcm1", number="0903123456", incident="20261123-00007", arrived_at=1)
OLD = PastIncident(incident="20260101-00001", at=5, state="closed", type="fire", place="", disposition="resolved")
FOUND = NumberPast(calls=2, incidents=1, newest=(OLD,))


@pytest.fixture
def play(redis_server: RedisAccess, certificate: Certificate, run: Run) -> Scene:
    return on_server(redis_server, certificate, run)


def test_the_history_of_a_call(play: Scene) -> None:
    asked: list[tuple[str, str, str]] = []

    def before(number: str, call: str, incident: str) -> NumberPast:
        asked.append((number, call, incident))
        return FOUND

    async def scene(server: Server) -> None:
        state = State(calls={CALL.id: CALL})
        server.serve(CallersApi(PEOPLE.get, lambda: state, before, Aside(server.workers)))
        got = await server.ask("GET", "/v1/caller?call=hcm1-1", session="dispatcher")
        assert got.status == 200 and got.json["calls"] == 2 and got.json["newest"][0]["incident"] == "20260101-00001"
        assert asked == [("0903123456", "hcm1-1", "20261123-00007")]
        assert refused(await server.ask("GET", "/v1/caller?call=x", session="supervisor")) == (404, "unknown_call")
        assert refused(await server.ask("GET", "/v1/caller", session="dispatcher")) == (404, "unknown_call")
        for session, code in (("", (401, "not_signed_in")), ("telephony_admin", (403, "not_allowed"))):
            assert refused(await server.ask("GET", "/v1/caller?call=hcm1-1", session=session)) == code
        assert len(asked) == 1

    play(scene)
