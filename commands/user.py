"""Accounts of the people who sign in: administrators, supervisors and quality with their teams,
and agents with their agent id."""

import argparse
from pathlib import Path
from typing import get_args

from commands.sources import add_file_flag, read
from web_dashboard.account import Role
from web_dashboard.accounts import Accounts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_file_flag(parser)
    acts = parser.add_subparsers(dest="act", required=True)
    new = acts.add_parser("add", help="make an account; its password is shown once")
    new.add_argument("name")
    new.add_argument("--role", choices=get_args(Role), default="supervisor")
    new.add_argument(
        "--team",
        action="append",
        default=[],
        help="of a supervisor or quality, again for more (default: every team)",
    )
    new.add_argument("--agent-id", default="", help="for an agent: the id the gateway sends")
    new.add_argument("--shown", default="", help="the name that others see")
    acts.add_parser("list", help="every account")
    acts.add_parser("disable", help="no more sign-in").add_argument("name")
    acts.add_parser("password", help="a new password, shown once").add_argument("name")


def run(arguments: argparse.Namespace) -> int:
    accounts = Accounts(Path(read(arguments).network.state_dir) / "accounts.json")
    match arguments.act:
        case "add":
            print(
                accounts.add(
                    arguments.name,
                    arguments.role,
                    shown=arguments.shown,
                    agent_id=arguments.agent_id,
                    teams=tuple(arguments.team),
                )
            )
        case "disable":
            accounts.disable(arguments.name)
        case "password":
            print(accounts.new_password(arguments.name))
        case _:
            for account in accounts.list():
                state = "disabled" if account.disabled else "enabled"
                of = account.agent_id or ",".join(account.teams)
                print(f"{account.name}\t{account.role}\t{of}\t{state}")
    return 0
