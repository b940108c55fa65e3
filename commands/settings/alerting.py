"""What is told to whom: rules, agents, masking, repetition."""

from typing import Annotated

import msgspec
from msgspec import Meta

from alerts.masking import KINDS
from alerts.personal import MaskKind


class Alerting(msgspec.Struct, frozen=True, kw_only=True):
    playbook: Annotated[str, Meta(description="rules and prompts; empty: the bundled one")] = ""
    agents: Annotated[
        dict[str, str], Meta(description="agent_id -> name shown (in the TOML file: [agents])")
    ] = {}
    agent_emotion: Annotated[
        bool, Meta(description="infer agents' emotions too (EU AI Act 5(1)(f) forbids it)")
    ] = False
    mask: Annotated[
        tuple[MaskKind, ...], Meta(description="what is hidden in words and voice clips")
    ] = KINDS
    escalate_after: Annotated[
        float,
        Meta(
            ge=10, le=86_400, description="seconds until an untaken critical alert is repeated"
        ),
    ] = 300.0
    escalate_most: Annotated[
        int, Meta(ge=0, le=100, description="times that it is repeated (0: never)")
    ] = 3
    notify_urls: Annotated[
        tuple[str, ...],
        Meta(
            description="whom repeated alerts are also sent to: Apprise URLs; they are secrets"
        ),
    ] = ()
    whisper_phrases: Annotated[
        tuple[str, ...],
        Meta(description="whispers that supervisors may choose from; empty: the board's own"),
    ] = ()
    public_url: Annotated[
        str,
        Meta(
            pattern=r"^(https?://[^\s]+)?$",
            description="where people reach the board: the link in what is sent to them",
        ),
    ] = ""
