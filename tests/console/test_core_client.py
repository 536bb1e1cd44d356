"""HTTPS to the core: what it answers, refuses, or does not answer at all; and whom the console trusts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console_gui.core_client import CoreClient, CoreRefused, CoreUnreachable
from dispatch_core.domain.vocabulary import Role
from scripts.stage.certificates import Certificate, server_certificate
from tests.console.local_https import PASSWORD, ZONES, LocalHttps
from tests.console.scenario import busy_night


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return server_certificate(tmp_path_factory.mktemp("tls"), "core")


@pytest.fixture
def core(certificate: Certificate) -> Iterator[LocalHttps]:
    server = LocalHttps(busy_night(), certificate, 6390)
    yield server
    server.stop()


@pytest.fixture
def client(core: LocalHttps, certificate: Certificate) -> Iterator[CoreClient]:
    made = CoreClient(core.address, certificate.authority)
    yield made
    made.close()


def test_a_session_from_sign_in_to_sign_out(core: LocalHttps, client: CoreClient) -> None:
    signed_in = client.sign_in("lan", PASSWORD)
    assert (signed_in.user, signed_in.role, signed_in.redis.port) == ("lan", Role.DISPATCHER, 6390)
    assert [it.label for it in client.suggest("bến thành", (10.7, 106.6))] == ["Chợ Bến Thành, phường Bến Thành"]
    zones = client.zones("police")
    assert zones == (ZONES, '"1"')
    assert client.zones("police", '"1"') is None
    client.sign_out()
    assert [it[2] for it in core.seen] == ["", "Bearer s", "Bearer s", "Bearer s", "Bearer s"]


def test_a_refusal_has_the_cores_own_words(client: CoreClient) -> None:
    with pytest.raises(CoreRefused) as refused:
        client.sign_in("lan", "wrong")
    assert refused.value.status == 401
    assert refused.value.vi == "Tên đăng nhập hoặc mật khẩu không đúng."


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"code":1}', b"\xff\xfe"])
def test_an_error_without_words_still_reads(core: LocalHttps, client: CoreClient, body: bytes) -> None:
    core.answers["/v1/sign-in"] = (502, body)
    with pytest.raises(CoreRefused) as refused:
        client.sign_in("lan", PASSWORD)
    assert "502" in refused.value.vi and refused.value.code == "http_502"


@pytest.mark.parametrize("body", [b"", b"{}", b"[{}]", b"\xff", b'{"wire": 1, "user": 7}'])
def test_an_answer_that_cannot_be_read_is_told(core: LocalHttps, client: CoreClient, body: bytes) -> None:
    core.answers["/v1/sign-in"] = (200, body)
    with pytest.raises(CoreUnreachable):
        client.sign_in("lan", PASSWORD)
    core.answers["/v1/suggest"] = (200, body)
    with pytest.raises(CoreUnreachable):
        client.suggest("x")


def test_a_kept_connection_that_died_is_opened_anew(core: LocalHttps, client: CoreClient) -> None:
    client.sign_in("lan", PASSWORD)
    assert client._connection is not None and client._connection.sock is not None
    client._connection.sock.close()
    assert client.suggest("chợ")


def test_nobody_there_and_nobody_trusted(core: LocalHttps, certificate: Certificate, tmp_path: Path) -> None:
    core.stop()
    with pytest.raises(CoreUnreachable) as nobody:
        CoreClient(core.address, certificate.authority).sign_in("lan", PASSWORD)
    assert "không có chương trình nào nhận" in nobody.value.vi
    other = server_certificate(tmp_path, "other")
    stranger = LocalHttps(busy_night(), other, 1)
    try:
        with pytest.raises(CoreUnreachable) as untrusted:
            CoreClient(stranger.address, certificate.authority).sign_in("lan", PASSWORD)
    finally:
        stranger.stop()
    assert "chứng thư" in untrusted.value.vi


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "127.0.0.1:8443", "https://", ""])
def test_only_https_addresses(address: str, certificate: Certificate) -> None:
    with pytest.raises(ValueError, match="https://HOST:PORT"):
        CoreClient(address, certificate.authority)
