"""Settings that mean something only with one another."""


def together(**values: str) -> list[str]:
    """The fault of settings of which some are given and some are not."""
    if all(values.values()) or not any(values.values()):
        return []
    return [f"{' and '.join(values)} go together: one of them is missing"]
