"""How calls are cut into utterances, and when one is given up."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

Announcement: TypeAlias = Annotated[str, Meta(min_length=4, max_length=500)]


class Listening(msgspec.Struct, frozen=True, kw_only=True):
    lead_in: Annotated[
        float, Meta(ge=0, le=2, description="seconds kept from before speech was noticed")
    ] = 0.3
    end_silence: Annotated[
        float, Meta(ge=0.1, le=3, description="seconds of quiet that end an utterance")
    ] = 0.45
    min_speech: Annotated[
        float, Meta(ge=0.02, le=2, description="seconds of sound that count as speech")
    ] = 0.24
    longest: Annotated[
        float, Meta(ge=3, le=20, description="seconds after which an utterance is cut")
    ] = 15.0
    draft_every: Annotated[
        float, Meta(ge=0, le=20, description="seconds of speech from draft to draft (0: none)")
    ] = 1.5
    vad_mode: Annotated[
        int, Meta(ge=0, le=3, description="webrtcvad: 0 hears most, 3 lets least through")
    ] = 2
    agent_music: Annotated[
        bool,
        Meta(
            description="hold music is played on the agent's side: words heard in music there "
            "are a song's (the gateway may say so per call)"
        ),
    ] = False
    announcements: Annotated[
        tuple[Announcement, ...],
        Meta(
            max_length=64,
            description="what is played on the agent's side (prompts, queue announcements): "
            "nobody has said it",
        ),
    ] = ()
    stall_after: Annotated[
        float, Meta(ge=1, le=60, description="seconds without audio: the stream has stalled")
    ] = 5.0
    grace: Annotated[
        float, Meta(ge=0, le=600, description="seconds a dropped call waits for its gateway")
    ] = 30.0
    lost_after: Annotated[
        float,
        Meta(
            ge=1, le=3000, description="seconds until a dead server's call is ended by another"
        ),
    ] = 120.0
    max_calls: Annotated[int, Meta(ge=1, le=100_000, description="calls at once")] = 200

    def faults(self) -> list[str]:
        if self.lost_after > self.grace:
            return []
        return ["lost_after must be longer than grace: a gateway may come back until then"]
