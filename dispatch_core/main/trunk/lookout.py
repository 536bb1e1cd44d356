"""What is in force, and what lies at the nodes in its place: looked at when somebody asks, and once a minute.

Guards: one look at a time, and none while a change writes; what a job writes is no drift.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from dispatch_core.domain.commands import NoteTrunk
from dispatch_core.main.trunk import drift
from dispatch_core.main.trunk.nodes import Node, Rendered, rendered
from dispatch_core.main.trunk.planning import InForce
from dispatch_core.main.trunk.site_file import SiteFile
from dispatch_core.main.trunk.threads import Threads
from dispatch_core.ports import Clock
from dispatch_core.settings import Settings
from telephony.trunk.site import SiteError

log = logging.getLogger(__name__)

LOOKED_FOR_S = 4.0
"""A look that is no older is shown to who only looks."""

Note = Callable[[NoteTrunk], Awaitable[None]]


class Lookout:
    """``changing``: whoever writes holds it. ``busy``: whether a job runs."""

    def __init__(
        self, settings: Settings, nodes: Mapping[str, Node], site_file: SiteFile, in_force: InForce, mask_key: bytes,
        threads: Threads, clock: Clock, busy: Callable[[], bool], note: Note,
    ) -> None:  # fmt: skip
        self.in_force = in_force
        self.changing = asyncio.Lock()
        self._settings, self._nodes, self._site_file, self._mask_key = settings, nodes, site_file, mask_key
        self._threads, self._clock, self._busy, self._note = threads, clock, busy, note
        self._looked: drift.Looked | None = None
        self._looked_at = 0.0
        self._told = ""

    def forget(self) -> None:
        """Somebody of ours wrote: the next look is anew."""
        self._looked = None

    async def look(self, fresh_s: float = 0.0) -> drift.Looked:
        """What lies at the nodes against what is in force; a look of the last ``fresh_s`` will do."""
        known = self._looked
        if known is not None and (self._busy() or self._age() < fresh_s):
            return known
        async with self.changing:
            if self._looked is not None and self._age() < fresh_s:
                return self._looked
            try:
                wanted = await self._rendered()
                now = await self._threads.run(self._site_now)
                nodes = tuple(self._nodes.values())
                self._looked = await drift.look(nodes, wanted, self._mask_key, self.in_force.text, now)
            except SiteError as problem:  # a secret is gone: nobody can tell what should lie there
                self._looked = drift.Looked((), dict.fromkeys(self._nodes, problem))
            self._looked_at = self._clock.monotonic()
            return self._looked

    async def look_and_tell(self) -> None:
        """A look; what was changed outside is told once, until it is another."""
        looked = await self.look()
        for node, why in looked.away.items():
            log.warning("whether files of %s were changed is not known: %s", node, why.en)
        if looked.away:
            return
        named = "; ".join(f"{it.node or '-'} {it.file} {it.how}" for it in looked.found)
        if named and named != self._told:
            vi = f"Tệp cấu hình bị sửa ở ngoài: {drift.places(looked.found)}"
            en = f"Files of the configuration were changed outside: {drift.places(looked.found)}"
            await self._note(NoteTrunk(kind="drift", by="", outcome="found", vi=vi, en=en))
        self._told = named

    def _age(self) -> float:
        return self._clock.monotonic() - self._looked_at

    async def _rendered(self) -> Rendered:
        force = self.in_force
        if force.rendered is None:
            settings = [it.settings for it in self._nodes.values()]
            force = replace(force, rendered=await self._threads.run(rendered, self._settings, force.site, settings))
            self.in_force = force
        assert force.rendered is not None
        return force.rendered

    def _site_now(self) -> str:
        try:
            return self._site_file.read()
        except (OSError, UnicodeDecodeError):
            return ""
