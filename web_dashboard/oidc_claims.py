"""What another identity provider says of somebody, and who they are to us for that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from web_dashboard.account import EVERY_TEAM, Account, Role

_GREATEST: tuple[Role, ...] = ("admin", "supervisor", "quality", "agent")


@dataclass(frozen=True, slots=True)
class Meanings:
    """Names of claims, and what their values mean here. A claim holds one value or a list.
    `team_claim` empty: whoever has teams has every one."""

    role_claim: str = "groups"
    roles: Mapping[str, Role] = field(default_factory=dict)
    team_claim: str = ""
    teams: Mapping[str, str] = field(default_factory=dict)
    agent_claim: str = "agent_id"

    def account(self, claims: Mapping[str, object]) -> Account | None:
        """Of several roles the greatest; None for who has none, or is an agent of no id. Its
        name begins with `oidc:`, so that it is nobody's here."""
        role = self._role(claims)
        agent_id = next(iter(_values(claims, self.agent_claim)), "") if role == "agent" else ""
        if role is None or (role == "agent") != bool(agent_id):
            return None
        subject = str(claims["sub"])
        shown = claims.get("name") or claims.get("preferred_username") or subject
        teams = self._teams(claims) if role in ("supervisor", "quality") else (EVERY_TEAM,)
        return Account(f"oidc:{subject}", str(shown), role, agent_id=agent_id, teams=teams)

    def _role(self, claims: Mapping[str, object]) -> Role | None:
        has = {self.roles.get(value) for value in _values(claims, self.role_claim)}
        return next((role for role in _GREATEST if role in has), None)

    def _teams(self, claims: Mapping[str, object]) -> tuple[str, ...]:
        if not self.team_claim:
            return (EVERY_TEAM,)
        has = _values(claims, self.team_claim)
        return tuple(self.teams[value] for value in has if value in self.teams)


def _values(claims: Mapping[str, object], name: str) -> list[str]:
    found = claims.get(name)
    many: Iterable[object] = found if isinstance(found, list) else [found]
    return [value for value in many if isinstance(value, str) and value]
