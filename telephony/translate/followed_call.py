"""One call as it is seen at the switch and as it was told: the difference are the facts that go out.

Guarded here: a fact goes out once, and only after the arrival of its call was told; so events may come twice or a
little out of order, and the facts still come in an order that makes sense.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dispatch_core.domain.commands import (
    CallBackOver,
    CallBackStarted,
    CallCame,
    CallOffHold,
    CallOnHold,
    CallOver,
    CallPlaced,
    CallQueuedAt,
    CallRings,
    CallRingsNoMore,
    CallTakenAt,
    Command,
    PartyJoined,
    PartyLeft,
    PositionLet,
    RecordingRuns,
)
from dispatch_core.domain.vocabulary import CallBackOutcome, Instant
from telephony.translate.heard import Heard


@dataclass(slots=True)
class Seen:
    """What the switch said. `order` fields are of SwitchClock."""

    arrival: CallCame | CallBackStarted | None = None
    dialling: CallBackStarted | None = None  # of a call-back whose arrival was known before
    outcome: CallBackOutcome | None = None
    place: CallPlaced | None = None
    place_order: int = -1
    recording: str = ""
    queue: str = ""
    queue_at: Instant = 0
    queue_order: int = -1
    overflow: bool = False
    ringing: frozenset[str] = frozenset()
    talker: str = ""
    talker_at: Instant = 0
    talker_order: int = -1
    parties: frozenset[str] = frozenset()
    held: bool | None = None
    held_at: Instant = 0
    held_order: int = -1
    over: CallOver | None = None


@dataclass(slots=True)
class Told:
    """What went out. `held` None: not known what the core believes."""

    arrival: CallCame | CallBackStarted | None = None
    dialling: CallBackStarted | None = None
    outcome: CallBackOutcome | None = None
    place: CallPlaced | None = None
    recording: str = ""
    queue: tuple[str, Instant, bool] = ("", 0, False)
    ringing: set[str] = field(default_factory=set)
    talker: tuple[str, Instant] = ("", 0)
    parties: set[str] = field(default_factory=set)
    held: bool | None = False
    over: bool = False


@dataclass(slots=True)
class FollowedCall:
    """`caller`: the channel of who called, or of who is being called back; `origin`: of a call-back, our own leg.

    `legs`: every channel of the call that lives. `dropped`: an action of ours let the caller go.
    """

    id: str
    caller: str = ""
    origin: str = ""
    outgoing: bool = False
    awaited: int = 0  # looks that may still miss the first channel of a call-back that was ordered
    legs: set[str] = field(default_factory=set)
    talking: set[str] = field(default_factory=set)  # channels of the present talker when last connected
    talked_by: set[str] = field(default_factory=set)  # channels that ever talked: their talks are told
    overflows: set[str] = field(default_factory=set)  # queues that the dialplan said to be an overflow
    said: set[int] = field(default_factory=set)  # orders of what was told as it happened
    # order of the far end's hang-up by position, "" being the caller
    asked_to_end: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)  # order of a leg's newest leaving of a bridge
    last_talker: str = ""
    header_name: str = ""  # the display name where it was told apart from the arrival
    dropped: bool = False
    parked: bool = False  # on hold by our dialplan, not by a phone
    shift: int = 0  # milliseconds: SwitchClock's when the call was first seen; its facts stay on that clock
    newest: Instant = 0  # of what was told
    ending: bool = False  # the caller has hung up, or nobody but the caller is left
    touched: int = 0
    seen: Seen = field(default_factory=Seen)
    told: Told = field(default_factory=Told)
    heard: Heard = field(default_factory=Heard)

    @property
    def talked(self) -> bool:
        """Whether any position ever talked with the caller."""
        return bool(self.last_talker)

    @property
    def waits(self) -> bool:
        """Whether the caller waits in a queue for somebody to pick up."""
        return not self.seen.talker and (not self.talked or self.seen.queue_order > self.seen.talker_order)

    @property
    def handed_over(self) -> bool:
        """Whether who talked has let the caller go, and it has been told: another phone may be ringing for them."""
        return self.talked and not self.seen.talker and not self.told.talker[0] and not self.ending

    def settle(self) -> list[Command]:
        """What must be told now; counts as told afterwards."""
        facts = self._changes()
        self.newest = max(self.newest, *(getattr(fact, "at", 0) for fact in facts)) if facts else self.newest
        return facts

    def _changes(self) -> list[Command]:
        seen, told = self.seen, self.told
        facts: list[Command] = []
        if seen.arrival is None:
            return facts
        if told.arrival != seen.arrival:
            told.arrival = seen.arrival
            facts.append(seen.arrival)
        if seen.place is not None and told.place != seen.place:
            told.place = seen.place
            facts.append(seen.place)
        if seen.recording and told.recording != seen.recording:
            told.recording = seen.recording
            facts.append(RecordingRuns(call=self.id, file=seen.recording))
        if seen.dialling is not None and told.dialling != seen.dialling:
            told.dialling = seen.dialling
            facts.append(seen.dialling)
        if seen.outcome is not None and told.outcome != seen.outcome:
            told.outcome = seen.outcome
            facts.append(CallBackOver(call=self.id, outcome=seen.outcome))
        if told.over:
            return facts
        self._queue(facts)
        self._talker(facts)
        self._ringing(facts)  # after the one who let the caller go
        self._parties(facts)
        self._hold(facts)
        facts += self.heard.facts(self.id)
        if seen.over is not None:
            told.over = True
            facts.append(seen.over)
        return facts

    def _queue(self, facts: list[Command]) -> None:
        seen, told = self.seen, self.told
        queue = (seen.queue, seen.queue_at, seen.overflow)
        if not seen.queue or queue == told.queue:
            return
        if seen.queue != told.queue[0]:
            told.ringing.clear()  # nobody rings for a caller who has just come into another queue
        told.queue = queue
        facts.append(CallQueuedAt(call=self.id, queue=seen.queue, at=seen.queue_at, overflow=seen.overflow))

    def _ringing(self, facts: list[Command]) -> None:
        told = self.told
        if not self.waits and not self.handed_over:
            return
        for position in sorted(told.ringing - self.seen.ringing):
            facts.append(CallRingsNoMore(call=self.id, position=position))
        for position in sorted(self.seen.ringing - told.ringing):
            facts.append(CallRings(call=self.id, position=position))
        told.ringing = set(self.seen.ringing)

    def _talker(self, facts: list[Command]) -> None:
        seen, told = self.seen, self.told
        if seen.talker == told.talker[0]:
            return
        if seen.talker:
            facts.append(CallTakenAt(call=self.id, position=seen.talker, at=seen.talker_at))
            told.ringing.clear()
            told.parties.discard(seen.talker)
            told.held = False
            if seen.held_at < seen.talker_at:
                seen.held = None
        elif self.ending:
            return  # told by the end itself, in the next moment
        else:
            facts.append(PositionLet(call=self.id, position=told.talker[0]))
        told.talker = (seen.talker, seen.talker_at)

    def _parties(self, facts: list[Command]) -> None:
        seen, told = self.seen, self.told
        for party in sorted(told.parties - seen.parties):
            facts.append(PartyLeft(call=self.id, party=party))
        for party in sorted(seen.parties - told.parties):
            facts.append(PartyJoined(call=self.id, party=party))
        told.parties = set(seen.parties)

    def _hold(self, facts: list[Command]) -> None:
        seen, told = self.seen, self.told
        if seen.held is None or seen.held == told.held:
            return
        told.held = seen.held
        if seen.held:
            facts.append(CallOnHold(call=self.id, at=seen.held_at))
        else:
            facts.append(CallOffHold(call=self.id, at=seen.held_at))
