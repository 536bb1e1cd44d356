"""A simulated switch, put together: a shift from a seed or a recording, its AMI port, and an end by itself.

It refuses to look real: the node's name always begins with `sim-`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch_core.domain.vocabulary import SIMULATED
from dispatch_core.ports import Clock, Ids
from telephony.dialplan_contexts import position_interface
from telephony.simulator.alive import Switch
from telephony.simulator.answers import Answers, Orders
from telephony.simulator.centre import Centre
from telephony.simulator.chance import Chance
from telephony.simulator.server import Server, go_by
from telephony.simulator.shift import PlannedCall
from telephony.simulator.streams import Mover, Recording
from telephony.simulator.telling import Headers, Teller
from telephony.simulator.timeline import SECOND, Timeline
from telephony.trunk.site import Site

RECORDINGS = "/nonexistent/simulated"
AFTERWARDS_S = 3600
"""Simulated seconds after a shift's last arrival until which its calls may last."""


def simulated(node: str) -> str:
    """The name of a node that stands for this one."""
    return node if node.startswith(SIMULATED) else SIMULATED + node


@dataclass(frozen=True, slots=True)
class Settings:
    """`speed`: 1 to 100 times. `lifts`: seconds on average until somebody lifts a ringing phone, 0 = nobody does."""

    port: int
    user: str
    secret: str
    speed: float = 1.0
    lifts: float = 0.0


class Simulation:
    """One run. `began`: microseconds since 1970 at which it begins; every stamp follows from it."""

    def __init__(self, settings: Settings, system: str, began: int, ids: Ids) -> None:
        self.settings = settings
        self.system = simulated(system)
        self.timeline = Timeline()
        self.switch = Switch()
        self.teller = Teller(self.timeline, self.system, began, settings.speed)
        self.teller.listeners.append(self.switch.hear)
        self.centre: Centre | None = None
        self._began = began
        self._ids = ids
        self._endpoints: tuple[str, ...] = ()
        self._until = 0
        self.server: Server | None = None

    def plan_shift(self, site: Site, calls: Sequence[PlannedCall], seed: str) -> None:
        """These calls will come."""
        chance = Chance(seed).of("centre")
        centre = Centre(
            site, self.timeline, self.teller, chance, recordings=RECORDINGS, lifts=self.settings.lifts
        )
        self.centre = centre
        self._endpoints = (
            *(carrier.name for carrier in site.carriers if carrier.enabled),
            *(position.id for position in site.positions),
        )
        for queue, members in centre.members.items():
            self.switch.members[queue] = {position_interface(position): False for position in members}
        for call in calls:
            self.timeline.after(call.at, centre.arrive, call)
            self._until = max(self._until, round((call.at + AFTERWARDS_S) * SECOND))

    def plan_recording(self, recording: Recording) -> None:
        """This recording will be played, at this moment and under this node's name."""
        mover = Mover(recording, self.system)
        for piece in recording.pieces:
            self.timeline.after(piece.seconds, self._play, mover, piece.data)
            self._until = max(self._until, round((piece.seconds + 1) * SECOND))

    def _play(self, mover: Mover, data: bytes) -> None:
        moved = mover.moved(data, self._began, self.settings.speed)
        lines = moved.decode("utf-8").removesuffix("\r\n\r\n").split("\r\n")
        headers: Headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
        name = str(headers[0][1])
        for hear in self.teller.listeners:
            hear(name, headers, self.teller.now, moved)

    # --- running ------------------------------------------------------------------------------------------------------

    async def open(self) -> int:
        """Listen; returns the port. OSError where it is taken."""
        orders: Orders | None = self.centre
        answers = Answers(
            self.switch, orders, self.system, self._began, lambda: self.teller.now, self._endpoints
        )
        self.server = Server(answers, self.settings.user, self.settings.secret, self._ids)
        self.teller.listeners.append(self.server.hear)
        await self.server.open(self.settings.port)
        return self.server.port

    async def run(self, clock: Clock) -> None:
        """From the first login until everything is over."""
        assert self.server is not None, "open it first"
        await self.server.first.wait()
        self._began = clock.now() * 1000
        self.teller.begin(self._began)
        await go_by(self.timeline, clock, self.settings.speed, self._until)

    async def close(self) -> None:
        if self.server is not None:
            await self.server.close()

    def run_out(self) -> bytes:
        """Without a clock and without clients: everything that would be told."""
        out: list[bytes] = []
        self.teller.listeners.append(lambda name, headers, stamp, data: out.append(data))
        self.timeline.run_out(self._until)
        return b"".join(out)
