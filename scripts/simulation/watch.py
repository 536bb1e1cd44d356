"""The invariants, watched while a run goes on and once more when it has come to rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from dispatch_core.domain import events as e
from dispatch_core.domain.canonical import checksum, decode_state
from dispatch_core.domain.offering import NOT_TAKEN, pending
from dispatch_core.domain.state import State
from dispatch_core.domain.views import View, shown_event, shown_state
from dispatch_core.domain.vocabulary import DutyState, LegState, OfferTo, UnitStatus
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import Beat, Reply, Snapshot, decode, encode
from scripts.simulation.chance import Chance
from scripts.simulation.console import SimulatedConsole
from scripts.simulation.exchange import Exchange
from scripts.simulation.history import History
from scripts.simulation.invariants import (
    ANSWERED,
    CALLS_TRUE,
    COMMITTED_FIRST,
    CONVERGED,
    KEPT,
    NEXT_OR_ALARM,
    ONCE,
    ONE_ASSIGNMENT,
    ONE_EPOCH,
    ONE_OFFER,
    PHONES_SERVE,
    SEEN,
)
from scripts.simulation.redis_streams import parse
from scripts.simulation.store import Store

NOT_NOW = ("read_only", "overloaded")

LOOKED_AT = 0.25
"""Part of the consoles' reads after which the whole state is compared; all of them would take too long."""


