"""Earwitness (听见): start the server, or do one of the things around it."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from streamer.errors import EarwitnessError

COMMANDS = {
    "serve": "start the server; the default, all its flags work without naming it",
    "send": "stream recordings to a server as a gateway would",
    "playbook": "check a playbook, or try it on recorded calls, before the server is given it",
    "user": "accounts of the people who sign in",
    "key": "keys of gateways and integrators",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the subcommand named (none: `serve`) and return the process's exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    wants_help = given[:1] in (["-h"], ["--help"])
    if not given or (given[0] not in COMMANDS and not wants_help):
        given.insert(0, "serve")
    chosen = "serve" if wants_help else given[0]
    # Only the chosen one is imported: `send` and `user` need not wait for torch.
    command = importlib.import_module(f"commands.{chosen}")
    parser = argparse.ArgumentParser(prog="run_server.py", description=__doc__)
    if wants_help:
        command.add_arguments(parser)
    choices = parser.add_subparsers(dest="command")
    for name, summary in COMMANDS.items():
        one = choices.add_parser(name, help=summary)
        if name == chosen and not wants_help:
            one.description = command.__doc__
            command.add_arguments(one)
    parsed = parser.parse_args(given)
    try:
        return int(command.run(parsed))
    except EarwitnessError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
