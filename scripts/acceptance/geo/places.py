"""Lists that a site imports, hospitals, what is known of a place, and coverage: on the running system."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis

from dispatch_core.wire import names
from dispatch_core.wire.envelopes import LiveValue, decode
from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.headless.operators import short
from scripts.stage.layout import ROOT
from scripts.stage.site import DEMO

TAKEN_WITHIN_S = 8.0
EDGE = 0.0011  # degrees of latitude: 122 m

Spoil = Callable[[str], str]


def _import(r: Rig, word: str, text: str | bytes, *more: str, name: str = "list.csv") -> tuple[int, str]:
    with tempfile.TemporaryDirectory(prefix="dispatch-lists-") as directory:
        file = Path(directory, name)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        ran = r.system.dispatch(word, "import", str(file), *more)
    said = ran.stdout + ran.stderr
    need("Traceback" not in said, f"a traceback instead of a sentence: {said[-400:]}")
    return ran.returncode, said


EACH = """
import contextlib, io, json, sys
from dispatch_core.main.cli import main
for file in sys.argv[2:]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(["--settings", sys.argv[1], "stations", "import", file])
    print(json.dumps([code, said.getvalue()]))
"""


def _import_each(r: Rig, texts: list[str]) -> list[tuple[int, str]]:
    """The command line's own way in, for one list after the other in one process: starting it is most of its time."""
    with tempfile.TemporaryDirectory(prefix="dispatch-lists-") as directory:
        files = [Path(directory, f"{number}.csv") for number, _ in enumerate(texts)]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, "utf-8")
        command = [sys.executable, "-c", EACH, str(r.system.site.settings), *map(str, files)]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    need(ran.returncode == 0, f"a traceback instead of a sentence: {ran.stderr[-400:]}")
    return [tuple(json.loads(line)) for line in ran.stdout.splitlines()]


def _stations() -> str:
    return (DEMO / "stations.csv").read_text("utf-8")


def _swap(old: str, new: str) -> Spoil:
    def spoil(text: str) -> str:
        need(old in text, f"the sample has no {old!r}")
        return text.replace(old, new, 1)

    return spoil


BAD: tuple[tuple[str, Spoil, tuple[str, ...]], ...] = (
    ("swapped", _swap("10.7790,106.7020", "106.7020,10.7790"), ("line 4", "lat", "swapped", "write 10.779")),
    ("projected", _swap("10.7790,106.7020", "1192345.2,603210.9"), ("line 4", "metres of a projected system")),
    ("NaN", _swap("10.7790,106.7020", "nan,106.7020"), ("line 4", "decimal degrees such as 10.7769")),
    ("in the sea", _swap("10.7790,106.7020", "9.7000,107.9000"), ("line 4", "in the sea or outside the city")),
    ("another city", _swap("10.7790,106.7020", "21.0285,105.8542"), ("line 4", "outside the city", "--outside")),
    ("one id twice", _swap("PS02,police", "PS01,police"), ("line 5", "id", "not used on line 4")),
    ("unknown service", _swap("PS01,police", "PS01,polic"), ("line 4", "one of: ambulance, fire, police")),
    ("a column missing", _swap("id,service,name", "id,name,name2"), ("line 3", "missing: service", "not known: name2")),
    ("half a quote", _swap("Công an phường Sài Gòn", '"Công an'), ("the quotes do not match",)),
    ("a workbook", lambda text: "PK\x03\x04" + text, ("Excel workbook", "CSV UTF-8")),
    ("units without a station", _swap("PS01,police", "PS99,police"), ("would have no station", "C1 (PS01)", "--units")),
)


def bad_lists() -> str:
    """Each refused with its line and remedy; nothing stored, the running core keeps what it has."""
    r = rig()
    before = (r.sql("SELECT count(*) FROM place_lists")[0][0], r.system.health()["seq"])
    told = _import_each(r, [spoil(_stations()) for _, spoil, _ in BAD])
    for (name, _, words), (code, said) in zip(BAD, told, strict=True):
        need(code == 1, f"{name}: taken: {said[-300:]}")
        missing = [word for word in words if word not in said]
        need(not missing, f"{name}: “{said[-500:]}” does not say {missing}")
    latin = _stations().encode("utf-8").replace("Sài Gòn".encode(), b"S\xe0i G\xf2n")
    code, said = _import(r, "stations", latin)
    need(code == 1 and "line 4 is not UTF-8" in said, f"Latin-1: {code} {said[-300:]}")
    after = r.sql("SELECT count(*) FROM place_lists")[0][0]
    need(after == before[0], "a refused list was stored")
    return f"{len(BAD) + 1} lists refused with line and remedy, none stored"


def _station(r: Rig, ident: str) -> dict[str, Any]:
    """The station as the newest event of the journal has it."""
    row = r.sql(
        "SELECT payload::jsonb #>> %s FROM journal WHERE type = 'ResourcesLoaded' ORDER BY seq DESC LIMIT 1",
        ["stations", ident],
    )
    return json.loads(row[0][0]) if row and row[0][0] else {}


