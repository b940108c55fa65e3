"""The playbook: check a file before the server is given it."""

import argparse
from pathlib import Path

from alerts.playbook import parse, silence_marks
from streamer.errors import SettingsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True)
    check = acts.add_parser("check", help="every fault of a playbook, with its line")
    check.add_argument("file", type=Path)


def run(arguments: argparse.Namespace) -> int:
    """0 if the file is fit to be served; `SettingsError` lists its faults."""
    try:
        text = arguments.file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{arguments.file} cannot be read: {error}") from error
    found = parse(text)
    marks = ", ".join(f"{mark:g} s" for mark in silence_marks(found))
    print(f"{arguments.file}: no fault. Version {found.version}, silence marks {marks}")
    return 0
