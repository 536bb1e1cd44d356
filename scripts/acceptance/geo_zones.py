"""What the rows of the zones share: the real wards in force in a running core, and an oracle beside them."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gis.zones.geojson import read
from gis.zones.zone_set import ZoneSet
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import Rig, until
from scripts.stage.callers import Caller
from scripts.stage.headless.operators import short
from scripts.stage.layout import ROOT

WARDS = "hcmc_wards_2025_raw.gpkg"
NAME = "wards-2025"
SERVICE = "police"
IN_FORCE_WITHIN_S = 12.0


def wards() -> Path:
    file = Path(os.environ.get("DISPATCH_SHARED_DATA", ROOT.parent / "shared" / "data")) / WARDS
    need(file.exists(), f"there is no {file}; DISPATCH_SHARED_DATA names the folder")
    return file


def zones(r: Rig, *words: str) -> tuple[int, str]:
    """``dispatch zones`` with these words: exit status, and all that it said."""
    ran = r.system.dispatch("zones", *words)
    said = ran.stdout + ran.stderr
    need("Traceback" not in said, f"a traceback: {said[-400:]}")
    return ran.returncode, said


def stored(r: Rig) -> str:
    return zones(r, "list")[1]


def version_in_force(r: Rig) -> int:
    rows = r.sql(
        "SELECT version FROM zone_publications WHERE service = %s AND withdrawn_at IS NULL AND valid_from <= %s"
        " ORDER BY valid_from DESC, id DESC LIMIT 1", SERVICE, round(time.time() * 1000),
    )  # fmt: skip
    return int(rows[0][0]) if rows else 0


def answers_from(r: Rig, version: int) -> None:
    """Until the running core told its mirrors that it answers from this version."""

    def told() -> bool:
        rows = r.sql(
            "SELECT payload::text FROM journal WHERE type = 'ZoneSetPublished' AND payload::text LIKE %s"
            " ORDER BY seq DESC LIMIT 1", f'%"{SERVICE}"%',
        )  # fmt: skip
        return bool(rows) and re.search(rf'"version": ?{version}\b', rows[0][0]) is not None

    until(told, f"version {version} of {SERVICE} in force in the core", IN_FORCE_WITHIN_S)


@dataclass(frozen=True)
class Served:
    """The set that serves, read back from PostgreSQL by the product, and once more without it."""

    version: int
    zone_set: ZoneSet
    codes: Sequence[str]
    polygons: Any
    tree: shapely.STRtree

    def expected(self, lon: Any, lat: Any) -> Any:
        """By the tree: the smallest code that touches each point, as its number; ``len(codes)`` for none."""
        found = np.full(len(lon), len(self.codes))
        point, polygon = self.tree.query(shapely.points(lon, lat), predicate="intersects")
        np.minimum.at(found, point, polygon)
        return found

    def on_border(self, lon: Any, lat: Any) -> int:
        """How many of the points lie in more than one zone, which is on a border."""
        point, _ = self.tree.query(shapely.points(lon, lat), predicate="intersects")
        return int((np.bincount(point, minlength=len(lon)) > 1).sum())

    def answered(self, lon: Any, lat: Any) -> Any:
        number = {code: k for k, code in enumerate(self.codes)}
        places = zip(lat.tolist(), lon.tolist(), strict=True)
        found = (self.zone_set.zone_at(y, x) for y, x in places)
        return np.asarray([len(self.codes) if it is None else number[it.code] for it in found])


def served(r: Rig) -> Served:
    """The cleaned wards in force for the police, published now where they are not."""
    version = version_in_force(r)
    rows = r.sql("SELECT name FROM zone_sets WHERE service = %s AND version = %s", SERVICE, version)
    if not rows or rows[0][0] != "wards-2025":
        status, said = zones(r, "import", str(wards()), "--service", SERVICE, "--name", "wards-2025", "--clean")
        need(status == 0, said[-400:])
        version = version_in_force(r)
    answers_from(r, version)
    ((blob,),) = r.sql("SELECT geojson FROM zone_sets WHERE service = %s AND version = %s", SERVICE, version)
    return _built(version, bytes(blob))


@lru_cache(maxsize=4)
def _built(version: int, blob: bytes) -> Served:
    features = sorted(json.loads(blob)["features"], key=lambda it: it["properties"]["code"])
    polygons = np.asarray([shapely.from_geojson(json.dumps(it["geometry"])) for it in features], dtype=object)
    codes = [it["properties"]["code"] for it in features]
    zone_set = ZoneSet(SERVICE, "wards-2025", version, read(blob).zones)
    return Served(version, zone_set, codes, polygons, shapely.STRtree(polygons))


@contextmanager
def located(r: Rig, typed: str, *, location: tuple[float, float, float] | None = None) -> Iterator[dict[str, Any]]:
    """An incident of the police whose place is typed (or taken from the call), with the zone's answer as the journal
    has it."""
    lan, number = r.console("lan"), r.number()
    with r.calling(Caller("113", number, location=location) if location else Caller("113", number)):
        incident = r.answered(lan, number)["incident"]
        tag = short(incident)
        lan.do(f"t cuop {tag}")
        if location:
            until(lambda: r.shown(lan, number, "answered").get("location"), "the caller's location")
        lan.do(f"{typed} {tag}")
        until(lambda: lan.incidents[incident]["legs"].get(SERVICE, {}).get("zone"), f"the zone of {incident}")
        yield decision(r, incident)
        lan.do("h")
        r.shown(lan, number, "ended")


def decision(r: Rig, incident: str) -> dict[str, Any]:
    """The last answer for this incident: event, the place as it was asked, the leg of the police."""
    rows = r.sql(
        "SELECT j.payload::text, p.fields::text FROM journal j LEFT JOIN journal_personal p ON p.seq = j.seq"
        " WHERE j.type = 'IncidentRouted' AND j.incident = %s ORDER BY j.seq DESC LIMIT 1", incident,
    )  # fmt: skip
    need(rows, f"{incident} was never routed")
    answer = json.loads(rows[0][0])["answers"][SERVICE]
    return {"incident": incident, "answer": answer, "asked": json.loads(rows[0][1] or "{}").get("asked")}


def collection(*features: tuple[str, list[list[float]]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"code": code, "name": f"Phường {code}"},
         "geometry": {"type": "Polygon", "coordinates": [ring]}} for code, ring in features
    ]})  # fmt: skip