class Watch:
    """Sees every write to Redis at its moment; ``console_read`` and ``at_rest`` are called by the run."""

    def __init__(self, store: Store, exchange: Exchange, history: History, chance: Chance) -> None:
        self._store = store
        self._exchange = exchange
        self._history = history
        self._chance = chance
        self._newest_epoch = 0
        self._streams = {names.stream(view): view for view in View}
        self._beats = {names.beat(view): view for view in View}
        self._snapshots = {names.snapshot(view): view for view in View}

    # --- at every write to Redis --------------------------------------------------------------------------------------

    def written(self, command: str, key: str, value: Any) -> None:
        if key in self._streams:
            self._entry(self._streams[key], *value)
        elif key in self._beats:
            self._beat(self._beats[key], decode(value[1][names.BODY_FIELD], Beat))
        elif key in self._snapshots:
            self._snapshot(self._snapshots[key], decode(value, Snapshot))
        elif key.startswith("rep:"):
            self._reply(decode(value[1][names.BODY_FIELD], Reply))

    def _entry(self, view: View, ident: bytes, fields: dict[bytes, bytes]) -> None:
        epoch, seq = parse(ident)
        if seq > self._store.seq:
            self._history.breaks(COMMITTED_FIRST, f"event {seq} in the stream, {self._store.seq} in the journal")
            return
        payload = fields[names.EVENT_FIELD]
        shown = shown_event(view, self._store.event(seq))
        if payload and payload != (encode(shown) if shown is not None else b""):
            self._history.breaks(COMMITTED_FIRST, f"event {seq} of {view.value} is not the journal's")
        if epoch < self._store.epochs[seq - 1]:
            self._history.breaks(ONE_EPOCH, f"epoch {epoch} published event {seq} of a later one")

    def _check_epoch(self, what: str, epoch: int, seq: int) -> None:
        if seq > self._store.seq:
            self._history.breaks(COMMITTED_FIRST, f"{what} of {seq}, {self._store.seq} in the journal")
        if epoch < self._newest_epoch:
            self._history.breaks(ONE_EPOCH, f"{what} of epoch {epoch} after {self._newest_epoch}")
        self._newest_epoch = max(self._newest_epoch, epoch)

    def _beat(self, view: View, beat: Beat) -> None:
        self._check_epoch("a pulse", beat.epoch, beat.seq)
        if beat.checksum and beat.checksum != checksum(shown_state(view, self._store.states[beat.seq])):
            self._history.breaks(CONVERGED, f"the pulse's checksum of {beat.seq} is not the journal's")

    def _snapshot(self, view: View, shot: Snapshot) -> None:
        self._check_epoch("a snapshot", shot.epoch, shot.seq)
        if decode_state(shot.state) != shown_state(view, self._store.states[shot.seq]):
            self._history.breaks(CONVERGED, f"the snapshot of {shot.seq} is not the journal's")

    def _reply(self, reply: Reply) -> None:
        known = self._store.outcomes.get(reply.id)
        if reply.refusal is None and known is None:
            self._history.breaks(COMMITTED_FIRST, f"reply {reply.id[-6:]} accepted at {reply.seq}")
        elif known is not None and (known.seq, known.refusal) != (reply.seq, reply.refusal):
            if reply.refusal is not None and reply.refusal.code in NOT_NOW and self._store.epoch > 1:
                return  # said by a core that is gone, and on its way since
            self._history.breaks(KEPT, f"reply {reply.id[-6:]} is not the outcome of its command")

    # --- at every commit and read -------------------------------------------------------------------------------------

    def committed(self, state: State) -> None:
        on_legs = Counter(
            (unit, incident.id, service)
            for incident in state.incidents.values()
            for service, leg in incident.legs.items()
            for unit in leg.units
        )
        held = Counter(
            (unit.call_sign, unit.assignment.incident, unit.assignment.service)
            for unit in state.units.values()
            if unit.assignment is not None
        )
        if on_legs != held:
            self._history.breaks(ONE_ASSIGNMENT, f"at {state.seq}: {sorted((on_legs - held) + (held - on_legs))}")

        self._offers(state)

    def _offers(self, state: State) -> None:
        for incident in state.incidents.values():
            for service, leg in incident.legs.items():
                asked = sorted(it.unit for it in pending(leg) if it.to is OfferTo.CREW)
                held = sorted(
                    unit.call_sign for unit in state.units.values()
                    if unit.status is UnitStatus.OFFERED and unit.assignment is not None
                    and (unit.assignment.incident, unit.assignment.service) == (incident.id, service)
                )  # fmt: skip
                if asked != held:
                    self._history.breaks(ONE_OFFER, f"at {state.seq} {incident.id} {service}: {asked}, held {held}")

    def _ended_once(self) -> None:
        """In the journal: no offer ends twice; a no is followed by an offer of the same leg, or by the alarm."""
        ended: Counter[str] = Counter()
        for seq in range(1, self._store.seq + 1):
            event = self._store.event(seq).event
            if not isinstance(event, e.OfferEnded):
                continue
            ended[event.offer] += 1
            if event.outcome in NOT_TAKEN:
                after = self._store.states[self._batch_end(seq)]
                leg = after.incidents[event.incident].legs[event.service] if event.incident in after.incidents else None
                if leg is not None and leg.state is LegState.OPEN and not (pending(leg) or leg.spent_at or leg.units):
                    self._history.breaks(NEXT_OR_ALARM, f"{event.offer} {event.outcome.value} at {seq}")
        for offer, times in ended.items():
            if times > 1:
                self._history.breaks(ONE_OFFER, f"{offer} ended {times} times")

    def _batch_end(self, seq: int) -> int:
        """The last event of the command that wrote ``seq``."""
        command, last = self._store.event(seq).command, seq
        while last < self._store.seq and self._store.event(last + 1).command == command:
            last += 1
        return last

    def seen(self, call: str, consoles: Mapping[str, SimulatedConsole]) -> None:
        """Asked two seconds after the call came."""
        for console in consoles.values():
            if console.reading is None or call not in console.reading.replica.state.calls:
                self._history.breaks(SEEN, f"{call} is not on {console.name}")

    def console_read(self, console: SimulatedConsole) -> None:
        reading = console.reading
        if reading is None or console.stale() or not self._chance.happens(LOOKED_AT):
            return
        self._compare(console, reading.replica.state)

    def _compare(self, console: SimulatedConsole, state: State) -> None:
        view = View.TELEPHONY if console.user == "tuan" else View.OPERATIONS
        if state.seq > self._store.seq or state != shown_state(view, self._store.states[state.seq]):
            self._history.breaks(CONVERGED, f"{console.name} shows another state of {state.seq}")

    # --- at rest ------------------------------------------------------------------------------------------------------

    def at_rest(self, consoles: Iterable[SimulatedConsole]) -> None:
        for console in consoles:
            self._console_at_rest(console)
        self._actions()
        self._calls()
        self._ended_once()

    def _console_at_rest(self, console: SimulatedConsole) -> None:
        reading, outbox = console.reading, console.outbox
        if reading is None or outbox is None:
            self._history.breaks(CONVERGED, f"{console.name} never came in")
            return
        if console.stale() or reading.replica.seq != self._store.seq:
            replica = reading.replica
            why = f"{replica.needs_snapshot or 'old'} at {replica.seq} of {self._store.seq}"
            self._history.breaks(CONVERGED, f"{console.name} is still stale: {why}")
        self._compare(console, reading.replica.state)
        if outbox.pending:
            orders = [f"{type(one.body).__name__} {ident[-6:]}" for ident, one in outbox.pending.items()]
            self._history.breaks(ANSWERED, f"{console.name} waits for {', '.join(orders)}")
        for reply in console.replies:
            if reply.refusal is None and reply.id not in self._store.outcomes:
                self._history.breaks(KEPT, f"{console.name} was told {reply.id[-6:]} is done, and it is not")

    def _actions(self) -> None:
        """What the exchange was ordered, against what the journal says was asked."""
        asked: Counter[tuple[str, ...]] = Counter()
        for seq in range(1, self._store.seq + 1):
            match self._store.event(seq).event:
                case e.AnswerAsked(call=call, position=position):
                    asked["answer", call, position] += 1
                case e.HangUpAsked(call=call):
                    asked["hang up", call] += 1
                case e.SteerAsked(call=call, act=act, position=position):
                    asked["steer", act.value, call, position] += 1
                case e.CallBackAsked(call=call):
                    asked["call back", call] += 1
        for order, times in self._exchange.orders.items():
            if times > asked[order]:
                self._history.breaks(ONCE, f"{' '.join(order)}: ordered {times} times, asked {asked[order]} times")

    def _calls(self) -> None:
        state = self._store.state
        live = {call.id for call in state.calls.values() if call.state.live}
        really = {call.id for call in self._exchange.live}
        if live != really:
            self._history.breaks(CALLS_TRUE, f"{sorted(live ^ really)}")
        seats = {seat.id for seat in state.positions.values() if seat.user and seat.duty.state is DutyState.READY}
        if seats != self._exchange.serving:
            self._history.breaks(PHONES_SERVE, f"{sorted(seats ^ self._exchange.serving)}")
        if self._exchange.half_serving:
            self._history.breaks(PHONES_SERVE, f"in part: {sorted(self._exchange.half_serving)}")
