"""Every outside system has a token of its own: it opens what its kind sends, in its name, until its file changes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatch_core.domain.commands import SenderKind
from dispatch_core.main.senders import senders
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.runtime.http.aml import AmlIntake
from dispatch_core.runtime.http.answers import HttpRefusal
from dispatch_core.runtime.http.aside import Aside
from dispatch_core.runtime.http.places import PlacesApi
from dispatch_core.runtime.http.senders import Senders, only
from dispatch_core.runtime.http.units import UnitIntake
from dispatch_core.runtime.unit_positions import UnitPositions
from dispatch_core.settings import SettingsError
from gis.travel.straight import StraightLine
from scripts.stage.certificates import Certificate
from telephony.caller_location.aml_https import is_signed, read_form
from tests.conftest import RedisAccess
from tests.runtime.http_stage import Scene, Server, asking, on_server
from tests.runtime.running import Run
from tests.runtime.test_address_wiring import settings_of

LONG = "0123456789abcdef"
TOKENS = {kind: f"{kind.value}-{LONG}" for kind in SenderKind}
NAMED = [only(token, f"the-{kind.value}", kind) for kind, token in TOKENS.items()]


def listed(tmp_path: Path, more: str = "", **tokens: str | None) -> Senders:
    """A sender of each kind that ``tokens`` has, its name the kind's; None: its file is not there."""
    for name, token in tokens.items():
        if token is not None:
            (tmp_path / name).write_text(token, "utf-8")
    table = '[[senders]]\nname = "{0}"\nkind = "{0}"\ntoken_file = "{0}"\n'
    tables = "".join(table.format(it) for it in tokens if it in KINDS)
    return senders(settings_of(tmp_path, more + tables))


KINDS = {kind.value for kind in SenderKind}


def code(door: Senders, token: str, *kinds: SenderKind) -> str:
    try:
        return door.admit(token, *kinds).name
    except HttpRefusal as no:
        assert no.vi and no.en and no.status == {"bad_token": 401, "not_allowed": 403}[no.code]
        return no.code


# --- what the settings say --------------------------------------------------------------------------------------------


def test_a_token_opens_what_its_kind_sends(tmp_path: Path) -> None:
    door = listed(tmp_path, hospital="h" + LONG, vehicle="v" + LONG)
    assert code(door, "h" + LONG, SenderKind.HOSPITAL) == "hospital"
    assert code(door, "h" + LONG, SenderKind.VEHICLE, SenderKind.STATION) == "not_allowed"
    assert code(door, "v" + LONG, SenderKind.VEHICLE, SenderKind.STATION) == "vehicle"
    for wrong in ("", "h", "h" + LONG + "x", "\ud800"[:0], "ẩn"):
        assert code(door, wrong, *SenderKind) == "bad_token"
    assert code(Senders(), "", *SenderKind) == "bad_token"
    assert not door.any_of(SenderKind.LOCATION)


def test_a_file_that_is_replaced_changes_the_token_at_once(tmp_path: Path) -> None:
    door, file = listed(tmp_path, hospital="old-" + LONG), tmp_path / "hospital"
    assert code(door, "old-" + LONG, SenderKind.HOSPITAL) == "hospital"
    (tmp_path / "new").write_text(f"new-{LONG}\nold-{LONG}\n", "utf-8")
    os.replace(tmp_path / "new", file)
    assert [code(door, it + LONG, SenderKind.HOSPITAL) for it in ("new-", "old-")] == ["hospital", "hospital"]
    file.write_text(f"\n new-{LONG} \n\n", "utf-8")
    assert [code(door, it + LONG, SenderKind.HOSPITAL) for it in ("new-", "old-")] == ["hospital", "bad_token"]


def test_while_the_file_cannot_be_used_nobody_gets_in(tmp_path: Path) -> None:
    door, file = listed(tmp_path, hospital="a" + LONG), tmp_path / "hospital"
    spoilt: list[Callable[[], object]] = [
        file.unlink, lambda: file.write_text("", "utf-8"), lambda: file.write_text("short", "utf-8"),
        lambda: file.write_bytes(b"\xff" * 20),
    ]  # fmt: skip
    for spoil in spoilt:
        file.write_text("a" + LONG, "utf-8")
        assert code(door, "a" + LONG, SenderKind.HOSPITAL) == "hospital"
        spoil()
        for token in ("a" + LONG, "", "short"):
            assert code(door, token, SenderKind.HOSPITAL) == "bad_token"


