"""Sign-in at another identity provider (OpenID Connect)."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Role = Literal["admin", "supervisor", "quality", "agent"]


class Oidc(msgspec.Struct, frozen=True, kw_only=True):
    oidc_issuer: Annotated[
        str,
        Meta(
            pattern=r"^(https://[^\s]+|http://(127\.0\.0\.1|localhost|\[::1\])[^\s]*)?$",
            description="OpenID Connect provider for people's sign-in; needs public_url, whose "
            "/api/v1/oidc/callback has to be registered there",
        ),
    ] = ""
    oidc_client_id: Annotated[str, Meta(description="as which we are registered there")] = ""
    oidc_client_secret: Annotated[
        str, Meta(description="and its secret, if there is one; it is a secret")
    ] = ""
    oidc_name: Annotated[
        str, Meta(min_length=1, max_length=40, description="what people call it")
    ] = "SSO"
    oidc_scopes: Annotated[str, Meta(description="what is asked for")] = "openid profile email"
    oidc_role_claim: Annotated[
        str, Meta(min_length=1, description="which claim says who somebody is")
    ] = "groups"
    oidc_roles: Annotated[
        dict[str, Role],
        Meta(
            description="its value -> admin, supervisor, quality or agent "
            "(in the TOML file: [oidc_roles])"
        ),
    ] = {}
    oidc_team_claim: Annotated[
        str, Meta(description="which claim says whose calls they see (empty: every team's)")
    ] = ""
    oidc_teams: Annotated[
        dict[str, str],
        Meta(description="its value -> team (in the TOML file: [oidc_teams])"),
    ] = {}
    oidc_agent_claim: Annotated[
        str, Meta(min_length=1, description="which claim is an agent's id")
    ] = "agent_id"

    def faults(self) -> list[str]:
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_roles):
            return ["oidc_issuer needs oidc_client_id and oidc_roles"]
        return []
