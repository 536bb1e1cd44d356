"""Where calls go once they are in: service numbers, queues with their steps, partners, announcements, recording."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec

from telephony.trunk.site_shapes import Entry, Label, Name, ServiceNumber

Strategy = Literal["ringall", "rrmemory", "leastrecent", "fewestcalls", "random", "linear"]
EVERYBODY = "everybody"
"""In a step's `to`: every position; no service is called so."""
DAY_S = 24 * 60 * 60

Hours = Annotated[
    str, msgspec.Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])?$")
]
PartnerCode = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Dialled = Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9]{3,20}$")]
# A name is looked for where the words about a surge are; else an absolute path, without its suffix.
SoundFile = Annotated[str, msgspec.Meta(pattern=r"^([a-z0-9-]{1,40}|/[A-Za-z0-9._/-]{1,200})$")]


class Number(Entry, frozen=True):
    """`[[numbers]]`. What the public dials; `services`: the first is the first guess."""

    dial: ServiceNumber
    services: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)]


class Partner(Entry, frozen=True):
    """`[[partners]]`. Somebody else who takes a caller over, by transfer: `code` is what is typed for him, `dial` what
    is dialled, through `carrier` first (any, where none is named)."""

    code: PartnerCode
    vi: Label
    en: Label
    dial: Dialled
    carrier: Name | Literal[""] = ""


class OverflowStep(Entry, frozen=True):
    """`[[queues.steps]]`. From `after` seconds of waiting on, the positions of the services in `to` are called beside
    the queue's own, or "everybody". Where `waiting` is not 0, only if so many others wait in the queue then; where
    `hours` are said ("22:00-06:00", the site's own time), only if it is due within them. `announcement`: what the
    caller hears then."""

    to: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1, max_length=20)]
    after: Annotated[int, msgspec.Meta(ge=0, le=600)] = 0
    waiting: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    hours: Hours = ""
    announcement: Name | Literal[""] = ""

    @property
    def from_to(self) -> tuple[int, int] | None:
        """The hours as seconds of the day; the second one may be less: over midnight. None = always."""
        found = re.fullmatch(r"(\d\d):(\d\d)-(\d\d):(\d\d)", self.hours)
        if found is None:
            return None
        hour, minute, until_hour, until_minute = map(int, found.groups())
        return hour * 3600 + minute * 60, until_hour * 3600 + until_minute * 60


class ServiceQueue(Entry, frozen=True):
    """`[[queues]]`. `overflow_after`: seconds until everybody is called. `ring`: seconds until phones are chosen anew.

    `most_waiting`: with so many callers waiting, the next one overflows at once; 0 = however many. `steps`: who else is
    called before everybody is, in the order of their times.
    """

    service: Name
    overflow_after: Annotated[int, msgspec.Meta(ge=1, le=600)] = 20
    strategy: Strategy = "ringall"
    ring: Annotated[int, msgspec.Meta(ge=2, le=120)] = 10
    most_waiting: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    steps: Annotated[tuple[OverflowStep, ...], msgspec.Meta(max_length=8)] = ()


class Announcement(Entry, frozen=True):
    """`[[announcements]]`. `sound`: a name in the folder of the words about a surge, or an absolute path at every node;
    without its suffix."""

    code: Name
    vi: Label
    en: Label
    sound: SoundFile


class RecordingRule(Entry, frozen=True):
    """`[[recording.rules]]`. For calls to `number`, first taken for `service`, brought by `carrier` (each: "" = any):
    whether they are recorded. The first rule that fits counts, else `[recording] on`."""

    code: Name
    on: bool
    number: ServiceNumber | Literal[""] = ""
    service: Name | Literal[""] = ""
    carrier: Name | Literal[""] = ""


class Recording(Entry, frozen=True):
    """`[recording]`. `format`: the file's kind and suffix; only "wav" can be heard at the consoles. `keep_days`: a
    recording that nobody holds is deleted this many days after its call."""

    on: bool = True
    format: Literal["wav", "wav49", "gsm"] = "wav"
    keep_days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] = 365
    rules: Annotated[tuple[RecordingRule, ...], msgspec.Meta(max_length=50)] = ()

    @property
    def ever(self) -> bool:
        """Whether any call is recorded."""
        return self.on or any(rule.on for rule in self.rules)
