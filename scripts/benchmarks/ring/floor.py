"""The floor under a ringing call: TCP read, one commit, XADD; and beside it XREAD. Nothing else, two processes.

`python -m scripts.benchmarks.ring.floor write PORT DSN REDIS STREAM`: takes length-prefixed messages on TCP.
`python -m scripts.benchmarks.ring.floor read REDIS STREAM`: prints the monotonic second at which each number arrived.
"""

from __future__ import annotations

import socket
import struct
import sys
import time

import psycopg2
import redis

TABLE = "CREATE TABLE IF NOT EXISTS floor_events (number bigint PRIMARY KEY, body bytea NOT NULL)"


def receive(connection: socket.socket, size: int) -> bytes:
    """Exactly ``size`` bytes, b"" at the end of the stream."""
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            return b""
        data += more
    return data


def write(port: int, dsn: str, redis_url: str, stream: str) -> None:
    database = psycopg2.connect(dsn)
    with database, database.cursor() as cursor:
        cursor.execute(TABLE)
    doorbell = redis.Redis.from_url(redis_url)
    with socket.create_server(("127.0.0.1", port)) as server:
        print("ready", flush=True)
        connection, _ = server.accept()
        with connection:
            while head := receive(connection, 12):
                number, size = struct.unpack("!QI", head)
                body = receive(connection, size)
                with database, database.cursor() as cursor:
                    cursor.execute("INSERT INTO floor_events VALUES (%s, %s)", (number, body))
                doorbell.xadd(stream, {"n": number})


def read(redis_url: str, stream: str) -> None:
    doorbell = redis.Redis.from_url(redis_url)
    last: bytes | str = "$"
    newest = doorbell.xrevrange(stream, count=1)
    last = newest[0][0] if newest else "0"
    print("ready", flush=True)
    while True:
        for _, entries in doorbell.xread({stream: last}, block=1000) or []:
            for ident, fields in entries:
                print(int(fields[b"n"]), time.monotonic(), flush=True)
                last = ident


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(int(sys.argv[2]), *sys.argv[3:6])
    else:
        read(*sys.argv[2:4])
