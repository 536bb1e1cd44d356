"""Files that people write: malformed ones are refused at start with file, line or key and what to write instead; the
real wards are refused raw, taken cleaned, and answer at once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.desk import worked_incident
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.layout import ROOT
from scripts.stage.site import DEMO

WARDS = "hcmc_wards_2025_raw.gpkg"
OVERLAPS, SLIVERS, ZONES = 11, 41, 168
BEN_THANH = "Bến Thành"
REFUSED_WITHIN_S = 40

Spoil = Callable[[str], str]


def _replaced(old: str, new: str) -> Spoil:
    def spoil(text: str) -> str:
        need(old in text, f"the sample has no {old!r}")
        return text.replace(old, new, 1)

    return spoil


# which file, what is done to it, and what the refusal must say: the place and what to write instead
BAD_FILES: tuple[tuple[str, Spoil, tuple[str, ...]], ...] = (
    ("settings", _replaced('log_level = "info"', 'loglevel = "info"'), ("line ", "loglevel", "log_level")),
    ("settings", _replaced("http_port = ", "http_port = x"), ("line ",)),
    ("settings", lambda text: re.sub(r"http_port = (\d+)", r'http_port = "\1"', text), ("line ", "http_port", "int")),
    ("site.toml", _replaced('services = ["police"]', 'services = ["polic"]'), ("line ", "numbers[1].services")),
    ("site.toml", _replaced("sip = ", 'sip = "a" # '), ("line ", "ports.sip", "write")),
    ("site.toml", _replaced("[recording]", "[recording"), ("line ", "write")),
    ("site.toml", _replaced("capacity = 120", "capacty = 120"), ("line ", "capacty", "capacity")),
    ("incident_types.toml", _replaced('service = "ambulance"', 'service = "doctor"'), ("tngt", "doctor", "ambulance")),
    ("incident_types.toml", _replaced("priority = 2", "priority = 9"), ("tngt", "priority", "1 to 5")),
    ("incident_types.toml", _replaced("[[types]]", "[[types]"), ("line ",)),
    ("incident_types.toml", _replaced("priority = 2", "prio = 2"), ("prio", "priority")),
    ("incident_types.toml", _replaced("[[plans]]\n", "[[plans]]\nlevl = 2\n"), ("levl", "level")),
    ("incident_types.toml", _replaced('capability = "als"', 'capability = "alz"'), ("alz", "als")),
    ("triage_cards.toml", _replaced('type = "ngung_tim"', 'type = "ngung_tin"'), ("line ", "ngung_tin", "ngung_tim")),
    ("triage_cards.toml", _replaced('code = "tho_nan"', 'code = "tinh"'), ("line ", "tinh", "code", "another")),
    ("stations.csv", _replaced("PS02,police", "PS01,police"), ("line ", "PS01")),
    ("stations.csv", _replaced("10.7790,106.7020", "106.7020,10.7790"), ("line ", "lat", "swapped")),
    ("units.csv", _replaced("C1,police,PS01", "C1,police,PS99"), ("C1", "PS99")),
    ("units.csv", _replaced("C2,police", "C1,police"), ("line ", "C1")),
)


def malformed_at_start() -> str:
    """Each of them given to a core of its own, which must end at once and say what is wrong where."""
    r = rig()
    seen = []
    with tempfile.TemporaryDirectory(prefix="dispatch-bad-") as directory:
        _no_key(r, Path(directory) / "key")
        for number, (name, spoil, words) in enumerate(BAD_FILES):
            settings, spoilt = _spoilt(r, Path(directory) / str(number), name, spoil)
            ran = _core(settings)
            said = (ran.stdout + ran.stderr).strip()
            what = f"{name} ({number + 1} of {len(BAD_FILES)})"
            need(ran.returncode not in (0, None), f"{what} was taken")
            need("Traceback" not in said, f"{what}: a traceback instead of a sentence: {said[-300:]}")
            missing = [word for word in (str(spoilt), *words) if word not in said]
            need(not missing, f"{what}: “{said[-500:]}” does not say {missing}")
            seen.append(what)
    return f"{len(seen)} malformed files refused with place and remedy"


def _no_key(r: Rig, home: Path) -> None:
    """Settings that name a key which is not there."""
    settings, _ = _spoilt(r, home, "settings", lambda text: re.sub(r'tls_key = ".*"', 'tls_key = "none.key"', text))
    said = _core(settings).stderr
    missing = [word for word in (str(home / "none.key"), "tls_key", "mend") if word not in said]
    need("Traceback" not in said and not missing, f"“{said[-500:]}” does not say {missing}")


def _spoilt(r: Rig, home: Path, name: str, spoil: Spoil) -> tuple[Path, Path]:
    """The settings of a core that would start beside ours but for one spoilt file; and that file."""
    home.mkdir()
    database = f"bad_{os.getpid()}_{home.name}"
    text = r.system.site.settings.read_text("utf-8")
    text = text.replace(f'database = "{r.system.postgres.url()}"', f'database = "{r.system.postgres.url(database)}"')
    text = re.sub(r'(?m)^redis = ".*"$', f'redis = "unix:///{home}/no-redis"', text)
    original = {
        "settings": None, "site.toml": r.system.site.file, "incident_types.toml": DEMO / "incident_types.toml",
        "triage_cards.toml": DEMO / "triage_cards.toml",
        "stations.csv": DEMO / "stations.csv", "units.csv": DEMO / "units.csv",
    }[name]  # fmt: skip
    settings = home / "dispatch.toml"
    if original is None:
        settings.write_text(spoil(text), "utf-8")
        return settings, settings
    spoilt = home / name
    spoilt.write_text(spoil(original.read_text("utf-8")), "utf-8")
    settings.write_text(text.replace(f'"{original}"', f'"{spoilt}"'), "utf-8")
    if name not in ("site.toml", "settings"):
        r.system.postgres.create_database(database)
    return settings, spoilt


def _core(settings: Path) -> subprocess.CompletedProcess[str]:
    """A core on these settings until it ends; one that runs on is ended and has exit status 0."""
    command = [sys.executable, "-m", "dispatch_core.main", "--settings", str(settings), "core"]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        out, err = child.communicate(timeout=REFUSED_WITHIN_S)
    except subprocess.TimeoutExpired:
        child.kill()
        out, err = child.communicate()
        return subprocess.CompletedProcess(command, 0, out, err)
    return subprocess.CompletedProcess(command, child.returncode, out, err)


def malformed_for_run() -> str:
    """`scripts/run` with a malformed site file in its var/: nothing starts to serve, one sentence says why."""
    r = rig()
    with tempfile.TemporaryDirectory(prefix="dispatch-bad-") as directory:
        var = Path(directory)
        var.chmod(0o755)
        text = r.system.site.file.read_text("utf-8").replace('services = ["police"]', 'services = ["polic"]', 1)
        (var / "site.toml").write_text(text, "utf-8")
        ran = subprocess.run(
            [str(ROOT / "scripts" / "run"), "--headless"], cwd=ROOT, env={**os.environ, "DISPATCH_VAR": directory},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        said = ran.stdout + ran.stderr
        need(ran.returncode == 1 and "Traceback" not in said, f"exit {ran.returncode}: {said[-400:]}")
        words = (str(var / "site.toml"), "line ", "numbers[1].services", "one of: police")
        missing = [word for word in words if word not in said]
        need(not missing, f"“{said[-400:]}” does not say {missing}")
        return said.strip().splitlines()[-1]


def malformed_zones() -> str:
    """Zone files that are half written, without codes, or with borders that cross themselves."""
    r = rig()
    square = [[106.0, 10.0], [107.0, 10.0], [107.0, 11.0], [106.0, 10.0]]
    crossed = [[106.0, 10.0], [107.0, 11.0], [107.0, 10.0], [106.0, 11.0], [106.0, 10.0]]
    files = {
        "half.geojson": ('{"type": "FeatureCollection", "features": [\n', ("2:1", "export it again")),
        "codeless.geojson": (_geojson({"name": "x"}, square), ("code", "option")),
        "crossed.geojson": (_geojson({"code": "1", "name": "x"}, crossed), ("Self-intersection", "repair")),
    }
    with tempfile.TemporaryDirectory(prefix="dispatch-bad-") as directory:
        for name, (text, words) in files.items():
            file = Path(directory, name)
            file.write_text(text, "utf-8")
            ran = r.system.dispatch("zones", "import", str(file), "--service", "police")
            refused = ran.returncode == 1 and "Traceback" not in ran.stderr
            need(refused, f"{name}: exit {ran.returncode} {ran.stderr[-300:]}")
            missing = [word for word in (str(file), *words) if word not in ran.stderr]
            need(not missing, f"{name}: “{ran.stderr[-400:]}” does not say {missing}")
        ran = r.system.dispatch("zones", "import", str(Path(directory, "none.gpkg")), "--service", "polic")
        need(ran.returncode == 1 and "police" in ran.stderr, f"unknown service: {ran.stderr}")
    return "half written, without codes, crossing itself, for an unknown service: each refused with its remedy"


def _geojson(properties: dict[str, str], ring: list[list[float]]) -> str:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def real_wards() -> str:
    """Refused raw, taken with --clean; the running core answers from the new set, and the consoles are told."""
    file = Path(os.environ.get("DISPATCH_SHARED_DATA", ROOT.parent / "shared" / "data")) / WARDS
    need(file.exists(), f"there is no {file}")
    r = rig()
    lan = r.console("lan")
    stored = r.system.dispatch("zones", "list").stdout
    raw = r.system.dispatch("zones", "import", str(file), "--service", "police")
    said = raw.stdout + raw.stderr
    need(raw.returncode == 1, f"taken raw: {said[-300:]}")
    for found in (f"{ZONES} zones", f"{OVERLAPS} overlaps", f"{SLIVERS} slivers"):
        need(found in said, f"not counted: {found}; {said[-400:]}")
    need(r.system.dispatch("zones", "list").stdout == stored, "the refused file was stored")
    taken = r.system.dispatch("zones", "import", str(file), "--service", "police", "--clean")
    need(taken.returncode == 0, f"refused with --clean: {(taken.stdout + taken.stderr)[-400:]}")
    version = re.search(r"police: \S+ v(\d+), 168", taken.stdout)
    need(version is not None, taken.stdout[-300:])
    until(
        lambda: r.sql(
            "SELECT 1 FROM journal WHERE type = 'ZoneSetPublished' AND payload::text LIKE %s", "%hcmc_wards%"
        ),
        "the new set in the journal", 20.0,
    )  # fmt: skip
    r.console("thao")
    r.in_step("lan", "thao")
    number = r.number()
    with r.calling(Caller("113", number)):
        incident = worked_incident(r, lan, number)
    row = r.sql("SELECT zone_set, zone, zone_name FROM legs WHERE incident = %s AND service = 'police'", incident)[0]
    need("hcmc_wards" in row[0] and BEN_THANH in row[2], f"routed by {row}")
    return f"raw: {OVERLAPS} overlaps, {SLIVERS} slivers, refused; cleaned: {row[0]} answers {row[2]} at once"



SCENARIOS = [
    Scenario(
        "malformed files at start", "refused with file, line or key, and what to write instead", malformed_at_start
    ),
    Scenario("a malformed site file for scripts/run", "exit 1 and one sentence that names it", malformed_for_run),
    Scenario("malformed zone files", "refused with the file, the place and the remedy", malformed_zones),
    Scenario(
        "the real wards", f"raw: refused, {OVERLAPS} overlaps and {SLIVERS} slivers; cleaned: taken, served at once",
        real_wards,
    ),
]  # fmt: skip
