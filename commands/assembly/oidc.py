"""The identity provider that people may sign in at."""

from commands.settings import Settings
from streamer.errors import SettingsError
from web_dashboard.oidc import OidcSettings, Provider
from web_dashboard.oidc_claims import Meanings


def provider(settings: Settings) -> Provider | None:
    """Raises `SettingsError`: nobody could be sent back."""
    it, ours = settings.oidc, settings.alerting.public_url
    if not it.oidc_issuer:
        return None
    if not ours:
        raise SettingsError("oidc_issuer needs public_url: people are sent back there")
    meanings = Meanings(
        it.oidc_role_claim,
        it.oidc_roles,
        it.oidc_team_claim,
        it.oidc_teams,
        it.oidc_agent_claim,
    )
    its = OidcSettings(
        it.oidc_issuer,
        it.oidc_client_id,
        f"{ours.rstrip('/')}/api/v1/oidc/callback",
        it.oidc_client_secret,
        it.oidc_name,
        it.oidc_scopes,
        meanings,
    )
    return Provider(its)
