"""What who may not come in is told in place of the handshake, in HTTP."""

import json
from dataclasses import dataclass
from http import HTTPStatus

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Response


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer in place of the handshake. `en` and `zh` say why."""

    status: HTTPStatus
    code: str
    en: str
    zh: str
    retry_after: int = 0
    details: tuple[str, ...] = ()

    def response(self, connection: ServerConnection) -> Response:
        body: dict[str, object] = {
            "code": self.code,
            "message": {"zh": self.zh, "en": self.en},
        }
        if self.details:
            body["known"] = list(self.details)
        response = connection.respond(self.status, json.dumps(body, ensure_ascii=False) + "\n")
        del response.headers["Content-Type"]
        response.headers["Content-Type"] = "application/json; charset=utf-8"
        if self.retry_after:
            response.headers["Retry-After"] = str(self.retry_after)
        if self.status is HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = 'Bearer realm="earwitness"'
        return response
