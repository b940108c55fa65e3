"""An authority of the tests' own, and what it signs."""

import ipaddress
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    def __init__(self, folder, name="tests"):
        self.folder, self.name = folder, named(f"{name} authority")
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.path = folder / f"{name}-authority.pem"
        ca = x509.BasicConstraints(ca=True, path_length=None)
        made = self._sign(self.name, self.key.public_key(), [(ca, True)])
        self.path.write_bytes(pem(made))

    def issue(self, name, file=None, *, dns=()):
        """(chain, key) of a certificate for 127.0.0.1, or for the DNS names."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.DNSName(each) for each in dns]
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        alternative = x509.SubjectAlternativeName(names or [address])
        chain, secret = (self.folder / f"{file or name}.{end}" for end in ("pem", "key"))
        chain.write_bytes(
            pem(self._sign(named(name), key.public_key(), [(alternative, False)]))
        )
        secret.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return chain, secret

    def _sign(self, name, public, extensions):
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )
        ours = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        its = x509.SubjectKeyIdentifier.from_public_key(public)
        for extension, critical in (*extensions, (ours, False), (its, False)):
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self.key, hashes.SHA256())


def named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)
