"""The words of `dispatch trunk` and their options."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dispatch_core.main.trunk_command import acts
from dispatch_core.main.trunk_command.signing_in import add_options

WORDS = (
    "check", "diff", "apply", "rollback", "status", "test-call", "history", "restart", "secret", "schema", "edit",
)  # fmt: skip
PATIENCE_S = 3600


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("trunk", help="carriers, numbers, queues, positions: check, apply, roll back, watch")
    words = parser.add_subparsers(dest="action", required=True, metavar="{" + ",".join(WORDS) + "}")

    check = words.add_parser("check", help="every mistake of a description; needs no core")
    _add_file(check)
    check.set_defaults(run=acts.check)

    diff = words.add_parser("diff", help="what applying it would change, tried on a scratch switch")
    _add_file(diff)
    diff.add_argument("--version", type=int, default=0, help="an earlier version in place of a file")
    diff.set_defaults(run=acts.diff)

    apply = words.add_parser("apply", help="bring a description to every running switch, or everything back")
    _add_file(apply)
    _add_confirm(apply, "the word that the plan asks for")
    _add_why(apply)
    apply.set_defaults(run=acts.apply)

    back = words.add_parser("rollback", help="put an earlier version in force again")
    back.add_argument("version", nargs="?", type=_version, default=0, help="default: the one before")
    _add_why(back)
    back.set_defaults(run=acts.roll_back)

    status = words.add_parser("status", help="what is in force, what differs from it, and how the carriers are")
    status.set_defaults(run=acts.status)

    call = words.add_parser("test-call", help="a marked call through a carrier, followed to a console")
    call.add_argument("carrier")
    call.add_argument("number")
    call.add_argument("--node", default="", help="the switch (default: the first that is up)")
    call.set_defaults(run=acts.test_call)

    history = words.add_parser("history", help="who changed what, when and why")
    history.add_argument("version", nargs="?", type=_version, help="one of them, with its differences")
    history.set_defaults(run=acts.history)

    restart = words.add_parser("restart", help="restart a switch once its calls have ended")
    restart.add_argument("node")
    restart.add_argument(
        "--patience", type=_seconds, default=PATIENCE_S, metavar="SECONDS",
        help="how long its calls are waited for (default: %(default)s)",
    )  # fmt: skip
    _add_confirm(restart, "the switch's name")
    _add_why(restart)
    restart.set_defaults(run=acts.restart)

    secret = words.add_parser("secret", help="replace a password or key; read from the terminal or standard input")
    secret.add_argument("name", help="the file as the description names it")
    _add_why(secret)
    secret.set_defaults(run=acts.secret)

    schema = words.add_parser("schema", help="the description's JSON Schema, for an editor; needs no core")
    schema.add_argument("--out", type=Path, metavar="FILE", help="write it there (default: print it)")
    schema.set_defaults(run=acts.schema)

    edit = words.add_parser("edit", help="what is in force in your editor, then checked, compared and applied")
    _add_why(edit)
    edit.set_defaults(run=acts.edit)

    for one in (diff, apply, back, status, call, history, restart, secret, edit):
        add_options(one)


def _add_file(parser: Any) -> None:
    parser.add_argument(
        "file", nargs="?", type=Path, help="a site.toml, - for standard input (default: the one the settings name)"
    )


def _add_confirm(parser: Any, what: str) -> None:
    parser.add_argument("--confirm", metavar="WORD", help=f"{what} (default: ask for it)")


def _add_why(parser: Any) -> None:
    parser.add_argument("--why", default="", metavar="TEXT", help="the reason, for the history")


def _version(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(
            f"“{text}” không phải số bản (xem dispatch trunk history); lý do ghi sau --why | "
            f"“{text}” is no version's number (see dispatch trunk history); a reason stands after --why"
        )
    return int(text)


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"“{text}” không phải số giây | “{text}” is no number of seconds")
    return int(text)
