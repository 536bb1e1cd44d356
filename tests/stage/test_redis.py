"""The private Redis, for real: socket and TLS, nobody without a name, start, adopt, kill, start again."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from scripts.stage.layout import Layout
from scripts.stage.redis import RedisServer
from tests.conftest import RedisAccess

ONCE = Retry(NoBackoff(), 0)


def test_its_whole_life(short_tmp: Path) -> None:
    layout = Layout(short_tmp)
    first = RedisServer(layout)
    first.start()
    second = RedisServer(layout)
    second.start()
    assert second.adopted and second.pid == first.pid and second.tls_port == first.tls_port
    second.stop()
    assert first.alive
    first.kill9()
    assert not second.ready()
    first.start()
    port, password = first.tls_port, first.password_file.read_text()
    first.stop()
    third = RedisServer(layout)
    third.start()
    assert (third.tls_port, third.password_file.read_text()) == (port, password)
    third.stop()


def test_the_core_comes_in_by_the_socket(redis_server: RedisAccess) -> None:
    with redis.Redis.from_url(redis_server.url) as core:
        core.xadd("st:1", {"a": 1}, id="1-1")
        assert core.xlen("st:1") == 1
    assert redis_server.socket.stat().st_mode & 0o777 == 0o700


def test_each_test_begins_with_nothing(redis_server: RedisAccess) -> None:
    with redis.Redis.from_url(redis_server.url) as core:
        assert core.keys("*") == []
        core.set("left", "behind")
        core.acl_setuser("lan", enabled=True, nopass=True)
    redis_server.server.forget_everything()
    with redis.Redis.from_url(redis_server.url) as core:
        assert core.keys("*") == []
        assert core.acl_users() == ["core", "default"]


def test_consoles_come_in_by_tls_that_they_verify(redis_server: RedisAccess) -> None:
    console = redis.Redis(
        host="127.0.0.1",
        port=redis_server.tls_port,
        username=redis_server.user,
        password=redis_server.password,
        ssl=True,
        ssl_ca_certs=str(redis_server.authority),
    )
    assert console.ping()
    console.close()
    stranger = redis.Redis(host="127.0.0.1", port=redis_server.tls_port, ssl=True, retry=ONCE)
    with pytest.raises(redis.ConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        stranger.ping()
    stranger.close()


def test_without_tls_nobody_is_heard(redis_server: RedisAccess) -> None:
    with socket.create_connection(("127.0.0.1", redis_server.tls_port), 2) as plain:
        plain.sendall(b"*1\r\n$4\r\nPING\r\n")
        try:
            answer = plain.recv(100)
        except ConnectionResetError:
            answer = b""
    assert b"PONG" not in answer


def test_without_a_name_nobody_may_do_anything(redis_server: RedisAccess) -> None:
    nameless = redis.Redis(unix_socket_path=str(redis_server.socket), retry=ONCE)
    with pytest.raises(redis.AuthenticationError):
        nameless.ping()
    nameless.close()
    context = ssl.create_default_context(cafile=str(redis_server.authority))
    with (
        socket.create_connection(("127.0.0.1", redis_server.tls_port), 2) as link,
        context.wrap_socket(link, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"*1\r\n$4\r\nPING\r\n")
        assert tls.recv(100).startswith(b"-NOAUTH")
