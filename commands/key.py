"""Keys of gateways (they stream calls in) and integrators (they read health and metrics)."""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

from commands.sources import add_file_flag, read
from streamer.adapters.keys import KeyFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_file_flag(parser)
    acts = parser.add_subparsers(dest="act", required=True)
    new = acts.add_parser("add", help="make a key; it is shown once")
    new.add_argument("name")
    new.add_argument("--role", choices=("gateway", "integrator"), default="gateway")
    new.add_argument("--days", type=int, help="days until it expires (default: never)")
    acts.add_parser("list", help="every key, without the keys themselves")
    acts.add_parser("revoke", help="a key that is good no more").add_argument("name")


def run(arguments: argparse.Namespace) -> int:
    keys = KeyFile(Path(read(arguments).network.state_dir) / "keys.json")
    match arguments.act:
        case "add":
            days = arguments.days
            expires = None if days is None else datetime.now(UTC) + timedelta(days=days)
            print(keys.add(arguments.name, arguments.role, expires))
        case "revoke":
            keys.revoke(arguments.name)
        case _:
            for key in keys.list():
                until = f"{key.expires:%Y-%m-%d}" if key.expires else "-"
                state = "valid" if key.valid(datetime.now(UTC)) else "revoked or expired"
                print(f"{key.name}\t{key.role}\tuntil {until}\t{state}")
    return 0
