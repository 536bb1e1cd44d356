"""A certificate authority of this checkout's own, and certificates by it for servers on loopback.

Guards: keys have mode 0600; what expires within a month is made anew; consoles trust `ca.pem` of this
checkout and no other authority.
"""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LASTS = datetime.timedelta(days=3650)
SERVER_LASTS = datetime.timedelta(days=397)
RENEWED_BEFORE = datetime.timedelta(days=30)
USES = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
CLOCKS_MAY_DIFFER = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Paths in PEM: the certificate, its key, and the authority by which it is verified."""

    certificate: Path
    key: Path
    authority: Path


def server_certificate(directory: Path, name: str, host: str = "127.0.0.1") -> Certificate:
    """The certificate of the server `name` for localhost and an address, made or renewed when need be. It is good for
    whoever calls, too."""
    authority = Certificate(directory / "ca.pem", directory / "ca.key", directory / "ca.pem")
    if not _good(authority):
        _make_authority(authority)
    server = Certificate(directory / f"{name}.pem", directory / f"{name}.key", authority.certificate)
    if not _good(server) or not _issued_by(server, authority):
        _make_server(server, authority, name, host)
    return server


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _good(pair: Certificate) -> bool:
    if not pair.certificate.exists() or not pair.key.exists():
        return False
    return _load(pair.certificate).not_valid_after_utc - _now() > RENEWED_BEFORE


def _issued_by(server: Certificate, authority: Certificate) -> bool:
    try:
        _load(server.certificate).verify_directly_issued_by(_load(authority.certificate))
    except Exception:  # noqa: BLE001 - the library raises InvalidSignature, ValueError or TypeError; all mean no
        return False
    return True


def _make_authority(pair: Certificate) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "dispatch, authority of one checkout")])
    builder = (
        _builder(name, name, key.public_key(), AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    _write(pair, builder.sign(key, hashes.SHA256()), key)


def _make_server(pair: Certificate, authority: Certificate, name: str, host: str) -> None:
    issuer = _load(authority.certificate)
    issuer_key = serialization.load_pem_private_key(authority.key.read_bytes(), None)
    assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"dispatch {name}")])
    hosts = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(host))]
    builder = (
        _builder(subject, issuer.subject, key.public_key(), SERVER_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(USES), critical=False)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    _write(pair, builder.sign(issuer_key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, lasts: datetime.timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_now() - CLOCKS_MAY_DIFFER)
        .not_valid_after(_now() + lasts)
    )


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write(pair: Certificate, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    pair.key.unlink(missing_ok=True)
    pair.key.touch(mode=0o600)
    pair.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    pair.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
