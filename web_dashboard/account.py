"""Who somebody is to us, however they have shown it."""

from typing import Literal, TypeAlias

import msgspec

Role: TypeAlias = Literal["admin", "supervisor", "quality", "agent"]
"""Of people. Programs have keys: those of gateways open the stream port only, those of
integrators may look at what an all-seeing supervisor does, and change nothing."""

EVERY_TEAM = "*"


class Account(msgspec.Struct, frozen=True, omit_defaults=True):
    """`agent_id` is set for agents and only for them; `password` is an argon2id hash, empty for
    who has none here. `teams` limits what supervisors and quality see; it means nothing for
    the others."""

    name: str
    shown: str
    role: Role | Literal["integrator"]
    password: str = ""
    agent_id: str = ""
    disabled: bool = False
    teams: tuple[str, ...] = (EVERY_TEAM,)

    def __repr__(self) -> str:
        return f"Account({self.name!r}, {self.role!r})"