def good_list() -> str:
    """As Excel saves it (BOM, semicolons, decimal commas): a dry run says what would change, the running core takes it,
    a unit at work keeps its work, and one step takes it back."""
    r = rig()
    lan = r.console("lan")
    home = _station(r, "FS02")
    lines = []
    for line in _stations().replace(",10.8040,106.7060,", ",10.8050,106.7060,").splitlines():
        if not line.startswith("#"):
            *cells, lat, lon, sample = line.split(",")
            lines.append(";".join([*cells, lat.replace(".", ","), lon.replace(".", ","), sample]))
    excel = "\ufeff" + "\r\n".join(lines) + "\r\n"
    number = r.number()
    with r.calling(Caller("114", number)):
        call = r.answered(lan, number)
        lan.do(f"@ 10.8041,106.7061 {short(call['incident'])}")
        lan.do(f"d FE2 {short(call['incident'])}")
        code, said = _import(r, "stations", excel, "--check")
        need(code == 0 and "moved 1: FS02 (111 m)" in said and "nothing imported" in said, f"--check: {said}")
        need(_station(r, "FS02") == home, "the dry run changed the core")
        code, said = _import(r, "stations", excel)
        need(code == 0, f"refused: {said[-400:]}")
        until(lambda: _station(r, "FS02").get("lat") == 10.805, "the moved station in the core", TAKEN_WITHIN_S)
        work = r.sql("SELECT incident FROM assignments WHERE unit = 'FE2' AND released_at IS NULL")
        need(work == [(call["incident"],)], f"FE2 lost its work: {work}")
        ran = r.system.dispatch("stations", "rollback")
        need(ran.returncode == 0, ran.stderr[-300:])
        until(lambda: _station(r, "FS02").get("lat") == home["lat"], "the station where it was", TAKEN_WITHIN_S)
        lan.do("h")
        r.shown(lan, number, "ended")
    lan.do(f"x resolved {short(call['incident'])}")
    return "dry run: moved 1 (111 m); taken by the running core, unit at work kept; rolled back"


def _hospital(r: Rig, kind: str) -> list[tuple[Any, ...]]:
    return r.sql(f"SELECT payload::jsonb FROM journal WHERE type = '{kind}' ORDER BY seq DESC LIMIT 1")


def hospitals() -> str:
    """The choice by travel time; a divert is said and wants a second word; each delivery takes a bed."""
    r = rig()
    lan, number = r.console("lan"), r.number()
    lan.do("beds H02 emergency 2")
    lan.do("divert H07 60 hết máy thở")
    with r.calling(Caller("115", number)):
        call = r.answered(lan, number)
        named = short(call["incident"])
        lan.do(f"@ 10.7715,106.6600 {named}")
        lan.do(f"d A1 {named}")
        lan.do("st A1 onscene")
        refused = lan.type("hospital A1 H07").sentence
        need("divert" in refused or "ngưng nhận" in refused, f"not refused: {refused}")
        lan.do("hospital A1 H02")
        lan.do("st A1 hospital")
        told = _hospital(r, "PatientDelivered")
        need(told and told[0][0]["hospital"] == "H02", f"not delivered: {told}")
        lan.do("st A1 av")
        lan.do("h")
        r.shown(lan, number, "ended")
    lan.do("divert- H07")
    lan.do(f"x resolved {named}")
    return f"H07 on divert refused, {told[0][0]['unit']} delivered to H02, one bed less"


def _known_of(r: Rig, incident: str, version: int) -> dict[str, Any]:
    """What the newest answer for that version of the place told."""

    def told() -> dict[str, Any] | None:
        rows = r.sql(
            "SELECT p.fields FROM journal j JOIN journal_personal p ON p.seq = j.seq WHERE j.type = 'PremisesFound' "
            "AND j.incident = %s AND j.payload::jsonb ->> 'location_version' = %s ORDER BY j.seq DESC LIMIT 1",
            incident, str(version),
        )  # fmt: skip
        return dict(rows[0][0]["found"]) if rows else None

    found: dict[str, Any] = until(told, f"what is known of {incident}'s place {version}")
    return found


def _texts(found: dict[str, Any]) -> list[str]:
    return [note["text"] for note in found.get("notes", ())]


