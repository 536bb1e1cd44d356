"""The trunk over HTTPS: who may, what stands in the journal, and that no secret comes out anywhere."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from dispatch_core.domain.commands import NoteTrunk
from dispatch_core.domain.state import Person
from dispatch_core.domain.vocabulary import Role
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.runtime.http.answers import HttpRefusal
from dispatch_core.runtime.http.resource import ApiResource
from dispatch_core.runtime.http.trunk import NOTED_A_MINUTE, TrunkApi
from dispatch_core.settings import TRUNK_TEXT_LIMIT
from dispatch_core.wire.trunk import JobShown, JobState, Planned, SwitchEvents, TrunkShown, TrunkStatus
from tests.runtime.running import Run
from tests.runtime.trunk_stage import AMI, SECOND, MadeTrunk, hurried

PEOPLE = {
    "admin": Person(user="tuan", name="Tuấn", role=Role.TELEPHONY_ADMIN, session="", since=0),
    "lead": Person(user="thao", name="Thảo", role=Role.SUPERVISOR, session="", since=0),
    "desk": Person(user="lan", name="Lan", role=Role.DISPATCHER, session="", since=0),
}
LOOKS = ["", "/history", "/history/1", "/status", "/events?after=3", "/schema", "/jobs/none"]
CHANGES = {
    "/plan": {"edits": []}, "/apply": {"plan": "x", "confirm": "x"}, "/rollback": {}, "/restart": {"node": "pbx1"},
    "/secret": {"name": "secrets/redis", "secret": "a-secret-of-somebody"}, "/jobs/none/stop": {},
    "/test-call": {"carrier": "viettel", "number": "0900000000"},
}  # fmt: skip
CHECKS = {"/check": {"edits": []}}


class Health:
    def status(self) -> TrunkStatus:
        return TrunkStatus(carriers=(), nodes={}, queues={}, phones={})

    def events(self, after: int) -> SwitchEvents:
        return SwitchEvents(events=(), newest=after, missed=0)

    async def test_call(self, wanted: Any, job: Any) -> None:
        job.say("asked", "gọi", "calling")


class Door:
    def __init__(self, trunk: MadeTrunk) -> None:
        self.trunk = trunk
        trunk.keeper.health = Health()

        async def note(body: NoteTrunk) -> None:
            trunk.told.append(body)

        self.api = TrunkApi(PEOPLE.get, trunk.keeper, lambda: trunk.keeper.health, note, SystemClock())
        self.resource = ApiResource(self.api)
        self.said = b""

    async def ask(self, who: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        where, _, query = path.partition("?")
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        request: Any = SimpleNamespace(
            method=method.encode(), path=f"/v1/trunk{where}".encode(), content=io.BytesIO(data),
            args={b"after": [query.partition("=")[2].encode()]} if query else {},
            getHeader=lambda name: f"Bearer {who}".encode() if who else None,
        )  # fmt: skip
        try:
            status, answer, _ = await self.resource._answer(request)
        except HttpRefusal as no:
            status, answer = no.status, json.dumps({"code": no.code, "vi": no.vi, "en": no.en}).encode()
        self.said += answer
        return status, json.loads(answer)

    async def over(self, job: str) -> JobShown:
        await self.trunk.over(SimpleNamespace(job=job))
        return msgspec.convert((await self.ask("lead", "GET", f"/jobs/{job}"))[1], JobShown)


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried(monkeypatch)


def test_a_supervisor_looks_an_admin_changes_and_nobody_else_does_anything(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        door, before = Door(trunk), trunk.everywhere()
        for path in LOOKS:
            assert (await door.ask("", "GET", path))[0] == 401
            assert (await door.ask("desk", "GET", path))[0] == 403
            expected = 404 if path == "/jobs/none" else 200
            assert [(await door.ask(who, "GET", path))[0] for who in ("lead", "admin")] == [expected] * 2, path
        for path, body in (CHANGES | CHECKS).items():
            assert (await door.ask("", "POST", path, body))[0] == 401
            assert (await door.ask("desk", "POST", path, body))[0] == 403
            assert (await door.ask("lead", "POST", path, body))[0] == (200 if path == "/check" else 403), path
        assert trunk.everywhere() == before
        denied = [it for it in trunk.told if isinstance(it, NoteTrunk)]
        assert {it.outcome for it in denied} == {"denied"} and all(it.vi and it.en for it in denied)
        assert [it.kind for it in denied if it.by == "thao"] == [
            "plan", "apply", "rollback", "restart", "secret", "stop", "test_call",
        ]  # fmt: skip
        assert len([it for it in denied if it.by == "lan"]) == len(LOOKS) + len(CHANGES) + len(CHECKS)
        assert "somebody" not in str(trunk.told)

    run(scene())


def test_the_whole_way_over_https(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        door = Door(trunk)
        edits = {"edits": [msgspec.to_builtins(SECOND)]}
        status, checked = await door.ask("lead", "POST", "/check", edits)
        assert status == 200 and checked["mistakes"] == [] and "comments stay" in checked["text"]
        bad = {"edits": [{"section": "carriers", "entry": "vnpt", "key": "capacity", "value": 0}]}
        _, checked = await door.ask("admin", "POST", "/check", bad)
        assert [(it["key"], it["line"] > 0) for it in checked["mistakes"]] == [("carriers.vnpt.capacity", True)]
        planned = msgspec.convert((await door.ask("admin", "POST", "/plan", edits))[1], Planned)
        assert (await door.ask("admin", "POST", "/apply", {"plan": planned.ident, "confirm": "x"}))[0] == 409
        status, started = await door.ask(
            "admin", "POST", "/apply", {"plan": planned.ident, "confirm": "vnpt", "why": "vì\x00\x1b[2J"}
        )
        assert status == 200
        job = await door.over(started["job"])
        assert (job.state, job.by, job.version) == (JobState.DONE, "tuan", 2)
        shown = msgspec.convert((await door.ask("lead", "GET", ""))[1], TrunkShown)
        assert not shown.may_change and shown.version == 2 and shown.values["carriers"][1]["enabled"] is True
        assert any(it.section == "carriers" and it.key == "peers" for it in shown.fields)
        _, history = await door.ask("lead", "GET", "/history")
        assert [(it["version"], it["in_force"], it["text"]) for it in history] == [(2, True, ""), (1, False, "")]
        _, change = await door.ask("lead", "GET", "/history/2")
        assert change["why"] == "vì\ufffd\ufffd[2J" and change["text"] == shown.text and change["files"]
        status, started = await door.ask("admin", "POST", "/rollback", {"version": 1})
        assert (await door.over(started["job"])).state is JobState.DONE
        call = {"carrier": "viettel", "number": "0900000000"}
        status, started = await door.ask("admin", "POST", "/test-call", call)
        assert [it.code for it in (await door.over(started["job"])).steps] == ["asked"]
        assert trunk.noted == [
            ("apply", "tuan", "refused"), ("apply", "tuan", "asked"), ("apply", "tuan", "done"),
            ("rollback", "tuan", "asked"), ("rollback", "tuan", "done"), ("test_call", "tuan", "asked"),
            ("test_call", "tuan", "done"),
        ]  # fmt: skip
        assert AMI.encode() not in door.said and AMI not in str(trunk.told) + str(trunk.history.changes)

    run(scene())


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/plan", b"[" * 50_000, 400),
        ("/plan", {"text": "a = " + "[" * 3_000}, 200),
        ("/plan", {"text": "a = " + "[" * 100_000}, 409),
        ("/plan", {"text": "\n".join(["x = {" + "a." * 1_900 + "a = 1}"] * 50)}, 200),
        ("/plan", {"text": "\n".join([f"[k{it}.a.a.a.a.a]" for it in range(7_900)])}, 409),
        ("/plan", {"text": "\n".join([f"[[carriers]]\nname = 'c{it}'" for it in range(1_400)])}, 200),
        ("/plan", {"text": "x" * (TRUNK_TEXT_LIMIT + 1)}, 409),
        ("/plan", {"text": "\n" * 9_000}, 409),
        ("/plan", {"text": "[" + ".".join("a" * 60_000) + "]"}, 409),
        ("/plan", {"text": "[" + ".".join("a" * 1_900) + "]"}, 409),
        ("/plan", b'{"text": "' + b"x" * 700_000 + b'"}', 413),
        ("/plan", {"edits": [{"section": "carriers", "entry": "x", "key": "k", "value": 1}] * 101}, 409),
        ("/plan", {"version": 77}, 404),
        ("/plan", {"text": "\ud800"}, 400),
        ("/apply", {"plan": "x", "confirm": "x", "why": "x" * 501}, 400),
        ("/apply", {"plan": "../x", "confirm": ""}, 404),
        ("/rollback", {"version": -5}, 404),
        ("/jobs/../stop", {}, 404),
    ],
)
def test_what_is_no_good_is_refused_in_words(run: Run, tmp_path: Path, path: str, body: Any, status: int) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        door, before = Door(trunk), trunk.everywhere()
        told, answer = await door.ask("admin", "POST", path, body)
        assert told == status, answer
        said = answer["mistakes"][0] if status == 200 else answer
        assert said["vi"] and said["en"] and trunk.everywhere() == before
        assert path == "/plan" or trunk.noted[-1][2] == "refused"

    run(scene())


def test_denials_do_not_fill_the_journal(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        door = Door(trunk)
        statuses = [(await door.ask("desk", "GET", "/history"))[0] for _ in range(NOTED_A_MINUTE + 5)]
        assert statuses == [403] * NOTED_A_MINUTE + [429] * 5 and len(trunk.noted) == NOTED_A_MINUTE
        assert [it.getMessage().split(";")[0] for it in caplog.records if "journal" in it.getMessage()] == [
            "look by lan denied"
        ] * 5
        assert (await door.ask("lead", "GET", "/history"))[0] == 200

    run(scene())
