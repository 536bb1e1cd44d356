"""What a look at the switch brings home, before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dispatch_core.domain.vocabulary import Instant


@dataclass(frozen=True, slots=True)
class LookedChannel:
    """One channel as the switch lists it. `bridge` "" = in none; `seconds` since it began."""

    uid: str
    name: str
    state: str
    bridge: str
    number: str
    exten: str
    seconds: int
    variables: dict[str, str]
    context: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """How the switch remembers that a call ended. `by`: the channel that hung up, "" where none did."""

    at: Instant
    cause: int
    by: str


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that the switch listed. `tick`: the tracker's when the look began. `waiting`: uid to queue."""

    asked_at: Instant
    tick: int
    channels: tuple[LookedChannel, ...]
    waiting: dict[str, str] = field(default_factory=dict)
    recordings: dict[str, str] = field(default_factory=dict)  # uid to file
    endings: dict[str, Ending] = field(default_factory=dict)  # uid of a caller who is not listed any more
    sip_calls: dict[str, str] = field(default_factory=dict)  # uid to SIP Call-ID
    tests: frozenset[str] = frozenset()  # uids of the channels of test calls
