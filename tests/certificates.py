"""Certificate authorities and server certificates made on the spot."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
VALID_UNTIL = datetime(2100, 1, 1, tzinfo=UTC)

LOOPBACK = x509.IPAddress(IPv4Address("127.0.0.1"))
ANOTHER_HOST = x509.DNSName("mail.example")


@dataclass(frozen=True)
class Authority:
    """Vouches for servers; ``file`` is what those who trust it are given."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    file: Path

    @classmethod
    def found(cls, folder: Path, *, name: str) -> Authority:
        """Return a new authority that keeps its certificate in ``folder``."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _certificate(subject=name, issuer=name, key=key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, SHA256())
        )
        file = folder / f"{name}.pem"
        file.write_bytes(certificate.public_bytes(Encoding.PEM))
        return cls(key=key, certificate=certificate, file=file)

    def server_context(self, name: x509.GeneralName) -> ssl.SSLContext:
        """Return what a server that is called ``name`` needs to encrypt."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _certificate(subject="server", issuer=self.file.stem, key=key)
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .sign(self.key, SHA256())
        )
        file = self.file.with_name(f"{self.file.stem}-{certificate.serial_number}.pem")
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        return context


def _certificate(
    *, subject: str, issuer: str, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
