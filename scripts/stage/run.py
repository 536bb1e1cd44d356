"""`scripts/run`: the whole system on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
        with Stage(Layout.of_checkout()) as stage, only_one(stage.layout.var / "run.lock"):
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


@contextmanager
def only_one(lock_file: Path) -> Iterator[None]:
    """Hold the right to run from this `var/`. Raises StageError with the number of the process that has it."""
    with lock_file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StageError(
                f"it already runs as process {lock.read().strip()}: end that with Ctrl-C, or give this one "
                f"data of its own (DISPATCH_VAR=/some/directory scripts/run)"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def start_servers(stage: Stage) -> tuple[PostgresServer, RedisServer]:
    """PostgreSQL and Redis; Asterisk follows when its site has been rendered."""
    return stage.server(PostgresServer(stage.layout)), stage.server(RedisServer(stage.layout))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
