"""PostGIS on a real server of the stage, asked over its unix socket with a prepared statement."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg2
import shapely

from scripts.benchmarks.zones.coverage import Coverage
from scripts.benchmarks.zones.peers import Peer
from scripts.stage.layout import Layout
from scripts.stage.packages import ensure, postgis
from scripts.stage.postgres import PostgresServer, newest_binaries
from scripts.stage.progress import StageError, say

SETUP = """
CREATE EXTENSION postgis;
CREATE TABLE zone (code text PRIMARY KEY, shape geometry(Geometry, 4326));
"""
INDEX = "CREATE INDEX ON zone USING gist (shape); ANALYZE zone;"
PREPARE = """
PREPARE at (float8, float8) AS SELECT code FROM zone
WHERE ST_Intersects(shape, ST_SetSRID(ST_MakePoint($1, $2), 4326)) ORDER BY code LIMIT 1
"""


class PostGis:
    """A context: the server with the coverage in it. ``peer`` is None where PostGIS cannot be had, which is said."""

    def __init__(self, ground: Coverage) -> None:
        self._ground = ground
        self._server: PostgresServer | None = None
        self._connection: Any = None
        self._home: Path | None = None
        self.peer: Peer | None = None

    def __enter__(self) -> Self:
        try:
            major = newest_binaries().parent.name
            ensure([postgis(major)])
            self._start()
        except (StageError, psycopg2.Error) as problem:
            say(f"   PostGIS: cannot be had here: {problem}")
            self.peer = None
        return self

    def _start(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="dispatch-postgis-", dir="/tmp"))
        self._home.chmod(0o755)
        self._server = PostgresServer(Layout(self._home), durable=False)
        self._server.start()
        self._connection = psycopg2.connect(self._server.dsn())
        self._connection.autocommit = True
        cursor = self._connection.cursor()
        cursor.execute(SETUP)
        for zone in self._ground.zones:
            cursor.execute(
                "INSERT INTO zone VALUES (%s, ST_SetSRID(%s::geometry, 4326))",
                (zone.code, shapely.to_wkb(zone.geometry, hex=True)),
            )
        cursor.execute(INDEX)
        cursor.execute("SELECT postgis_lib_version()")
        version = cursor.fetchone()[0]
        cursor.execute(PREPARE)

        def at(lat: float, lon: float) -> str | None:
            cursor.execute("EXECUTE at (%s, %s)", (lon, lat))
            row = cursor.fetchone()
            return row[0] if row else None

        self.peer = Peer("PostGIS, GiST, prepared", at, 400, f", version {version}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._server is not None:
            self._server.stop()
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
