"""Whom a client's certificate names. That it is right was checked by TLS."""

from collections.abc import Mapping
from typing import Any


def names_in(certificate: Mapping[str, Any] | None) -> list[str]:
    """Of what `ssl.SSLSocket.getpeercert()` gives: the alternative names (DNS, IP address, URI,
    e-mail) and the common names, as they stand there."""
    if not certificate:
        return []
    alternative = [name for _, name in certificate.get("subjectAltName", ())]
    subject = [pair for part in certificate.get("subject", ()) for pair in part]
    return [*alternative, *(value for kind, value in subject if kind == "commonName")]
