"""The switch as facts, without the wire in between: what the exchange tells reaches one core late, twice or not at all.

The wire itself is simulated elsewhere; here the rules and the sequencer meet facts in conditions that are ruder than a
TCP stream would allow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from dispatch_core.domain import commands as c
from dispatch_core.domain import effects as x
from dispatch_core.domain.commands import Command
from dispatch_core.domain.effects import AnswerAt, EndCall, MarkNumbers, PromptCaller, SwitchOrder
from dispatch_core.domain.vocabulary import EndedBy, Instant, SteerAct
from dispatch_core.ports import ActionFailed, Clock
from scripts.simulation.chance import Chance
from scripts.simulation.clock import BEGINS_AT
from scripts.simulation.exchange import Call, NoSuchCall, Told
from scripts.simulation.loop import PROCESS, SimulatedLoop
from scripts.simulation.network import CrashPoints, Way
from scripts.simulation.site import NODE
from scripts.simulation.steered import SteeredExchange

WAY_S = 0.001
LOOK_EVERY_S = 5.0
NOTICED_S = 4.0
ENDED_BY = {
    "caller": EndedBy.CALLER, "position": EndedBy.POSITION, "us": EndedBy.US, "unreached": EndedBy.UNREACHED
}  # fmt: skip


PLAIN: dict[type[SwitchOrder], Callable[[SteeredExchange, str, str, str], None]] = {
    x.HoldCaller: SteeredExchange.hold,
    x.ResumeCaller: SteeredExchange.resume,
    x.CompleteConsultation: SteeredExchange.complete,
    x.EndConsultation: SteeredExchange.back,
    x.JoinConsultation: SteeredExchange.join,
}


class LinkTroubles:
    """How the way between core and switch fares. ``rude`` is how likely a fact comes twice, or late."""

    def __init__(self) -> None:
        self.cuts = 0
        self.cut = False
        self.rude = 0.0

    def cut_now(self) -> None:
        self.cut, self.cuts = True, self.cuts + 1


class FactBoard:
    """``ports.Switchboard`` for one core process."""

    def __init__(
        self,
        exchange: SteeredExchange,
        troubles: LinkTroubles,
        loop: SimulatedLoop,
        chance: Chance,
        points: CrashPoints,
        clock: Clock,
        facts: Callable[[Command], None],
    ) -> None:
        self._exchange = exchange
        self._troubles = troubles
        self._loop = loop
        self._chance = chance
        self._way = Way(loop, chance, WAY_S, points)
        self._clock = clock
        self._facts = facts
        self._process = PROCESS.get()
        self._up = False
        self._boots = self._cuts = 0
        self._newest_at = 0.0
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._process = PROCESS.get()
        self._exchange.listeners.append(self._heard)
        self._task = asyncio.ensure_future(self._supervise())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    # --- the connection -----------------------------------------------------------------------------------------------

    async def _supervise(self) -> None:
        """Connect, look every 5 s, notice within ``NOTICED_S`` that the way is cut."""
        while True:
            if not self._troubles.cut:
                self._boots, self._cuts, self._up = self._exchange.boots, self._troubles.cuts, True
                self._facts(c.NodeUp(node=NODE, booted=str(self._boots)))
                await self._look_until_lost()
                self._up = False
                self._facts(c.NodeDown(node=NODE, why="lost"))
            await asyncio.sleep(self._chance.between(0.2, 1.0))

    async def _look_until_lost(self) -> None:
        while True:
            asked_at = self._clock.now()
            calls = await self._way.ask(self._list)
            if self._lost():
                return
            self._facts(c.SwitchLooked(node=NODE, asked_at=asked_at, calls=calls))
            for _ in range(5):
                await asyncio.sleep(LOOK_EVERY_S / 5)
                if self._lost():
                    await asyncio.sleep(self._chance.between(0.0, NOTICED_S))
                    return

    def _lost(self) -> bool:
        return self._troubles.cuts != self._cuts or self._boots != self._exchange.boots

    def _list(self) -> tuple[c.LiveCall, ...]:
        return tuple(
            c.LiveCall(
                call=call.id,
                dialled=call.dialled,
                services=call.services,
                number=call.number,
                name=call.name,
                queue=call.queue if call.place == "queued" else "",
                position=call.position,
                arrived_at=instant(call.arrived_at),
                outgoing=call.outgoing,
                parties=tuple(call.parties),
                held=call.held,
            )
            for call in self._exchange.live
        )

    # --- facts --------------------------------------------------------------------------------------------------------

    def _heard(self, told: Told) -> None:
        """In the exchange's own time: the fact begins its way here."""
        if not self._up or self._lost():
            return
        body = fact(told, instant(self._loop.time()))
        if body is None:
            return
        when = self._loop.time() + self._chance.delay(WAY_S)
        if self._chance.happens(self._troubles.rude):
            when += self._chance.between(0.0, 0.3)
        else:  # a stream keeps its order
            when = self._newest_at = max(when, self._newest_at)
        self._loop.at(when, self._deliver, body)
        if self._chance.happens(self._troubles.rude):
            self._loop.at(when + self._chance.between(0.0, 0.5), self._deliver, body)

    def _deliver(self, body: Command) -> None:
        if self._up and self._process is not None:
            self._process.call(self._facts, body)

    @property
    def _who(self) -> str:
        return self._process.name if self._process is not None else ""

    # --- orders -------------------------------------------------------------------------------------------------------

    async def carry_out(self, order: SwitchOrder) -> None:
        exchange, who = self._exchange, self._who
        match order:
            case AnswerAt(call=call, position=position):
                await self._order("answer", lambda: exchange.answer(who, call, position))
            case EndCall(call=call):
                await self._order("hang_up", lambda: exchange.hang_up(who, call))
            case x.RingBack(call=call, position=position, number=number):
                await self._order("call back", lambda: exchange.call_back(who, call, position, number))
            case x.HandOver(call=call, position=position, kind=kind, to=to):
                await self._order("transfer", lambda: exchange.hand_over(who, call, position, kind, to))
            case x.Consult(call=call, position=position, kind=kind, to=to):
                await self._order("consult", lambda: exchange.consult(who, call, position, kind, to))
            case x.SteerOrder(call=call, position=position) if type(order) in PLAIN:
                await self._order("steer", lambda: PLAIN[type(order)](exchange, who, call, position))
            case MarkNumbers() | PromptCaller():
                await self._order("order", lambda: None)
            case _:
                raise ActionFailed(type(order).__name__, "this exchange cannot do that")

    async def serve(self, position: str, on: bool, elsewhere: bool, why: str = "") -> None:
        await self._order("serve", lambda: self._exchange.serve(position, on))

    async def _order(self, action: str, what: Callable[[], None]) -> None:
        if not self._up or self._lost():
            raise ActionFailed(action, "not connected")
        lost = ActionFailed(action, "the connection broke", unknown=True) if self._chance.happens(0.02) else None
        try:
            await self._way.ask(what, lost=lost)
        except NoSuchCall as problem:
            raise ActionFailed(action, str(problem)) from None


