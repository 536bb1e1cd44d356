"""The look at Asterisk: after every login and every 5 s, ask what is alive and lay it over what the events told.

CoreStatus tells when the node started (another time means that every call of before is dead), CoreShowChannels what
is alive with our variables and bridges, QueueStatus who waits and which phones are paused, PJSIPShowEndpoints who can
be reached. Status is asked only where a call is new to us, for the file of its recording and its SIP Call-ID; a global
variable of the dialplan only where a call is gone of whose end we were not told, for who ended it and when.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from dispatch_core.domain.vocabulary import Instant
from dispatch_core.ports import ActionFailed
from telephony.dialplan_contexts import CALL_TEST, ENDINGS, SIP_CALL, ending_variable
from telephony.dialplan_events import Written
from telephony.link.asking import Value
from telephony.link.messages import AmiEvent, Answer
from telephony.translate.look import Ending, Look, LookedChannel
from telephony.translate.looked import lost_callers, unknown_calls
from telephony.translate.naming import Naming
from telephony.translate.tracker import Tracker

RECORDING_FILE = "MIXMONITOR_FILENAME"
UNSET = "(null)"  # what Status says of a variable that the channel does not have (yet)
ENDINGS_ASKED = 100
"""Of calls whose end was missed, in one look; of more it is only told that they are gone."""

# PJSIPShowEndpoints speaks otherwise of device states than DeviceStateChange does.
DEVICE_STATES = {
    "Not in use": "NOT_INUSE",
    "In use": "INUSE",
    "Busy": "BUSY",
    "Ringing": "RINGING",
    "Ring+Inuse": "RINGINUSE",
    "On Hold": "ONHOLD",
    "Unavailable": "UNAVAILABLE",
    "Invalid": "INVALID",
    "Unknown": "UNKNOWN",
}


class Ask(Protocol):
    """`AmiLink.action`."""

    def __call__(self, name: str, **headers: Value) -> Awaitable[Answer]: ...


@dataclass(slots=True)
class QueueLooked:
    """One queue: callers who wait, position to whether its phone is paused there, and to a penalty where it has one."""

    waiting: int = 0
    members: dict[str, bool] = field(default_factory=dict)
    penalties: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Found:
    """What one look brought: the calls, and what else is shown. `endpoints`: name to device state."""

    look: Look
    queues: dict[str, QueueLooked]
    endpoints: dict[str, str]


async def booted(ask: Ask) -> str:
    """The node's start, in its own words; changes with every start. Raises ActionFailed."""
    status = await ask("CoreStatus")
    return f"{status.get('CoreStartupDate')} {status.get('CoreStartupTime')}"


async def clock_of(ask: Ask) -> Instant | None:
    """The node's wall clock, None where it does not tell. Raises ActionFailed."""
    seconds, _, fraction = (await ask("Ping")).get("Timestamp").partition(".")
    if not seconds.isdecimal() or not fraction.isdecimal():
        return None
    return int(seconds) * 1000 + int((fraction + "000")[:3])


async def look(ask: Ask, tracker: Tracker, now: Callable[[], Instant]) -> Found:
    """Ask for everything that is alive. Raises ActionFailed."""
    tick, asked_at = tracker.tick, now()
    channels = tuple(_channel(item) for item in (await ask("CoreShowChannels")).items)
    waiting, queues = _queues((await ask("QueueStatus")).items, tracker.naming)
    recordings, sip_calls, tests = await _variables(ask) if unknown_calls(tracker, channels) else ({}, {}, frozenset())
    endings = await _endings(ask, lost_callers(tracker, channels, tick))
    endpoints = await _endpoints(ask)
    return Found(Look(asked_at, tick, channels, waiting, recordings, endings, sip_calls, tests), queues, endpoints)


def _channel(item: AmiEvent) -> LookedChannel:
    return LookedChannel(
        uid=item.get("Uniqueid"),
        name=item.get("Channel"),
        state=item.get("ChannelStateDesc"),
        bridge=item.get("BridgeId"),
        number=item.get("CallerIDNum"),
        exten=item.get("Exten"),
        seconds=_seconds(item.get("Duration")),
        variables=item.variables,
        context=item.get("Context"),
    )


def _seconds(text: str) -> int:
    """Of "01:02:03"; 0 for anything else."""
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return 0
    hours, minutes, seconds = (int(part) for part in parts)
    return hours * 3600 + minutes * 60 + seconds


def _queues(items: list[AmiEvent], naming: Naming) -> tuple[dict[str, str], dict[str, QueueLooked]]:
    waiting: dict[str, str] = {}
    queues: dict[str, QueueLooked] = {}
    for item in items:
        name = item.get("Queue")
        queue = queues.setdefault(name, QueueLooked())
        if item.name == "QueueParams":
            queue.waiting = int(item.get("Calls")) if item.get("Calls").isdecimal() else 0
        elif item.name == "QueueMember":
            position = naming.position(item.get("Location"))
            if position:
                queue.members[position] = item.get("Paused") == "1"
                if item.get("Penalty").isdecimal() and item.get("Penalty") != "0":
                    queue.penalties[position] = int(item.get("Penalty"))
        elif item.name == "QueueEntry":
            waiting[item.get("Uniqueid")] = name
    return waiting, queues


async def _variables(ask: Ask) -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """By unique id: the file of its recording, and the SIP Call-ID of its INVITE; and which are of a test call."""
    recordings: dict[str, str] = {}
    sip_calls: dict[str, str] = {}
    tests: set[str] = set()
    for item in (await ask("Status", Variables=f"{RECORDING_FILE},{SIP_CALL},{CALL_TEST}")).items:
        for line in item.get("Variable").split("\n"):
            name, _, value = line.partition("=")
            if value == UNSET:
                continue
            if name == RECORDING_FILE and value:
                recordings[item.get("Uniqueid")] = value
            elif name == CALL_TEST and value == "1":
                tests.add(item.get("Uniqueid"))
            elif name == SIP_CALL and value:
                with contextlib.suppress(ValueError):
                    sip_calls[item.get("Uniqueid")] = Written.BASE64.read(value)
    return recordings, sip_calls, frozenset(tests)


async def _endings(ask: Ask, callers: list[str]) -> dict[str, Ending]:
    """What the switch remembers of how these ended. One of whom it remembers nothing is simply lost."""
    found: dict[str, Ending] = {}
    for uid in callers[:ENDINGS_ASKED]:
        number = uid.rpartition(".")[2]
        if not number.isdecimal():
            continue
        try:
            told = await ask("Getvar", Variable=ending_variable(str(int(number) % ENDINGS)))
        except ActionFailed as problem:
            if problem.unknown:
                raise
            continue
        remembered, at, cause, by = (*told.get("Value").split(" "), "", "", "", "")[:4]
        if remembered == uid and at.isdecimal() and cause.isdecimal():
            found[uid] = Ending(int(at), int(cause), by)
    return found


async def _endpoints(ask: Ask) -> dict[str, str]:
    try:
        items = (await ask("PJSIPShowEndpoints")).items
    except ActionFailed as problem:
        if problem.unknown:
            raise
        return {}  # none is configured
    return {
        item.get("ObjectName"): DEVICE_STATES.get(item.get("DeviceState"), "UNKNOWN")
        for item in items
        if item.name == "EndpointList"
    }
