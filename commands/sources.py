"""Where the settings of this process come from: file, environment, flags, in that order."""

import argparse
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from commands.settings import Settings
from commands.settings.layers import (
    Layer,
    descriptions,
    from_environment,
    from_flags,
    resolve,
)
from streamer.errors import SettingsError

FILE = "earwitness.toml"


def add_file_flag(parser: argparse.ArgumentParser) -> None:
    """`--settings FILE`: whoever works on a server's state has to read what the server read."""
    parser.add_argument(
        "--settings", metavar="FILE", help=f"TOML file (default: {FILE} in this folder)"
    )


def add_flags(parser: argparse.ArgumentParser) -> None:
    """One flag a setting, and `--settings FILE`."""
    add_file_flag(parser)
    for name, description, default in descriptions():
        shown = ",".join(default) if isinstance(default, tuple | dict) else default
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            dest=f"setting_{name}",
            metavar="VALUE",
            help=f"{description} [{shown}]".replace("%", "%%"),
        )


def read(arguments: argparse.Namespace | None = None) -> Settings:
    """The settings in force. Raises `SettingsError` that lists every fault."""
    given: Mapping[str, str | None] = vars(arguments) if arguments else {}
    flags = {
        name.removeprefix("setting_"): value
        for name, value in given.items()
        if name.startswith("setting_")
    }
    chosen = given.get("settings") or os.environ.get("EARWITNESS_SETTINGS")
    return resolve([_file(chosen), from_environment(os.environ), from_flags(flags)])


def _file(chosen: str | None) -> Layer:
    path = Path(chosen or FILE)
    if chosen is None and not path.exists():
        return str(path), {}
    try:
        return str(path), tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"there is no settings file {path}") from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no TOML file: {error}") from error
