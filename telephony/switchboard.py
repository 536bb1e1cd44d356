"""One Asterisk as the core sees it: its facts go out through a sink, its actions come in by name.

The order in which things are told after a connection came up: first that the node is there and since when it runs,
then what its events tell, with a look at everything that lives; so nobody ends the calls of a node that has just
started anew together with those of before. While the connection is down nothing is guessed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

from dispatch_core.domain.commands import Command, EventsFlow, EventsStopped, NodeDown, NodeUp
from dispatch_core.domain.effects import SwitchOrder
from dispatch_core.domain.vocabulary import SIMULATED
from dispatch_core.ports import ActionFailed, Clock, FactSink, Ids, Probed
from dispatch_core.settings import CLOCKS_APART_MS, DEAF_AFTER_LOOKS, LOOK_EVERY_S
from telephony.actions import Actions
from telephony.caller_location.sip_invite import Told
from telephony.came_and_went import came_and_went
from telephony.carrier_answers import CarrierAnswers, carrier_answers, register_anew
from telephony.last_values import LastValues, Value
from telephony.link import AmiEvent, AmiLink, Forgery, LinkState, Parked
from telephony.orders import carry_out
from telephony.probing import Probing
from telephony.reconcile import Found, QueueLooked, booted, clock_of, look
from telephony.site_names import naming_of, peers_of
from telephony.translate import WANTED, Naming, Translator
from telephony.translate.looked import merge
from telephony.trunk.site import Site
from telephony.trunk_side import TrunkSide

log = logging.getLogger(__name__)

ShowLive = Callable[[str, str, dict[str, Any]], None]
"""Takes a last value: kind, key, value. See `telephony.last_values` for the shapes."""


class AsteriskSwitchboard:
    """Implements `ports.Switchboard`. All of it runs on the loop."""

    def __init__(
        self,
        *,
        node: str,
        host: str,
        port: int,
        user: str,
        secret: str,
        naming: Naming,
        facts: FactSink,
        live: ShowLive,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._node = node
        self._facts, self._live = facts, live
        self._clock = clock
        self._translator = Translator(node, naming)
        self._values = LastValues(naming, node)
        self._booted = ""
        self._waiting: list[AmiEvent] | None = []
        self._queues: dict[str, QueueLooked] = {}
        self._serving: dict[str, tuple[bool, bool, str]] = {}
        self._silent_repairs = 0
        self._newest_call = -1  # of which it was asked what became of it
        self._flows = False  # an event of the present connection told of something
        self._looking: asyncio.Task[None] | None = None
        self._look_now = asyncio.Event()
        self._link = AmiLink(
            host=host,
            port=port,
            user=user,
            secret=secret,
            wanted=WANTED,
            ids=ids,
            on_event=self._event,
            on_state=self._state,
            on_forgery=self._forged,
            on_parked=self._parked,
        )
        self._actions = Actions(self._link.action, lambda: self._translator.tracker, lambda: self._queues)
        self._probing = Probing(self._link.action)
        self.trunks = TrunkSide(
            node, facts, live, clock, self._link.action, lambda: self._translator.tracker.wiring.channels.values(),
            lambda: self._translator.tracker.ahead,
        )  # fmt: skip
        self.peers: frozenset[str] = frozenset()

    @classmethod
    def for_site(
        cls,
        site: Site,
        *,
        node: str,
        host: str,
        port: int,
        user: str,
        secret: str,
        facts: FactSink,
        live: ShowLive,
        clock: Clock,
        ids: Ids,
    ) -> AsteriskSwitchboard:
        """The switchboard of one node of the site."""
        board = cls(
            node=node,
            host=host,
            port=port,
            user=user,
            secret=secret,
            naming=naming_of(site),
            facts=facts,
            live=live,
            clock=clock,
            ids=ids,
        )
        board.peers = peers_of(site)
        board.trunks.use(site)
        return board

    def use(self, site: Site) -> None:
        """Another description of the site is in force."""
        self._translator.tracker.rename(naming_of(site))
        self.peers = peers_of(site)
        for carrier in self.trunks.use(site):
            self._values.forget(carrier)
        self.trunks.show(self._values.rename(naming_of(site)))

    # --- the port -----------------------------------------------------------------------------------------------------

    @property
    def up(self) -> bool:
        """Whether it can be asked now."""
        return self._link.up

    async def start(self) -> None:
        await self._link.start()

    async def stop(self) -> None:
        await self._link.stop()
        self.trunks.stop()
        self._stop_looking()

    async def carry_out(self, order: SwitchOrder) -> None:
        await carry_out(self._actions, order)

    async def serve(self, position: str, on: bool, elsewhere: bool = False, why: str = "") -> None:
        """Takes effect at once, and again by the next look where the switch has forgotten it."""
        self._serving[position] = (on, elsewhere, why)
        await self._actions.serve(position, on, elsewhere, why)
        if elsewhere:
            await self._actions.stop_ringing(position)

    async def probe(self, number: str, token: str) -> Probed:
        return await self._probing.call(number, token)

    async def drain(self, seconds: int, *, everybody: bool = False) -> None:
        ahead = self._translator.tracker.ahead
        await self._actions.drain((self._clock.now() - ahead) // 1000 + seconds if seconds else 0, everybody)

    async def busy(self) -> int:
        return await self._actions.busy()

    def reachable(self) -> frozenset[str]:
        return self._values.reached()

    async def reload(self) -> None:
        await self._actions.reload()

    async def knows_endpoint(self, name: str) -> bool:
        return await self._actions.knows_endpoint(name)

    async def carrier_answers(self, name: str) -> CarrierAnswers:
        return await carrier_answers(self._actions.ask, name)

    async def register_anew(self, name: str) -> None:
        await register_anew(self._actions.ask, name)

    def heard_place(self, told: Told) -> None:
        """An INVITE said where its caller is."""
        self._tell(self._translator.tracker.places.told(told))

    # --- what is heard ------------------------------------------------------------------------------------------------

    def _tell(self, facts: Iterable[Command]) -> None:
        for fact in facts:
            self._facts(fact)

    def _show(self, values: Iterable[Value]) -> None:
        self.trunks.show(values)

    def _event(self, event: AmiEvent) -> None:
        if self._waiting is not None:
            self._waiting.append(event)
            return
        if self.trunks.event(event) or event.name == "FullyBooted":
            self._look_now.set()  # what was asked before may have been only half there
        if self._probing.heard(event):
            return
        before = self._translator.tracker.tick
        self._tell(self._translator.event(event))
        self._show(self._values.event(event))
        if not self._flows and self._translator.tracker.tick != before:
            self._flows = True
            self._facts(EventsFlow(node=self._node))

    def _forged(self, forgery: Forgery) -> None:
        self._tell(self._translator.forged(forgery, self._clock.monotonic()))

    def _parked(self, parked: Parked) -> None:
        self._tell(self._translator.parked(parked, self._clock.monotonic()))

    def _state(self, state: LinkState) -> None:
        self._stop_looking()
        if state.up:
            self._looking = asyncio.get_running_loop().create_task(self._look_on(), name=f"look at {self._node}")
        else:
            self._waiting = []
            self._facts(NodeDown(node=self._node, why=state.why))
            self.trunks.away()
            self._show([("node", self._node, {"up": False, "why": state.why}), *self._values.away()])

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    # --- looking ------------------------------------------------------------------------------------------------------

    async def _look_on(self) -> None:
        """From coming up until the connection ends."""
        self._silent_repairs = 0
        heard = -1
        try:
            since = await booted(self._link.action)
            await self._reckon()
            self._enter(self._said(since))
            asked = False
            while True:
                heard = await self._look_once(heard)
                asked = asked or await self._came_and_went()
                await self._pause()
        except Exception as problem:  # noqa: BLE001  (without looks the board would drift in silence: begin anew)
            log.critical("cannot look at %s: %r", self._node, problem, exc_info=problem)
            self._link.drop("look")

    def _said(self, since: str) -> str:
        """The node's start as it is told on: a simulated one is marked."""
        return SIMULATED + since if self._link.system_name.startswith(SIMULATED) else since

    async def _look_once(self, heard: int) -> int:
        """Look, tell, mend. `heard` and the answer: the tracker's tick after the look before and after this one."""
        try:
            found = await look(self._link.action, self._translator.tracker, self._clock.now)
            self._found(found, quiet=heard == found.look.tick)
            heard = self._translator.tracker.tick
            await self._reckon()
            await self._mend_serving()
            await self.trunks.look()
        except ActionFailed as problem:
            log.warning("the look at %s failed: %s", self._node, problem.en)
        return heard

    async def _came_and_went(self) -> bool:
        """Tell of the calls that began and ended without us. Whether the switch has answered."""
        try:
            self._newest_call, facts = await came_and_went(
                self._link.action, self._translator.tracker, self._newest_call, self._clock.now()
            )
        except ActionFailed as problem:
            log.warning("the newest endings at %s are not known: %s", self._node, problem.en)
            return False
        self._tell(facts)
        return True

    async def _reckon(self) -> None:
        """How far the node's clock is from ours: callers at several nodes stand in one line."""
        before = self._clock.now()
        theirs = await clock_of(self._link.action)
        if theirs is None:
            return
        ahead = (before + self._clock.now()) // 2 - theirs
        if abs(ahead - self._translator.tracker.ahead) > CLOCKS_APART_MS:
            log.warning("the clock of %s differs from ours by %d ms", self._node, ahead)
            self._translator.tracker.ahead = self._values.ahead = ahead if abs(ahead) > CLOCKS_APART_MS else 0

    async def _pause(self) -> None:
        """Until the next look is due, or is wanted now."""
        due = asyncio.get_running_loop().call_later(LOOK_EVERY_S, self._look_now.set)
        try:
            await self._look_now.wait()
        finally:
            due.cancel()
            self._look_now.clear()

    def _enter(self, since: str) -> None:
        """The node is there; what it told since the connection came up follows."""
        if self._booted and self._booted != since:
            self._translator.start_anew()
            self.trunks.start_anew()
            self._newest_call = -1
        self._booted = since
        self._flows = False
        self.trunks.begin()
        self._facts(NodeUp(node=self._node, booted=since))
        self._show([("node", self._node, {"up": True, "why": ""})])
        waiting, self._waiting = self._waiting or [], None
        for event in waiting:
            self._link.hear(event)
        self._look_now.clear()  # the look that follows is that one

    def _found(self, found: Found, *, quiet: bool) -> None:
        """`quiet`: no event came since the last look."""
        merged = merge(self._translator.tracker, found.look)
        self._tell(merged.facts)
        self._queues = found.queues
        now = found.look.asked_at
        for name, queue in found.queues.items():
            self._show(self._values.queue(name, queue.waiting, queue.members))
        for name, state in found.endpoints.items():
            self._show(self._values.endpoint(name, state, now))
        self.trunks.looked()
        self._silent_repairs = self._silent_repairs + 1 if quiet and merged.repairs else 0
        if self._silent_repairs >= DEAF_AFTER_LOOKS:
            log.error("%s changes, but tells of nothing: connecting anew", self._node)
            self._facts(EventsStopped(node=self._node))
            self._link.drop("deaf")

    async def _mend_serving(self) -> None:
        """A node that started anew has forgotten which phones are paused."""
        for position in list(self._serving):  # others may be told meanwhile
            await self._actions.serve(position, *self._serving[position])
