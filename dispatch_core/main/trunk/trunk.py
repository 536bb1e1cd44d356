"""The keeper as a core builds it: what is in force first, then the nodes, then whoever asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass

from db.trunk_store import TrunkStore
from dispatch_core.domain.commands import Command, NoteTrunk
from dispatch_core.domain.state import Person, State
from dispatch_core.main.files import write_whole
from dispatch_core.main.trunk.keeper import Keeper
from dispatch_core.main.trunk.nodes import Node
from dispatch_core.main.trunk.opening import Opened, opened
from dispatch_core.main.trunk.positions import PositionInstaller
from dispatch_core.main.trunk.restarting import Restarts
from dispatch_core.main.trunk.secret_files import MASK_KEY
from dispatch_core.main.trunk.site_file import SiteFile
from dispatch_core.ports import Clock, Ids
from dispatch_core.ports.trunk_history import TrunkHistory
from dispatch_core.runtime.http.trunk import TrunkApi
from dispatch_core.settings import Settings
from telephony.sip_answers import SipAnswers
from telephony.switchboard import AsteriskSwitchboard
from telephony.trunk.node_agent import ProcessAgent, node_agents
from telephony.trunk.site import Site

MASK_KEY_LENGTH = 43
CLOSED_WITHIN_S = 2.0


@dataclass(frozen=True)
class Beginning:
    """What is in force when this core begins to lead."""

    history: TrunkHistory
    opened: Opened
    mask_key: bytes

    @property
    def site(self) -> Site:
        return self.opened.site


async def begin(settings: Settings, clock: Clock, ids: Ids, workers: Executor) -> Beginning:
    """Before anything of the site is read. Raises SiteError, DatabaseError, OSError."""

    def blocking() -> Beginning:
        history, key = TrunkStore(settings.database), mask_key(settings, ids)
        site_file = SiteFile(settings.path(settings.site))
        return Beginning(history, opened(settings, history, site_file, clock.now(), key), key)

    return await asyncio.get_running_loop().run_in_executor(workers, blocking)


def mask_key(settings: Settings, ids: Ids) -> bytes:
    """Of this installation: marks of secrets can be compared, and tried out by nobody."""
    file = settings.path(settings.redis_password_file).parent / MASK_KEY
    if not file.exists():
        write_whole(file, ids.secret(MASK_KEY_LENGTH) + "\n", 0o600)
    return file.read_bytes().strip()


class Trunk:
    """``keeper`` with the agents that it asks; ``answers`` hears what carriers answer."""

    def __init__(
        self, settings: Settings, beginning: Beginning, boards: Mapping[str, AsteriskSwitchboard], clock: Clock,
        ids: Ids, leads: Callable[[], bool], ask: Callable[[str, Command], Awaitable[None]], state: Callable[[], State],
    ) -> None:  # fmt: skip
        self.answers = SipAnswers()
        self.agents: dict[str, ProcessAgent] = node_agents(settings)
        self._clock, self._ask = clock, ask
        nodes = {it.name: Node(it, boards[it.name], self.agents[it.name]) for it in settings.nodes}
        self.keeper = Keeper(
            settings, nodes, beginning.history, beginning.opened, self.answers, clock, ids, leads, ask,
            beginning.mask_key,
        )  # fmt: skip
        self.keeper.restarts = Restarts(boards, self.agents, state, self._tell, clock, ids)
        secrets = settings.path(settings.redis_password_file).parent
        self.install = PositionInstaller(self.keeper, secrets, ids)

    def api(self, who: Callable[[str], Person | None]) -> TrunkApi:
        return TrunkApi(who, self.keeper, lambda: self.keeper.health, self._note, self._clock)

    async def _note(self, body: NoteTrunk) -> None:
        await self._tell(body)

    async def _tell(self, body: Command) -> None:
        await self._ask("trunk", body)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            await self.keeper.run()
        finally:
            for agent in self.agents.values():
                with suppress(TimeoutError):  # it ends by itself, for its stdin does
                    async with asyncio.timeout(CLOSED_WITHIN_S):
                        await agent.close()
