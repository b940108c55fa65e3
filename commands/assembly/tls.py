"""The certificate that both ports show."""

import ssl
from pathlib import Path

from commands.settings import Settings
from streamer.errors import SettingsError


def tls_files(settings: Settings) -> tuple[Path, Path] | None:
    it = settings.network
    return (Path(it.tls_cert), Path(it.tls_key)) if it.tls_cert else None


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """Raises `SettingsError` for files that hold no certificate and key."""
    found = tls_files(settings)
    if found is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(*found)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"tls_cert and tls_key cannot be used: {error}") from error
    return context
