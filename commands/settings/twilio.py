"""`/twilio` and its relatives."""

from typing import Annotated

import msgspec
from msgspec import Meta

from commands.settings.pairs import together
from commands.settings.parties import PartyName, named_twice


class Twilio(msgspec.Struct, frozen=True, kw_only=True):
    twilio_parties: Annotated[
        tuple[PartyName, PartyName],
        Meta(description="/twilio: who is inbound, who outbound, if no parameter `role` says"),
    ] = ("customer", "agent")
    twilio_auth_token: Annotated[
        str, Meta(description="/twilio: by which X-Twilio-Signature is checked; it is a secret")
    ] = ""
    twilio_url: Annotated[
        str,
        Meta(
            pattern=r"^(wss?://[^\s]+)?$",
            description="/twilio: the address that is signed, exactly as in TwiML",
        ),
    ] = ""

    def faults(self) -> list[str]:
        return [
            *together(twilio_auth_token=self.twilio_auth_token, twilio_url=self.twilio_url),
            *named_twice("twilio_parties", self.twilio_parties),
        ]
