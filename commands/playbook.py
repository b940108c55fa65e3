"""The playbook: check a file, or try it on recorded calls, before the server is given it."""

import argparse
from pathlib import Path

from alerts.playbook import silence_marks
from alerts.playbook_file import PlaybookFile
from commands.sources import add_flags

CALLS = """recorded calls: *.jsonl traces (--trace-dir) or exports of ew:log, *.wav recordings
(mono: the customer; stereo: the customer left, the agent right)"""
TRY = """what FILE would raise on recorded calls, beside the current playbook (--playbook); exit
status 0: the same, 1: not the same, 2: could not be tried. Recordings and the log hold no
drafts: what shows only while a sentence goes on is not among what they raise"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True)
    check = acts.add_parser("check", help="every fault of a playbook, with its line")
    check.add_argument("file", type=Path)
    trial = acts.add_parser("try", help=TRY, description=TRY)
    trial.add_argument("file", type=Path, metavar="FILE")
    trial.add_argument("--calls", type=Path, required=True, metavar="DIR", help=CALLS)
    trial.add_argument("--json", action="store_true", help="one JSON object, nothing else")
    add_flags(trial)


def run(arguments: argparse.Namespace) -> int:
    """0 if the file is fit to be served; `SettingsError` lists its faults."""
    if arguments.act == "try":
        from commands import trying  # noqa: PLC0415 - `check` need not wait for numpy and soxr

        return trying.run(arguments)
    found = PlaybookFile(arguments.file).in_force
    marks = ", ".join(f"{mark:g} s" for mark in silence_marks(found))
    print(f"{arguments.file}: no fault. Version {found.version}, silence marks {marks}")
    return 0
