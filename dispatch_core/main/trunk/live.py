"""What a running core takes anew once a site is in force: the boards, the state, and whoever else reads it live."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from dispatch_core.domain.commands import Command
from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.configuration import site_command
from dispatch_core.main.trunk.nodes import Node
from telephony.trunk.site import Site

log = logging.getLogger(__name__)

AskCore = Callable[[str, Command], Awaitable[None]]
Take = Callable[[Site], None]


class LiveSite:
    """``takes``: everybody who keeps something of the site in memory beside the boards."""

    def __init__(self, nodes: Mapping[str, Node], ask: AskCore) -> None:
        self._nodes, self._ask = nodes, ask
        self.takes: list[Take] = []

    async def take(self, site: Site, state: bool = True) -> None:
        """Raises DispatchError where the state did not take it; the rest has it all the same. ``state`` False: it is
        told by somebody else."""
        for node in self._nodes.values():
            node.board.use(site)
        for take in self.takes:
            take(site)
        if not state:
            return
        try:
            await self._ask("trunk", site_command(site))
        except DispatchError as problem:
            log.error("the state has not taken the new site: %s", problem.en)
            raise
