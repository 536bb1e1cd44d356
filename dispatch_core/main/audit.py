"""``dispatch audit``: verify the journal's hash chain, record by record."""

from __future__ import annotations

import argparse
from typing import Any

from db.audit import verify
from dispatch_core.settings import read_settings


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("audit", help="the journal's hash chain: verify")
    actions = parser.add_subparsers(dest="action", required=True, metavar="{verify}")
    actions.add_parser("verify", help="walk the whole chain; exit status 1 at the first break").set_defaults(
        run=verify_chain
    )


def verify_chain(asked: argparse.Namespace) -> int:
    result = verify(read_settings(asked.settings).database)
    print(result.sentence_vi)
    print(result.sentence_en)
    return 0 if result.intact else 1
