"""Who shows what to whom over TLS."""

import ssl
from pathlib import Path

from commands.certificate import Certificate
from commands.settings import Settings
from streamer.errors import SettingsError


def certificate(settings: Settings) -> Certificate | None:
    """Raises `SettingsError` for files that hold no certificate and key."""
    it = settings.network
    return Certificate(Path(it.tls_cert), Path(it.tls_key)) if it.tls_cert else None


def stream_context(settings: Settings, shown: Certificate | None) -> ssl.SSLContext | None:
    """Of the port for gateways, which may be asked for certificates of their own. Raises
    `SettingsError` for a file that holds none to check them by."""
    if shown is None:
        return None
    context, it = shown.context(), settings.access
    if it.client_ca:
        try:
            context.load_verify_locations(it.client_ca)
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(f"client_ca {it.client_ca} cannot be used: {error}") from error
        context.verify_mode = (
            ssl.CERT_REQUIRED if it.client_cert_required else ssl.CERT_OPTIONAL
        )
    return context
