"""``dispatch recordings``: verify the files against their sums, see what is held, remove what is past its time.
``dispatch evidence``: the calls of a number with their recordings in one file."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from db.recordings import RecordingStore
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.main.configuration import site_command
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.runtime.recordings.evidence import write_evidence
from dispatch_core.settings import Settings, read_settings
from telephony.recordings import RecordingFolders
from telephony.trunk.site import load_site

SWEEP_WAITED_S = 60.0
LOOK_EVERY_S = 0.2


def folders(settings: Settings) -> RecordingFolders:
    """Where the recordings of each node are seen from here."""
    named = ((node.name, node.recordings or settings.asterisk_recordings) for node in settings.nodes)
    return RecordingFolders({node: settings.path(folder) for node, folder in named if folder})


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("recordings", help="recordings: verify, held, sweep")
    actions = parser.add_subparsers(dest="action", required=True, metavar="{verify,held,sweep}")
    checking = actions.add_parser("verify", help="hold every file against its checksum; exit status 1 if one differs")
    checking.add_argument("--call", default="", help="only the files of this call")
    checking.set_defaults(run=verify)
    actions.add_parser("held", help="list what is kept beyond its time").set_defaults(run=held)
    actions.add_parser("sweep", help="remove now what is past its time and not held").set_defaults(run=sweep)
    evidence = commands.add_parser("evidence", help="the calls of a number with their recordings in one zip file")
    evidence.add_argument("number", help="digits, as the core shows it")
    evidence.add_argument("--out", type=Path, required=True, help="the zip file to write; must not exist yet")
    evidence.add_argument("--since", type=_day, default=None, help="YYYY-MM-DD: only calls from this day on")
    evidence.set_defaults(run=export)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def verify(asked: argparse.Namespace) -> int:
    settings = read_settings(asked.settings)
    store, files = RecordingStore(settings.database), folders(settings)
    good = bad = 0
    for row in store.summed(asked.call):
        found = files.sum(row.node, row.file)
        if found.found and found.sha256 == row.sha256:
            good += 1
            continue
        bad += 1
        vi, en = ("đã bị sửa đổi", "was altered") if found.found else ("không còn trên máy", "is not there any more")
        print(f"{row.call} {row.file}: {vi} | {en}")
    if asked.call and not good + bad:
        raise DispatchError(
            "no_recording",
            f"Cuộc gọi {asked.call} không có tệp ghi âm nào đã được kiểm.",
            f"The call {asked.call} has no recording that was summed up.",
        )
    print(f"{good} tệp nguyên vẹn, {bad} tệp khác | {good} files intact, {bad} not")
    return 1 if bad else 0


def held(asked: argparse.Namespace) -> int:
    settings = read_settings(asked.settings)
    zone = _zone(settings)
    for about, at, by, reason in RecordingStore(settings.database).holds():
        since = datetime.fromtimestamp(at / 1000, zone).strftime("%Y-%m-%d %H:%M")
        print(f"{about}\t{since}\t{by}\t{reason}")
    return 0


def sweep(asked: argparse.Namespace) -> int:
    """The core does it, so that the removals are in its journal; waits until it has."""
    store = RecordingStore(read_settings(asked.settings).database)
    number = store.ask_sweep(SystemClock().now(), getpass.getuser())
    deadline = time.monotonic() + SWEEP_WAITED_S
    while time.monotonic() < deadline:
        done = store.sweep(number)
        if done.done_at:
            print(f"đã xoá {done.removed}, không xoá được {done.refused} | removed {done.removed}, kept {done.refused}")
            return 1 if done.refused else 0
        time.sleep(LOOK_EVERY_S)
    raise DispatchError(
        "sweep_waits",
        "Máy chủ chưa làm; nó sẽ làm ngay khi chạy lại.",
        "The core has not done it; it will as soon as it runs again.",
    )


def _zone(settings: Settings) -> timezone:
    site = load_site(settings.path(settings.site))
    return timezone(timedelta(minutes=site_command(site).site.utc_offset_min))


def export(asked: argparse.Namespace) -> int:
    settings = read_settings(asked.settings)
    zone, since = _zone(settings), 0
    if asked.since is not None:
        since = int(datetime(asked.since.year, asked.since.month, asked.since.day, tzinfo=zone).timestamp() * 1000)
    offset = zone.utcoffset(None) or timedelta()
    try:
        descriptor = os.open(asked.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as problem:
        raise DispatchError(
            "evidence_file",
            f"Không tạo được {asked.out}: {problem.strerror}; nêu một tệp chưa có.",
            f"Cannot make {asked.out}: {problem.strerror}; name a file that is not there yet.",
        ) from None
    try:
        with os.fdopen(descriptor, "w+b") as out:
            told = write_evidence(
                out, RecordingStore(settings.database), folders(settings), number=asked.number, since=Instant(since),
                now=SystemClock().now(), by=getpass.getuser(), utc_offset_min=int(offset.total_seconds() // 60),
            )  # fmt: skip
    except BaseException:
        with contextlib.suppress(OSError):
            asked.out.unlink()
        raise
    recorded, lost = told.recordings, len(told.missing)
    print(f"{asked.out}: {told.calls} cuộc gọi, {recorded} tệp ghi âm, thiếu {lost}")
    print(f"{asked.out}: {told.calls} calls, {recorded} recordings, {lost} missing")
    return 0
