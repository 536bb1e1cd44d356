"""``dispatch speeds``: learn from past runs how long ways take at each hour, show it, take the last lesson back.

A running core learns every night by itself, and notices within seconds what was learned beside it.
"""

from __future__ import annotations

import argparse
from datetime import date, datetime, timedelta, timezone
from typing import Any

from db.past_runs import past_runs
from db.schema import upgrade
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.main.configuration import offset_minutes
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.settings import Settings, read_settings
from gis.travel.learned_file import read_learned, write_learned
from gis.travel.learning import HOURS, PLAIN, Learned, forgotten, learn
from telephony.trunk.site import load_site

DAYS = 90
DAY_MS = 24 * 3_600_000


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("speeds", help="travel times by hour: learn, show, forget")
    actions = parser.add_subparsers(dest="action", required=True, metavar="{learn,show,forget}")
    learns = actions.add_parser("learn", help="learn from the runs of the past")
    learns.add_argument("--since", default="", metavar="YYYY-MM-DD", help=f"default: the last {DAYS} days")
    learns.add_argument("--check", action="store_true", help="only show what would be learned")
    learns.set_defaults(run=learn_now)
    actions.add_parser("show", help="what is in force").set_defaults(run=show)
    actions.add_parser("forget", help="back to what was in force before the last lesson").set_defaults(run=forget)


def lesson(settings: Settings, since: Instant, at: Instant) -> tuple[Learned, Learned]:
    """What is known, and what is known with the runs since then. Blocks."""
    known = read_learned(settings.path(settings.map_dir))
    return known, learn(known, past_runs(settings.database, since), at, _offset(settings))


def learn_now(asked: argparse.Namespace) -> int:
    settings = read_settings(asked.settings)
    now = SystemClock().now()
    since = _moment(asked.since, _offset(settings)) if asked.since else now - DAYS * DAY_MS
    upgrade(settings.database)
    print("đọc nhật ký / reading the journal", flush=True)
    known, new = lesson(settings, since, now)
    if new is known:
        print("không có gì mới để học / nothing new to learn")
        return 0
    _table(known, new)
    if not asked.check:
        write_learned(settings.path(settings.map_dir), new)
        print("đang dùng / in force")
    return 0


def show(asked: argparse.Namespace) -> int:
    settings = read_settings(asked.settings)
    known = read_learned(settings.path(settings.map_dir))
    if not known.periods:
        print("chưa học gì: theo tốc độ mẫu / nothing learned yet: the profiles' own speeds")
        return 0
    _table(known, known)
    return 0


def forget(asked: argparse.Namespace) -> int:
    settings = read_settings(asked.settings)
    folder = settings.path(settings.map_dir)
    known = read_learned(folder)
    back = forgotten(known, SystemClock().now())
    if back is known:
        return show(asked)
    write_learned(folder, back)
    _table(known, back)
    return 0


def _table(known: Learned, new: Learned) -> None:
    runs = new.periods[-1].runs if new.periods else (0,) * HOURS
    print("giờ / hour   lượt / runs   thời gian × / time ×")
    for hour in range(HOURS):
        was, now = known.now[hour], new.now[hour]
        changed = f"{was:.2f} → {now:.2f}" if was != now else f"{now:.2f}"
        if runs[hour] or now != PLAIN[hour] or was != now:
            print(f"{hour:02d}–{(hour + 1) % HOURS:02d}        {runs[hour]:>6}        {changed}")


def _offset(settings: Settings) -> int:
    return offset_minutes(load_site(settings.path(settings.site)).site.timezone)


def _moment(text: str, utc_offset_min: int) -> Instant:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise DispatchError(
            "bad_date",
            f"“{text}” không phải ngày; ghi dạng 2026-11-28.",
            f"“{text}” is no date; write it as 2026-11-28.",
        ) from None
    site = timezone(timedelta(minutes=utc_offset_min))
    return int(datetime(day.year, day.month, day.day, tzinfo=site).timestamp() * 1000)
