"""The map by keyboard: an incident without a call where a crosshair stands, and a unit that is found, followed, old."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from typing import Any

from scripts.acceptance.console.keyed import KeyedRig, Task, task
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.stage.headless.operators import short
from scripts.stage.secret_files import read_secret

MIDDLE = (10.7725, 106.6980)  # Bến Thành
MINUTE_MS = 60_000
UNIT, ITS_STATION = "M4", (10.7918, 106.6537)  # of the sample site; nobody else's row sends it


def opened_on_the_map(r: KeyedRig) -> str:
    lan = r.person("lan")
    doing = Task(lan)
    lan.press("ctrl+b")
    lan.sees(lambda it: it["focus"] == "map", "the map having the keyboard")
    before = lan.see()["open"]
    lan.press("x", "Right", "n")
    incident = lan.sees(lambda it: it["open"] != before and it["open"], "a new incident in the form")
    seen = doing.done()
    lan.press("Escape")
    made = r.sql(
        "SELECT type FROM journal WHERE incident = %s AND type IN ('IncidentReceived', 'IncidentTaken', "
        "'IncidentLocated') ORDER BY seq", incident,
    )  # fmt: skip
    need([it[0] for it in made] == ["IncidentReceived", "IncidentTaken", "IncidentLocated"], f"the journal has {made}")
    calls = r.sql("SELECT count(*) FROM calls WHERE incident = %s", incident)
    need(calls[0][0] == 0, "it has a call")
    lan.press("F12")
    lan.line(f"x xong {short(incident)}")
    until(lambda: r.sql("SELECT state FROM incidents WHERE id = %s", incident)[0][0] == "closed", "it being closed")
    return f"{seen}: {short(incident)} received, taken and located, without a call"


def found_followed_and_old(r: KeyedRig) -> str:
    lan = r.person("lan")
    unit = UNIT
    now = r.sql("SELECT extract(epoch FROM now()) * 1000")[0][0]
    _report(r, {"unit": unit, "lat": MIDDLE[0], "lon": MIDDLE[1], "at": int(now) - 4 * MINUTE_MS})
    doing = Task(lan)
    lan.line(f"bam {unit}")
    told = until(lambda: _note(lan.console.streets(), unit), f"“{unit}” being followed, said on the map")
    seen = doing.done()
    old = until(
        lambda: next((it for it in lan.console.streets()["labels"] if it.startswith(unit) and "4'" in it), ""),
        "its age beside it",
    )
    moved = (MIDDLE[0] + 0.02, MIDDLE[1] + 0.02)
    _report(r, {"unit": unit, "lat": moved[0], "lon": moved[1], "at": int(now)})
    began = time.monotonic()
    until(lambda: _near(lan.console.streets()["middle"], moved), "the map going along")
    took = time.monotonic() - began
    lan.line("bam")
    until(lambda: not _note(lan.console.streets(), unit), "it being followed no longer")
    _report(r, {"unit": unit, "lat": ITS_STATION[0], "lon": ITS_STATION[1]})
    return f"{seen}: “{told}”, beside it “{old}”; after a report from 3 km away the map is there in {took:.1f} s"


def _note(map_shown: dict[str, Any], unit: str) -> str:
    return next((it for it in map_shown["notes"] if f"Đang bám {unit}" in it), "")


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) < 1e-3 and abs(one[1] - other[1]) < 1e-3


def _report(r: KeyedRig, place: dict[str, Any]) -> None:
    trust = ssl.create_default_context(cafile=str(r.system.site.certificate.authority))
    link = http.client.HTTPSConnection(r.system.site.core_url.removeprefix("https://"), timeout=5, context=trust)
    try:
        token = read_secret(r.system.site.tokens["mdt"])
        link.request("POST", "/v1/positions", json.dumps([place]), {"Authorization": f"Bearer {token}"})
        answer = link.getresponse()
        told = answer.read()
        need(answer.status == 200, f"positions: {answer.status} {told!r}")
    finally:
        link.close()


SCENARIOS = [
    task("an incident opened on the map", "the map, a crosshair and one key; received, taken and located at once",
         opened_on_the_map),
    task("a unit followed on the map", "one line; it is said on the map, its age stands beside it, the map goes along",
         found_followed_and_old),
]
