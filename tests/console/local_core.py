"""A ``Night`` that serves consoles over a real Redis: publishes, beats, answers orders. For the console's own tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import redis

from dispatch_core.domain.commands import (
    Actor,
    ActorKind,
    AddPosition,
    AnswerCall,
    AssignUnits,
    CallOver,
    CallTakenAt,
    HangUp,
    Locate,
    OpenLeg,
    PositionInstalled,
    SetType,
)
from dispatch_core.domain.refusals import refuse
from dispatch_core.domain.views import View
from dispatch_core.domain.vocabulary import EndedBy
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import LiveValue, Order, Reply, decode, encode
from tests.console.scenario import CORE, SWITCH, Night

ROUTED = (Locate, OpenLeg, SetType, AssignUnits)


class LocalCore:
    """Owns ``night`` while it runs; other threads change it inside ``with core.lock``."""

    def __init__(self, night: Night, client: redis.Redis) -> None:
        self.night = night
        self.client = client
        self.lock = threading.RLock()
        self.published = 0
        self.orders: list[Order] = []
        self.mute = False  # takes orders without replying
        self._outcomes: dict[str, Reply] = {}
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._users: dict[str, str] = {}

    # --- towards the consoles -----------------------------------------------------------------------------------------

    def snapshot(self) -> None:
        with self.lock:
            self.client.set(names.GENERATION_KEY, self.night.generation)
            for view in View:
                self.client.set(names.snapshot(view), self.night.snapshot(view))

    def publish(self, skip: Callable[[int], bool] = lambda seq: False) -> None:
        """Append what is new to both streams; entries that ``skip`` names are lost on the way."""
        with self.lock:
            for view in View:
                for seq, payload in self.night.entries(self.published, view):
                    if not skip(seq):
                        ident = names.entry_id(self.night.epoch, seq)
                        self.client.xadd(names.stream(view), {names.EVENT_FIELD: payload}, id=ident)
            self.published = self.night.state.seq

    def beat(self, *, with_checksum: bool = True, read_only: bool = False) -> None:
        with self.lock:
            for view in View:
                body = self.night.beat(view, with_checksum=with_checksum, read_only=read_only)
                self.client.xadd(names.beat(view), {names.BODY_FIELD: body}, maxlen=20)

    def live(self, value: LiveValue) -> None:
        body = encode(value)
        stream, last = names.live(value.kind)
        self.client.hset(last, f"{value.kind}:{value.key}", body)
        self.client.xadd(stream, {names.BODY_FIELD: body}, maxlen=1000)

    def begin(self) -> LocalCore:
        """Everything that has happened so far is only in the snapshot, as after a start of the core."""
        with self.lock:
            self.published = self.night.state.seq
        self.snapshot()
        self.beat()
        return self

    # --- running ------------------------------------------------------------------------------------------------------

    def run(self, *users: str) -> LocalCore:
        for user in users:
            self._users[user] = "0-0"
        for work in (self._beats, self._take_orders):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(5)

    def happen(self, act: Callable[[Night], object]) -> None:
        """Change the night and publish."""
        with self.lock:
            act(self.night)
            self.publish()

    def _beats(self) -> None:
        while not self._stop.wait(0.2):
            with self.lock:
                self.night.now += 200
                self.beat()

    def _take_orders(self) -> None:
        while not self._stop.is_set():
            streams = {names.commands(user): at for user, at in self._users.items()}
            for key, entries in self.client.xread(streams, count=50, block=50) or []:
                user = key.decode().partition(":")[2]
                for ident, fields in entries:
                    self._users[user] = ident.decode()
                    self._take(user, decode(fields[names.BODY_FIELD], Order))

    def _take(self, user: str, order: Order) -> None:
        with self.lock:
            self.orders.append(order)
            if self.mute:
                return
            reply = self._outcomes.get(order.id)
            if reply is None and order.settle:
                reply = self._outcomes[order.id] = Reply(id=order.id, refusal=refuse("never_came"))
            if reply is None:
                refusal = self.night.ask(Actor(ActorKind.PERSON, user), order.body, order.id)
                seq = self.night.state.seq if refusal is None else 0
                reply = self._outcomes[order.id] = Reply(id=order.id, seq=seq, refusal=refusal)
                if refusal is None:
                    self._consequences(order)
            self.publish()
            self.client.xadd(names.replies(user), {names.BODY_FIELD: encode(reply)}, maxlen=1000)

    def _consequences(self, order: Order) -> None:
        """What the switch and the geography would report a moment later."""
        night, body = self.night, order.body
        if isinstance(body, AnswerCall):
            intent = night.state.calls[body.call].intent
            if intent is not None:
                night.must(SWITCH, CallTakenAt(call=body.call, position=intent.position, at=night.now))
        elif isinstance(body, HangUp):
            night.must(SWITCH, CallOver(call=body.call, at=night.now, by=EndedBy.US))
        elif isinstance(body, AddPosition):
            night.must(CORE, PositionInstalled(position=body.position))
        elif isinstance(body, ROUTED):
            incident = night.state.incidents[body.incident]
            if incident.location is not None and incident.location.lat is not None:
                night.route(body.incident)


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not happen in time")
        time.sleep(0.01)
