"""Certificates: made once, renewed in time, verified by this checkout's authority alone."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from cryptography import x509

from scripts.stage import certificates
from scripts.stage.certificates import server_certificate


def test_a_certificate_is_made_once_and_its_key_is_closed(tmp_path: Path) -> None:
    first = server_certificate(tmp_path, "redis")
    text = first.certificate.read_bytes()
    assert server_certificate(tmp_path, "redis").certificate.read_bytes() == text
    assert first.key.stat().st_mode & 0o777 == 0o600
    names = x509.load_pem_x509_certificate(text).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert names.value.get_values_for_type(x509.DNSName) == ["localhost"]


def test_what_expires_soon_is_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "SERVER_LASTS", datetime.timedelta(days=20))
    first = server_certificate(tmp_path, "redis").certificate.read_bytes()
    monkeypatch.undo()
    assert server_certificate(tmp_path, "redis").certificate.read_bytes() != first


def test_a_new_authority_means_new_certificates(tmp_path: Path) -> None:
    first = server_certificate(tmp_path, "redis").certificate.read_bytes()
    (tmp_path / "ca.key").unlink()
    second = server_certificate(tmp_path, "redis")
    assert second.certificate.read_bytes() != first
    x509.load_pem_x509_certificate(second.certificate.read_bytes()).verify_directly_issued_by(
        x509.load_pem_x509_certificate(second.authority.read_bytes())
    )