def test_the_one_token_of_before_opens_what_nobody_is_named_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "all").write_text("short", "utf-8")  # as it was: its length was never asked
    both = 'intake_token_file = "all"\naml_key_file = "aml"\n'
    door = listed(tmp_path, both, aml="k")
    for kind in SenderKind:
        assert code(door, "short", kind) == ("not_allowed" if kind is SenderKind.LOCATION else "intake")
    assert code(door, "k", SenderKind.LOCATION) == "aml"
    assert "hospital, station, roster, vehicle" in caplog.text and "[[senders]]" in caplog.text
    caplog.clear()
    door = listed(tmp_path, both, aml="k", hospital="h" + LONG)
    assert code(door, "short", SenderKind.HOSPITAL) == "not_allowed", "a hospital is named now"
    assert code(door, "short", SenderKind.VEHICLE) == "intake"
    assert "station, roster, vehicle" in caplog.text and "hospital," not in caplog.text
    caplog.clear()
    door = listed(tmp_path, both, aml="k", **{it: f"{it}-{LONG}" for it in KINDS})
    assert [code(door, "short", kind) for kind in SenderKind] == ["not_allowed"] * len(SenderKind)
    assert "opens these" not in caplog.text


@pytest.mark.parametrize("spoilt", [None, "", "short"])
def test_a_core_starts_without_whoever_has_no_token_that_can_be_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, spoilt: str | None
) -> None:
    both = 'intake_token_file = "all"\naml_key_file = "aml"\n'
    door = listed(tmp_path, both, hospital=spoilt, vehicle="v" + LONG)
    assert code(door, "v" + LONG, SenderKind.VEHICLE) == "vehicle"
    assert [code(door, it, *SenderKind) for it in ("", "short")] == ["bad_token"] * 2
    for name, out in {"hospital": spoilt != "", "intake": True, "aml": True, "vehicle": False}.items():
        assert (f"{name} is shut out" in caplog.text) is out, name
    (tmp_path / "hospital").write_text("h" + LONG, "utf-8")
    assert code(door, "h" + LONG, SenderKind.HOSPITAL) == "hospital", "from now on"


def test_a_token_of_two_is_the_firsts(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    door = listed(tmp_path, hospital=f"a{LONG}\na{LONG}", vehicle=f"a{LONG}\nv{LONG}")
    assert code(door, "a" + LONG, SenderKind.HOSPITAL) == "hospital"
    assert code(door, "a" + LONG, SenderKind.VEHICLE) == "not_allowed"
    assert code(door, "v" + LONG, SenderKind.VEHICLE) == "vehicle"
    assert [it.getMessage().split(",")[0] for it in caplog.records] == ["a token of vehicle is that of hospital"]


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("Chợ Rẫy", "hospital", "a-z"),
        ("cho-ray", "clinic", "kind"),
        ("first", "hospital", "first"),
        ("intake", "hospital", "intake"),
        ("aml", "location", "aml"),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path: Path, name: str, kind: str, said: str) -> None:
    (tmp_path / "first").write_text("first-" + LONG, "utf-8")
    (tmp_path / "token").write_text(LONG, "utf-8")
    with pytest.raises(SettingsError) as no:
        senders(
            settings_of(
                tmp_path,
                '[[senders]]\nname = "first"\nkind = "roster"\ntoken_file = "first"\n'
                f'[[senders]]\nname = "{name}"\nkind = "{kind}"\ntoken_file = "token"\n',
            )
        )
    assert said in no.value.vi and said in no.value.en


# --- over HTTPS -------------------------------------------------------------------------------------------------------


def every_door(server: Server) -> None:
    clock, core, known = SystemClock(), server.sequencer, server.senders
    server.serve(PlacesApi(server.desk, core, StraightLine(), Aside(server.workers), clock, known))
    positions = UnitPositions(lambda: core.state, lambda *_: None, clock)
    server.serve(UnitIntake(positions, core, known, clock))
    server.serve(AmlIntake(known, read_form, is_signed, lambda *_: None, clock, server.ids))


