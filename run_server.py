"""Earwitness (听见): start the server, or do one of the things around it."""

import argparse
import sys
from collections.abc import Sequence

from commands import key, playbook, send, serve, user
from streamer.errors import EarwitnessError

COMMANDS = {"serve": serve, "send": send, "playbook": playbook, "user": user, "key": key}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the subcommand named (none: `serve`) and return the process's exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0] not in COMMANDS and given[0] not in ("-h", "--help")):
        given.insert(0, "serve")
    parser = argparse.ArgumentParser(prog="run_server.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        summary = (command.__doc__ or "").partition("\n")[0]
        command.add_arguments(
            commands.add_parser(name, help=summary, description=command.__doc__)
        )
    if given[0] in ("-h", "--help"):
        serve.add_arguments(parser)
    chosen = parser.parse_args(given)
    try:
        return COMMANDS[chosen.command].run(chosen)
    except EarwitnessError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