def instant(time: float) -> Instant:
    """The exchange's own clock, which is right."""
    return BEGINS_AT + int(time * 1000)


def fact(told: Told, at: Instant) -> Command | None:
    """What the core is told of it; None where that is nothing."""
    call: Call = told.call
    match told.what:
        case "arrived":
            return c.CallCame(
                call=call.id, node=NODE, at=at, dialled=call.dialled, services=call.services, number=call.number,
                name=call.name, carrier="vnpt",
            )  # fmt: skip
        case "queued":
            return c.CallQueuedAt(call=call.id, queue=call.queue, at=at, overflow=told.overflow)
        case "rings":
            return c.CallRings(call=call.id, position=told.position)
        case "rings no more":
            return c.CallRingsNoMore(call=call.id, position=told.position)
        case "answered":
            return c.CallTakenAt(call=call.id, position=told.position, at=at)
        case "held":
            return c.CallOnHold(call=call.id, at=at)
        case "resumed":
            return c.CallOffHold(call=call.id, at=at)
        case "let go":
            return c.PositionLet(call=call.id, position=told.position)
        case "joined":
            return c.PartyJoined(call=call.id, party=told.position)
        case "parted":
            return c.PartyLeft(call=call.id, party=told.position)
        case "not reached":
            return c.TargetNotReached(call=call.id, act=SteerAct.CONSULT, why="NOANSWER")
        case "dialling":
            return c.CallBackStarted(call=call.id, node=NODE, at=at, number=call.number, position=told.position)
        case "offered":
            return None
        case "not taken":
            return c.AnswerNotTaken(call=call.id, position=told.position)
        case "over":
            return c.CallOver(call=call.id, at=at, by=ENDED_BY[told.by])
        case other:
            raise ValueError(other)
