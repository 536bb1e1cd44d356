"""A telephone exchange with callers: what happens on it whether or not any core looks.

It owns the truth about calls. What it tells goes to listeners as ``Told``; which bytes or facts that becomes on the way
to a core is another module's matter. Phones are lifted by people, or by an order of the core.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from scripts.simulation.chance import Chance
from scripts.simulation.history import History
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.site import NUMBERS, Positions
from telephony.dialplan_contexts import OVERFLOW_QUEUE, service_queue

OVERFLOW_S = 6.0


@dataclass
class Call:
    """One caller. ``place`` is arriving, queued, offered (a position's phone is called by order), talking or over; of a
    call that we make, dialling, talking or over. ``parties``: who is in it besides the caller and ``position``;
    ``caller_of``: the position whose phone calls back."""

    id: str
    dialled: str
    number: str
    name: str
    arrived_at: float
    place: str = "arriving"
    queue: str = ""
    ringing: list[str] = field(default_factory=list)
    position: str = ""
    held: bool = False
    parties: list[str] = field(default_factory=list)
    outgoing: bool = False
    caller_of: str = ""
    hang_up_asked: bool = False

    @property
    def over(self) -> bool:
        return self.place == "over"

    @property
    def waiting(self) -> bool:
        return self.place in ("arriving", "queued")

    @property
    def services(self) -> tuple[str, ...]:
        return () if self.outgoing else NUMBERS[self.dialled]

    @property
    def phones(self) -> set[str]:
        """Positions whose phones it has."""
        return {self.position, *self.parties} | ({self.caller_of} if self.place == "dialling" else set())


@dataclass(frozen=True)
class Told:
    """One thing that happened to a call: ``what`` names it, ``position`` where a phone has a part in it."""

    what: str
    call: Call
    position: str = ""
    overflow: bool = False
    by: str = ""


class NoSuchCall(Exception):
    """The exchange cannot do this to this call."""


class Exchange:
    """``listeners`` hear everything; ``orders`` counts what cores ordered, for the invariant that none comes twice."""

    def __init__(self, loop: SimulatedLoop, chance: Chance, history: History, positions: Positions) -> None:
        self.positions = positions
        self._loop = loop
        self._chance = chance
        self._history = history
        self.calls: dict[str, Call] = {}
        self.unpaused: set[tuple[str, str]] = set()  # (queue of a service, position)
        self.on_order: Callable[[str], None] = lambda who: None
        self.on_crash: list[Callable[[], None]] = []
        self.listeners: list[Callable[[Told], None]] = []
        self.orders: dict[tuple[str, ...], int] = {}
        self.boots = 1
        self._count = 0

    def queues(self) -> dict[str, list[str]]:
        """Queue to the positions that belong to it."""
        found: dict[str, list[str]] = {OVERFLOW_QUEUE: list(self.positions)}
        for position, (_, services) in self.positions.items():
            for service in services:
                found.setdefault(service_queue(service), []).append(position)
        return found

    @property
    def serving(self) -> set[str]:
        """Positions whose phones take calls of a service's queue."""
        return {position for _, position in self.unpaused}

    @property
    def half_serving(self) -> set[str]:
        """Those that take them of one service of theirs and not of another."""
        own = {(service_queue(service), name) for name, (_, services) in self.positions.items() for service in services}
        return {position for _, position in own - self.unpaused} & self.serving

    @property
    def live(self) -> list[Call]:
        return [call for call in self.calls.values() if not call.over]

    def _tell(self, what: str, call: Call, **more: object) -> None:
        told = Told(what, call, **more)  # type: ignore[arg-type]
        self._history.tell("exchange", f"{call.id} {what} {told.position}{told.by}".rstrip())
        for listener in self.listeners:
            listener(told)

    def _after(self, low: float, high: float, what: Callable[..., object], *args: object) -> None:
        self._loop.later(self._chance.between(low, high), what, *args)

    # --- a call -------------------------------------------------------------------------------------------------------

    def caller_rings(self) -> Call:
        self._count += 1
        call = Call(
            id=f"sim-{self.boots}.{self._count}",
            dialled=self._chance.one(list(NUMBERS)),
            number=f"09{self._chance.number(10_000_000, 99_999_999)}",
            name=self._chance.one(("", "Nguyễn Văn Ấn", "THUÊ BAO")),
            arrived_at=self._loop.time(),
        )
        self.calls[call.id] = call
        self._tell("arrived", call)
        self._after(0.01, 0.2, self._queue, call, service_queue(call.services[0]), False)
        self._after(3.0, 25.0, self._lose_patience, call)
        return call

    def _queue(self, call: Call, queue: str, overflow: bool) -> None:
        if not call.waiting:
            return
        call.place, call.queue = "queued", queue
        self._tell("queued", call, overflow=overflow)
        if not overflow:
            self._loop.later(OVERFLOW_S, self._overflow, call)
        self._after(0.05, 0.3, self._ring, call)

    def _overflow(self, call: Call) -> None:
        if call.place == "queued" and call.queue != OVERFLOW_QUEUE:
            self._stop_ringing(call)
            self._queue(call, OVERFLOW_QUEUE, True)

    def _ring(self, call: Call) -> None:
        """Every free phone of the queue; later again, because phones become free."""
        if call.place != "queued":
            return
        busy = {phone for other in self.live for phone in other.phones}
        for position in sorted(set(self.queues()[call.queue]) - busy - set(call.ringing)):
            if call.queue == OVERFLOW_QUEUE or (call.queue, position) in self.unpaused:
                call.ringing.append(position)
                self._tell("rings", call, position=position)
                if self._chance.happens(0.3) and position in self.serving:
                    self._after(1.0, 5.0, self._lifted, call, position)
        self._after(2.0, 4.0, self._ring, call)

    def _stop_ringing(self, call: Call) -> None:
        for position in call.ringing:
            self._tell("rings no more", call, position=position)
        call.ringing.clear()

    def _lifted(self, call: Call, position: str) -> None:
        if call.place == "queued" and position in call.ringing and self._free(position):
            self._answered(call, position)

    def _free(self, position: str) -> bool:
        return all(position not in other.phones for other in self.live)

    def _answered(self, call: Call, position: str) -> None:
        call.ringing = [other for other in call.ringing if other != position]
        self._stop_ringing(call)
        call.place, call.position = "talking", position
        self._tell("answered", call, position=position)
        self._after(2.0, 12.0, self.end, call, self._chance.one(("caller", "position")))
        if self._chance.happens(0.25):
            self._after(0.5, 2.0, self._hold, call, True)
            self._after(2.0, 4.0, self._hold, call, False)
        if self._chance.happens(0.15):
            self._after(0.5, 3.0, self._transfer, call)

    def _hold(self, call: Call, held: bool) -> None:
        """A phone puts its caller on hold by itself, too; not while somebody is being asked."""
        if call.place == "talking" and call.held is not held and not (held and call.parties):
            call.held = held
            self._tell("held" if held else "resumed", call, position=call.position)

    def _transfer(self, call: Call) -> None:
        free = [position for position in sorted(self.serving) if self._free(position)]
        if call.place == "talking" and free and not call.parties and not call.outgoing:
            self._hold(call, False)
            was, call.position = call.position, self._chance.one(free)
            self._tell("let go", call, position=was)
            self._tell("answered", call, position=call.position)

    def _lose_patience(self, call: Call) -> None:
        if call.waiting or call.place == "offered":
            self.end(call, "caller")

    def end(self, call: Call, by: str) -> None:
        if not call.over:
            self._stop_ringing(call)
            call.place, call.position = "over", ""
            call.parties.clear()
            self._tell("over", call, by=by)

    def quieten(self) -> None:
        """The night is over: whoever still waits or talks hangs up soon."""
        for call in self.live:
            self._after(0.5, 4.0, self.end, call, "caller")

    def crash(self) -> None:
        """``kill -9``: the calls are gone and nobody tells of it."""
        for call in self.live:
            call.place, call.position = "over", ""
        self.boots += 1
        self.unpaused.clear()
        for what in self.on_crash:
            what()
        self._history.tell("exchange", f"starts for the {self.boots}. time")

    # --- orders of a core ---------------------------------------------------------------------------------------------

    def _ordered(self, who: str, *order: str) -> None:
        self.on_order(who)
        self.orders[order] = self.orders.get(order, 0) + 1
        self._history.tell("exchange", f"ordered {' '.join(order)} by {who}")

    def answer(self, who: str, ident: str, position: str) -> None:
        """Call the position's phone for this caller; ``who`` is the core. Raises NoSuchCall."""
        self._ordered(who, "answer", ident, position)
        call = self.calls.get(ident)
        if call is None or call.place != "queued" or position not in self.positions:
            raise NoSuchCall(ident)
        self._stop_ringing(call)
        call.place = "offered"
        self._tell("offered", call, position=position)
        picks_up = self._chance.happens(0.9) and self._free(position)
        self._after(0.1, 1.5, self._picked_up if picks_up else self._not_taken, call, position)

    def _picked_up(self, call: Call, position: str) -> None:
        if call.place == "offered":
            if self._free(position):
                self._answered(call, position)
            else:
                self._not_taken(call, position)

    def _not_taken(self, call: Call, position: str) -> None:
        if call.place == "offered":
            self._tell("not taken", call, position=position)
            call.place = "queued"
            self._queue(call, call.queue, False)

    def hang_up(self, who: str, ident: str) -> None:
        self._ordered(who, "hang up", ident)
        call = self.calls.get(ident)
        if call is None or call.over:
            raise NoSuchCall(ident)
        self._after(0.01, 0.1, self.end, call, "us")

    def serve(self, position: str, on: bool) -> None:
        for service in self.positions[position][1]:
            self.pause(service_queue(service), position, not on)

    def pause(self, queue: str, position: str, paused: bool) -> None:
        """Raises NoSuchCall where the queue has no such member."""
        if position not in self.queues().get(queue, []):
            raise NoSuchCall(f"{position} in {queue}")
        self._history.tell("exchange", f"{position} {'pauses' if paused else 'serves'} {queue}")
        (self.unpaused.discard if paused else self.unpaused.add)((queue, position))
