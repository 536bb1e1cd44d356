"""``dispatch erase``: what is personal about an incident, a call or a place goes for good; the chain still verifies."""

from __future__ import annotations

import argparse
import getpass
from typing import Any

from db.erasure import erase
from db.premise_erasure import erase_premise
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.settings import read_settings

WHAT = {
    "incident": "an archived incident with all its calls, such as 20261123-00042",
    "call": "one call of an archived incident, or one that belonged to none",
    "premise": "a note about a place that was removed, such as P12: every version, and where incidents were told of it",
}


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("erase", help="personal data for good: incident, call, premise")
    whats = parser.add_subparsers(dest="what", required=True, metavar="{incident,call,premise}")
    for what, help_text in WHAT.items():
        one = whats.add_parser(what, help=help_text)
        one.add_argument("id")
        one.add_argument("--reason", required=True, help="is kept with who erased and when; name nobody in it")
        one.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    dsn, at = read_settings(asked.settings).database, SystemClock().now()
    by = f"cli:{_who()}"
    if asked.what == "premise":
        done = erase_premise(dsn, premise=asked.id, at=at, by=by, reason=asked.reason)
        told = ", ".join(done.incidents) or "-"
        print(f"đã xoá {done.versions} bản ghi chú, {done.events} sự kiện; vụ đã được báo: {told}")
        print(f"erased {done.versions} versions, {done.events} events; incidents that were told: {told}")
        return 0
    gone = erase(dsn, at=at, by=by, reason=asked.reason, **{asked.what: asked.id})
    print(f"đã xoá dữ liệu cá nhân của {gone.events} sự kiện, cuộc gọi: {', '.join(gone.calls) or '-'}")
    print(f"erased the personal data of {gone.events} events, calls: {', '.join(gone.calls) or '-'}")
    return 0


def _who() -> str:
    """The account of the machine under which this runs."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"