@pytest.fixture
def play(redis_server: RedisAccess, certificate: Certificate, run: Run) -> Scene:
    return on_server(redis_server, certificate, run, Senders(NAMED), every_door)


DOORS: dict[tuple[str, str], tuple[set[SenderKind], dict[str, Any] | list[Any]]] = {
    ("POST", "/v1/intake/beds"): ({SenderKind.HOSPITAL}, {"id": "1", "hospital": "H", "kind": "icu", "free": 1}),
    ("POST", "/v1/intake/divert"): ({SenderKind.HOSPITAL}, {"id": "2", "hospital": "H", "on": False}),
    ("POST", "/v1/intake/crew"): ({SenderKind.ROSTER}, {"id": "3", "unit": "Z9", "crew": "staffed"}),
    ("POST", "/v1/intake/unit-status"): ({SenderKind.VEHICLE}, {"id": "4", "unit": "Z9", "status": "available"}),
    ("POST", "/v1/positions"): ({SenderKind.VEHICLE}, []),
    ("POST", "/v1/intake/unit-check"): ({SenderKind.STATION, SenderKind.VEHICLE}, {"id": "5", "unit": "Z9"}),
    ("GET", "/v1/offers"): ({SenderKind.STATION, SenderKind.VEHICLE}, {}),
    ("POST", "/v1/offers/x/accept"): ({SenderKind.STATION, SenderKind.VEHICLE}, {"id": "6"}),
    ("POST", "/v1/offers/x/decline"): ({SenderKind.STATION, SenderKind.VEHICLE}, {"id": "7", "reason": "x"}),
    ("POST", "/v1/aml"): ({SenderKind.LOCATION}, {}),
}


def test_every_door_opens_for_its_own_kinds_only(play: Scene) -> None:
    async def scene(server: Server) -> None:
        for (method, path), (kinds, body) in DOORS.items():
            for kind, token in TOKENS.items():
                got = await server.ask(method, path, json.dumps(body).encode(), session=token)
                if kind in kinds:
                    assert got.status in (200, 202, 409), (path, kind, got.body)  # 409: there is no such unit or offer
                else:
                    assert (got.status, got.json["code"]) == (403, "not_allowed"), (path, kind)
            for nobody in ("", "wrong"):
                got = await server.ask(method, path, json.dumps(body).encode(), session=nobody)
                assert (got.status, got.json["code"]) == (401, "bad_token"), path

    play(scene)


def test_who_sent_stands_in_the_journal_and_ids_are_each_senders_own(play: Scene) -> None:
    async def scene(server: Server) -> None:
        incident = await asking(server)

        async def say(kind: SenderKind, path: str, **body: Any) -> tuple[int, Any]:
            got = await server.ask("POST", path, json.dumps(body).encode(), session=TOKENS[kind])
            return got.status, got.json

        mine = await server.ask("GET", "/v1/offers", session=TOKENS[SenderKind.VEHICLE])
        assert [it["to"] for it in mine.json] == ["crew"]
        both = await server.ask("GET", "/v1/offers", session=TOKENS[SenderKind.STATION])
        assert [it["to"] for it in both.json] == ["crew", "station"]
        station, crew = f"/v1/offers/{incident}.police.1", f"/v1/offers/{incident}.ambulance.1"
        status, no = await say(SenderKind.VEHICLE, f"{station}/accept", id="1")
        assert (status, no["code"]) == (403, "not_allowed")
        assert (await say(SenderKind.STATION, f"{station}/decline", id="1", reason="bận"))[0] == 200
        assert (await say(SenderKind.VEHICLE, f"{crew}/accept", id="1"))[0] == 200, "its own 1"
        assert server.sequencer.state.units["A1"].status_by == "intake:the-vehicle"
        status, _ = await say(SenderKind.ROSTER, "/v1/intake/crew", id="1", unit="A2", crew="unstaffed")
        assert status == 200 and server.sequencer.state.units["A2"].crew.by == "intake:the-roster"

    play(scene)
