"""Who may see and do what."""

from commands.settings import Settings


def teams(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The members of each team."""
    return {name: tuple(who.split()) for name, who in settings.access.teams.items()}