def premises() -> str:
    """A hazard written at one incident is told to the next one that its radius, widened by the uncertainty, touches;
    earlier incidents and hydrants come with it; removed and undone it goes and comes back."""
    r = rig()
    lan = r.console("lan")
    code, said = _import(r, "premises", (DEMO / "hydrants.csv").read_text("utf-8"), "--set", "hydrants", "--kind",
                         "hydrant")  # fmt: skip
    need(code == 0, said[-300:])
    first, second = r.number(), r.number()
    word = f"bình gas {first[-4:]}"
    with r.calling(Caller("114", first)):
        call = r.answered(lan, first)
        one = short(call["incident"])
        lan.do(f"@ 10.7721,106.6983 {one}")
        lan.do(f"dd gas 60 {word} {one}")
        until(lambda: word in _texts(_known_of(r, call["incident"], 1)), "the note at its own incident")
        lan.do("h")
        r.shown(lan, first, "ended")
    lan.do(f"x resolved {one}")
    with r.calling(Caller("114", second)):
        other = r.answered(lan, second)
        two = short(other["incident"])
        lan.do(f"@ {10.7721 + EDGE:.5f},106.6983 {two}")
        beyond = _known_of(r, other["incident"], 1)
        need(word not in _texts(beyond), "told 122 m off, beyond its 60 m")
        lan.do(f"@ 10.77215,106.69832 {two}")
        here = _known_of(r, other["incident"], 2)
        note = next((it for it in here["notes"] if it["text"] == word), None)
        need(note is not None, f"not told at 6 m: {_texts(here)}")
        past = [it["incident"] for it in here["history"]]
        need(call["incident"] in past, f"the earlier incident is not told: {past}")
        hydrants = [round(it["metres"]) for it in here["hydrants"]]
        need(len(hydrants) == 3 and hydrants == sorted(hydrants), f"hydrants {hydrants}")
        ident = note["id"]
        lan.do(f"dd- {ident}")
        until(lambda: word not in _texts(_known_of(r, other["incident"], 2)), "the removed note gone")
        lan.do(f"dd= {ident}")
        until(lambda: word in _texts(_known_of(r, other["incident"], 2)), "the note undone to what it was")
        lan.do(f"@ phường Bến Thành {two}")
        wide = _known_of(r, other["incident"], 3)
        lan.do("h")
        r.shown(lan, second, "ended")
    lan.do(f"x resolved {two}")
    unsure = r.sql("SELECT uncertainty_m FROM incidents WHERE id = %s", other["incident"])[0][0]
    need(word in _texts(wide), f"not told where the place is only known to {unsure} m")
    return (
        f"hidden at 122 m, told at {note['metres']} m and with ±{unsure:.0f} m; 1 earlier incident, hydrants at "
        f"{hydrants} m; removed and undone"
    )


def _coverage(r: Rig, key: str) -> dict[str, Any]:
    """The last value as every console gets it."""
    with redis.Redis.from_url(r.system.redis.url) as client:
        data: bytes | None = client.hget(names.UNITS_LAST, f"coverage:{key}")  # type: ignore[assignment]
    return dict(decode(data, LiveValue).value) if data else {}


def coverage() -> str:
    """The ambulances of one place are sent away: the hole is named; the proposed move-up closes it."""
    r = rig()
    thao, lan, number = r.console("thao"), r.console("lan"), r.number()
    before = until(lambda: _coverage(r, "ambulance/"), "coverage at all", 40.0)
    gone = [row[0] for row in r.sql(
        "SELECT u.value ->> 'call_sign' FROM (SELECT payload::jsonb AS p FROM journal WHERE type = 'ResourcesLoaded' "
        "ORDER BY seq DESC LIMIT 1) AS newest, jsonb_array_elements(newest.p -> 'units') AS u "
        "WHERE u.value ->> 'station' IN ('AS12', 'AS11')"
    )]  # fmt: skip
    need(gone, "nobody stands at AS11 and AS12")
    with r.calling(Caller("115", number)):
        call = r.answered(lan, number)
        named = short(call["incident"])
        lan.do(f"@ 10.9755,106.4960 {named}")
        lan.do(f"d {' '.join(gone)} {named}")
        hole = until(
            lambda: (it := _coverage(r, "ambulance/")) and it["share"] < before["share"] - 1 and it["moves"] and it,
            "a hole with a move-up", 30.0,
        )  # fmt: skip
        move = hole["moves"][0]
        thao.do(f"dct {move['unit']} {move['station']}")
        after = until(
            lambda: (it := _coverage(r, "ambulance/")) and it["share"] > hole["share"] + 0.2 and it,
            "the share up again", 30.0,
        )  # fmt: skip
        need(move["closes"][0] not in [it["ward"] for it in after["holes"]], f"still open: {after['holes']}")
        log = r.sql("SELECT count(*) FROM journal WHERE type = 'UnitMovedUp'")[0][0]
        thao.do(f"dct- {move['unit']}")
        lan.do("h")
        r.shown(lan, number, "ended")
    lan.do(f"x resolved {named}")
    until(lambda: _coverage(r, "ambulance/").get("share") == before["share"], "as it was", 30.0)
    need(log >= 1, "the move-up is not in the journal")
    return (
        f"{before['share']}% → {hole['share']}%: hole in {', '.join(it['ward'] for it in hole['holes'][:2])}; "
        f"{move['unit']} to {move['station']} (−{move['gained']} s): {after['share']}%"
    )


SCENARIOS = [
    Scenario("bad lists of stations", "refused with line and remedy; nothing stored", bad_lists),
    Scenario("a list as Excel saves it", "dry run, taken by the running core, units at work kept, undone", good_list),
    Scenario("what is known of a place", "told by radius and uncertainty, with history and hydrants; undone", premises),
    Scenario("coverage", "units sent away open a hole that is named; the proposed move-up closes it", coverage),
    Scenario("hospitals", "a divert is refused with its reason; a delivery takes a bed", hospitals),
]
