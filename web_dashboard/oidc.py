"""Sign-in at another identity provider: OpenID Connect, authorization code with PKCE."""

import logging
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from web_dashboard.boundary import is_loopback
from web_dashboard.oidc_claims import Meanings
from web_dashboard.oidc_pending import Going

log = logging.getLogger(__name__)

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Public keys only: whoever may check a token must not be able to make one."""

_PATIENCE = 10.0
_LEEWAY = 60

Fault: TypeAlias = Literal["denied", "away", "stale", "wrong", "no_role"]


class OidcError(Exception):
    """Nobody is signed in. `fault` is for the sign-in page, the text for the operator."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """`redirect` is where the provider sends people back to. `secret` empty: none is shown."""

    issuer: str
    client_id: str
    redirect: str
    secret: str = field(default="", repr=False)
    name: str = "SSO"
    scopes: str = "openid profile email"
    meanings: Meanings = field(default_factory=Meanings)


class _Found(msgspec.Struct, frozen=True):
    """Of the provider's own description, what is needed."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Provider:
    """What it says of itself is asked for once, its keys again whenever a token is signed with
    one that is not known. Every method raises `OidcError`."""

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings
        self._found: _Found | None = None
        self._keys: KeySet | None = None

    async def address(self, state: str, going: Going) -> str:
        """Where somebody goes to sign in."""
        it, found = self.settings, await self._discover()
        asked = {
            "response_type": "code",
            "client_id": it.client_id,
            "redirect_uri": it.redirect,
            "scope": it.scopes,
            "state": state,
            "nonce": going.nonce,
            "code_challenge": going.challenge,
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(found.authorization_endpoint).query else "?"
        return f"{found.authorization_endpoint}{joint}{urlencode(asked)}"

    async def claims(self, code: str, going: Going) -> dict[str, Any]:
        """What it says of who has come back with that code."""
        token = await self._token(code, going)
        try:
            claims = await self._checked(token)
        except (JoseError, ValueError) as error:
            raise OidcError("wrong", f"the id token is not right: {error}") from error
        if claims.get("nonce") != going.nonce:
            raise OidcError("wrong", "the id token is for another sign-in: its nonce is wrong")
        audience = claims["aud"]
        if (
            isinstance(audience, list)
            and len(audience) > 1
            and (claims.get("azp") != self.settings.client_id)
        ):
            raise OidcError("wrong", "the id token was made for another client (azp)")
        return claims

    async def _token(self, code: str, going: Going) -> str:
        it, found = self.settings, await self._discover()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": it.redirect,
            "client_id": it.client_id,
            "code_verifier": going.verifier,
        }
        auth = httpx.BasicAuth(it.client_id, it.secret) if it.secret else None
        answer = await self._ask("POST", found.token_endpoint, data=form, auth=auth)
        try:
            return str(msgspec.json.decode(answer, type=dict[str, Any])["id_token"])
        except (msgspec.DecodeError, KeyError) as error:
            raise OidcError("wrong", "the provider gave no id token") from error

    async def _checked(self, token: str) -> dict[str, Any]:
        it = self.settings
        if self._keys is None:
            self._keys = await self._fetch_keys()
        try:
            found = jwt.decode(token, self._keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):  # perhaps it has new keys
            self._keys = await self._fetch_keys()
            found = jwt.decode(token, self._keys, algorithms=ALGORITHMS)
        required = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": it.issuer},
            aud={"essential": True, "value": it.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        required.validate(found.claims)
        return dict(found.claims)

    async def _fetch_keys(self) -> KeySet:
        answer = await self._ask("GET", (await self._discover()).jwks_uri)
        try:
            return KeySet.import_key_set(msgspec.json.decode(answer))
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise OidcError("wrong", f"the provider's keys cannot be read: {error}") from error

    async def _discover(self) -> _Found:
        if self._found is not None:
            return self._found
        issuer = self.settings.issuer
        address = issuer.rstrip("/") + "/.well-known/openid-configuration"
        answer = await self._ask("GET", address)
        try:
            found = msgspec.json.decode(answer, type=_Found)
        except msgspec.DecodeError as error:
            raise OidcError("away", f"{address} describes no provider: {error}") from error
        if found.issuer != issuer:
            raise OidcError("wrong", f"oidc_issuer is {issuer}, but it says {found.issuer}")
        for each in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
            if not is_safe(each):
                raise OidcError("wrong", f"the provider names {each}: only https will do")
        self._found = found
        return found

    async def _ask(self, method: str, address: str, **more: Any) -> bytes:  # noqa: ANN401
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE) as client:
                answer = await client.request(method, address, **more)
        except httpx.HTTPError as error:
            raise OidcError("away", f"{address} cannot be reached: {error!r}") from error
        if answer.status_code != 200:
            raise OidcError("away", f"{address} answered {answer.status_code}")
        return answer.content


def is_safe(address: str) -> bool:
    """Nobody on the way can read or change what is asked there."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (
        parts.scheme == "http" and is_loopback(parts.hostname or "")
    )
