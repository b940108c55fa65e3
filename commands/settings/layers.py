"""Where settings may come from, and what is wrong with them.

Three layers, the later over the earlier: a TOML file, `EARWITNESS_*` environment variables,
command-line flags. They are read once, at the start, and handed down; nothing imports them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from commands.settings import Settings
from streamer.errors import SettingsError

PREFIX = "EARWITNESS_"
NOT_SETTINGS = (
    "EARWITNESS_SETTINGS",
    "EARWITNESS_GATEWAY_KEY",
    "EARWITNESS_AUDIOHOOK_SECRET",
)
"""Which file to read, and the key and the secret that `send` uses."""

SECTIONS: Mapping[str, type[msgspec.Struct]] = get_type_hints(Settings)
KINDS: Mapping[str, Any] = {
    name: kind
    for section in SECTIONS.values()
    for name, kind in get_type_hints(section, include_extras=True).items()
}

Layer: TypeAlias = tuple[str, Mapping[str, Any]]
"""Where values come from, as a person would say it, and the values by setting name."""


def from_environment(environ: Mapping[str, str]) -> Layer:
    """The `EARWITNESS_*` variables of `environ`. An unknown one is a fault, like a typo in the
    file, except those that are `NOT_SETTINGS`."""
    found = {
        name.removeprefix(PREFIX).lower(): _listed(name.removeprefix(PREFIX).lower(), text)
        for name, text in environ.items()
        if name.startswith(PREFIX) and name not in NOT_SETTINGS
    }
    return "the environment", found


def from_flags(flags: Mapping[str, str | None]) -> Layer:
    """Command-line flags by setting name; None where the flag was not given."""
    return "the command line", {
        name: _listed(name, text) for name, text in flags.items() if text is not None
    }


def resolve(layers: Sequence[Layer]) -> Settings:
    """The settings that `layers` (the later wins) add up to. Raises `SettingsError` that lists
    every fault of every layer, with where it comes from."""
    values: dict[str, Any] = {}
    faults: list[str] = []
    for source, found in layers:
        for name, value in found.items():
            if name not in KINDS:
                faults.append(f"{name} (in {source}): no such setting")
                continue
            try:
                values[name] = msgspec.convert(value, KINDS[name], strict=False)
            except msgspec.ValidationError as error:
                faults.append(f"{name} (in {source}): {error}")
    sections: dict[str, Any] = {
        name: kind(
            **{field: values[field] for field in kind.__struct_fields__ if field in values}
        )
        for name, kind in SECTIONS.items()
    }
    for section in sections.values():
        faults += getattr(section, "faults", list)()
    if faults:
        raise SettingsError("\n".join(["The settings are wrong:", *(f"  {f}" for f in faults)]))
    return Settings(**sections)


def descriptions() -> list[tuple[str, str, Any]]:
    """(name, description, default) of every setting, in order, for `--help` and the docs."""
    told = {
        name: next(m.description for m in get_args(kind)[1:] if isinstance(m, Meta))
        for name, kind in KINDS.items()
    }
    defaults = {
        name: value
        for section in SECTIONS.values()
        for name, value in msgspec.structs.asdict(section()).items()
    }
    return [(name, told[name] or "", defaults[name]) for name in told]


def _listed(name: str, text: str) -> object:
    """Environment and flags know only text: lists are `a,b`, tables `key=value,...`."""
    kind = get_args(KINDS[name])[0] if name in KINDS else str
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if get_origin(kind) is dict:
        return dict(part.partition("=")[::2] for part in parts)
    return parts if get_origin(kind) is tuple else text
