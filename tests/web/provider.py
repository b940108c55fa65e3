"""A small OpenID Connect provider on loopback: authorization code with PKCE, signed tokens."""

import asyncio
import contextlib
import hmac
import json
import time
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, parse_qsl, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "earwitness", "a client's secret"


class SmallProvider:
    """Whoever comes is `person`. `changes` are made to the claims, `sign` makes the token;
    `refuses` answers with that error; `asked` are the paths that were."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.person = {"sub": "u-1", "name": "林岚", "groups": ["floor"]}
        self.changes, self.refuses, self.secret = {}, "", SECRET
        self.description, self.asked, self.issuer = {}, [], ""
        self.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        self._codes = {}

    async def __call__(self, scope, receive, send):
        path, body = scope["path"], b""
        while (await_more := await receive())["type"] == "http.request":
            body += await_more["body"]
            if not await_more["more_body"]:
                break
        self.asked.append(path)
        status, headers, answer = self._answer(path, scope, body)
        head = [(b"content-type", b"application/json"), *headers]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})

    def _answer(self, path, scope, body):
        if path == "/.well-known/openid-configuration":
            at = self.issuer
            found = {"issuer": at, "authorization_endpoint": f"{at}/authorize",
                     "token_endpoint": f"{at}/token", "jwks_uri": f"{at}/keys"}  # fmt: skip
            return 200, [], found | self.description
        if path == "/keys":
            return 200, [], {"keys": [self.key.as_dict(private=False)]}
        if path == "/authorize":
            return self._authorize(dict(parse_qsl(scope["query_string"].decode())))
        if path == "/token":
            return self._token(dict(scope["headers"]), parse_qs(body.decode()))
        return 404, [], {}

    def _authorize(self, asked):
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        back = {"state": asked["state"], "code": code, "iss": self.issuer}
        if self.refuses:
            back = {"state": asked["state"], "error": self.refuses}
        place = f"{asked['redirect_uri']}?{urlencode(back)}"
        return 302, [(b"location", place.encode())], {}

    def _token(self, headers, form):
        asked = self._codes.pop(form["code"][0], None)
        shown = sha256(form["code_verifier"][0].encode()).digest()
        challenge = urlsafe_b64encode(shown).rstrip(b"=").decode()
        auth = b64decode(headers.get(b"authorization", b"Basic ").split(b" ")[1]).decode()
        right = asked and challenge == asked["code_challenge"]
        right = right and form["redirect_uri"][0] == asked["redirect_uri"]
        if not right or auth != f"{CLIENT}:{self.secret}":
            return 400, [], {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": asked["client_id"], "iat": now, "exp": now + 300,
                  "nonce": asked["nonce"], **self.person, **self.changes}  # fmt: skip
        return 200, [], {"id_token": self.sign(claims), "token_type": "Bearer"}

    def roll(self):
        """New keys, as providers have now and then."""
        self.key = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
        self.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "two"}, claims, self.key)


def part(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed_with(secret, header, claims):
    body = f"{part(header)}.{part(claims)}"
    return f"{body}.{part(hmac.digest(secret, body.encode(), 'sha256'))}"


def forged(provider, how):
    """Signs as nobody may."""
    header = {"alg": "RS256", "kid": "one"}
    match how:
        case "another key":
            key = RSAKey.generate_key(2048)
        case "another curve":
            header, key = {"alg": "ES256", "kid": "one"}, ECKey.generate_key("P-256")
        case "the public key as a secret":
            # joserfc knows better than to make one, so it is made by hand.
            public = provider.key.as_pem(private=False)
            return lambda claims: signed_with(public, {"alg": "HS256", "kid": "one"}, claims)
        case "nothing":
            return lambda claims: f"{part({'alg': 'none'})}.{part(claims)}."
        case _:
            return lambda claims: "no token"
    return lambda claims: jwt.encode(header, claims, key)


@contextlib.asynccontextmanager
async def running_provider():
    provider = SmallProvider()
    config = uvicorn.Config(provider, port=0, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0)
        port = server.servers[0].sockets[0].getsockname()[1]
        provider.issuer = f"http://127.0.0.1:{port}"
        try:
            yield provider
        finally:
            server.should_exit = True
            await running
