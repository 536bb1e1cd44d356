"""`scripts/run`: the whole system on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import sys

from scripts.stage.layout import Layout
from scripts.stage.postgres import PostgresServer
from scripts.stage.progress import StageError, say, step
from scripts.stage.redis import RedisServer
from scripts.stage.stage import Stage, Stopped


def main(arguments: list[str]) -> int:
    """Exit status: 0 when all went well or Ctrl-C ended it, 1 when something could not be done."""
    parser = argparse.ArgumentParser(prog="scripts/run", description=__doc__)
    parser.add_argument("--headless", action="store_true", help="no display: three consoles off screen")
    parser.parse_args(arguments)
    try:
        with Stage(Layout.of_checkout()) as stage:
            with step("start"):
                start_servers(stage)
            say("-- up; Ctrl-C stops everything")
            stage.watch()
    except StageError as error:
        say(f"cannot go on: {error}")
        return 1
    except Stopped as stopped:
        say(f"-- stopped by {stopped}")
    return 0


def start_servers(stage: Stage) -> tuple[PostgresServer, RedisServer]:
    """PostgreSQL and Redis; Asterisk follows when its site has been rendered."""
    return stage.server(PostgresServer(stage.layout)), stage.server(RedisServer(stage.layout))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
