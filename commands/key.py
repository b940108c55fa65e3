"""Keys of gateways (they stream calls in) and of integrators (they read, and get tickets)."""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

from commands.sources import add_file_flag, read
from streamer.adapters.keys import Key, KeyFile
from streamer.ports import Quota


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_file_flag(parser)
    acts = parser.add_subparsers(dest="act", required=True)
    new = acts.add_parser("add", help="make a key; it is shown once")
    new.add_argument("name")
    new.add_argument("--role", choices=("gateway", "integrator"), default="gateway")
    until = new.add_mutually_exclusive_group()
    until.add_argument("--days", type=int, help="days until it expires (default: never)")
    until.add_argument(
        "--expires", type=_moment, metavar="DATE", help="when, as in 2027-01-31 (UTC)"
    )
    new.add_argument("--max-calls", type=_count, default=0, help="calls at once (0: no limit)")
    new.add_argument(
        "--per-minute", type=_count, default=0, help="connections a minute (0: no limit)"
    )
    acts.add_parser("list", help="every key, without the keys themselves")
    acts.add_parser("revoke", help="a key that is good no more").add_argument("name")


def run(arguments: argparse.Namespace) -> int:
    keys = KeyFile(Path(read(arguments).network.state_dir) / "keys.json")
    match arguments.act:
        case "add":
            days, expires = arguments.days, arguments.expires
            if days is not None:
                expires = datetime.now(UTC) + timedelta(days=days)
            quota = Quota(arguments.max_calls, arguments.per_minute)
            print(keys.add(arguments.name, arguments.role, expires, quota))
        case "revoke":
            keys.revoke(arguments.name)
        case _:
            for key in keys.list():
                print(_line(key))
    return 0


def _line(key: Key) -> str:
    until = f"{key.expires:%Y-%m-%d}" if key.expires else "-"
    calls, rate = key.max_calls or "-", key.per_minute or "-"
    state = key.fault(datetime.now(UTC)) or "valid"
    limits = f"calls {calls}\ta minute {rate}"
    return f"{key.name}\t{key.role}\tuntil {until}\t{limits}\t{state}"


def _moment(text: str) -> datetime:
    """Raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _count(text: str) -> int:
    """Raises `ValueError`."""
    if (count := int(text)) < 0:
        raise ValueError
    return count
